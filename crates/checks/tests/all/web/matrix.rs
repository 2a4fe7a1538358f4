//! Every operation, asked for by a token of somebody of every role, does what the matrix of rights says (administration §4). The
//! matrix is written here once more, for what nobody owns; what teams own and what one is assigned to is tested beside what it is.

use super::{Scene, call_at_home, of_keys, request};
use checks::{Api, Database};
use domain::directory::Role;
use domain::permission::{Action, Scope};
use web::operation::Operation;

/// The roles from the least to the most, so that nobody's request fails since another's was done. Letter and name of each.
const ROLES: [(char, &str); 7] = [
    ('s', "stakeholder"),
    ('x', "restricted"),
    ('b', "observer"),
    ('r', "responder"),
    ('m', "manager"),
    ('a', "admin"),
    ('o', "owner"),
];

const ALL: &str = "oamrbxs";

/// Who may ask for it, by the letters of their roles.
fn who(operation: &Operation) -> &'static str {
    match operation.name {
        // In the examples these are about somebody else.
        "send-code" | "verify-contact" | "user-feed" => return "oa",
        // To make a person is to ask them in.
        "add-user" => return "oam",
        // One's own sign-ins are in the log for those who work.
        "audit" => return "oamr",
        // Each is told of themselves.
        "me" | "my-sessions" | "my-tokens" | "my-shifts" | "my-cover-requests" | "end-my-sessions" => return ALL,
        _ => {}
    }
    match operation.does.action() {
        Action::ChangeOwn => ALL,
        Action::ReadStatus => "oamrbs",
        Action::Read => "oamrb",
        Action::ActOnIncident | Action::UpdateStatus | Action::Note | Action::TakeShift => "oamr",
        Action::SwapOthers
        | Action::Publish
        | Action::ChangeComponents
        | Action::ChangeMembers
        | Action::Maintain
        | Action::MakeTeam
        | Action::Invite(Role::Responder | Role::Observer | Role::Restricted | Role::Stakeholder) => "oam",
        Action::ReadAddresses
        | Action::ChangeOthers
        | Action::ManagePeople
        | Action::ChangeSettings
        | Action::Audit
        | Action::ManageKeys(_)
        | Action::Invite(_) => "oa",
        other => panic!("{}: nobody said who may {other:?}", operation.name),
    }
}

#[test]
fn every_operation_is_done_for_the_roles_that_the_matrix_names_and_for_no_other() {
    for database in [Database::Sqlite, Database::Postgresql] {
        let api = Api::on(database);
        let people: String =
            ROLES.iter().map(|(_, role)| format!("[[user]]\nusername = \"the {role}\"\nrole = \"{role}\"\n")).collect();
        api.extend(&people);
        let tokens = ROLES.map(|(letter, role)| (letter, api.token_of(&format!("the%20{role}"), Scope::Admin)));
        let mut wrong = Vec::new();
        for operation in of_keys() {
            let body = request(&api, operation, &Scene::set(&api));
            let mut done = String::new();
            for (letter, token) in &tokens {
                let answer = api.send(call_at_home(operation, &body).key(token));
                // A token is let in, and told that this wants more than a token.
                let is_fresh_needed = answer.text().contains("\"fresh_sign_in_needed\"");
                // What nobody has touched yet and is not there is hidden.
                let is_hidden = answer.status == 404 && done.is_empty();
                if is_fresh_needed || (answer.status != 403 && !is_hidden) {
                    done.insert(0, *letter);
                } else {
                    let told = answer.text().contains("\"not_allowed\"") || is_hidden;
                    assert!(told, "{}: {}", operation.name, answer.text());
                }
            }
            if done != who(operation) {
                wrong.push(format!("{}: {done}, and not {}", operation.name, who(operation)));
            }
        }
        assert_eq!(wrong, Vec::<String>::new(), "{database:?}");
    }
}
