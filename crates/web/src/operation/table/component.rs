//! Components of the directory: six operations for each kind, all alike (administration §1, §2).

use super::read::READING;
use super::{COMMAND, Link};
use crate::operation::{
    Answer, Code, ComponentAct, ComponentBody, Does, Field, Limit, Method, Operation, Served, Shape,
};
use domain::directory::{ComponentKind, Role};
use domain::limits;
use domain::permission::Scope;

/// What is asked of a list.
const PAGE: &[Field] = &[WORDS, MANAGED_BY, TAG, TEAM, LIMIT, AFTER];

/// What is asked of the list of people.
const PAGE_OF_PEOPLE: &[Field] = &[
    WORDS,
    MANAGED_BY,
    TAG,
    TEAM,
    Field::optional("role", Shape::Word(Role::WORDS), "", "Only people with this role."),
    Field::optional("state", Shape::Word(&["invited", "active", "locked"]), "", "Only people of whom this is said."),
    Field::optional("unreachable", Shape::Truth, "", "With `true`, only people whom nothing reaches on this server."),
    LIMIT,
    AFTER,
];

const WORDS: Field = Field::optional(
    "q",
    Shape::Text(Limit::Characters(limits::NAME_CHARACTERS)),
    "",
    "Only components with all of these words in names, description or job title; case does not count.",
);

const MANAGED_BY: Field = Field::optional(
    "managed_by",
    Shape::Word(&["file", "api", "provider"]),
    "",
    "Only what a directory file or the API manages, or people whose role a sign-in provider gives.",
);

const TAG: Field =
    Field::optional("tag", Shape::Text(Limit::Characters(limits::NAME_CHARACTERS)), "", "Only what has this tag.");

const TEAM: Field = Field::optional("team", Shape::Id, "", "Only what this team owns; of people, only its members.");

pub(super) const LIMIT: Field = Field::optional(
    "limit",
    Shape::Integer { least: 1, most: limits::COMPONENTS_DEFAULT as i64 },
    "",
    "How many at most; 100 where none is given. Where more exist, the header `Link` with `rel=\"next\"` leads to them.",
);

const AFTER: Field = Field::optional(
    "after",
    Shape::Text(Limit::Characters(limits::NAME_CHARACTERS)),
    "",
    "The name after which the page begins; the header `Link` has the next one.",
);

const DRY_RUN: Field = Field::optional(
    "dry_run",
    Shape::Truth,
    "",
    "With `true` nothing is stored, and the answer says what would be: `plan`, `warnings`, `gaps`.",
);

const FAIL_ON: Field = Field::optional(
    "fail_on",
    Shape::Word(&["warning"]),
    "",
    "With `warning`, a change that would bring warnings which there are not now is refused.",
);

pub(super) const WRITING: &[Field] = &[DRY_RUN, FAIL_ON];

/// What is asked beside a change of a routine.
pub(super) const WRITING_ROUTINES: &[Field] = &[
    DRY_RUN,
    FAIL_ON,
    Field::optional(
        "rewrite",
        Shape::Truth,
        "",
        "With `true`, what is said counts for what has been, too: who was on call before is forgotten.",
    ),
];

const REMOVING: &[Field] = &[
    DRY_RUN,
    FAIL_ON,
    Field::optional("replace_with", Shape::Id, "", "Id or name of another one, which is named instead from then on."),
];

const REMOVING_PEOPLE: &[Field] = &[
    DRY_RUN,
    FAIL_ON,
    Field::optional("replace_with", Shape::Id, "", "The same as `transfer_to`."),
    Field::optional("transfer_to", Shape::Id, "", "Id or name of another person, who is named instead from then on."),
    Field::optional(
        "leave_gaps",
        Shape::Truth,
        "",
        "With `true`, the person is left out wherever they are named. Their turns become gaps, so that nobody else's move.",
    ),
    Field::optional(
        "erase",
        Shape::Truth,
        "",
        "With `true`, also somebody who left before: what is shown for them everywhere is `former person` with a number from then on, \
            and their addresses are erased in the audit log, the ledger and what the directory was. The answer names incidents in whose \
            notes their name stands, which are left as they are. Backups that were made keep what they have.",
    ),
];

const REFUSALS_OF_ADDING: &[Code] = &[Code::NameTaken, Code::LintFailed];

const REFUSALS_OF_CHANGING: &[Code] = &[
    Code::UnknownComponent,
    Code::NameTaken,
    Code::LintFailed,
    Code::ManagedByFile,
    Code::ManagedByProvider,
    Code::IfMatchMissing,
    Code::ChangedMeanwhile,
    Code::LastOwner,
];

const REFUSALS_OF_REMOVING: &[Code] = &[
    Code::UnknownComponent,
    Code::LintFailed,
    Code::ManagedByFile,
    Code::IfMatchMissing,
    Code::ChangedMeanwhile,
    Code::StillNamed,
    Code::LastOwner,
];

const CHANGE: Operation = Operation {
    served: Served::V1,
    scope: Scope::Admin,
    fields: &[],
    query: WRITING,
    refusals: REFUSALS_OF_CHANGING,
    links: &[],
    ..COMMAND
};

/// What the server says of every component, in an example.
macro_rules! with_envelope {
    ($fields:literal) => {
        concat!(
            "{",
            $fields,
            r#", "ref_id": "kR2mVq8dT0aXyU7fLw3n9Q", "version": 3, "managed_by": "api", "source": null,
            "created_at": "2026-06-01T09:30:00.000000", "updated_at": "2026-06-02T09:30:00.000000", "updated_by": "ana""#,
        )
    };
}

macro_rules! resource {
    (
        $rows:ident, $kind:ident, $plural:literal, $one:literal, $a_one:literal, $many:literal,
        parameter: $parameter:expr, path: $parameter_name:literal,
        body: $body:literal, shown: $shown:literal, patch: $patch:literal, about: $about:literal, links: $links:expr $(,)?
    ) => {
        pub(super) const $rows: &[Operation] = &[
            Operation {
                name: $plural,
                path: $plural,
                method: Method::Get,
                served: Served::V1,
                does: Does::Component(ComponentAct::Page, ComponentKind::$kind),
                summary: concat!("List ", $many),
                description: concat!(
                    "Ordered by name. ", $about, " What is not there has its default. Secrets are told as `(hidden)`; to keys of \
                    a scope under `admin`, addresses are masked."
                ),
                fields: if matches!(ComponentKind::$kind, ComponentKind::User) { PAGE_OF_PEOPLE } else { PAGE },
                answer: Answer::ComponentPage(ComponentKind::$kind),
                example: concat!("[", with_envelope!($shown), "}]"),
                refusals: &[],
                ..READING
            },
            Operation {
                name: $one,
                path: concat!($plural, "/{", $parameter_name, "}"),
                method: Method::Get,
                served: Served::V1,
                does: Does::Component(ComponentAct::One, ComponentKind::$kind),
                summary: concat!("Read ", $a_one),
                description: "With `named_by`, everything that refers to it; of a routine and of an escalation policy also with `ahead`: who is on call \
                    within four weeks, what is left open, and the hours, nights and weekends of each person. The header `ETag` has its version, for \
                    `If-Match`; with `If-None-Match` an unchanged one is answered 304.",
                parameters: &[$parameter],
                fields: &[],
                answer: Answer::Component(ComponentKind::$kind),
                example: concat!(with_envelope!($shown), r#", "named_by": []}"#),
                refusals: &[Code::UnknownComponent],
                links: $links,
                ..READING
            },
            Operation {
                name: concat!("add-", $one),
                path: $plural,
                does: Does::Component(ComponentAct::Add, ComponentKind::$kind),
                summary: concat!("Make ", $a_one),
                description: "The body has the keys of the directory file. What it refers to is written by name or id. All mistakes \
                    are told at once, unknown keys among them. The answer has `warnings` about it and the `gaps` of four \
                    weeks.",
                body: Some(ComponentBody { kind: ComponentKind::$kind, is_patch: false, example: concat!("{", $body, "}") }),
                answer: Answer::Component(ComponentKind::$kind),
                example: concat!(with_envelope!($shown), r#", "warnings": [], "gaps": []}"#),
                refusals: REFUSALS_OF_ADDING,
                ..CHANGE
            },
            Operation {
                name: concat!("replace-", $one),
                path: concat!($plural, "/{", $parameter_name, "}"),
                method: Method::Put,
                does: Does::Component(ComponentAct::Replace, ComponentKind::$kind),
                summary: concat!("Replace ", $a_one),
                description: "From then on it is what the body says; what that leaves out has its default. With `If-None-Match: *` \
                    it is made, where there is none of this name. What only the server sets is not read, so that an \
                    answer can be sent back. Another name is followed by everything that refers to it.",
                parameters: &[$parameter],
                query: if matches!(ComponentKind::$kind, ComponentKind::Routine) { WRITING_ROUTINES } else { WRITING },
                body: Some(ComponentBody { kind: ComponentKind::$kind, is_patch: false, example: concat!("{", $body, "}") }),
                answer: Answer::Component(ComponentKind::$kind),
                example: concat!(with_envelope!($shown), r#", "warnings": [], "gaps": []}"#),
                ..CHANGE
            },
            Operation {
                name: concat!("change-", $one),
                path: concat!($plural, "/{", $parameter_name, "}"),
                method: Method::Patch,
                does: Does::Component(ComponentAct::Patch, ComponentKind::$kind),
                summary: concat!("Change ", $a_one),
                description: "A JSON merge patch (RFC 7396): what the body names is changed, null puts its default back, lists \
                    are replaced whole.",
                parameters: &[$parameter],
                query: if matches!(ComponentKind::$kind, ComponentKind::Routine) { WRITING_ROUTINES } else { WRITING },
                body: Some(ComponentBody { kind: ComponentKind::$kind, is_patch: true, example: $patch }),
                answer: Answer::Component(ComponentKind::$kind),
                example: concat!(with_envelope!($shown), r#", "warnings": [], "gaps": []}"#),
                ..CHANGE
            },
            Operation {
                name: concat!("remove-", $one),
                path: concat!($plural, "/{", $parameter_name, "}"),
                method: Method::Delete,
                does: Does::Component(ComponentAct::Remove, ComponentKind::$kind),
                summary: concat!("Remove ", $a_one),
                description: "Refused while other components or unresolved incidents refer to it, with the list.",
                parameters: &[$parameter],
                query: if matches!(ComponentKind::$kind, ComponentKind::User) { REMOVING_PEOPLE } else { REMOVING },
                answer: Answer::Removed,
                refusals: REFUSALS_OF_REMOVING,
                ..CHANGE
            },
        ];
    };
}

const fn reference(name: &'static str, doc: &'static str) -> Field {
    Field::required(name, Shape::Id, r#""kR2mVq8dT0aXyU7fLw3n9Q""#, doc)
}

resource! {
    USERS, User, "users", "user", "a person", "people",
    parameter: Field::required("preferred_username", Shape::Id, r#""ana""#, "Preferred username or id of the person."),
    path: "preferred_username",
    body: r#""username": "lou", "display_name": "Lou Lund", "email": "lou@example.org""#,
    shown: r#""username": "lou", "display_name": "Lou Lund", "email": "lou@example.org",
        "policy_ref_id": "AiqxuoBASOaLKT5ncOs6lQ""#,
    patch: r#"{"job_title": "On-call engineer"}"#,
    about: "People, with their contacts and notification rules.",
    links: &[],
}
resource! {
    TEAMS, Team, "teams", "team", "a team", "teams",
    parameter: reference("team_ref_id", "Id or name of the team."), path: "team_ref_id",
    body: r#""name": "network", "members": ["ana", "ben"]"#,
    shown: r#""name": "network", "members": ["ana", "ben"]"#,
    patch: r#"{"members": ["ana"]}"#,
    about: "Groups of people.",
    links: &[],
}
resource! {
    ROUTINES, Routine, "routines", "routine", "a routine", "routines",
    parameter: super::on_call::ROUTINE_REF_ID, path: "routine_ref_id",
    body: r#""name": "nights", "timezone": "Europe/Lisbon", "routine_layers": [{"valid_start": "2026-06-01",
        "rotation_frequency": 7, "rotations": [["ana"], ["ben"]]}]"#,
    shown: r#""routine_ref_id": "kR2mVq8dT0aXyU7fLw3n9Q", "routine_name": "nights", "timezone": "Europe/Lisbon",
        "routine_layers": [{"layer": 1, "layer_name": "layer 1", "valid_start": "2026-06-01",
        "valid_end": "9999-01-01", "is_exception": false, "rotation_start": "00:00:00", "shift_length": "24:00",
        "rotation_frequency": 7, "skip_days": [], "rotations": [["ana"], ["ben"]]}], "name": "nights""#,
    patch: r#"{"timezone": "Europe/Berlin"}"#,
    about: "Who is on call, and when; layers are told with every key. A routine that is called `preview` is found by its id \
        only.",
    links: &[
        Link { to: "routine-schedule", takes: &[("routine_ref_id", "/routine_ref_id")] },
        Link { to: "swaps", takes: &[("routine_ref_id", "/routine_ref_id")] },
        Link { to: "preview-routine", takes: &[("routine_ref_id", "/routine_ref_id")] },
    ],
}
resource! {
    ESCALATION_POLICIES, EscalationPolicy, "escalation-policies", "escalation-policy", "an escalation policy",
    "escalation policies",
    parameter: reference("policy_ref_id", "Id or name of the policy."), path: "policy_ref_id",
    body: r#""name": "database", "levels": [{"minutes": 10, "users": ["ana"]}, {"minutes": 15, "users": ["ben"]}]"#,
    shown: r#""name": "database", "levels": [{"minutes": 10, "users": ["ana"]}, {"minutes": 15, "users": ["ben"]}]"#,
    patch: r#"{"when_exhausted": "restart"}"#,
    about: "Who is notified, level by level.",
    links: &[],
}
resource! {
    SERVICES, Service, "services", "service", "a service", "services",
    parameter: reference("service_ref_id", "Id or name of the service."), path: "service_ref_id",
    body: r#""name": "search", "description": "What finds things", "escalation_policy": "primary""#,
    shown: r#""name": "search", "description": "What finds things", "escalation_policy": "primary""#,
    patch: r#"{"acknowledgement_minutes": 30}"#,
    about: "What alerts come in on.",
    links: &[],
}
resource! {
    BUSINESS_SERVICES, BusinessService, "business-services", "business-service", "a business service",
    "business services",
    parameter: reference("business_service_ref_id", "Id or name of the business service."),
    path: "business_service_ref_id",
    body: r#""name": "Shopping", "subscribers": ["ana"]"#,
    shown: r#""name": "Shopping", "subscribers": ["ana"]"#,
    patch: r#"{"description": "What customers see"}"#,
    about: "What customers see.",
    links: &[],
}
resource! {
    RESPONSE_SETS, ResponseSet, "response-sets", "response-set", "a response set", "response sets",
    parameter: reference("response_set_ref_id", "Id or name of the response set."), path: "response_set_ref_id",
    body: r#""name": "all hands", "users": ["ana", "ben"]"#,
    shown: r#""name": "all hands", "users": ["ana", "ben"]"#,
    patch: r#"{"status_update": "We are looking into it."}"#,
    about: "Responses made ready.",
    links: &[],
}
resource! {
    WORKFLOWS, Workflow, "workflows", "workflow", "a workflow", "workflows",
    parameter: reference("workflow_ref_id", "Id or name of the workflow."), path: "workflow_ref_id",
    body: r#""name": "escalate loudly", "set_urgency": 5"#,
    shown: r#""name": "escalate loudly", "set_urgency": 5"#,
    patch: r#"{"add_note": "Look at the runbook first."}"#,
    about: "Sequences of things to do to an incident.",
    links: &[],
}
resource! {
    ROUTING_RULES, RoutingRule, "routing-rules", "routing-rule", "a routing rule", "routing rules",
    parameter: reference("routing_rule_ref_id", "Id or name of the routing rule."), path: "routing_rule_ref_id",
    body: r#""name": "tests", "conditions": [{"field": "title", "contains": "test"}], "actions": {"set_urgency": 1}"#,
    shown: r#""name": "tests", "conditions": [{"field": "title", "contains": "test"}], "actions": {"set_urgency": 1},
        "position": 1"#,
    patch: r#"{"enabled": false}"#,
    about: "`position` says in which order they are tried, from 1; a new one is the last.",
    links: &[],
}
resource! {
    INTEGRATIONS, Integration, "integrations", "integration", "an integration", "integrations",
    parameter: super::intake::INTEGRATION_REF_ID, path: "integration_ref_id",
    body: r#""name": "dashboards", "kind": "grafana", "users": ["ana"]"#,
    shown: r#""name": "dashboards", "kind": "grafana", "users": ["ana"],
        "url": "https://reveille.example.org/grafana/1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed""#,
    patch: r#"{"default_urgency": 3}"#,
    about: "Sources of alerts. Keys of the scope `admin` see the `url`, which ends in the integration's key. One that is read \
        alone tells until when a key before the newest counts (`key_before_ends_at`), and what was turned away, how often, and from \
        where last: `ended_key`, `network`, `signature`, `too_large`, `unreadable`.",
    links: &[],
}
resource! {
    HEARTBEATS, Heartbeat, "heartbeats", "heartbeat", "a heartbeat", "heartbeats",
    parameter: reference("heartbeat_ref_id", "Id or name of the heartbeat."), path: "heartbeat_ref_id",
    body: r#""name": "nightly backup", "users": ["ana"], "every_seconds": 86400, "grace_seconds": 3600"#,
    shown: r#""name": "nightly backup", "users": ["ana"], "every_seconds": 86400, "grace_seconds": 3600,
        "url": "https://reveille.example.org/heartbeats/1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed""#,
    patch: r#"{"grace_seconds": 7200}"#,
    about: "What must be heard of again and again. Keys of the scope `admin` see the `url`, which ends in its key.",
    links: &[],
}
resource! {
    MAINTENANCE_WINDOWS, MaintenanceWindow, "maintenance-windows", "maintenance-window", "a maintenance window",
    "maintenance windows",
    parameter: reference("maintenance_window_ref_id", "Id or name of the maintenance window."),
    path: "maintenance_window_ref_id",
    body: r#""name": "database upgrade", "services": ["checkout"], "starts": "2026-07-01T22:00:00", "duration_minutes": 60,
        "timezone": "Europe/Berlin""#,
    shown: r#""name": "database upgrade", "services": ["checkout"], "starts": "2026-07-01T22:00:00",
        "duration_minutes": 60, "timezone": "Europe/Berlin""#,
    patch: r#"{"duration_minutes": 90}"#,
    about: "Times in which what is worked on pages nobody.",
    links: &[],
}
