//! Heartbeats, in the shape of the pinging API that most clients of such services know.

use super::{KEY, WAY};
use crate::intake::way::{Family, Part, PartShape, Serves, Way};

/// What they have in common.
const PING: Way = Way {
    methods: &["GET", "POST", "PUT"],
    family: Family::Heartbeat,
    serves: Serves::Heartbeat,
    answer: "OK",
    refusals: &[400, 413, 415],
    ..WAY
};

pub(super) const WAYS: &[Way] = &[
    Way {
        name: "heartbeat",
        path: "/heartbeats/{key}",
        summary: "Say that all is well",
        description: "The beginning of a body is kept.",
        parameters: &[KEY],
        body: r#""backup: 12 files""#,
        ..PING
    },
    Way {
        name: "heartbeat-with",
        path: "/heartbeats/{key}/{what}",
        summary: "Say that something began, failed or ended",
        description: "`start`, `fail`, `log`, or the exit code of a program, where 0 is well.",
        parameters: &[
            KEY,
            Part { name: "what", doc: "What is said.", shape: PartShape::Text("^(start|fail|log|[0-9]{1,2})$") },
        ],
        body: r#""backup: disk full""#,
        ..PING
    },
];
