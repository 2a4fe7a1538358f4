//! Sessions of people, for those who manage them.

use super::COMMAND;
use super::contact::PERSON;
use super::on_call::READING_V1;
use crate::operation::{Answer, Change, Code, Does, Field, Method, Operation, Reading, Served, Shape};
use domain::permission::Scope;

pub(super) const ROWS: &[Operation] = &[
    Operation {
        name: "sessions",
        path: "users/{preferred_username}/sessions",
        does: Does::Read(Reading::SessionsOf),
        scope: Scope::Admin,
        summary: "List a person's sessions",
        description: "Where the person is signed in to the console, the session that was used last first. Those of an \
            owner are for owners alone, and no key reads them.",
        parameters: &[PERSON],
        answer: Answer::Sessions,
        example: r#"[
            {
                "session_ref_id": "zB5eYp1uQ4iJ0cHsWv6oGA",
                "is_this": false,
                "made_at": "2026-06-01T09:30:00.000000",
                "last_used_at": "2026-06-01T09:40:00.000000",
                "ends_at": "2026-08-30T09:30:00.000000",
                "signed_in_by": "password",
                "device": "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
                "network": "192.0.2.7"
            }
        ]"#,
        refusals: &[Code::UnknownComponent],
        ..READING_V1
    },
    Operation {
        name: "end-sessions",
        path: "users/{preferred_username}/sessions",
        method: Method::Delete,
        served: Served::V1,
        does: Does::Change(Change::EndSessionsOf),
        scope: Scope::Admin,
        summary: "End a person's sessions",
        description: "All of them end, at the next request that each makes; pages that are open close within seconds. The \
            person can sign in again: to keep them out, lock them. Those of an owner are ended by owners alone, and by no \
            key.",
        parameters: &[PERSON],
        fields: &[],
        refusals: &[Code::UnknownComponent],
        ..COMMAND
    },
    Operation {
        name: "end-session",
        path: "users/{preferred_username}/sessions/{session_ref_id}",
        method: Method::Delete,
        served: Served::V1,
        does: Does::Change(Change::EndSessionOf),
        scope: Scope::Admin,
        summary: "End one of a person's sessions",
        description: "It ends at the next request that it makes.",
        parameters: &[
            PERSON,
            Field::required(
                "session_ref_id",
                Shape::Id,
                r#""zB5eYp1uQ4iJ0cHsWv6oGA""#,
                "Id of the session, from `GET /v1/users/{preferred_username}/sessions`.",
            ),
        ],
        fields: &[],
        refusals: &[Code::UnknownComponent, Code::UnknownSession],
        ..COMMAND
    },
    Operation {
        name: "send-enrolment",
        path: "users/{preferred_username}/enrolment",
        served: Served::V1,
        scope: Scope::Admin,
        does: Does::Change(Change::SendEnrolment),
        summary: "Let somebody who lost their second factor set up another",
        description: "They are sent a link where this server sends mail, which works once, with their password; the answer has its \
            whole `url`, which is told this once. The factor is removed when they follow it, and not before. Only somebody who \
            signed in to the console within the last ten minutes can send it; a key or a token cannot.",
        parameters: &[PERSON],
        fields: &[],
        answer: Answer::Invited,
        example: r#"{"preferred_username": "ana", "display_name": "Ana Alves", "email": "ana@example.com",
            "user_role": "responder", "ends_at": "2026-06-01T10:30:00.000000", "is_mailed": true,
            "url": "https://reveille.example.org/app/enrol/1.q8gZ2w3q27wQx0v9cK1uQ4iJ0cHsWv6oGAzB5eYp1uQ"}"#,
        refusals: &[Code::UnknownComponent, Code::SignedOut, Code::CrossSite, Code::FreshSignInNeeded, Code::ToldOnce],
        ..COMMAND
    },
];
