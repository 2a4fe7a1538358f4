//! What responders do: acknowledge, resolve, escalate, snooze, un-acknowledge.

use super::{BY, COMMAND, INSTANCE_ID};
use crate::operation::{Answer, Code, Does, Field, Operation, Shape, Verb};
use domain::limits;

pub(super) const ROWS: &[Operation] = &[
    Operation {
        name: "acknowledge",
        path: "acknowledge",
        does: Does::Command(Verb::Acknowledge),
        summary: "Say that somebody acts",
        description: "The incident becomes ACKNOWLEDGED and what was about to be sent for it is called off. It opens \
            again at `next_alert_timestamp`: after the service's acknowledgement wait, 15 minutes where there is none. \
            Acknowledging again renews the wait.",
        answer: Answer::NextAlert,
        example: r#"{"next_alert_timestamp": "2021-05-05T17:35:14.343825"}"#,
        ..COMMAND
    },
    Operation {
        name: "resolve",
        path: "resolve",
        does: Does::Command(Verb::Resolve),
        summary: "End an incident",
        description: "It becomes RESOLVED, which cannot be undone. Subscribers are told. An incident that ended by itself, because its \
            sender said so, is opened again by an alert of the same problem within the `reopen_minutes` of its service; one that was \
            resolved by this operation is not.",
        ..COMMAND
    },
    Operation {
        name: "escalate",
        path: "escalate",
        does: Does::Command(Verb::Escalate),
        summary: "Ask the next level",
        description: "The incident is OPEN on the next level of every policy that has one, and that level is notified.",
        refusals: &[Code::UnknownIncident, Code::UnknownComponent, Code::AlreadyResolved, Code::NoFurtherLevel],
        ..COMMAND
    },
    Operation {
        name: "snooze",
        path: "snooze",
        does: Does::Command(Verb::Snooze),
        summary: "Be quiet for a while",
        description: "Nobody is notified for so many minutes; the status stays.",
        fields: &[
            INSTANCE_ID,
            Field::required(
                "snooze_for",
                Shape::Integer { least: limits::SNOOZE_MINUTES_LEAST as i64, most: limits::SNOOZE_MINUTES_MOST as i64 },
                "30",
                "Minutes, at most 30 days.",
            ),
            BY,
        ],
        ..COMMAND
    },
    Operation {
        name: "unacknowledge",
        path: "unacknowledge",
        does: Does::Command(Verb::Unacknowledge),
        summary: "Say that nobody acts any more",
        description: "The incident is OPEN again on the same level, and that level is notified.",
        refusals: &[Code::UnknownIncident, Code::UnknownComponent, Code::AlreadyResolved, Code::NotAcknowledged],
        ..COMMAND
    },
];
