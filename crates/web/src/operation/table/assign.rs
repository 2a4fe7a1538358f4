//! To whom an incident is assigned.

use super::{BY, COMMAND, INSTANCE_ID};
use crate::operation::{Code, Does, Field, Operation, Shape, Verb};
use domain::limits;

const TARGETS: Shape = Shape::ListOf { item: &Shape::Id, least: 1, most: limits::TARGETS };

const TWO: &str = r#"["KmRsye1vSAaqPZY-fxi22g", "ufgoOLtKTr-cIbvcDgJgKg"]"#;

pub(super) const ROWS: &[Operation] = &[
    Operation {
        name: "reassign",
        path: "reassign",
        does: Does::Command(Verb::Reassign),
        summary: "Hand an incident over",
        description: "Replaces everything that the incident is assigned to. It is OPEN on level 1, which is notified.",
        fields: &[
            INSTANCE_ID,
            Field::required(
                "reassign_to",
                TARGETS,
                TWO,
                "Ids of escalation policies, ids of users' own policies, or preferred usernames.",
            ),
            BY,
        ],
        ..COMMAND
    },
    Operation {
        name: "add-responders",
        path: "add-responders",
        does: Does::Command(Verb::AddResponders),
        summary: "Ask more people",
        description: "Adds to what the incident is assigned to. The added ones start at their level 1 and are \
            notified now.",
        fields: &[
            INSTANCE_ID,
            Field::required(
                "assignees",
                TARGETS,
                TWO,
                "Ids of escalation policies, ids of users' own policies, or preferred usernames.",
            ),
            BY,
        ],
        refusals: &[Code::TooMany, Code::UnknownIncident, Code::UnknownComponent, Code::AlreadyResolved],
        ..COMMAND
    },
];
