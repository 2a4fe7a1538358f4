//! The delivery ledger of an incident: who was told what by which channel, and what became of it.

use super::contact::PERSON;
use super::on_call::READING_V1;
use super::{BY, COMMAND};
use crate::operation::{Answer, Change, Code, Does, Field, Link, Method, Operation, Reading, Served, Shape};
use domain::limits;

const INSTANCE_ID: Field = Field::required(
    "instance_id",
    Shape::InstanceId,
    "8912",
    "Global number of the incident, as `create` answered it.",
);

const LIMIT: Field = Field::optional(
    "limit",
    Shape::Integer { least: 1, most: limits::PAGE_MOST as i64 },
    "",
    "How many at most; 500 where none is given. Where more exist, the header `Link` with `rel=\"next\"` leads to them.",
);

const AFTER: Field = Field::optional("after", Shape::Id, "", "The `delivery_id` that the page before ended with.");

pub(super) const ROWS: &[Operation] = &[
    Operation {
        name: "notifications",
        path: "incidents/{instance_id}/notifications",
        does: Does::Read(Reading::Notifications),
        summary: "Read what became of an incident's notifications",
        description: "Every notification, in the order in which they were queued, with every attempt at it. `sent` means \
            handed to the carrier; `confirmed_at` is when it was known that the person has it: the carrier reported so, \
            or they answered. `reason` says why one waits, failed or was dropped. Several incidents may have gone out \
            as one message: `message_id` is its id, which receivers of webhooks see, and `bundled_with` the \
            notification that it is named after, where that is another one. `skipped` are channels of the person's \
            rules that could not be used.",
        parameters: &[INSTANCE_ID],
        fields: &[LIMIT, AFTER],
        answer: Answer::Notifications,
        example: include_str!("../example/notifications.json"),
        refusals: &[Code::UnknownIncident, Code::UnknownNotification],
        links: &[Link { to: "resend", takes: &[("instance_id", "/0/instance_id"), ("delivery_id", "/0/delivery_id")] }],
        ..READING_V1
    },
    Operation {
        name: "notices",
        path: "users/{preferred_username}/notices",
        does: Does::Read(Reading::Notices),
        summary: "Read what became of the notices to a person",
        description: "Notices are about no incident: that somebody goes on call or off call (`handover`), is asked to take a shift, or \
            what became of that (`cover`). Newest first, each with its \
            title and, otherwise, as the notifications of an incident.",
        parameters: &[PERSON],
        fields: &[LIMIT, AFTER],
        answer: Answer::Notices,
        example: include_str!("../example/notices.json"),
        refusals: &[Code::UnknownComponent, Code::UnknownNotification],
        ..READING_V1
    },
    Operation {
        name: "resend",
        path: "incidents/{instance_id}/notifications/{delivery_id}/resend",
        method: Method::Post,
        served: Served::V1,
        does: Does::Change(Change::Resend),
        summary: "Send a notification again",
        description: "Queues a new notification to the same person by the same channel, due now, which says the same; \
            the incident's log says so. Nobody is asked any more to act on a resolved incident, so of one only a status \
            update or the resolution can be sent again.",
        parameters: &[
            INSTANCE_ID,
            Field::required("delivery_id", Shape::Id, r#""ntf_8912_400""#, "Id of the notification."),
        ],
        fields: &[BY],
        refusals: &[Code::UnknownIncident, Code::UnknownNotification, Code::UnknownComponent, Code::AlreadyResolved],
        ..COMMAND
    },
];
