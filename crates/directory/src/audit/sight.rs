//! Which rows of the audit log are read by whom (administration §4): all of them, or those about what one's teams own and
//! about one's own sign-ins. Nothing else decides it.

use domain::RefId;
use domain::directory::{ComponentKind, Directory};
use domain::permission::{Action, Answer, Object, Relation};
use engine::{Credential, Reader, Rights, Snapshot};
use store::AuditRow;

/// What tells of a person's sign-ins and sessions.
const OF_SIGN_INS: [&str; 7] = [
    "user.sign_in",
    "user.sign_in_again",
    "user.sign_in_refused",
    "user.sign_out",
    "session.end",
    "session.end_others",
    "session.end_all",
];

/// What somebody sees of the log, as the directory stands.
pub(super) struct Sight<'a> {
    rights: Rights<'a>,
    directory: &'a Directory,
    /// Who reads, where they may read their own sign-ins.
    own: Option<&'a RefId>,
    is_whole: bool,
    is_of_teams: bool,
}

impl<'a> Sight<'a> {
    /// What this reader sees.
    pub(super) fn of(reader: &'a Reader, snapshot: &'a Snapshot) -> Self {
        let rights = reader.rights(snapshot);
        let person = match &reader.credential {
            Credential::Session { person, .. } => Some(person),
            Credential::Key(number) => snapshot.keys.get(number).and_then(|key| key.person.as_ref()),
        };
        let own = Object { relation: Relation::Own, ..Object::default() };
        Self {
            own: person.filter(|_| rights.to(Action::ReadOwnSignIns, own) == Answer::Allowed),
            is_whole: rights.to(Action::Audit, Object::default()) == Answer::Allowed,
            is_of_teams: rights.somewhere(Action::Audit),
            directory: &snapshot.directory,
            rights,
        }
    }

    /// Whether every row is seen.
    pub(super) fn is_whole(&self) -> bool {
        self.is_whole
    }

    /// The one person about whom all rows are that are seen, where that is so.
    pub(super) fn only_about(&self) -> Option<&RefId> {
        self.own.filter(|_| !self.is_whole && !self.is_of_teams)
    }

    /// Whether this row is seen.
    pub(super) fn sees(&self, row: &AuditRow) -> bool {
        self.is_whole || self.is_own_sign_in(row) || self.is_of_own_team(row)
    }

    fn is_own_sign_in(&self, row: &AuditRow) -> bool {
        let is_own = self.own.is_some_and(|own| own.as_str() == row.object_ref);
        is_own && row.object_kind == ComponentKind::User.word() && OF_SIGN_INS.contains(&row.action.as_str())
    }

    fn is_of_own_team(&self, row: &AuditRow) -> bool {
        let team = team_of(self.directory, row);
        self.is_of_teams
            && team.is_some_and(|team| {
                self.rights.to(Action::Audit, Object { team: Some(team), ..Object::default() }) == Answer::Allowed
            })
    }
}

/// The team that owns now what a row is about; none where nobody does, or it is gone.
fn team_of<'a>(directory: &'a Directory, row: &AuditRow) -> Option<&'a str> {
    // A swap and a request for cover are named after their routine, and have ids of their own.
    if ["swap", "cover"].contains(&row.object_kind.as_str()) {
        return directory.owner(ComponentKind::Routine, &row.object_name);
    }
    let kind = ComponentKind::from_word(&row.object_kind)?;
    // Rules are known by their names alone; all else by its id, which no other ever has.
    let reference = if kind == ComponentKind::RoutingRule { &row.object_name } else { &row.object_ref };
    directory.owner(kind, reference)
}
