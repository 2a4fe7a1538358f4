//! What the server says of people beside their fields: whether they signed in yet, when they were here last, of which teams they
//! are, by what they are reached.

use super::of_provider::given_roles;
use domain::directory::{Directory, ManagedBy, Role, User};
use domain::notification::Channel;
use domain::sign_in::LinkPurpose;
use domain::{Instant, OrganizationId, RefId};
use engine::Snapshot;
use serde_json::{Value, json};
use std::collections::HashMap;
use store::{ComponentRow, Error, Tx};

/// Whether somebody signed in yet, and may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PersonState {
    /// They were asked in, and have not followed the link.
    Invited,
    /// They may sign in.
    Active,
    /// They may not.
    Locked,
}

impl PersonState {
    const ALL: [Self; 3] = [Self::Invited, Self::Active, Self::Locked];

    /// Its word on the wire.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::Active => "active",
            Self::Locked => "locked",
        }
    }

    /// The one with this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }
}

/// Which people are asked for; all where nothing is said.
#[derive(Clone, Debug, Default)]
pub struct PersonQuery {
    /// With this role.
    pub role: Option<Role>,
    /// Of whom this is said.
    pub state: Option<PersonState>,
    /// Whom nothing reaches.
    pub is_unreachable: bool,
    /// Whose role a sign-in provider manages, or just not.
    pub of_provider: Option<bool>,
}

/// Says of each person of an organization whether they signed in yet, and may.
///
/// # Errors
/// As the store says.
pub fn state_of(
    tx: &mut dyn Tx,
    organization: OrganizationId,
) -> Result<impl Fn(&RefId, &User) -> PersonState + use<>, Error> {
    let links = store::sign_in_link_list(tx, organization, LinkPurpose::Invite)?;
    let invited: HashMap<RefId, Instant> = links.into_iter().map(|link| (link.person, link.ends_at)).collect();
    Ok(move |person: &RefId, user: &User| state(&invited, person, user))
}

fn state(invited: &HashMap<RefId, Instant>, person: &RefId, user: &User) -> PersonState {
    match (user.locked, invited.contains_key(person)) {
        (true, _) => PersonState::Locked,
        (false, true) => PersonState::Invited,
        (false, false) => PersonState::Active,
    }
}

/// What is known of all people of an organization.
pub(super) struct Facts<'a> {
    directory: &'a Directory,
    invited: HashMap<RefId, Instant>,
    seen: HashMap<RefId, Instant>,
    /// Whose role a provider gives.
    given: HashMap<RefId, String>,
}

impl<'a> Facts<'a> {
    pub(super) fn read(tx: &mut dyn Tx, snapshot: &'a Snapshot) -> Result<Self, Error> {
        let organization = snapshot.directory.organization;
        let links = store::sign_in_link_list(tx, organization, LinkPurpose::Invite)?;
        let mut seen: HashMap<RefId, Instant> = store::session_last_uses(tx, organization)?.into_iter().collect();
        for key in snapshot.keys.values() {
            if let (Some(person), Some(at)) = (&key.person, key.last_used_at) {
                let last = seen.entry(person.clone()).or_insert(at);
                *last = at.max(*last);
            }
        }
        let invited = links.into_iter().map(|link| (link.person, link.ends_at)).collect();
        let given = given_roles(tx, organization)?;
        Ok(Self { directory: &snapshot.directory, invited, seen, given })
    }

    /// Whether a provider manages this person's role, and no file does.
    fn is_of_provider(&self, person: &RefId, managed_by: ManagedBy) -> bool {
        managed_by == ManagedBy::Api && self.given.contains_key(person)
    }

    /// Whether a person is among those who are asked for.
    pub(super) fn fits(&self, query: &PersonQuery, team: Option<&str>, row: &ComponentRow) -> bool {
        let person = &row.ref_id;
        let Some(user) = self.directory.users.with_ref(person.as_str()).map(|entry| &entry.component) else {
            return false;
        };
        let is_member = |name: &str| {
            let team = self.directory.teams.known(name);
            team.is_some_and(|team| team.component.role_of(&user.username).is_some())
        };
        query.role.is_none_or(|role| user.role == role)
            && query.state.is_none_or(|wanted| state(&self.invited, person, user) == wanted)
            && query.of_provider.is_none_or(|of| self.is_of_provider(person, row.provenance.managed_by) == of)
            && (!query.is_unreachable || self.directory.channels_of(&user.username).is_empty())
            && team.is_none_or(is_member)
    }

    /// Puts what is known beside a person's fields.
    pub(super) fn put(&self, row: &ComponentRow, shown: &mut Value) {
        let person = &row.ref_id;
        let Some(user) = self.directory.users.with_ref(person.as_str()).map(|entry| &entry.component) else { return };
        let of_team = |team: &domain::directory::Entry<domain::directory::Team>| {
            let role = team.component.role_of(&user.username)?;
            Some(json!({"team": team.component.name, "team_role": role.word()}))
        };
        let teams: Vec<Value> = self.directory.teams.by_name().into_iter().filter_map(of_team).collect();
        if self.is_of_provider(person, row.provenance.managed_by) {
            shown["managed_by"] = json!("provider");
        }
        shown["state"] = json!(state(&self.invited, person, user).word());
        shown["invited_until"] = json!(self.invited.get(person).map(|at| at.wire()));
        shown["last_seen_at"] = json!(self.seen.get(person).map(|at| at.wire()));
        shown["teams"] = json!(teams);
        let usable = self.directory.channels_of(&user.username);
        shown["reachable"] = json!(usable.into_iter().map(Channel::word).collect::<Vec<_>>());
    }
}
