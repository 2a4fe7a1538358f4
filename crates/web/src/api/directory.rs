//! The directory as a whole: many changes at once, settings, versions, drift.

use super::paged::next;
use super::{App, Asked, Success};
use crate::gate::{Caller, Fields, Problem, failed, known_keys, only_if, version_of};
use crate::view;
use directory::{Act, Adopt, AskedFile, ChangeOf, Drift, Edit, Instead, Manner, OnlyIf};
use domain::directory::{ChangeRefusal, ComponentKind};
use domain::{Refusal, limits};
use serde_json::{Value, json};

/// The organization's settings.
pub(super) async fn organization(app: &App, caller: &Caller) -> Result<Success, Problem> {
    let (settings, version) = app.administration.settings(caller.reader()).await.map_err(failed)?;
    Ok(Success { version: Some(version), ..Success::json(&settings)? })
}

/// The versions of the directory.
pub(super) async fn versions(app: &App, caller: &Caller, fields: &Fields) -> Result<Success, Problem> {
    let before = [fields.number("before"), fields.number("after")].into_iter().flatten().min().unwrap_or(i64::MAX);
    let limit = fields.limit(limits::COMPONENTS_ON_PAGE);
    // One more than asked for tells whether there is a next page.
    let mut versions = app.administration.versions(caller.reader(), before, limit + 1).await.map_err(failed)?;
    let size = usize::try_from(limit).unwrap_or(usize::MAX);
    let has_more = versions.len() > size;
    versions.truncate(size);
    let last = versions.last().filter(|_| has_more).map(|last| last.version.to_string());
    let mut success =
        Success::json(&versions.iter().map(view::administration::directory::version).collect::<Vec<_>>())?;
    success.link = last.map(|after| next("/v1/directory/versions", limit, &after));
    Ok(success)
}

/// One version, with the directory file of that time.
pub(super) async fn version(app: &App, caller: &Caller, fields: &Fields) -> Result<Success, Problem> {
    let number = fields.number("version").unwrap_or_default();
    let (row, file) = app.administration.version(caller.reader(), number).await.map_err(failed)?;
    let mut version = view::administration::directory::version(&row);
    version["file"] = Value::from(file);
    Success::json(&version)
}

/// What is different between two versions.
pub(super) async fn diff(app: &App, caller: &Caller, fields: &Fields) -> Result<Success, Problem> {
    let number = |name: &str| fields.number(name).unwrap_or_default();
    let plan = app.administration.diff(caller.reader(), number("from"), number("until")).await.map_err(failed)?;
    Success::json(&json!({"plan": plan.to_string(), "changes": plan.changes()}))
}

/// What applying a directory file would come to.
pub(super) async fn file_plan(app: &App, caller: &Caller, asked: &Asked) -> Result<Success, Problem> {
    known_keys(&asked.payload, &["file", "name", "adopt", "adopt_all", "drift"])?;
    let fields = &asked.fields;
    let asked = AskedFile {
        name: fields.text("name").unwrap_or("directory.toml").to_owned(),
        text: fields.required_text("file"),
        adopt: match (fields.is_true("adopt_all"), fields.texts("adopt")) {
            (true, _) => Adopt::All,
            (false, names) => Adopt::Named(names),
        },
        drift: match fields.text("drift") {
            Some("overwrite") => Drift::Overwrite,
            Some("keep") => Drift::Keep,
            _ => Drift::Stop,
        },
    };
    Success::json(&app.administration.foresee(caller.reader(), asked).await.map_err(failed)?.told())
}

/// What was changed beside the directory file.
pub(super) async fn drift(app: &App, caller: &Caller) -> Result<Success, Problem> {
    Success::json(&app.administration.drift(caller.reader()).await.map_err(failed)?)
}

/// Changes the directory, and tells what that came to.
pub(super) async fn change(app: &App, wish: ChangeOf, caller: &Caller, asked: Asked) -> Result<Success, Problem> {
    // Of single components it is said beside each, and who goes back means a version.
    let is_whole = matches!(wish, ChangeOf::RuleOrder(_) | ChangeOf::Settings(_));
    let only_at = match only_if(&asked.headers)? {
        OnlyIf::Version(seen) if is_whole => Some(seen),
        OnlyIf::Absent if is_whole => {
            return Err(Problem::invalid(vec!["if-none-match: there is one always".to_owned()]));
        }
        OnlyIf::Unsaid if is_whole => {
            return Err(Refusal::Change(Box::new(ChangeRefusal::MatchMissing)).into());
        }
        _ => None,
    };
    let Asked { fields, idempotency, .. } = asked;
    let asker = caller.asker(None, idempotency);
    let manner = Manner { only_at, ..manner(&fields) };
    let changed = app.administration.change_directory(asker, wish, manner).await.map_err(failed)?;
    let told = view::administration::directory::changed(&changed);
    if !is_whole || manner.is_dry_run {
        return Success::json(&told);
    }
    let mut whole = changed.settings.unwrap_or_default();
    whole.extend(told.as_object().cloned().unwrap_or_default());
    Ok(Success { version: Some(changed.version), ..Success::json(&whole)? })
}

/// What is asked beside the change itself.
pub(super) fn manner(fields: &Fields) -> Manner {
    Manner {
        only_at: None,
        is_dry_run: fields.is_true("dry_run"),
        fails_on_warning: fields.text("fail_on") == Some("warning"),
        rewrites: fields.is_true("rewrite"),
    }
}

/// The changes of single components that a body asks for.
///
/// # Errors
/// `invalid_fields` with every mistake.
pub(super) fn components(fields: &Fields) -> Result<ChangeOf, Problem> {
    let mut mistakes = Vec::new();
    let mut edits = Vec::new();
    for (number, one) in fields.objects("changes").into_iter().enumerate() {
        match edit(number, one) {
            Ok(edit) => edits.push(edit),
            Err(found) => mistakes.extend(found),
        }
    }
    mistakes.truncate(limits::MISTAKES);
    if mistakes.is_empty() { Ok(ChangeOf::Components(edits)) } else { Err(Problem::invalid(mistakes)) }
}

fn edit(number: usize, fields: &Fields) -> Result<Edit, Vec<String>> {
    let path = format!("changes[{number}]");
    let mut mistakes = Vec::new();
    let act = fields.required_text("do");
    let body = fields.json("body").and_then(Value::as_object).cloned();
    let reference = fields.text("ref").map(str::to_owned);
    if act != "delete" && body.is_none() {
        mistakes.push(format!("{path}.body: must be an object"));
    }
    if act != "create" && reference.is_none() {
        mistakes.push(format!("{path}.ref: is required"));
    }
    let only_if = match fields.text("if_match") {
        None => OnlyIf::Unsaid,
        Some("*") => OnlyIf::Any,
        Some(tag) => match version_of(tag) {
            Some(version) => OnlyIf::Version(version),
            None => {
                mistakes.push(format!("{path}.if_match: must be * or an ETag as it was answered"));
                OnlyIf::Unsaid
            }
        },
    };
    if act != "create" && only_if == OnlyIf::Unsaid && mistakes.is_empty() {
        mistakes.push(format!("{path}.if_match: is required, an ETag as it was answered, or *"));
    }
    let kind = ComponentKind::from_word(&fields.required_text("kind"));
    let (Some(kind), true) = (kind, mistakes.is_empty()) else { return Err(mistakes) };
    let (body, reference) = (body.unwrap_or_default(), reference.unwrap_or_default());
    let act = match act.as_str() {
        "create" => Act::Create(body),
        "replace" => Act::Replace(reference, body),
        "patch" => Act::Patch(reference, body),
        _ => {
            let other = |name: &str| Instead::Other("replace_with", name.to_owned());
            Act::Remove(reference, fields.text("replace_with").map_or(Instead::Nothing, other))
        }
    };
    Ok(Edit { kind, act, only_if, field: "changes", before_path: format!("{path}.body.") })
}
