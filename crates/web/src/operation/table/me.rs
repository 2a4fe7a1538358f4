//! Who asks: a key, or a person by their session.

use super::COMMAND;
use super::component::LIMIT;
use super::key::{AFTER, NAME, NETWORKS, SCOPE};
use super::on_call::{FROM, READING_V1, UNTIL};
use crate::operation::{Answer, Change, Code, Does, Field, Method, Operation, Reading, Served, Shape};

const OF_SESSIONS: &[Code] = &[Code::SignedOut];

pub(super) const ROWS: &[Operation] = &[
    Operation {
        name: "me",
        path: "me",
        does: Does::Read(Reading::Me),
        summary: "Read who one is",
        description: "The key that asks, the person whose token asks, or the one whose browser is signed in to the \
            console. What does not fit is null: a key is nobody, and a person who is signed in has no scope.",
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
    Operation {
        name: "end-my-session",
        path: "me/sessions/{session_ref_id}",
        method: Method::Delete,
        served: Served::V1,
        does: Does::Change(Change::EndSession),
        summary: "End one of one's sessions",
        description: "It ends at the next request that it makes. By a session, a page of this server must ask. A key has \
            none.",
        parameters: &[Field::required(
            "session_ref_id",
            Shape::Id,
            r#""zB5eYp1uQ4iJ0cHsWv6oGA""#,
            "Id of the session, from `GET /v1/me/sessions`.",
        )],
        fields: &[],
        refusals: &[Code::SignedOut, Code::CrossSite, Code::UnknownSession],
        ..COMMAND
    },
    Operation {
        name: "my-tokens",
        path: "me/tokens",
        does: Does::Read(Reading::Tokens),
        summary: "List one's tokens",
        description: "Oldest first, also those that were revoked. Of a token itself only the last five characters are \
            kept. A key has none.",
        fields: &[LIMIT, AFTER],
        answer: Answer::Tokens,
        example: r#"[{"token_id": 9, "name": "laptop", "scope": "incidents", "networks": [], "tail": "8gZ2w",
            "created_at": "2026-06-01T09:30:00.000000", "expires_at": "2026-08-30T09:30:00.000000",
            "revoked_at": null, "last_used_at": null}]"#,
        refusals: OF_SESSIONS,
        ..READING_V1
    },
    Operation {
        name: "add-my-token",
        path: "me/tokens",
        served: Served::V1,
        does: Does::Change(Change::AddToken),
        summary: "Make a token",
        description: "A program that shows it acts as the person, within their rights and its scope, until it is revoked, \
            expires, or the person is locked or removed. A person makes it who signed in to the console within the last \
            ten minutes. The answer has the whole `token`, which is told this once.",
        fields: &[
            NAME,
            SCOPE,
            NETWORKS,
            Field::optional(
                "expires_at",
                Shape::Timestamp,
                "",
                "From when on it is refused, at most 365 days from now; after 90 days where none is given.",
            ),
        ],
        answer: Answer::NewToken,
        example: r#"{"token": "reveille_3q2-7wQx0v9cK1uQ4iJ0cHsWv6oGAzB5eYp1uQ8gZ2w", "token_id": 9, "name": "laptop",
            "scope": "incidents", "networks": [], "tail": "8gZ2w", "created_at": "2026-06-01T09:30:00.000000",
            "expires_at": "2026-08-30T09:30:00.000000", "revoked_at": null, "last_used_at": null}"#,
        refusals: &[Code::SignedOut, Code::CrossSite, Code::FreshSignInNeeded, Code::TooMany, Code::ToldOnce],
        links: &[],
        ..COMMAND
    },
    Operation {
        name: "revoke-my-token",
        path: "me/tokens/{token_id}",
        method: Method::Delete,
        served: Served::V1,
        does: Does::Change(Change::RevokeToken),
        summary: "Revoke one of one's tokens",
        description: "From this moment on it is refused, on every node; also the one that asks.",
        parameters: &[Field::required(
            "token_id",
            Shape::Integer { least: 1, most: 1_000_000_000_000 },
            "9",
            "Number of the token.",
        )],
        fields: &[],
        refusals: &[Code::SignedOut, Code::CrossSite, Code::UnknownToken],
        ..COMMAND
    },
    Operation {
        name: "my-shifts",
        path: "me/shifts",
        does: Does::Read(Reading::Shifts),
        summary: "List one's shifts",
        description: "When the person is on call by each routine, with all swaps, ordered by when it begins. A key has none.",
        fields: &[FROM, UNTIL],
        answer: Answer::Shifts,
        example: r#"[{"routine_ref_id": "kR2mVq8dT0aXyU7fLw3n9Q", "routine_name": "nights",
            "from": "2026-06-01T18:00:00.000000", "until": "2026-06-02T09:00:00.000000"}]"#,
        refusals: &[Code::SignedOut, Code::InvalidFields],
        ..READING_V1
    },
    Operation {
        name: "be-away",
        path: "me/away",
        served: Served::V1,
        does: Does::Change(Change::Away),
        summary: "Be away",
        description: "Another person takes all one's shifts of that time, by a swap in each routine, all of them or none. Where \
            nobody is named, nothing is made, and the answer tells the shifts that somebody is needed for.",
        fields: &[
            Field::required("from", Shape::Timestamp, r#""2026-06-05T00:00:00""#, "From when."),
            Field::required("until", Shape::Timestamp, r#""2026-06-12T00:00:00""#, "Until when, exclusive."),
            Field::optional("in", Shape::Id, r#""ben""#, "Preferred username of who stands in."),
        ],
        answer: Answer::Away,
        example: r#"{"swaps": [{"swap_ref_id": "zB5eYp1uQ4iJ0cHsWv6oGA", "routine_ref_id": "kR2mVq8dT0aXyU7fLw3n9Q",
            "out": "ana", "in": "ben", "from": "2026-06-05T00:00:00.000000", "until": "2026-06-12T00:00:00.000000",
            "by": "Ana Alves", "timestamp": "2026-06-01T09:30:00.000000"}], "uncovered": []}"#,
        refusals: &[Code::SignedOut, Code::CrossSite, Code::NotAllowed, Code::UnknownComponent, Code::TooMany],
        links: &[],
        ..COMMAND
    },
    Operation {
        name: "test-page",
        path: "me/test-page",
        served: Served::V1,
        does: Does::Change(Change::TestPage),
        summary: "Page oneself",
        description: "An incident that is with oneself alone, which pages by one's own rules and the real carriers. At most 5 an \
            hour. Acknowledge it by whatever reaches you, then resolve it. Refused where no contact of yours is proved, since \
            what reaches nobody goes on to others.",
        fields: &[Field::optional(
            "urgency_level",
            Shape::Integer { least: 1, most: 5 },
            "",
            "How loud; 4 where none is given.",
        )],
        answer: Answer::Created,
        example: r#"{"instance_id": 8912, "timestamp": "2026-06-01T09:30:00.000000"}"#,
        refusals: &[Code::SignedOut, Code::CrossSite, Code::NotAllowed, Code::TooMany],
        links: &[],
        ..COMMAND
    },
    Operation {
        name: "my-feed",
        path: "me/feed",
        served: Served::V1,
        does: Does::Change(Change::OwnFeed),
        summary: "Subscribe to one's shifts",
        description: "As `user-feed`, of the person who asks.",
        fields: &[Field::optional(
            "renew",
            Shape::Truth,
            "",
            "Whether the present URL ends, and another one takes its place.",
        )],
        answer: Answer::Feed,
        example: r#"{"url": "https://reveille.example.com/feeds/f_8AAWQiLSJ1c2VyIl0.ics"}"#,
        refusals: &[Code::SignedOut, Code::CrossSite, Code::NotAllowed],
        links: &[],
        ..COMMAND
    },
];
