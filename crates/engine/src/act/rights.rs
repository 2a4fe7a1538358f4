//! What the table of rights says to who asks, at one version of the directory.

use super::credential::{Credential, Reader};
use crate::snapshot::Snapshot;
use domain::Username;
use domain::directory::{ComponentKind, Role, TeamRole};
use domain::incident::Incident;
use domain::permission::{Action, Actor, Answer, Needs, Object, Relation, Scope, may, may_anywhere};

/// What somebody may do and see.
#[derive(Debug)]
pub struct Rights<'a> {
    snapshot: &'a Snapshot,
    who: Who<'a>,
}

#[derive(Debug)]
enum Who<'a> {
    /// A key, and the names of the teams to whose things it is limited.
    Key(Scope, Option<Vec<&'a str>>),
    /// A person, by a session or by a token of this scope.
    Person(&'a Username, Role, Option<Scope>),
    /// Who showed what counts no more.
    Nobody,
}

impl<'a> Rights<'a> {
    /// Those of who shows this.
    #[must_use]
    pub fn of(credential: &Credential, snapshot: &'a Snapshot) -> Self {
        let person = |id: &domain::RefId, token| {
            let user = snapshot.directory.users.with_ref(id.as_str()).map(|entry| &entry.component);
            user.map_or(Who::Nobody, |user| Who::Person(&user.username, user.role, token))
        };
        let name = |id: &domain::RefId| {
            snapshot.directory.teams.with_ref(id.as_str()).map(|team| team.component.name.as_str())
        };
        let who = match credential {
            Credential::Session { person: id, .. } => person(id, None),
            Credential::Key(number) => match snapshot.keys.get(number) {
                None => Who::Nobody,
                Some(key) => match &key.person {
                    Some(id) => person(id, Some(key.scope)),
                    None => {
                        let teams = key.teams.as_ref().map(|ids| ids.iter().filter_map(name).collect());
                        Who::Key(key.scope, teams)
                    }
                },
            },
        };
        Self { snapshot, who }
    }

    /// Those of a person who is known by something else, such as a link that was sent to them.
    #[must_use]
    pub fn of_person(username: &'a Username, snapshot: &'a Snapshot) -> Self {
        let user = snapshot.directory.user(username.as_str());
        let who = user.map_or(Who::Nobody, |user| Who::Person(username, user.role, None));
        Self { snapshot, who }
    }

    /// Whether they may do this to that.
    #[must_use]
    pub fn to(&self, action: Action, object: Object<'_>) -> Answer {
        let actor = match &self.who {
            Who::Key(scope, teams) => Actor::Key { scope: *scope, teams: teams.as_deref() },
            Who::Person(username, role, token) => Actor::Person { username, role: *role, token: *token },
            Who::Nobody => return Answer::Hidden,
        };
        may(actor, action, object, &self.snapshot.directory)
    }

    /// Whether they are those of the person of this name.
    #[must_use]
    pub fn are_of(&self, username: &str) -> bool {
        matches!(&self.who, Who::Person(of, ..) if of.as_str() == username)
    }

    /// Whether they may do this to something, be it owned by nobody or by a team of theirs.
    #[must_use]
    pub fn somewhere(&self, action: Action) -> bool {
        let Who::Person(username, role, token) = &self.who else {
            return self.to(action, Object::default()) == Answer::Allowed;
        };
        let is_in_scope = token.zip(action.key_scope()).is_none_or(|(held, needed)| held.allows(needed));
        is_in_scope && may_anywhere(*role, self.team_role(username), action)
    }

    /// The largest role that a person has in a team.
    fn team_role(&self, username: &Username) -> Option<TeamRole> {
        self.snapshot.directory.teams.iter().filter_map(|team| team.component.role_of(username)).max()
    }

    /// Whether what a team owns, or nobody, is seen.
    #[must_use]
    pub fn sees(&self, team: Option<&str>) -> bool {
        self.to(Action::Read, Object { team, ..Object::default() }) == Answer::Allowed
    }

    /// Whether a component of this kind that a team owns, or nobody, is seen. What customers see is shown to those, too, who
    /// read nothing else.
    #[must_use]
    pub fn sees_component(&self, kind: ComponentKind, team: Option<&str>) -> bool {
        let action = if kind == ComponentKind::BusinessService { Action::ReadStatus } else { Action::Read };
        self.to(action, Object { team, ..Object::default() }) == Answer::Allowed
    }

    /// Whether nothing is hidden from them, whatever team owns it.
    #[must_use]
    pub fn sees_everything(&self) -> bool {
        let is_limited = matches!(&self.who, Who::Key(_, Some(_))) || self.snapshot.directory.has_private_teams();
        let is_admin = matches!(&self.who, Who::Person(_, role, _) if *role >= Role::Admin)
            || matches!(&self.who, Who::Key(_, None));
        (is_admin || !is_limited) && self.sees(None)
    }

    /// Whether they may read what tells of everything, whatever team owns it.
    #[must_use]
    pub fn to_everything(&self) -> Answer {
        match &self.who {
            _ if self.sees_everything() => Answer::Allowed,
            Who::Key(..) => Answer::Refused(Needs::NoLimit),
            Who::Person(..) => Answer::Refused(Needs::Role(Role::Admin)),
            Who::Nobody => Answer::Hidden,
        }
    }

    /// The directory without what is hidden from them; nothing where it is all the same. People stay, since they are named
    /// everywhere, and so do routines that a policy names which is seen: who is on its levels hides nobody.
    #[must_use]
    pub fn visible(&self) -> Option<Snapshot> {
        if self.sees_everything() {
            return None;
        }
        let mut directory = self.snapshot.directory.clone();
        directory.keep_owned(|kind, team| self.sees_component(kind, team));
        Some(Snapshot { directory, keys: self.snapshot.keys.clone() })
    }

    /// Whether an incident is seen.
    #[must_use]
    pub fn sees_incident(&self, incident: &Incident) -> bool {
        self.to(Action::Read, self.incident(incident)) == Answer::Allowed
    }

    /// An incident as something is done to it by them.
    #[must_use]
    pub fn incident(&self, incident: &Incident) -> Object<'a> {
        let relation = match &self.who {
            Who::Person(username, ..) if incident.assignees.contains(username) => Relation::Assignee,
            Who::Person(username, ..) if incident.subscribers.contains(username) => Relation::Subscriber,
            _ => Relation::None,
        };
        let team = self.snapshot.directory.owner_of_alert(incident.service.as_ref(), incident.first_policy());
        Object { team, relation, person: None }
    }
}

impl Reader {
    /// What the reader may do and see.
    #[must_use]
    pub fn rights<'a>(&self, snapshot: &'a Snapshot) -> Rights<'a> {
        Rights::of(&self.credential, snapshot)
    }
}
