//! Components of the directory: read, made, changed, removed (administration §1).

use super::directory::manner;
use super::told::{mask_for, may_change};
use super::{App, Asked, Success};
use crate::gate::{Caller, Fields, Problem, failed, is_unchanged, only_if};
use crate::operation::{ComponentAct, Operation};
use directory::{Act, ChangeOf, Changed, ComponentQuery, Edit, Erased, Instead, PersonQuery, PersonState};
use domain::directory::{ComponentKind, ManagedBy, Role};
use domain::{InstanceId, limits};
use engine::Snapshot;
use serde_json::{Map, Value, json};

/// Does what an operation on components does.
pub(super) async fn component(
    app: &App,
    operation: &'static Operation,
    (act, kind): (ComponentAct, ComponentKind),
    caller: &Caller,
    asked: Asked,
) -> Result<Success, Problem> {
    let field = operation.parameters.first().map_or("name", |parameter| parameter.name);
    let reference = || asked.fields.required_text(field);
    let body = || asked.payload.as_object().cloned().unwrap_or_default();
    let act = match act {
        ComponentAct::Page => return page(app, operation, kind, caller, &asked.fields).await,
        ComponentAct::One => return one(app, (kind, field), caller, &asked).await,
        ComponentAct::Add => Act::Create(body()),
        ComponentAct::Replace => Act::Replace(reference(), body()),
        ComponentAct::Patch => Act::Patch(reference(), body()),
        ComponentAct::Remove => Act::Remove(reference(), instead(&asked.fields)),
    };
    let is_erased = matches!(act, Act::Remove(..)) && asked.fields.is_true("erase");
    let edit = Edit { kind, act, only_if: only_if(&asked.headers)?, field, before_path: String::new() };
    if is_erased {
        return Box::pin(remove_and_erase(app, caller, asked, edit)).await;
    }
    write(app, kind, caller, asked, edit).await
}

/// What comes into the place of what is removed.
fn instead(fields: &Fields) -> Instead {
    let other = |field: &'static str| fields.text(field).map(|name| Instead::Other(field, name.to_owned()));
    let gap = || fields.is_true("leave_gaps").then_some(Instead::Gap);
    other("transfer_to").or_else(|| other("replace_with")).or_else(gap).unwrap_or(Instead::Nothing)
}

async fn page(
    app: &App,
    operation: &'static Operation,
    kind: ComponentKind,
    caller: &Caller,
    fields: &Fields,
) -> Result<Success, Problem> {
    let limit = fields.limit(limits::COMPONENTS_ON_PAGE);
    let text = |name: &str| fields.text(name).map(str::to_owned);
    let query = ComponentQuery {
        words: text("q").unwrap_or_default(),
        managed_by: fields.text("managed_by").and_then(ManagedBy::from_word),
        tag: text("tag"),
        team: text("team"),
        person: PersonQuery {
            role: fields.text("role").and_then(Role::from_word),
            state: fields.text("state").and_then(PersonState::from_word),
            is_unreachable: fields.is_true("unreachable"),
            of_provider: fields.text("managed_by").map(|by| by == "provider"),
        },
        after: text("after"),
        limit: usize::try_from(limit).unwrap_or(usize::MAX),
    };
    let page = app.administration.components(caller.reader(), kind, query).await.map_err(failed)?;
    // Rules are ordered as a list, which is of a version of the directory.
    let version = (kind == ComponentKind::RoutingRule).then_some(page.version);
    let snapshot = app.engine.whole_directory(caller.reader()).await.map_err(failed)?;
    let shown: Vec<_> = page.components.into_iter().map(|one| shown(app, kind, (caller, &snapshot), one)).collect();
    let mut success = Success::json(&shown)?;
    success.link = page.next.map(|next| {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("limit", &limit.to_string()).append_pair("after", &next);
        for name in ["q", "managed_by", "tag", "team", "role", "state"] {
            if let Some(value) = fields.text(name) {
                query.append_pair(name, value);
            }
        }
        if fields.is_true("unreachable") {
            query.append_pair("unreachable", "true");
        }
        format!("<{}?{}>; rel=\"next\"", operation.documented_path(), query.finish())
    });
    success.version = version;
    Ok(success)
}

async fn one(
    app: &App,
    (kind, field): (ComponentKind, &'static str),
    caller: &Caller,
    asked: &Asked,
) -> Result<Success, Problem> {
    let reference = asked.fields.required_text(field);
    let read = app.administration.component(caller.reader(), kind, field, reference).await;
    told(app, kind, caller, read.map_err(failed)?, asked).await
}

/// One component, unless the caller has it already.
async fn told(
    app: &App,
    kind: ComponentKind,
    caller: &Caller,
    component: Value,
    asked: &Asked,
) -> Result<Success, Problem> {
    let version = component.get("version").and_then(Value::as_i64).unwrap_or_default();
    if is_unchanged(&asked.headers, version) {
        return Ok(Success::not_modified(version));
    }
    let snapshot = app.engine.whole_directory(caller.reader()).await.map_err(failed)?;
    let mut success = Success::json(&shown(app, kind, (caller, &snapshot), component))?;
    success.version = Some(version);
    Ok(success)
}

pub(super) async fn write(
    app: &App,
    kind: ComponentKind,
    caller: &Caller,
    asked: Asked,
    edit: Edit,
) -> Result<Success, Problem> {
    let Asked { fields, idempotency, .. } = asked;
    let manner = manner(&fields);
    let asker = caller.asker(None, idempotency);
    let changed =
        app.administration.change_directory(asker, ChangeOf::Components(vec![edit]), manner).await.map_err(failed)?;
    let Changed { plan, changes, components, warnings, gaps, .. } = changed;
    if manner.is_dry_run {
        return Success::json(&json!({"plan": plan, "changes": changes, "warnings": warnings, "gaps": gaps}));
    }
    let Some(mut component) = components.into_iter().next().flatten() else {
        return Success::json(&"Success");
    };
    if matches!(kind, ComponentKind::Integration | ComponentKind::Heartbeat) {
        // Its key may have been made just now.
        let id = component.get("ref_id").and_then(Value::as_str).unwrap_or_default().to_owned();
        let read = app.administration.component(caller.reader(), kind, "ref_id", id).await.map_err(failed)?;
        if let Some(digits) = read.get("key_digits") {
            component["key_digits"] = digits.clone();
        }
    }
    component["warnings"] = json!(warnings);
    component["gaps"] = gaps;
    let version = component.get("version").and_then(Value::as_i64);
    let snapshot = app.engine.whole_directory(caller.reader()).await.map_err(failed)?;
    let mut success = Success::json(&shown(app, kind, (caller, &snapshot), component))?;
    success.version = version;
    Ok(success)
}

/// Removes a person who is still here, and erases them.
async fn remove_and_erase(app: &App, caller: &Caller, asked: Asked, edit: Edit) -> Result<Success, Problem> {
    let (field, is_dry_run) = (edit.field, manner(&asked.fields).is_dry_run);
    let mut person = asked.fields.required_text(field);
    let snapshot = app.engine.whole_directory(caller.reader()).await.map_err(failed)?;
    let here = snapshot.directory.users.known(&person).map(|entry| entry.ref_id.to_string());
    let asker = caller.asker(None, None);
    if here.is_some() || is_dry_run {
        let removed = write(app, ComponentKind::User, caller, asked, edit).await?;
        if is_dry_run {
            return Ok(removed);
        }
        person = here.unwrap_or(person);
    }
    let Erased { name, noted } = app.administration.erase_person(asker, field, person).await.map_err(failed)?;
    let incident = |(id, number): (InstanceId, i64)| json!({"instance_id": id, "organization_instance_id": number});
    let noted: Vec<Value> = noted.into_iter().map(incident).collect();
    Success::json(&json!({"erased_as": name, "named_in_notes": noted}))
}

/// A component as this caller is told it.
fn shown(app: &App, kind: ComponentKind, (caller, snapshot): (&Caller, &Snapshot), component: Value) -> Value {
    let Value::Object(mut component) = component else { return component };
    if let Some(Value::String(digits)) = component.remove("key_digits")
        && let Some(url) = url(app, kind, &component, &digits)
        && may_change(caller, snapshot, component.get("team").and_then(Value::as_str))
    {
        component.insert("url".to_owned(), Value::from(url));
    }
    if caller.sees_all() {
        return Value::Object(component);
    }
    if let Some(away) = component.get_mut("turned_away").and_then(Value::as_array_mut) {
        away.iter_mut().for_each(|away| away["last_from"] = Value::Null);
    } else if kind == ComponentKind::User {
        mask_for(&mut component, caller);
    }
    Value::Object(component)
}

/// Where a sender is pointed at.
fn url(app: &App, kind: ComponentKind, component: &Map<String, Value>, digits: &str) -> Option<String> {
    let key = domain::directory::dashed_key(digits);
    let base = app.notifier.public_url();
    match kind {
        ComponentKind::Integration => {
            let sender = component.get("kind").and_then(Value::as_str)?;
            Some(format!("{base}/{sender}/{key}"))
        }
        ComponentKind::Heartbeat => Some(format!("{base}/heartbeats/{key}")),
        _ => None,
    }
}
