//! A contact and the notification rules of a person, one by one; each change is one of the person.

use super::{App, Asked, Success, component};
use crate::gate::{Caller, Fields, Problem, failed, known_keys, only_if};
use crate::operation::Change;
use crate::view;
use directory::{Act, Edit};
use domain::Refusal;
use domain::directory::ComponentKind;
use domain::notification::reach;
use engine::Failure;
use serde_json::{Map, Value};

const FIELD: &str = "preferred_username";
const RULES: &str = "notification_rules";

/// What a change of such a part is as a merge patch of the person; nothing where it is about no such part.
pub(super) fn part(change: Change, asked: &Asked) -> Option<Map<String, Value>> {
    let given = |name: &str| asked.fields.json(name).cloned().unwrap_or_default();
    let (key, value) = match change {
        Change::SetContact => (asked.fields.required_text("channel"), given("address")),
        Change::RemoveContact => (asked.fields.required_text("channel"), Value::Null),
        Change::SetRules => (RULES.to_owned(), given(RULES)),
        _ => return None,
    };
    Some([(key, value)].into_iter().collect())
}

/// Changes the person so, and tells them as they are now.
pub(super) async fn change(
    app: &App,
    part: Map<String, Value>,
    caller: &Caller,
    asked: Asked,
) -> Result<Success, Problem> {
    let own = if part.contains_key(RULES) { RULES } else { "address" };
    known_keys(&asked.payload, &[own])?;
    let kind = ComponentKind::User;
    let act = Act::Patch(asked.fields.required_text(FIELD), part);
    let edit = Edit { kind, act, only_if: only_if(&asked.headers)?, field: FIELD, before_path: String::new() };
    component::write(app, kind, caller, asked, edit).await
}

/// The notification rules of a person, and what they come to.
pub(super) async fn rules(app: &App, caller: &Caller, fields: &Fields) -> Result<Success, Problem> {
    let snapshot = app.engine.whole_directory(caller.reader()).await.map_err(failed)?;
    let reference = fields.required_text(FIELD);
    let Some(user) = snapshot.directory.users.known(&reference).map(|entry| &entry.component) else {
        let unknown = Refusal::UnknownComponent { field: FIELD, kind: ComponentKind::User, name: reference };
        return Err(failed(Failure::Refused(unknown)));
    };
    let reach = reach(&snapshot.directory, &user.username);
    Success::json(&view::contact::rules(user, &reach, app.engine.now()))
}
