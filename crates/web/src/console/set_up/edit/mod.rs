//! The one editor of all components: a form of every field, looked at first, then saved.

mod conflict;
mod field;
mod inner;
mod offer;
mod outlook;
mod page;
mod read;
mod remove;

pub(in crate::console) use conflict::{Differing, Meanwhile};
pub(in crate::console) use outlook::{Gap, Outlook};
pub(super) use remove::{act as remove_act, show as remove_show};

use super::kind::{Kind, name_of};
use super::list::managed;
use crate::api::Wish;
use crate::console::again;
use crate::console::form::Form;
use crate::console::page as pages;
use crate::console::seen::Seen;
use crate::console::visit::Visit;
use crate::gate::{Problem, failed};
use crate::operation::Code;
use axum::http::StatusCode;
use axum::response::Response;
use domain::directory::{ComponentKind, FileLock, PersonalOf};
use domain::permission::Action;
use field::{Field, fields};
use inner::{Press, arrange};
use page::Editor;
use serde_json::{Map, Value};

/// Shows the form, empty or as the component is.
pub(super) async fn show(visit: &Visit, kind: Kind, name: Option<&str>) -> Response {
    match opened(visit, kind, name).await {
        Ok((seen, editing)) => {
            let mut fields = editing.fields;
            say(&mut fields, &editing.component);
            let editor = Editor { fields, ..Editor::of(&seen, kind, &editing.component, editing.is_open) };
            pages::show(&visit.app, StatusCode::OK, &editor)
        }
        Err(page) => page,
    }
}

/// What is edited.
struct Editing {
    /// As it is; null where it is made.
    component: Value,
    /// The fields that may be changed.
    fields: Vec<Field>,
    /// Whether anything may be.
    is_open: bool,
}

async fn opened<'a>(visit: &'a Visit, kind: Kind, name: Option<&str>) -> Result<(Seen<'a>, Editing), Response> {
    let own = visit.session.as_ref().map(|session| session.person.username.as_str());
    let is_own = kind.kind == ComponentKind::User && name.is_some() && name == own;
    let action = match name {
        None => kind.making(),
        Some(_) if is_own => Action::ChangeOwn,
        Some(_) => kind.changing(),
    };
    let seen = visit.seen(action).await?;
    let all = fields(kind.kind, &seen.snapshot.directory);
    let Some(name) = name else {
        return Ok((seen, Editing { component: Value::Null, fields: all, is_open: true }));
    };
    let refuse = |problem: Problem| visit.refuse(&problem);
    let mut component = standing(&seen, kind, name).await.map_err(refuse)?;
    let settings = &seen.snapshot.directory.settings;
    let is_of_file = managed(&component).is_some() && settings.file_lock == FileLock::Strict;
    let is_theirs = settings.personal == PersonalOf::Person;
    let is_person = kind.kind == ComponentKind::User;
    let only_own = is_person && (is_of_file || !seen.may(kind.changing()));
    if is_own && !seen.sees_all() {
        unmask(&seen, &mut component);
    }
    let fields = all.into_iter().filter(|field| !only_own || is_own_field(&field.key)).collect();
    Ok((seen, Editing { component, fields, is_open: (is_person && is_theirs) || !is_of_file }))
}

/// The component of this name, for whoever may change it: oneself is read by whoever reads nothing else, too.
async fn standing(seen: &Seen<'_>, kind: Kind, name: &str) -> Result<Value, Problem> {
    if seen.may(Action::Read) {
        return seen.answer(kind.operation, Wish::default().at(kind.parameter, name)).await;
    }
    let administration = &seen.visit.app.administration;
    let read = administration.component(seen.reader(), kind.kind, kind.parameter, name.to_owned()).await;
    read.map_err(failed)
}

/// Whether what a directory file manages is changed there alone.
pub(in crate::console) async fn is_strict(seen: &Seen<'_>) -> Result<bool, Problem> {
    let settings = seen.answer("organization", Wish::default()).await?;
    Ok(says(&settings, "file_lock", FileLock::Strict.word()))
}

fn says(settings: &Value, setting: &str, word: &str) -> bool {
    settings.get(setting).and_then(Value::as_str) == Some(word)
}

fn is_own_field(key: &str) -> bool {
    directory::are_own(&Map::from_iter([(key.to_owned(), Value::Null)]))
}

/// One sees one's own addresses.
fn unmask(seen: &Seen<'_>, component: &mut Value) {
    let Some(user) = seen.snapshot.directory.user(seen.session.person.username.as_str()) else { return };
    for (key, address) in [("email", &user.email), ("sms", &user.sms), ("voice", &user.voice), ("phone", &user.phone)] {
        if let Some(address) = address {
            component[key] = Value::from(address.as_str());
        }
    }
    if let Some(webhook) = &user.webhook {
        component["webhook"]["url"] = Value::from(webhook.url.as_str());
    }
}

fn say(fields: &mut [Field], component: &Value) {
    fields.iter_mut().for_each(|field| field.say(component));
}

/// Arranges the rows of the field that the button is about.
fn press(fields: &mut [Field], press: Press<'_>) {
    if let Some(field) = fields.iter_mut().find(|field| field.key == press.key()) {
        field.focus = arrange(&mut field.inner, press);
    }
}

/// Looks at what was typed, or saves it.
pub(super) async fn act(visit: &Visit, kind: Kind, name: Option<&str>, form: &Form) -> Response {
    let (seen, editing) = match opened(visit, kind, name).await {
        Ok(opened) => opened,
        Err(page) => return page,
    };
    let Editing { component, mut fields, is_open } = editing;
    read::fill(&mut fields, form);
    conflict::choose(&mut fields, form, &component);
    let editor = Editor::again(&seen, kind, &component, is_open, form);
    let refuse = |editor: Editor, fields: Vec<Field>, problem: Problem| {
        let editor = editor.with_mistakes(&seen, fields, &problem);
        visit.refuse_on(&problem, &editor)
    };
    if !is_open {
        let problem = Problem::new(Code::ManagedByFile, "name: a directory file manages it: change it there and apply");
        return refuse(editor, fields, problem);
    }
    if let Some(pressed) = Press::of(form.text("do")) {
        press(&mut fields, pressed);
        return pages::show(&visit.app, StatusCode::OK, &Editor { fields, ..editor });
    }
    let body = match read::body(&fields) {
        Ok(body) if kind.kind == ComponentKind::User && name.is_some() => read::patch(&component, &body, &fields),
        Ok(body) => body,
        Err(mistakes) => return refuse(editor, fields, Problem::invalid(mistakes)),
    };
    // To the address of a person goes the link by which they choose another password.
    let is_dangerous = kind.kind == ComponentKind::User && ["role", "email"].iter().any(|key| body.contains_key(*key));
    if is_dangerous && !seen.session.is_fresh(seen.now) {
        let next = name.map_or_else(|| kind.make(), |name| kind.edit(name));
        return again::needed(visit, seen.session, &next).await;
    }
    let operation = operation(kind, name);
    let wish = Wish { body, version: editor.version, ..Wish::default() };
    let wish = name.map_or_else(|| wish.clone(), |name| wish.clone().at(kind.parameter, name));
    let tried = seen.answer(&operation, wish.clone().with("dry_run", true)).await;
    let outlook = tried.as_ref().ok().map(|tried| Outlook::of(&seen, tried));
    if form.text("do") != "save" {
        return match tried {
            Ok(_) => pages::show(&visit.app, StatusCode::OK, &Editor { fields, outlook, ..editor }),
            Err(problem) => refuse(editor, fields, problem),
        };
    }
    let unnamed = outlook.as_ref().map(|outlook| outlook.unnamed(&form.all("gap"))).unwrap_or_default();
    if !unnamed.is_empty() {
        let said = unnamed.into_iter().map(|gap| format!("gap: {gap}")).collect::<Vec<_>>().join("; ");
        let editor = Editor { fields, outlook, wants_ticks: true, ..editor };
        return visit.refuse_on(&Problem::new(Code::LintFailed, said), &editor);
    }
    // What was refused when it was only tried may have been done already, by the same form.
    match seen
        .answer(&operation, Wish { idempotency_key: form.get("idempotency_key").map(str::to_owned), ..wish })
        .await
    {
        Ok(saved) => done(&seen, kind, fields, saved, is_open),
        Err(problem) => refuse(editor, fields, problem),
    }
}

fn operation(kind: Kind, name: Option<&str>) -> String {
    let verb = match name {
        None => "add",
        // Of people only what differs is sent: some of it is seen masked, and much is their own.
        Some(_) if kind.kind == ComponentKind::User => "change",
        Some(_) => "replace",
    };
    format!("{verb}-{}", kind.operation)
}

/// The form as it is after saving, ready to go on.
fn done(seen: &Seen<'_>, kind: Kind, mut fields: Vec<Field>, saved: Value, is_open: bool) -> Response {
    // Whoever may not see addresses whole is answered with masked ones, which must not be sent back as new.
    if kind.kind != ComponentKind::User {
        say(&mut fields, &saved);
    }
    let outlook = Outlook::of(seen, &saved);
    let notice = Some(format!("{} is saved.", name_of(&saved)));
    let outlook = (!outlook.warnings.is_empty() || !outlook.gaps.is_empty()).then_some(outlook);
    let editor = Editor { fields, notice, outlook, ..Editor::of(seen, kind, &saved, is_open) };
    pages::show(&seen.visit.app, StatusCode::OK, &editor)
}
