//! Who asks: a key, or a person by their session.

use super::COMMAND;
use super::on_call::READING_V1;
use crate::operation::{Answer, Change, Code, Does, Method, Operation, Reading, Served};

const OF_SESSIONS: &[Code] = &[Code::SignedOut];

pub(super) const ROWS: &[Operation] = &[
    Operation {
        name: "me",
        path: "me",
        does: Does::Read(Reading::Me),
        summary: "Read who one is",
        description: "The key that asks, or the person whose browser is signed in to the console. What does not fit is \
            null: a key is nobody, and a person has no scope.",
        answer: Answer::Me,
        example: r#"{
            "kind": "key",
            "name": "deploys",
            "organization": "acme",
            "preferred_username": null,
            "user_role": null,
            "scope": "incidents",
            "session_ref_id": null,
            "signed_in_by": null,
            "ends_at": null
        }"#,
        refusals: OF_SESSIONS,
        ..READING_V1
    },
    Operation {
        name: "my-sessions",
        path: "me/sessions",
        does: Does::Read(Reading::Sessions),
        summary: "List one's sessions",
        description: "Of the person whose browser is signed in to the console, the one that was used last first. A key \
            has none.",
        answer: Answer::Sessions,
        example: r#"[
            {
                "session_ref_id": "zB5eYp1uQ4iJ0cHsWv6oGA",
                "is_this": true,
                "made_at": "2026-06-01T09:30:00.000000",
                "last_used_at": "2026-06-01T09:40:00.000000",
                "ends_at": "2026-08-30T09:30:00.000000",
                "signed_in_by": "password",
                "device": "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
                "network": "192.0.2.7"
            }
        ]"#,
        refusals: OF_SESSIONS,
        ..READING_V1
    },
    Operation {
        name: "end-my-sessions",
        path: "me/sessions",
        method: Method::Delete,
        served: Served::V1,
        does: Does::Change(Change::EndSessions),
        summary: "End one's other sessions",
        description: "All sessions of the person end but the one that asks, at the next request that each makes. By a \
            session, a page of this server must ask, as the browser says by `Sec-Fetch-Site` or `Origin`. A key has none \
            to end.",
        fields: &[],
        refusals: &[Code::SignedOut, Code::CrossSite],
        ..COMMAND
    },
];
