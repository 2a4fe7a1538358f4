//! The table of roles written a second time, as the specification has it, and every cell of it held against [`may`].

use super::{Action, Actor, Answer, Needs, Object, Relation, Scope, in_whose_name, key_may, may, may_anywhere};
use crate::OrganizationId;
use crate::directory::{Directory, Member, Role, Team, TeamRole};
use crate::ids::{RefId, Username};

/// How a person stands to what is asked about.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Stands {
    Apart,
    Member(TeamRole),
    Is(Relation),
}

const ALL: [Stands; 7] = [
    Stands::Apart,
    Stands::Member(TeamRole::Observer),
    Stands::Member(TeamRole::Responder),
    Stands::Member(TeamRole::Manager),
    Stands::Is(Relation::Assignee),
    Stands::Is(Relation::Subscriber),
    Stands::Is(Relation::Own),
];

/// A row: an action, and for each role from owner to stakeholder in which of seven standings it may be done: apart,
/// observer, responder, manager of the team that owns it, assignee, subscriber, oneself. `*` is in all of them.
const TABLE: &[(&[Action], [&str; 7])] = &[
    (&[Action::Read], ["*", "*", "*", "*", "*", "orma", "a"]),
    (&[Action::ReadStatus], ["*", "*", "*", "*", "*", "ormas", "*"]),
    (&[Action::ActOnIncident, Action::UpdateStatus], ["*", "*", "*", "*", "rma", "rma", "a"]),
    (&[Action::Note], ["*", "*", "*", "*", "rma", "rma", "a"]),
    (&[Action::ChangeOwn], ["i", "i", "i", "i", "i", "i", "i"]),
    (&[Action::TakeShift], ["*", "*", "*", "*", "rm", "rm", ""]),
    (&[Action::SwapOthers, Action::Publish], ["*", "*", "*", "rm", "rm", "rm", ""]),
    (
        &[Action::ReadAddresses, Action::ChangeOthers, Action::ManagePeople, Action::ChangeSettings],
        ["*", "*", "", "", "", "", ""],
    ),
    (&[Action::ChangeComponents, Action::ChangeMembers], ["*", "*", "*", "m", "m", "m", ""]),
    (&[Action::Maintain], ["*", "*", "*", "rm", "rm", "rm", ""]),
    (&[Action::MakeTeam], ["*", "*", "*", "", "", "", ""]),
    (
        &[
            Action::Invite(Role::Responder),
            Action::Invite(Role::Observer),
            Action::Invite(Role::Restricted),
            Action::Invite(Role::Stakeholder),
        ],
        ["*", "*", "*", "", "", "", ""],
    ),
    (&[Action::Invite(Role::Manager), Action::Invite(Role::Admin)], ["*", "*", "", "", "", "", ""]),
    (&[Action::Invite(Role::Owner), Action::ChangeRole(Role::Owner)], ["*", "", "", "", "", "", ""]),
    (
        &[
            Action::ChangeRole(Role::Admin),
            Action::ChangeRole(Role::Manager),
            Action::ChangeRole(Role::Responder),
            Action::ChangeRole(Role::Observer),
            Action::ChangeRole(Role::Restricted),
            Action::ChangeRole(Role::Stakeholder),
        ],
        ["*", "*", "", "", "", "", ""],
    ),
    (&[Action::ManageKeys(Scope::Read), Action::ManageKeys(Scope::Incidents)], ["*", "*", "orm", "", "", "", ""]),
    (&[Action::ManageKeys(Scope::Admin)], ["*", "*", "", "", "", "", ""]),
    (&[Action::ReadFigures], ["*", "*", "*", "orm", "orm", "", ""]),
    (&[Action::ReadOwnFigures], ["i", "i", "i", "i", "", "i", ""]),
    (&[Action::Audit], ["*", "*", "orm", "", "", "", ""]),
    (&[Action::ReadOwnSignIns], ["i", "i", "i", "i", "", "", ""]),
    (&[Action::Own], ["*", "", "", "", "", "", ""]),
];

/// A directory with the team `payments`, in which ana is what is said.
fn directory(team_role: Option<TeamRole>, protected: bool, private: bool) -> Directory {
    let mut directory = Directory::empty(OrganizationId(1), "acme");
    let members = team_role.map(|team_role| Member { username: "ana".into(), team_role });
    let team = Team {
        name: "payments".to_owned(),
        members: members.into_iter().collect(),
        protected,
        private,
        ..Team::default()
    };
    directory.teams.add(RefId::from("team"), team);
    directory
}

fn ask(directory: &Directory, role: Role, action: Action, relation: Relation) -> Answer {
    let username = Username::from("ana");
    let actor = Actor::Person { username: &username, role, token: None };
    may(actor, action, Object { team: Some("payments"), relation, person: None }, directory)
}

fn asked(role: Role, action: Action, stands: Stands) -> Answer {
    let (team_role, relation) = match stands {
        Stands::Apart => (None, Relation::None),
        Stands::Member(team_role) => (Some(team_role), Relation::None),
        Stands::Is(relation) => (None, relation),
    };
    ask(&directory(team_role, false, false), role, action, relation)
}

#[test]
fn every_cell_of_the_table_is_as_it_was_written_by_hand() {
    let (mut cells, mut seen) = (0, std::collections::HashSet::new());
    for (actions, columns) in TABLE {
        for action in *actions {
            assert!(seen.insert(*action), "{action:?} twice");
            for (role, allowed) in Role::ALL.into_iter().zip(columns) {
                for (stands, letter) in ALL.into_iter().zip("-ormasi".chars()) {
                    let expected = *allowed == "*" || allowed.contains(letter);
                    let answer = asked(role, *action, stands);
                    assert_eq!(answer == Answer::Allowed, expected, "{action:?} {role:?} {stands:?}: {answer:?}");
                    cells += 1;
                }
            }
        }
    }
    // 22 actions, two for each of seven roles, and one for each of three scopes.
    assert_eq!(cells, (22 + 2 * 7 + 3) * 7 * 7, "every action, role and standing");
}

#[test]
fn what_is_drawn_is_what_can_be_allowed_somewhere() {
    for (actions, _) in TABLE {
        for action in *actions {
            for role in Role::ALL {
                for team_role in [None, Some(TeamRole::Observer), Some(TeamRole::Responder), Some(TeamRole::Manager)] {
                    let mut directory = directory(team_role, false, false);
                    directory.settings.observers_note = true;
                    let username = Username::from("ana");
                    let actor = Actor::Person { username: &username, role, token: None };
                    let relation = if action.is_of_oneself() { Relation::Own } else { Relation::None };
                    let may_to = |team| {
                        may(actor, *action, Object { team, relation, person: None }, &directory) == Answer::Allowed
                    };
                    let somewhere = may_to(None) || may_to(Some("payments"));
                    let drawn = may_anywhere(role, team_role, *action);
                    assert_eq!(drawn, somewhere, "{action:?} {role:?} {team_role:?}");
                }
            }
        }
    }
}

#[test]
fn observers_write_notes_where_the_organization_lets_them() {
    let mut directory = directory(None, false, false);
    assert_ne!(ask(&directory, Role::Observer, Action::Note, Relation::None), Answer::Allowed);
    directory.settings.observers_note = true;
    assert_eq!(ask(&directory, Role::Observer, Action::Note, Relation::None), Answer::Allowed);
    assert_ne!(ask(&directory, Role::Restricted, Action::Note, Relation::None), Answer::Allowed);
}

#[test]
fn only_its_managers_and_admins_change_what_a_protected_team_owns() {
    for action in [Action::ChangeComponents, Action::ChangeMembers] {
        for role in Role::ALL {
            for team_role in [None, Some(TeamRole::Observer), Some(TeamRole::Responder), Some(TeamRole::Manager)] {
                let answer = ask(&directory(team_role, true, false), role, action, Relation::None);
                let is_manager = team_role == Some(TeamRole::Manager) && role != Role::Stakeholder;
                assert_eq!(answer == Answer::Allowed, role >= Role::Admin || is_manager, "{role:?} {team_role:?}");
            }
        }
    }
    let refused = ask(&directory(None, true, false), Role::Manager, Action::ChangeComponents, Relation::None);
    assert_eq!(refused, Answer::Refused(Needs::InTeam(TeamRole::Manager, "payments".to_owned())));
    let worked_on = ask(&directory(None, true, false), Role::Responder, Action::ActOnIncident, Relation::None);
    assert_eq!(worked_on, Answer::Allowed, "protection is of components, and not of incidents");
}

#[test]
fn what_a_private_team_owns_is_unknown_to_others_but_admins_and_whoever_has_to_do_with_it() {
    for role in Role::ALL {
        for relation in [Relation::None, Relation::Assignee, Relation::Subscriber] {
            for team_role in [None, Some(TeamRole::Observer)] {
                let answer = ask(&directory(team_role, false, true), role, Action::Read, relation);
                let knows = role >= Role::Admin || relation != Relation::None || team_role.is_some();
                assert_eq!(answer == Answer::Hidden, !knows, "{role:?} {relation:?} {team_role:?}: {answer:?}");
            }
        }
    }
}

#[test]
fn a_refusal_says_the_least_that_would_do() {
    let said = |role, action, team: Option<&str>| {
        let username = Username::from("ana");
        let actor = Actor::Person { username: &username, role, token: None };
        match may(actor, action, Object { team, ..Object::default() }, &directory(None, false, false)) {
            Answer::Refused(needs) => needs.to_string(),
            other => format!("{other:?}"),
        }
    };
    let payments = Some("payments");
    for (role, action, team, expected) in [
        (Role::Responder, Action::ChangeComponents, payments, "needs manager in team payments"),
        (Role::Responder, Action::ChangeComponents, None, "needs manager"),
        (Role::Observer, Action::ActOnIncident, payments, "needs responder in team payments"),
        (Role::Restricted, Action::Read, payments, "needs observer in team payments"),
        (Role::Restricted, Action::Read, None, "needs observer"),
        (Role::Manager, Action::ChangeSettings, payments, "needs admin"),
        (Role::Admin, Action::Own, None, "needs owner"),
        (Role::Observer, Action::ChangeOwn, None, "needs to be about yourself"),
    ] {
        assert_eq!(said(role, action, team), expected);
    }
}

#[test]
fn nobody_but_an_owner_changes_an_owner() {
    let username = Username::from("ana");
    for action in [Action::ChangeOthers, Action::ManagePeople, Action::ChangeRole(Role::Responder)] {
        for role in Role::ALL {
            let actor = Actor::Person { username: &username, role, token: None };
            let object = Object { person: Some(Role::Owner), ..Object::default() };
            let answer = may(actor, action, object, &directory(None, false, false));
            assert_eq!(answer == Answer::Allowed, role == Role::Owner, "{action:?} {role:?}");
        }
    }
}

#[test]
fn a_key_acts_within_its_scope_and_its_teams() {
    let of = |scope, teams: Option<&[&str]>, action, team| key_may(scope, teams, action, team);
    let payments = ["payments"];
    for (actions, columns) in TABLE {
        for action in *actions {
            // `admin` is the column of admins, but for what is about a person.
            let admin = columns[1] == "*" || columns[1] == "i";
            assert_eq!(of(Scope::Admin, None, *action, None) == Answer::Allowed, admin, "{action:?}");
            let lower = [Scope::Read, Scope::Incidents].map(|scope| of(scope, None, *action, None) == Answer::Allowed);
            assert!(
                lower[0] <= lower[1] && lower[1] <= admin,
                "a larger scope may all that a smaller one may: {action:?}"
            );
        }
    }
    let read = |teams, team| of(Scope::Read, teams, Action::Read, team);
    assert_eq!(read(Some(&payments[..]), Some("payments")), Answer::Allowed);
    assert_eq!(read(Some(&payments[..]), Some("core")), Answer::Refused(Needs::Team("core".to_owned())));
    assert_eq!(read(Some(&payments[..]), None), Answer::Allowed, "what nobody owns is everybody's");
    // What no team owns is not a way around the limit.
    let limited = |action| of(Scope::Admin, Some(&payments[..]), action, None);
    for action in [
        Action::ManageKeys(Scope::Read),
        Action::ManageKeys(Scope::Admin),
        Action::Invite(Role::Responder),
        Action::ChangeRole(Role::Admin),
        Action::ManagePeople,
        Action::ChangeOthers,
        Action::ReadAddresses,
        Action::ChangeSettings,
        Action::MakeTeam,
        Action::Audit,
    ] {
        assert_eq!(limited(action), Answer::Refused(Needs::NoLimit), "{action:?}");
    }
    let refused = of(Scope::Read, None, Action::ActOnIncident, None);
    assert_eq!(refused, Answer::Refused(Needs::Scope(Scope::Incidents)));
}

#[test]
fn a_token_has_the_rights_of_its_person_as_far_as_its_scope_goes() {
    let username = Username::from("ana");
    let directory = directory(None, false, false);
    let ask = |role, token, action| {
        let actor = Actor::Person { username: &username, role, token: Some(token) };
        may(actor, action, Object::default(), &directory)
    };
    assert_eq!(ask(Role::Owner, Scope::Read, Action::Read), Answer::Allowed);
    assert_eq!(ask(Role::Owner, Scope::Read, Action::ActOnIncident), Answer::Refused(Needs::Scope(Scope::Incidents)));
    assert_eq!(ask(Role::Observer, Scope::Admin, Action::ActOnIncident), Answer::Refused(Needs::Role(Role::Responder)));
    assert_eq!(ask(Role::Owner, Scope::Admin, Action::Own), Answer::Refused(Needs::APerson));
}

#[test]
fn a_person_acts_in_their_own_name_and_a_key_in_anybodys() {
    let (ana, ben) = (Username::from("ana"), Username::from("ben"));
    let key = Actor::Key { scope: Scope::Incidents, teams: None };
    let person = Actor::Person { username: &ana, role: Role::Admin, token: None };
    assert_eq!(in_whose_name(key, Some(&ben)), Ok(Some(&ben)));
    assert_eq!(in_whose_name(key, None), Ok(None));
    assert_eq!(in_whose_name(person, None), Ok(Some(&ana)));
    assert_eq!(in_whose_name(person, Some(&ana)), Ok(Some(&ana)));
    assert!(in_whose_name(person, Some(&ben)).is_err());
}
