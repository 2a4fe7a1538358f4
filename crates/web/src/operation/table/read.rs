//! Reading one incident, or several.

use super::{COMMAND, FROM_INCIDENT, INSTANCE_ID};
use crate::operation::table::create::{TAG, URGENCY};
use crate::operation::{Answer, Code, Does, Field, Link, Operation, Reading, Served, Shape};
use domain::limits;
use domain::permission::Scope;

pub(super) const STATUS: Shape = Shape::Word(&["OPEN", "ACKNOWLEDGED", "RESOLVED"]);

/// What readings have in common.
pub(super) const READING: Operation =
    Operation { scope: Scope::Read, fields: &[INSTANCE_ID], refusals: &[Code::UnknownIncident], ..COMMAND };

pub(super) const ROWS: &[Operation] = &[
    Operation {
        name: "list",
        path: "list",
        served: Served::UnderIncidents,
        does: Does::Read(Reading::Incidents),
        summary: "Search incidents",
        description: "Incidents that fit all that is given, newest first, each like the answer of `details` without \
            `events`, `notes` and `text_msg`. To go on where an answer ended, send the last `instance_id` as \
            `before_instance_id`. A filter that names what does not exist finds nothing.",
        fields: &[
            Field::optional(
                "status",
                Shape::ListOf { item: &STATUS, least: 0, most: 3 },
                r#"["OPEN", "ACKNOWLEDGED"]"#,
                "Only incidents in one of these statuses; all where none is given.",
            ),
            Field::optional("service_ref_id", Shape::Id, "", "Only incidents of this service."),
            Field::optional("urgency_level", URGENCY, "", "Only incidents of this urgency."),
            Field::optional(
                "assignee",
                Shape::Id,
                "",
                "Only incidents that are with this person, by preferred username.",
            ),
            Field::optional(
                "tags",
                Shape::ListOf { item: &TAG, least: 0, most: limits::TAGS },
                "",
                "Only incidents with all of these tags.",
            ),
            Field::optional(
                "start_timestamp",
                Shape::Timestamp,
                r#""2021-05-05T00:00:00""#,
                "Only incidents that began then or later. UTC where the text names no zone.",
            ),
            Field::optional(
                "end_timestamp",
                Shape::Timestamp,
                r#""2021-05-06T00:00:00""#,
                "Only incidents that began then or earlier. Swapped with `start_timestamp` if it is before it.",
            ),
            Field::optional(
                "limit",
                Shape::Integer { least: 1, most: limits::PAGE_MOST as i64 },
                "100",
                "How many at most; 500 where none is given.",
            ),
            Field::optional("before_instance_id", Shape::InstanceId, "", "Only incidents with a smaller number."),
        ],
        answer: Answer::Incidents,
        example: include_str!("../example/list.json"),
        refusals: &[],
        links: &[
            Link { to: "details", takes: &[("instance_id", "/0/instance_id")] },
            Link { to: "list", takes: &[("before_instance_id", "/0/instance_id")] },
        ],
        ..READING
    },
    Operation {
        name: "details",
        path: "details",
        does: Does::Read(Reading::Details),
        summary: "Read an incident",
        description: "The whole incident with its first alert (`task`), its notes and its events, oldest first. \
            `event_log` is a string that holds JSON.",
        answer: Answer::Details,
        example: include_str!("../example/details.json"),
        links: &FROM_INCIDENT,
        ..READING
    },
    Operation {
        name: "alerts",
        path: "alerts",
        does: Does::Read(Reading::Alerts),
        summary: "Read an incident's alerts",
        description: "Newest first. `TRIGGERED` is the one that the incident began with; `GROUPED` are those merged \
            in.",
        answer: Answer::Alerts,
        example: include_str!("../example/alerts.json"),
        links: &[Link {
            to: "unmerge",
            takes: &[("instance_id", "/0/instance_id"), ("task_ref_id", "/0/task_ref_id")],
        }],
        ..READING
    },
];
