//! What is written on an incident: urgency, notes, title, tags.

use super::create::{TAG, TITLE, URGENCY};
use super::{BY, COMMAND, INSTANCE_ID};
use crate::operation::{Code, Does, Field, Limit, Operation, Shape, Verb};
use domain::limits;

pub(super) const ROWS: &[Operation] = &[
    Operation {
        name: "amend-urgency",
        path: "amend-urgency",
        does: Does::Command(Verb::AmendUrgency),
        summary: "Change how urgent an incident is",
        description: "If the urgency rises, the people whom the incident is with are notified by the rules of the \
            new one.",
        fields: &[
            INSTANCE_ID,
            Field {
                aliases: &["amend-urgency"],
                ..Field::required(
                    "urgency_level",
                    URGENCY,
                    "3",
                    "1 Minor, 2 Low, 3 Medium, 4 High, 5 Critical. May be spelled `amend-urgency`; where both are \
                        given, \
                     `urgency_level` counts.",
                )
            },
            BY,
        ],
        ..COMMAND
    },
    Operation {
        name: "notate",
        path: "notate",
        does: Does::Command(Verb::Notate),
        summary: "Write something down",
        description: "Adds a note. Works on a resolved incident too, since people write things down afterwards.",
        fields: &[
            INSTANCE_ID,
            Field::required(
                "notes",
                Shape::Text(Limit::Bytes(limits::NOTES_BYTES)),
                r#""Restarting the feed handler helped last time""#,
                "The note.",
            ),
            BY,
        ],
        refusals: &[Code::UnknownIncident, Code::UnknownComponent],
        ..COMMAND
    },
    Operation {
        name: "edit-title",
        path: "edit-title",
        does: Does::Command(Verb::EditTitle),
        summary: "Change an incident's title",
        description: "The alerts of the incident keep their own titles.",
        fields: &[
            INSTANCE_ID,
            Field {
                aliases: &["task_title"],
                doc: "The new title. May be spelled `task_title`; where both are given, `title` counts.",
                ..TITLE
            },
            BY,
        ],
        ..COMMAND
    },
    Operation {
        name: "update-tags",
        path: "update-tags",
        does: Does::Command(Verb::UpdateTags),
        summary: "Replace an incident's tags",
        description: "The new set replaces the old one; an empty list removes all.",
        fields: &[
            INSTANCE_ID,
            Field::required(
                "tags",
                Shape::ListOf { item: &TAG, least: 0, most: limits::TAGS },
                r#"["ops", "reports"]"#,
                "The new set.",
            ),
            BY,
        ],
        ..COMMAND
    },
];
