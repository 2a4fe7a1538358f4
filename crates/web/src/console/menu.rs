//! Which pages there are, in groups, what each is for, and whom it is drawn for.

use directory::Person;
use domain::directory::Role;
use domain::permission::{Action, Scope, may_anywhere};

/// Where all pages are listed.
pub(super) const MORE: &str = "/app/more";

/// A page that is linked to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub(super) path: &'static str,
    pub(super) title: &'static str,
    /// What it is for, in one line.
    pub(super) what: &'static str,
    /// What one must be able to do somewhere, so that it is drawn.
    action: Action,
}

/// Pages that belong together.
#[derive(Clone, Debug)]
pub(super) struct Group {
    pub(super) title: &'static str,
    pub(super) entries: Vec<Entry>,
}

const fn entry(path: &'static str, title: &'static str, what: &'static str, action: Action) -> Entry {
    Entry { path, title, what, action }
}

const INCIDENTS: Entry = entry("/app/incidents", "Incidents", "What is open, and what was", Action::Read);
const ON_CALL: Entry =
    entry("/app/on-call", "On call", "Who is on call now, on which level, and who is next", Action::Read);
const ROUTINES: Entry =
    entry("/app/routines", "Routines", "Who takes turns, when: layers, exceptions, swaps", Action::Read);
const SERVICES: Entry =
    entry("/app/services", "Services", "What runs and can break, and who is asked then", Action::Read);
const INTEGRATIONS: Entry =
    entry("/app/integrations", "Integrations", "Where alerts come in, and what became of each", Action::Read);
const PEOPLE: Entry = entry("/app/people", "People", "Who there is, and by what they can be reached", Action::Read);
const IMPACTED: Entry =
    entry("/app/business-services", "Business services", "What customers see, and what disturbs it", Action::Read);

/// What stands in the head of every page, between Now and the list of all.
const HEAD: [Entry; 6] = [INCIDENTS, ON_CALL, ROUTINES, SERVICES, INTEGRATIONS, PEOPLE];

const GROUPS: [(&str, &[Entry]); 7] = [
    (
        "Incidents",
        &[
            INCIDENTS,
            entry(
                "/app/incidents/new",
                "New incident",
                "Ask a service or people for help by hand",
                Action::ActOnIncident,
            ),
            entry("/app/search", "Search", "By number, word, tag, person or component", Action::Read),
        ],
    ),
    (
        "Who is woken",
        &[
            ON_CALL,
            ROUTINES,
            entry(
                "/app/policies",
                "Escalation policies",
                "Who is asked first, who next, and after how long",
                Action::Read,
            ),
            PEOPLE,
            entry(
                "/app/invitations",
                "Invitations",
                "Ask people in, and see who came",
                Action::Invite(Role::Responder),
            ),
            entry("/app/teams", "Teams", "Who belongs together, and what is theirs", Action::Read),
        ],
    ),
    (
        "What comes in",
        &[
            SERVICES,
            INTEGRATIONS,
            entry("/app/rules", "Routing rules", "What is done with an alert before anybody is asked", Action::Read),
            entry("/app/heartbeats", "Heartbeats", "What must be heard of again and again", Action::Read),
            entry(
                "/app/maintenance",
                "Maintenance",
                "When nobody is to be paged, because it is worked on",
                Action::Read,
            ),
        ],
    ),
    (
        "What goes out",
        &[
            IMPACTED,
            entry(
                "/app/response-sets",
                "Response sets",
                "Responders, bridges and words, added in one step",
                Action::Read,
            ),
            entry("/app/workflows", "Workflows", "Lists of commands that are run on an incident", Action::Read),
        ],
    ),
    (
        "You",
        &[
            entry("/app/me", "Your profile", "Contacts, rules, zone, devices", Action::ChangeOwn),
            entry(
                "/app/me/when",
                "When would I be paged",
                "Your shifts in the next four weeks, night by night",
                Action::ChangeOwn,
            ),
            entry("/app/me/cover", "Cover", "Ask others to take a shift, and answer those who ask", Action::ChangeOwn),
            entry(
                "/app/me/security",
                "Your security",
                "Passkeys, password, second factor, sessions",
                Action::ChangeOwn,
            ),
            entry("/app/me/tokens", "Your tokens", "With which programs act as you do", Action::ChangeOwn),
        ],
    ),
    (
        "Administration",
        &[
            entry("/app/audit", "Audit log", "Who changed what, before and after", Action::ReadOwnSignIns),
            entry(
                "/app/history",
                "History",
                "Versions of all components, to compare and restore",
                Action::ReadAddresses,
            ),
            entry(
                "/app/keys",
                "Keys",
                "With which programs speak for the organization",
                Action::ManageKeys(Scope::Read),
            ),
            entry(
                "/app/settings",
                "Settings",
                "Sign-in, providers, retention, the lock of files",
                Action::ChangeSettings,
            ),
        ],
    ),
    ("Help", &[entry("/app/help", "Help", "Keys, documentation, version, how to report", Action::ChangeOwn)]),
];

/// Whether a page with this action is drawn for them.
pub(super) fn is_drawn(person: &Person, action: Action) -> bool {
    may_anywhere(person.role, person.team_role, action)
}

/// What stands in the head of every page for them, the list of all left out.
pub(super) fn head(person: &Person) -> Vec<Entry> {
    let now = entry("/app/now", "Now", "What you are asked for", Action::ChangeOwn);
    let drawn = HEAD.into_iter().filter(|entry| is_drawn(person, entry.action));
    [now].into_iter().chain(drawn).collect()
}

/// All pages that are drawn for them.
pub(super) fn groups(person: &Person) -> Vec<Group> {
    let group = |(title, entries): (&'static str, &[Entry])| {
        let entries: Vec<_> = entries.iter().copied().filter(|entry| is_drawn(person, entry.action)).collect();
        (!entries.is_empty()).then_some(Group { title, entries })
    };
    GROUPS.into_iter().filter_map(group).collect()
}
