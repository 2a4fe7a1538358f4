//! Devices: browsers that a person allowed to be pushed to.

use super::COMMAND;
use super::contact::PERSON;
use super::on_call::READING_V1;
use crate::operation::{Answer, Change, Code, Does, Field, Limit, Method, Operation, Reading, Served, Shape};
use domain::limits;
use domain::permission::Scope;

const EXAMPLE: &str = r#"{
    "device_id": "0b6f9f4a1c4bd1a7a5b54b19f8e2bb3f8b6e8b7c1f7f1f0a6b0c2d3e4f5a6b7c",
    "name": "Fairphone",
    "made_at": "2026-06-01T09:30:00.000000",
    "last_success_at": null
}"#;

pub(super) const ROWS: &[Operation] = &[
    Operation {
        name: "devices",
        path: "users/{preferred_username}/devices",
        does: Does::Read(Reading::Devices),
        summary: "List a person's devices",
        description: "Browsers that the person allowed to be pushed to. The channel `push` leads to each of them, beside \
            the topic of ntfy; that one takes a message is enough. `last_success_at` is when the push service of the \
            browser's maker last took one, which does not say that it was seen.",
        parameters: &[PERSON],
        answer: Answer::Devices,
        example: r#"[
            {
                "device_id": "0b6f9f4a1c4bd1a7a5b54b19f8e2bb3f8b6e8b7c1f7f1f0a6b0c2d3e4f5a6b7c",
                "name": "Fairphone",
                "made_at": "2026-06-01T09:30:00.000000",
                "last_success_at": "2026-06-01T09:40:00.000000"
            }
        ]"#,
        ..READING_V1
    },
    Operation {
        name: "add-device",
        path: "users/{preferred_username}/devices",
        served: Served::V1,
        does: Does::Change(Change::AddDevice),
        scope: Scope::Admin,
        summary: "Make a device",
        description: "What a browser says of its subscription (W3C Push API), which it made with the key that the page \
            `/app/me` tells. It needs no proof, since only the browser itself has it. The same browser, made once more, \
            stays one device, and is of the person who made it last. A person has ten at most.",
        parameters: &[PERSON],
        fields: &[
            Field::required(
                "name",
                Shape::Text(Limit::Characters(limits::DEVICE_NAME_CHARACTERS)),
                r#""Fairphone""#,
                "What the person calls it.",
            ),
            Field::required(
                "endpoint",
                Shape::Text(Limit::Bytes(limits::DEVICE_ENDPOINT_BYTES)),
                r#""https://push.example.net/send/f8Jx0""#,
                "Where its push service takes messages to it: an https URL.",
            ),
            Field::required(
                "p256dh",
                Shape::Text(Limit::Characters(128)),
                r#""BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4""#,
                "Its public key on P-256, in base64 of URLs.",
            ),
            Field::required(
                "auth",
                Shape::Text(Limit::Characters(32)),
                r#""BTBZMqHH6r4Tts7J_aSIgg""#,
                "The secret that it made beside: 16 bytes, in base64 of URLs.",
            ),
        ],
        answer: Answer::Device,
        example: EXAMPLE,
        refusals: &[Code::UnknownComponent, Code::TooMany],
        ..COMMAND
    },
    Operation {
        name: "remove-device",
        path: "users/{preferred_username}/devices/{device_id}",
        method: Method::Delete,
        served: Served::V1,
        does: Does::Change(Change::RemoveDevice),
        scope: Scope::Admin,
        summary: "Remove a device",
        description: "Nothing is pushed to it from now on. A browser that ended its subscription is removed by itself, at \
            the first message that it does not take.",
        parameters: &[
            PERSON,
            Field::required(
                "device_id",
                Shape::Id,
                r#""0b6f9f4a1c4bd1a7a5b54b19f8e2bb3f8b6e8b7c1f7f1f0a6b0c2d3e4f5a6b7c""#,
                "Id of the device.",
            ),
        ],
        fields: &[],
        refusals: &[Code::UnknownComponent, Code::UnknownContact],
        ..COMMAND
    },
];
