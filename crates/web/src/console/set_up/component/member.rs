//! The members of a team, one a line, with what each is in it.

use crate::console::seen::Seen;
use crate::console::set_up::kind::Kind;
use domain::directory::ComponentKind;
use serde_json::Value;

/// The field of a team that is told so, and not among the others.
pub(super) const TOLD_BESIDE: &[&str] = &["members"];

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Member {
    /// Their page.
    pub(super) address: String,
    pub(super) name: String,
    pub(super) username: String,
    pub(super) team_role: String,
}

/// The members of a team, as the reading of it tells them; nothing of what is no team.
pub(super) fn members(seen: &Seen<'_>, kind: Kind, component: &Value) -> Option<Vec<Member>> {
    let members = component.get("members").and_then(Value::as_array).into_iter().flatten();
    let member = |member: &Value| {
        let said = |key: &str| member.get(key).and_then(Value::as_str);
        let username = member.as_str().or_else(|| said("username")).unwrap_or_default();
        Member {
            address: Kind::of(ComponentKind::User).page(username),
            name: seen.snapshot.directory.shown_name(&username.into()).to_owned(),
            username: username.to_owned(),
            team_role: said("team_role").unwrap_or("responder").to_owned(),
        }
    };
    (kind.kind == ComponentKind::Team).then(|| members.map(member).collect())
}
