//! Keys of the organization.

use super::COMMAND;
use super::component::LIMIT;
use super::on_call::READING_V1;
use crate::operation::{Answer, Change, Code, Does, Field, Method, Operation, Reading, Served, Shape};
use domain::limits;
use domain::permission::Scope;

const NETWORK: Shape = Shape::Text(Shape::ID_LIMIT);

pub(super) const NAME: Field =
    Field::required("name", Shape::Text(Shape::ID_LIMIT), r#""deploy""#, "Its name, shown as who acted.");

pub(super) const NETWORKS: Field = Field::optional(
    "networks",
    Shape::ListOf { item: &NETWORK, least: 0, most: 100 },
    "",
    "Networks that it may be used from, such as `10.0.0.0/8`; everywhere where none is given.",
);

pub(super) const AFTER: Field = Field::optional(
    "after",
    Shape::Integer { least: 0, most: i64::MAX },
    "",
    "The number that the page before ended with; the header `Link` has the next one.",
);

pub(super) const SCOPE: Field =
    Field::required("scope", Shape::Word(&["read", "incidents", "admin"]), r#""incidents""#, "What it may do.");

pub(super) const ROWS: &[Operation] = &[
    Operation {
        name: "keys",
        path: "keys",
        does: Does::Read(Reading::Keys),
        scope: Scope::Admin,
        summary: "List keys",
        description: "Oldest first, also those that were revoked. Of a key itself only the last five characters are kept.",
        fields: &[LIMIT, AFTER],
        answer: Answer::Keys,
        example: r#"[{"key_id": 7, "name": "deploy", "scope": "admin", "networks": [], "teams": null, "tail": "8gZ2w",
            "created_at": "2026-06-01T09:30:00.000000", "expires_at": null, "revoked_at": null, "last_used_at": null}]"#,
        refusals: &[],
        ..READING_V1
    },
    Operation {
        name: "add-key",
        path: "keys",
        served: Served::V1,
        scope: Scope::Admin,
        does: Does::Change(Change::AddKey),
        summary: "Make a key",
        description: "The answer has the whole `key`, which is told this once.",
        fields: &[
            NAME,
            SCOPE,
            NETWORKS,
            Field::optional(
                "teams",
                Shape::ListOf { item: &Shape::Id, least: 0, most: limits::KEY_TEAMS },
                "",
                "Teams, by name or id, whose things it is limited to, beside what nobody owns; to nothing where none is \
                    given.",
            ),
            Field::optional(
                "expires_at",
                Shape::Timestamp,
                "",
                "From when on it is refused; never where none is given.",
            ),
        ],
        answer: Answer::NewKey,
        example: r#"{"key": "reveille_3q2-7wQx0v9cK1uQ4iJ0cHsWv6oGAzB5eYp1uQ8gZ2w", "key_id": 7, "name": "deploy",
            "scope": "incidents", "networks": [], "teams": null, "tail": "8gZ2w", "created_at": "2026-06-01T09:30:00.000000",
            "expires_at": null, "revoked_at": null, "last_used_at": null}"#,
        refusals: &[Code::TooMany, Code::UnknownComponent, Code::ToldOnce],
        links: &[],
        ..COMMAND
    },
    Operation {
        name: "revoke-key",
        path: "keys/{key_id}",
        method: Method::Delete,
        served: Served::V1,
        scope: Scope::Admin,
        does: Does::Change(Change::RevokeKey),
        summary: "Revoke a key",
        description: "From this moment on it is refused, on every node.",
        parameters: &[Field::required(
            "key_id",
            Shape::Integer { least: 1, most: 1_000_000_000_000 },
            "7",
            "Number of the key.",
        )],
        fields: &[],
        refusals: &[Code::UnknownApiKey],
        ..COMMAND
    },
];
