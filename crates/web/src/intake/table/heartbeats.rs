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
    query: &[RUN],
    ..WAY
};

const RUN: Part = Part {
    name: "rid",
    doc: "The run that is meant, where several may go on at the same time: a UUID, the same when it begins and when it ends.",
    shape: PartShape::Text("^([0-9A-Fa-f]{32}|[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})$"),
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
            Part {
                name: "what",
                doc: "What is said.",
                shape: PartShape::Text("^(start|fail|log|[0-9]{1,2}|1[0-9]{2}|2[0-4][0-9]|25[0-5])$"),
            },
        ],
        body: r#""backup: disk full""#,
        ..PING
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use regex::Regex;

    #[test]
    fn every_exit_code_of_a_program_is_in_the_pattern_and_nothing_else_that_is_a_number() {
        let shape = WAYS.iter().flat_map(|way| way.parameters).find(|part| part.name == "what").map(|part| part.shape);
        let Some(PartShape::Text(pattern)) = shape else { panic!("it has no pattern") };
        let pattern = Regex::new(pattern).unwrap();
        for code in 0..=1_000 {
            assert_eq!(pattern.is_match(&code.to_string()), code <= i32::from(u8::MAX), "{code}");
        }
        assert!(["start", "fail", "log"].iter().all(|word| pattern.is_match(word)) && !pattern.is_match("other"));
    }
}
