//! Making incidents.

use super::{BY, COMMAND};
use crate::operation::{Answer, Code, Does, Field, Limit, Link, Operation, Shape, Verb};
use domain::limits;

pub(super) const TITLE: Field = Field::required(
    "title",
    Shape::Text(Limit::Characters(limits::TITLE_CHARACTERS)),
    r#""CS EU Trade Reconciliation Failed""#,
    "What happened, in brief.",
);

pub(super) const TAG: Shape = Shape::Text(Limit::Characters(limits::TAG_CHARACTERS));

pub(super) const URGENCY: Shape = Shape::Integer { least: 1, most: 5 };

pub(super) const TARGETS: Shape = Shape::ListOf { item: &Shape::Id, least: 0, most: limits::TARGETS };

pub(super) const ROWS: &[Operation] = &[Operation {
    name: "create",
    path: "create",
    does: Does::Command(Verb::Create),
    summary: "Make an incident",
    description: "Triggers an incident and notifies level 1 of everything it names; a service, policies and users \
        may be \
        combined. First the request is checked, then `dedup_key` is compared: while an incident with the same key is \
        unresolved, that incident's `instance_id` is the answer, with `\"deduplicated\": true`, and nobody is \
        notified. \
        Then routing rules are tried; one that suppresses makes no incident and answers `\"suppressed\": true` with \
        the rule's name.",
    fields: &[
        TITLE,
        Field::optional("service_ref_id", Shape::Id, r#""dySeOLtKTr-cIdTFZRHgKg""#, "Id of the service it is about."),
        Field::optional(
            "policy_ref_id",
            TARGETS,
            r#"["KmRsye1vSAaqPZY-fxi22g"]"#,
            "Ids of escalation policies to assign it to; a user's own policy counts as one.",
        ),
        Field::optional("users", TARGETS, r#"["mofab"]"#, "Preferred usernames of people to assign it to."),
        Field::optional(
            "description",
            Shape::Text(Limit::Bytes(limits::DESCRIPTION_BYTES)),
            r#""Needs to be fixed before EOD""#,
            "What happened, at length: logs, measurements, all that helps.",
        ),
        Field::optional(
            "urgency_level",
            URGENCY,
            "",
            "1 Minor, 2 Low, 3 Medium, 4 High, 5 Critical; 4 where none is given.",
        ),
        Field::optional(
            "notes",
            Shape::Text(Limit::Bytes(limits::NOTES_BYTES)),
            r#""Check other trade rec fails from before""#,
            "The first note, for the people who respond.",
        ),
        Field::optional(
            "tags",
            Shape::ListOf { item: &TAG, least: 0, most: limits::TAGS },
            r#"["ops", "reports"]"#,
            "Words that group incidents.",
        ),
        Field::optional(
            "dedup_key",
            Shape::Text(Limit::Bytes(limits::DEDUP_KEY_BYTES)),
            r#""trade-rec""#,
            "While an incident with this key is unresolved, no further one is made.",
        ),
        BY,
    ],
    at_least_one: &["service_ref_id", "policy_ref_id", "users"],
    answer: Answer::Created,
    example: r#"{"instance_id": 8912, "timestamp": "2021-05-05T17:20:14.343825"}"#,
    refusals: &[Code::NobodyNamed, Code::TooMany, Code::UnknownComponent],
    links: LINKS,
    ..COMMAND
}];

/// Everything that can be done with a new incident and needs no more than its number.
const LINKS: &[Link] = &[
    Link { to: "details", takes: NUMBER },
    Link { to: "alerts", takes: NUMBER },
    Link { to: "notifications", takes: NUMBER },
    Link { to: "acknowledge", takes: NUMBER },
    Link { to: "unacknowledge", takes: NUMBER },
    Link { to: "snooze", takes: NUMBER },
    Link { to: "escalate", takes: NUMBER },
    Link { to: "notate", takes: NUMBER },
    Link { to: "amend-urgency", takes: NUMBER },
    Link { to: "update-status", takes: NUMBER },
    Link { to: "edit-title", takes: NUMBER },
    Link { to: "update-tags", takes: NUMBER },
    Link { to: "resolve", takes: NUMBER },
];

const NUMBER: &[(&str, &str)] = &[("instance_id", "/instance_id")];
