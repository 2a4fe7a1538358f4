//! A contact and the notification rules of a person, one by one (administration §2).

use super::COMMAND;
use super::component::WRITING;
use super::contact::CHANNEL;
use super::on_call::READING_V1;
use crate::operation::{Answer, Change, Code, Does, Field, Method, Operation, Reading, Served, Shape};
use domain::directory::ComponentKind;
use domain::permission::Scope;

const PERSON: Field =
    Field::required("preferred_username", Shape::Id, r#""ana""#, "Preferred username or id of the person.");

const RULES: Field = Field::required(
    "notification_rules",
    Shape::Json,
    r#"[{"urgencies": [4, 5], "steps": [{"after_minutes": 0, "channel": "push"}, {"after_minutes": 5, "channel": "voice"}]}]"#,
    "The rules as the directory file has them; of several that name an urgency the first counts. An empty list leaves the \
     defaults.",
);

const ADDRESS: Field = Field::required(
    "address",
    Shape::Json,
    r#""+4915112345678""#,
    "What the directory file has for this channel: a text, or an object for `webhook`, `chat` and `push`.",
);

const CHANGE: Operation = Operation {
    served: Served::V1,
    method: Method::Put,
    scope: Scope::Admin,
    parameters: &[PERSON, CHANNEL],
    fields: &[],
    query: WRITING,
    answer: Answer::Component(ComponentKind::User),
    example: PERSON_SHOWN,
    refusals: &[
        Code::UnknownComponent,
        Code::LintFailed,
        Code::ManagedByFile,
        Code::IfMatchMissing,
        Code::ChangedMeanwhile,
    ],
    links: &[],
    ..COMMAND
};

const PERSON_SHOWN: &str = r#"{"ref_id": "kR2mVq8dT0aXyU7fLw3n9Q", "version": 2, "managed_by": "api", "source": null,
    "created_at": "2026-06-01T09:30:00.000000", "updated_at": "2026-06-01T09:30:00.000000", "updated_by": "ana",
    "username": "ana", "email": "ana@example.com", "policy_ref_id": "AiqxuoBASOaLKT5ncOs6lQ", "warnings": [], "gaps": []}"#;

pub(super) const ROWS: &[Operation] = &[
    Operation {
        name: "notification-rules",
        path: "users/{preferred_username}/notification-rules",
        does: Does::Read(Reading::Rules),
        summary: "Read a person's notification rules",
        description: "Their own, and for each urgency: by `effective` the rule that counts, theirs or the default; by `preview` \
            how they would be paged now, with the steps that are left out and why. Where `is_instead`, no step of the rule can \
            be done, and what is told is done instead, at once.",
        parameters: &[PERSON],
        answer: Answer::Rules,
        example: r#"{
            "preferred_username": "ana",
            "notification_rules": [
                {"urgencies": [5], "steps": [{"after_minutes": 0, "channel": "sms"}, {"after_minutes": 2, "channel": "voice"}]}
            ],
            "effective": [
                {"urgency": 5, "is_default": false, "steps": [
                    {"after_minutes": 0, "channel": "sms"}, {"after_minutes": 2, "channel": "voice"}
                ]}
            ],
            "preview": [
                {"urgency": 5, "is_instead": false,
                    "steps": [{"after_minutes": 2, "channel": "voice", "due_at": "2026-06-01T09:32:00.000000"}],
                    "left_out": [{"after_minutes": 0, "channel": "sms", "why": "not_verified"}]}
            ]
        }"#,
        refusals: &[Code::UnknownComponent],
        ..READING_V1
    },
    Operation {
        name: "set-notification-rules",
        path: "users/{preferred_username}/notification-rules",
        does: Does::Change(Change::SetRules),
        summary: "Set a person's notification rules",
        description: "The whole list. It is a change of the person, whom `If-Match` is about; everybody may make it of \
            themselves.",
        parameters: &[PERSON],
        fields: &[RULES],
        ..CHANGE
    },
    Operation {
        name: "set-contact",
        path: "users/{preferred_username}/contacts/{channel}",
        does: Does::Change(Change::SetContact),
        summary: "Set a person's contact",
        description: "Another telephone number, chat or topic has to be proved before it is used. It is a change of the person, \
            whom `If-Match` is about; everybody may make it of themselves.",
        fields: &[ADDRESS],
        ..CHANGE
    },
    Operation {
        name: "remove-contact",
        path: "users/{preferred_username}/contacts/{channel}",
        method: Method::Delete,
        does: Does::Change(Change::RemoveContact),
        summary: "Remove a person's contact",
        description: "It is a change of the person, whom `If-Match` is about; the person is answered as they are now.",
        ..CHANGE
    },
];
