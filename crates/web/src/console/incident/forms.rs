//! What can be done to an incident, as forms: each is one operation of the API, with that operation's fields.

use super::timeline::Known;
use crate::console::piece::CHOSEN_MOST;
use domain::Urgency;
use domain::directory::{Component, Directory, Entry, User};
use domain::incident::{Incident, Status};

/// What stands before the name of a policy where people can be meant, too.
pub(super) const POLICY: &str = "policy ";
/// The operation by which something is written down.
pub(super) const NOTE: &str = "notate";
/// The lists of those that fields to type in offer.
pub(super) const TARGETS: &str = "known-targets";
pub(super) const PEOPLE: &str = "known-people";
/// How many can be typed at once.
pub(super) const TYPED: usize = 3;

/// A form that does one thing to an incident.
#[derive(Clone, Debug)]
pub(super) struct Act {
    /// The operation, which is the last part of its path.
    pub(super) operation: &'static str,
    pub(super) title: &'static str,
    pub(super) button: &'static str,
    pub(super) inputs: Vec<Input>,
    /// Why it cannot be done now.
    pub(super) blocked: Option<String>,
    /// By what a repetition of this very form is known.
    pub(super) key: String,
    /// What there is to know before it is done.
    pub(super) warning: Option<String>,
    /// Whether it cannot be undone.
    pub(super) is_final: bool,
    /// What was typed, as HTML that was made of it, where that was asked for.
    pub(super) preview: Option<String>,
}

impl Act {
    /// The first field with a mistake, and what that is.
    pub(super) fn mistake(&self, error: &str) -> Option<(String, String)> {
        let (field, words) = error.split_once(": ")?;
        let input = self.inputs.iter().find(|input| field.starts_with(input.name))?;
        Some((format!("{}-{}", self.operation, input.name), format!("{} {words}", input.label)))
    }

    /// Whether it is a note, which can be looked at before it is written down.
    pub(super) fn is_note(&self) -> bool {
        self.operation == NOTE
    }

    /// Whether something is wrong with what was typed.
    pub(super) fn is_wrong(&self) -> bool {
        self.inputs.iter().any(|input| input.problem.is_some())
    }
}

/// One field of a form.
#[derive(Clone, Debug)]
pub(super) struct Input {
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    pub(super) hint: &'static str,
    pub(super) kind: Kind,
    /// What it is filled in with.
    pub(super) value: String,
    /// What is wrong with it, as the rest of the sentence that its label begins.
    pub(super) problem: Option<String>,
}

/// How a field is filled in.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    Line,
    Lines,
    /// One of these: value and words.
    One(Vec<(String, String)>),
    /// Any of these: value, words, and whether it is ticked.
    Any(Vec<(String, String, bool)>),
    /// Some of so many that they are typed, each into a field of its own; with the list that offers them.
    Typed(&'static str, Vec<String>),
}

/// What was typed into the form of an operation, and why that was refused.
#[derive(Clone, Copy, Debug)]
pub(super) struct Typed<'a> {
    pub(super) operation: &'a str,
    pub(super) pairs: &'a [(String, String)],
    pub(super) errors: &'a [String],
}

/// Everything that can be done to `incident` beside the first answer to it. `open` are others that it can be merged into, with
/// their titles; `key` draws a key for a form, and `typed` says what was typed into the form that was refused.
pub(super) fn forms(
    incident: &Incident,
    known: Known<'_>,
    open: &[(i64, String)],
    key: impl Fn() -> String,
    typed: Option<Typed<'_>>,
) -> Vec<Act> {
    let mut acts: Vec<Act> = drafts(incident, known, open)
        .into_iter()
        .map(|(operation, title, button, inputs)| Act {
            operation,
            title,
            button,
            inputs,
            blocked: blocked(operation, incident.status),
            key: key(),
            warning: None,
            is_final: matches!(operation, "resolve" | "merge"),
            preview: None,
        })
        .collect();
    if let Some(Typed { operation, pairs, errors }) = typed
        && let Some(act) = acts.iter_mut().find(|act| act.operation == operation)
    {
        act.inputs.iter_mut().for_each(|input| fill(input, (pairs, errors)));
    }
    acts
}

type Draft = (&'static str, &'static str, &'static str, Vec<Input>);

fn drafts(incident: &Incident, known: Known<'_>, open: &[(i64, String)]) -> Vec<Draft> {
    let choices = Choices { incident, known };
    let has_choice = |input: &Input| match &input.kind {
        Kind::One(options) => !options.is_empty(),
        Kind::Any(options) => !options.is_empty(),
        Kind::Line | Kind::Lines | Kind::Typed(..) => true,
    };
    let all = answers(&choices).into_iter().chain(words(&choices)).chain(facts(&choices)).chain(ends(open));
    all.filter(|(_, _, _, inputs)| inputs.iter().all(has_choice)).collect()
}

/// Who acts, and when.
fn answers(choices: &Choices<'_>) -> Vec<Draft> {
    let instead = "They take the place of those whom it is with.";
    let beside = "They are asked at once, beside the others.";
    vec![
        (
            "notate",
            "Note",
            "Write it down",
            vec![lines(
                "notes",
                "Note",
                "Whoever comes next reads it. **bold**, `code`, - lists and links are shown as such.",
            )],
        ),
        ("unacknowledge", "Acknowledgement", "Take it back, and ask again", Vec::new()),
        ("escalate", "Escalate", "Ask the next level now", Vec::new()),
        ("snooze", "Snooze", "Snooze", vec![one("snooze_for", "For how long", naps(choices.known))]),
        ("reassign", "Reassign", "Reassign", vec![who("reassign_to", "To whom", instead, TARGETS, choices.targets())]),
        (
            "add-responders",
            "Add responders",
            "Ask them, too",
            vec![who("assignees", "Whom", beside, TARGETS, choices.targets())],
        ),
    ]
}

/// Who is told, and what.
fn words(choices: &Choices<'_>) -> Vec<Draft> {
    let told = "Goes to everybody who is kept informed.";
    let (others, subscribers) = (choices.subscribed(false), choices.subscribed(true));
    vec![
        ("update-status", "Status update", "Tell subscribers", vec![lines("status_update", "What to tell", told)]),
        (
            "add-subscribers",
            "Keep informed",
            "Keep them informed",
            vec![who("subscribers", "Whom", "", PEOPLE, others)],
        ),
        ("remove-subscribers", "Keep informed no longer", "Stop", vec![any("subscribers", "Whom", "", subscribers)]),
    ]
}

/// What is said of it.
fn facts(choices: &Choices<'_>) -> Vec<Draft> {
    let (incident, directory) = (choices.incident, choices.known.directory);
    let business = |label, impacted| vec![one("business_service_ref_id", label, choices.businesses(impacted))];
    let sets = named(directory.response_sets.by_name());
    let workflows = named(directory.workflows.by_name());
    let all_tags = "Separated by commas; all of them.";
    vec![
        ("add-impact", "Impact", "Say that it is impacted", business("What it impacts", false)),
        ("remove-impact", "Impact no longer", "Say that it is well again", business("What is well again", true)),
        ("run-response-set", "Response set", "Run it", vec![one("response_set_ref_id", "Which", sets)]),
        ("run-workflow", "Workflow", "Run it", vec![one("workflow_ref_id", "Which", workflows)]),
        ("amend-urgency", "Urgency", "Change it", vec![one("urgency_level", "How urgent it is", choices.urgencies())]),
        ("edit-title", "Title", "Change it", vec![line("title", "Title", "", incident.title.clone())]),
        ("update-tags", "Tags", "Set them", vec![line("tags", "Tags", all_tags, incident.tags.join(", "))]),
    ]
}

/// What ends it.
fn ends(open: &[(i64, String)]) -> Vec<Draft> {
    let others = open.iter().map(|(number, title)| (number.to_string(), format!("#{number} {title}"))).collect();
    vec![
        ("merge", "Merge", "Merge into it", vec![one("related_instance_id", "Into which, which goes on", others)]),
        ("resolve", "Resolve", "Resolve it", Vec::new()),
    ]
}

fn line(name: &'static str, label: &'static str, hint: &'static str, value: String) -> Input {
    Input { name, label, hint, kind: Kind::Line, value, problem: None }
}

fn lines(name: &'static str, label: &'static str, hint: &'static str) -> Input {
    Input { name, label, hint, kind: Kind::Lines, value: String::new(), problem: None }
}

fn one(name: &'static str, label: &'static str, options: Vec<(String, String)>) -> Input {
    Input { name, label, hint: "", kind: Kind::One(options), value: String::new(), problem: None }
}

fn any(name: &'static str, label: &'static str, hint: &'static str, options: Vec<(String, String)>) -> Input {
    let unticked = options.into_iter().map(|(value, words)| (value, words, false)).collect();
    Input { name, label, hint, kind: Kind::Any(unticked), value: String::new(), problem: None }
}

/// Any of these people, and policies where `list` has them: ticked, or typed where there are many.
fn who(
    name: &'static str,
    label: &'static str,
    hint: &'static str,
    list: &'static str,
    options: Vec<(String, String)>,
) -> Input {
    if options.len() <= CHOSEN_MOST {
        return any(name, label, hint, options);
    }
    Input {
        name,
        label,
        hint,
        kind: Kind::Typed(list, vec![String::new(); TYPED]),
        value: String::new(),
        problem: None,
    }
}

/// Whom the fields that are typed into offer: people, and policies and people, where there are so many.
pub(super) fn offered(directory: &Directory) -> Vec<(&'static str, Vec<(String, String)>)> {
    let people = people(directory);
    if people.len() <= CHOSEN_MOST {
        return Vec::new();
    }
    let policies = directory.policies.by_name();
    let policies = policies.iter().map(|entry| (format!("{POLICY}{}", entry.component.name), String::new()));
    vec![(TARGETS, policies.chain(people.iter().cloned()).collect()), (PEOPLE, people)]
}

/// Everybody, by username and name.
pub(super) fn people(directory: &Directory) -> Vec<(String, String)> {
    let users = directory.users.by_name();
    let user = |user: &User| (user.username.to_string(), user.shown_name().to_owned());
    users.iter().map(|entry| user(&entry.component)).collect()
}

/// Policies by their ids, then people.
pub(super) fn targets(directory: &Directory) -> Vec<(String, String)> {
    let policies = named(directory.policies.by_name());
    policies.into_iter().map(|(id, name)| (id, format!("{POLICY}{name}"))).chain(people(directory)).collect()
}

/// Ids and names of components.
fn named<T: Component>(entries: Vec<&Entry<T>>) -> Vec<(String, String)> {
    entries.iter().map(|entry| (entry.ref_id.to_string(), entry.component.name().to_owned())).collect()
}

/// What there is to choose from: what is sent, and its words.
struct Choices<'a> {
    incident: &'a Incident,
    known: Known<'a>,
}

impl Choices<'_> {
    fn targets(&self) -> Vec<(String, String)> {
        targets(self.known.directory)
    }

    fn subscribed(&self, is_subscribed: bool) -> Vec<(String, String)> {
        let is_it = |name: &str| self.incident.subscribers.iter().any(|user| user.as_str() == name) == is_subscribed;
        people(self.known.directory).into_iter().filter(|(name, _)| is_it(name)).collect()
    }

    fn businesses(&self, is_impacted: bool) -> Vec<(String, String)> {
        let mut all = self.known.directory.business_services.by_name();
        all.retain(|entry| self.incident.impacts.contains(&entry.ref_id) == is_impacted);
        named(all)
    }

    /// All but the one that it has, the loudest first.
    fn urgencies(&self) -> Vec<(String, String)> {
        let others = Urgency::ALL.iter().rev().filter(|urgency| **urgency != self.incident.urgency);
        others.map(|urgency| (urgency.number().to_string(), urgency.word().to_owned())).collect()
    }
}

/// How long it can be quiet, in minutes, in words and instants.
fn naps(known: Known<'_>) -> Vec<(String, String)> {
    let clock = known.clock;
    let spans =
        [(15, "15 minutes"), (30, "30 minutes"), (60, "1 hour"), (120, "2 hours"), (480, "8 hours"), (1440, "a day")];
    let until = |minutes: u32| clock.moment(clock.now().plus_minutes(minutes)).absolute;
    let mut naps: Vec<_> = spans
        .iter()
        .map(|(minutes, words)| (minutes.to_string(), format!("{words}, until {}", until(*minutes))))
        .collect();
    if let Some(minutes) = clock.minutes_until(7) {
        naps.push((minutes.to_string(), format!("until {}", until(minutes))));
    }
    naps
}

/// Why something cannot be done to an incident of this status.
fn blocked(operation: &str, status: Status) -> Option<String> {
    match (operation, status) {
        ("notate", _) => None,
        ("unacknowledge", Status::Open) => Some("Nobody has acknowledged it.".to_owned()),
        (_, Status::Resolved) => Some("It is resolved: nothing but notes can be added.".to_owned()),
        _ => None,
    }
}

fn fill(input: &mut Input, (pairs, errors): (&[(String, String)], &[String])) {
    let name = input.name;
    let of_it = |error: &String| Some(error.strip_prefix(name)?.split_once(": ")?.1.to_owned());
    input.problem = errors.iter().find_map(of_it);
    let mut said = pairs.iter().filter(|(name, _)| name == input.name).map(|(_, value)| value);
    match &mut input.kind {
        Kind::Any(options) => {
            let said: Vec<_> = said.collect();
            options.iter_mut().for_each(|(value, _, is_ticked)| *is_ticked = said.contains(&&*value));
        }
        Kind::Typed(_, typed) => typed.iter_mut().zip(said).for_each(|(typed, said)| typed.clone_from(said)),
        _ => input.value = said.next().cloned().unwrap_or_default(),
    }
}
