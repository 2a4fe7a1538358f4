//! Whether a caller may ask for an operation: what the table of rights says of its action, for what it is done to. Of a key of
//! the organization that is limited to no team the gate judged all that is done to nobody and changes no component.

use super::fresh::is_dangerous;
use super::intake::alert;
use super::told::{in_path, unknown};
use super::wanted::{listed_kind, subscribes_oneself, wanted};
use super::{App, Asked};
use crate::gate::{Caller, Fields, Problem, Shown, failed};
use crate::operation::{Change, Code, ComponentAct, Does, Operation, Reading, Verb};
use domain::directory::{ComponentKind, Directory};
use domain::permission::{Action, Actor, Answer, Needs, NotInYourName, Object, Relation, in_whose_name};
use domain::{RefId, Username};

/// Whether what is asked is a list, of which a caller is told what they see.
fn is_list(does: Does, asked: &Asked) -> bool {
    use Reading::{Components, IncidentNames, Incidents, Keys, OnCall};
    match does {
        // People belong to nobody.
        Does::Component(ComponentAct::Page, kind) => kind != ComponentKind::User,
        Does::Read(Components) if listed_kind(asked) == Some(ComponentKind::User) => false,
        does => matches!(does, Does::Read(Components | IncidentNames | Incidents | Keys | OnCall)),
    }
}

/// Whether what is asked tells of everything that is written, whoever owns it.
fn tells_of_everything(does: Does) -> bool {
    use Reading::{Diff, Drift, Versions};
    matches!(does, Does::Read(Versions | Diff | Drift))
}

fn problem(caller: &Caller, answer: &Answer) -> Problem {
    match (answer, caller.key()) {
        (Answer::Refused(Needs::Scope(needed)), Some(key)) => Problem::scope_too_small(key.scope, *needed),
        (Answer::Refused(needs), Some(_)) => Problem::new(Code::NotAllowed, format!("authorization: {needs}")),
        (Answer::Refused(needs), None) => Problem::not_allowed(needs),
        _ => Problem::unknown_path(),
    }
}

/// Lets a caller pass who may do what they ask for.
///
/// # Errors
/// `not_allowed`, which says what would be needed, `scope_too_small` for a token, what is answered of things that there are
/// not where they must not know that it is there, or as the store says.
pub(super) async fn permitted(app: &App, operation: &Operation, caller: &Caller, asked: &Asked) -> Result<(), Problem> {
    let does = operation.does;
    let is_unlimited = matches!(&caller.shown, Shown::Key(key) if key.teams.is_none());
    // A key is nobody: what only owners do, and what is done to owners, no key does.
    let is_judged = is_unlimited && matches!(does, Does::Read(_) | Does::Command(_)) && !does.is_of_sessions();
    if is_judged || (does.tells_of_oneself() && caller.person().is_some()) {
        return Ok(());
    }
    if does == Does::Change(Change::EndAlert) {
        return match alert::answer(app, caller, &asked.fields).await? {
            Answer::Allowed => Ok(()),
            answer => Err(problem(caller, &answer)),
        };
    }
    let snapshot = app.engine.whole_directory(caller.reader()).await.map_err(failed)?;
    let directory = &snapshot.directory;
    let rights = caller.reader().rights(&snapshot);
    let username = caller.person().map(|person| &person.username);
    let mut wanted = wanted(operation, username, &snapshot, asked);
    if is_own_swap(app, does, caller, asked).await? {
        wanted = vec![(Action::ChangeOwn, Object { relation: Relation::Own, ..Object::default() })];
    }
    // Which scope a key needs, the operation says, and the gate looked.
    let is_enough = |answer: &Answer| match answer {
        Answer::Allowed => true,
        answer => is_unlimited && matches!(answer, Answer::Refused(Needs::Scope(_))),
    };
    if let Some(problem) = unknown(operation, asked, &rights, directory) {
        return Err(problem);
    }
    let mut answers = wanted.iter().map(|(action, object)| rights.to(*action, *object));
    let mut refused = answers.find(|answer| !is_enough(answer));
    for (place, field) in ["instance_id", "related_instance_id"].into_iter().enumerate() {
        let Some(id) = asked.fields.instance_id(field) else { continue };
        if place > 0 || refused.is_some() || !rights.sees_everything() {
            // What may be done to it hangs on whose it is, and whom it is with.
            if subscribes_oneself(does, username, asked) {
                refused = None;
                app.engine.incident_for(caller.reader(), id, Action::ReadStatus).await.map_err(failed)?;
                continue;
            }
            let incident = app.engine.incident(caller.reader(), id).await.map_err(failed)?;
            let answer = rights.to(does.action(), rights.incident(&incident));
            refused = Some(answer).filter(|answer| *answer != Answer::Allowed);
        }
        if refused.is_some() {
            break;
        }
    }
    if refused.is_none() && tells_of_everything(does) {
        refused = Some(rights.to_everything()).filter(|answer| *answer != Answer::Allowed);
    }
    match refused {
        None if matches!(caller.shown, Shown::Token(..)) && is_dangerous(does, &wanted, directory, asked) => {
            caller.fresh_session(app.engine.now()).map(drop)
        }
        None => Ok(()),
        Some(_) if is_list(does, asked) && rights.somewhere(does.action()) => Ok(()),
        Some(Answer::Hidden) => Err(nothing_there(operation, directory, asked)),
        // What is not there is told from what is hidden by nothing.
        Some(_) if rights.sees(None) && !is_there(operation, directory, asked) => {
            Err(nothing_there(operation, directory, asked))
        }
        Some(answer) => Err(problem(caller, &answer)),
    }
}

/// Whether a person takes back the swap by which they are off duty.
async fn is_own_swap(app: &App, does: Does, caller: &Caller, asked: &Asked) -> Result<bool, Problem> {
    let Some(person) = caller.person().filter(|_| does == Does::Change(Change::RemoveSwap)) else { return Ok(false) };
    let (routine, id) = (asked.fields.required_text("routine_ref_id"), asked.fields.text("swap_ref_id"));
    let swaps = app.administration.swaps(caller.reader(), routine).await.map_err(failed)?;
    Ok(swaps.iter().any(|known| known.swap_ref_id.as_deref() == id && known.swap.out == person.username))
}

/// Whether there is what the path names, if it names something that a team can own.
fn is_there(operation: &Operation, directory: &Directory, asked: &Asked) -> bool {
    in_path(operation, asked).is_none_or(|(_, kind, name)| kind == ComponentKind::User || directory.has(kind, name))
}

/// What is answered of a thing that there is not.
fn nothing_there(operation: &Operation, directory: &Directory, asked: &Asked) -> Problem {
    let text = |field| asked.fields.text(field).unwrap_or_default();
    match (operation.does, in_path(operation, asked)) {
        (_, Some((field, kind, name))) => Problem::unknown_component(field, kind, name),
        (Does::Command(Verb::Create), None) => {
            let policies = asked.fields.ref_ids("policy_ref_id");
            let is_owned =
                |policy: &&RefId| directory.owner(ComponentKind::EscalationPolicy, policy.as_str()).is_some();
            let service = text("service_ref_id");
            match policies.iter().find(is_owned) {
                Some(policy) if directory.owner(ComponentKind::Service, service).is_none() => {
                    Problem::unknown_component("policy_ref_id", ComponentKind::EscalationPolicy, policy.as_str())
                }
                _ => Problem::unknown_component("service_ref_id", ComponentKind::Service, service),
            }
        }
        _ => Problem::unknown_path(),
    }
}

/// The same, with the username of the person in the path where the path has their id.
///
/// # Errors
/// As the engine says.
pub(super) async fn by_username(
    app: &App,
    operation: &Operation,
    caller: &Caller,
    fields: Fields,
) -> Result<Fields, Problem> {
    const PERSON: &str = "preferred_username";
    let is_in_path = operation.parameters.iter().any(|parameter| parameter.name == PERSON);
    let Some(said) = fields.text(PERSON).filter(|_| is_in_path) else { return Ok(fields) };
    let snapshot = app.engine.whole_directory(caller.reader()).await.map_err(failed)?;
    match snapshot.directory.users.with_ref(said) {
        Some(person) => Ok(fields.with_text(PERSON, person.component.username.as_str())),
        None => Ok(fields),
    }
}

/// What is asked, in whose name it is: a person acts in their own, whatever else is said.
///
/// # Errors
/// `not_in_your_name`.
pub(super) fn in_own_name(operation: &Operation, caller: &Caller, fields: Fields) -> Result<Fields, Problem> {
    let Some(person) = caller.person().filter(|_| operation.field("by").is_some()) else { return Ok(fields) };
    let actor = Actor::Person { username: &person.username, role: person.role, token: None };
    let said = fields.text("by").map(Username::from);
    match in_whose_name(actor, said.as_ref()) {
        Ok(_) if said.is_some() => Ok(fields),
        Ok(_) => Ok(fields.with_text("by", person.username.as_str())),
        Err(NotInYourName { username }) => {
            Err(Problem::new(Code::NotInYourName, format!("by: {username} acts in their own name only")))
        }
    }
}
