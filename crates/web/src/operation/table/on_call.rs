//! Who is on call: now, over a period, and if something were changed.

use super::read::READING;
use crate::operation::{Answer, Code, Does, Field, Link, Method, Operation, Reading, Served, Shape};
use domain::limits;

/// What readings under `/v1/` have in common.
pub(super) const READING_V1: Operation =
    Operation { served: Served::V1, method: Method::Get, fields: &[], refusals: &[Code::UnknownComponent], ..READING };

pub(super) const ROUTINE_REF_ID: Field =
    Field::required("routine_ref_id", Shape::Id, r#""kR2mVq8dT0aXyU7fLw3n9Q""#, "Id or name of the routine.");

pub(super) const FROM: Field = Field::optional(
    "from",
    Shape::Timestamp,
    r#""2026-06-01T00:00:00""#,
    "Begin of the period; now where none is given. UTC where the text names no zone.",
);

pub(super) const UNTIL: Field = Field::optional(
    "until",
    Shape::Timestamp,
    r#""2026-06-08T00:00:00""#,
    "End of the period, exclusive; 28 days after its begin where none is given. A period has at most 3660 days, and \
        fewer for a routine of very many layers and people; the error names how many.",
);

/// How a swap is asked for.
pub(super) const SWAP: &[Field] = &[
    Field::required("out", Shape::Id, r#""ana""#, "Preferred username of the person who goes off duty."),
    Field::optional(
        "in",
        Shape::Id,
        r#""ben""#,
        "Preferred username of the person who takes their place; nobody does where none is given.",
    ),
    Field::required(
        "from",
        Shape::Timestamp,
        r#""2026-06-03T18:00:00""#,
        "From when. UTC where the text names no zone.",
    ),
    Field::required("until", Shape::Timestamp, r#""2026-06-04T06:00:00""#, "Until when, exclusive."),
];

/// A layer of a routine.
pub(super) const LAYER: &[Field] = &[
    Field::optional("layer", Shape::Integer { least: 0, most: u32::MAX as i64 }, "1", "Its number, without effect."),
    Field::optional("layer_name", Shape::Text(Shape::ID_LIMIT), r#""Week by week""#, "Its name, without effect."),
    Field::required(
        "valid_start",
        Shape::Date,
        r#""2026-06-01""#,
        "The first day, on which the first group's turn begins.",
    ),
    Field::optional("valid_end", Shape::Date, r#""9999-01-01""#, "The first day without; never where none is given."),
    Field::optional(
        "is_exception",
        Shape::Truth,
        "false",
        "Whether its shifts cut their own time out of those of all other layers.",
    ),
    Field::optional(
        "rotation_start",
        Shape::TimeOfDay,
        r#""09:00:00""#,
        "When a shift begins, by the wall clock; at midnight where nothing is given.",
    ),
    Field::optional(
        "shift_length",
        Shape::ShiftLength,
        r#""24:00""#,
        "How long a shift is, by the wall clock; 24:00 where nothing is given.",
    ),
    Field::optional(
        "rotation_frequency",
        Shape::Integer { least: 1, most: limits::ROTATION_DAYS_MOST as i64 },
        "7",
        "Days of a group's turn; 1 where none are given.",
    ),
    Field::optional(
        "skip_days",
        Shape::ListOf { item: &Shape::Integer { least: 0, most: 6 }, least: 0, most: 7 },
        "[5, 6]",
        "Days of the week on which no shift begins: 0 is Monday, 6 is Sunday.",
    ),
    Field::required(
        "rotations",
        Shape::Groups { item: &Shape::Id, least: 1, most: limits::GROUPS, each: limits::GROUP_USERS },
        r#"[["ana"], ["ben", "cho"], []]"#,
        "The groups that take turns, by preferred usernames; an empty group is an intended gap.",
    ),
];

const ROUTINE: &[Field] = &[
    Field::required(
        "timezone",
        Shape::Text(Shape::ID_LIMIT),
        r#""Europe/Lisbon""#,
        "IANA name of the zone in which days and times are meant.",
    ),
    Field::optional(
        "routine_layers",
        Shape::ListOf { item: &Shape::Object(LAYER), least: 0, most: limits::LAYERS },
        r#"[{"valid_start": "2026-06-01", "rotation_frequency": 7, "rotations": [["ana"], ["ben", "cho"]]}]"#,
        "The layers.",
    ),
];

pub(super) const ROWS: &[Operation] = &[
    Operation {
        name: "on-call",
        path: "on-call",
        does: Does::Read(Reading::OnCall),
        summary: "Who is on call",
        description: "Every policy with its levels, ordered by name. `until` is when others are on that level next; \
            null where that is not within a year.",
        fields: &[Field::optional(
            "at",
            Shape::Timestamp,
            r#""2026-06-03T12:00:00""#,
            "At which instant; now where none is given. UTC where the text names no zone.",
        )],
        answer: Answer::OnCall,
        example: r#"[
            {
                "policy_ref_id": "KmRsye1vSAaqPZY-fxi22g",
                "name": "primary",
                "levels": [
                    {
                        "level": 1,
                        "minutes": 5,
                        "on_call": [{"preferred_username": "ana", "display_name": "Ana Alves"}],
                        "until": "2026-06-04T08:00:00.000000"
                    }
                ]
            }
        ]"#,
        refusals: &[],
        links: &[Link { to: "policy-coverage", takes: &[("policy_ref_id", "/0/policy_ref_id")] }],
        ..READING_V1
    },
    Operation {
        name: "routine-schedule",
        path: "routines/{routine_ref_id}/schedule",
        does: Does::Read(Reading::Schedule),
        summary: "Read a routine's schedule",
        description: "Who is on call when, with all swaps. Intervals are half open and clipped to the period, \
            neighbours with the same people are one, and there is none with nobody.",
        parameters: &[ROUTINE_REF_ID],
        fields: &[FROM, UNTIL],
        answer: Answer::Schedule,
        example: r#"{
            "intervals": [
                {"from": "2026-06-01T08:00:00.000000", "until": "2026-06-06T08:00:00.000000", "on_call": ["ana"]}
            ]
        }"#,
        ..READING_V1
    },
    Operation {
        name: "policy-coverage",
        path: "escalation-policies/{policy_ref_id}/coverage",
        does: Does::Read(Reading::Coverage),
        summary: "Read a policy's coverage",
        description: "Who is on each level when, in intervals as those of a routine's schedule. `gaps` is when nobody \
            is on level 1.",
        parameters: &[Field::required(
            "policy_ref_id",
            Shape::Id,
            r#""KmRsye1vSAaqPZY-fxi22g""#,
            "Id or name of the policy; the id of a user's own policy counts as one.",
        )],
        fields: &[FROM, UNTIL],
        answer: Answer::Coverage,
        example: r#"{
            "levels": [
                {
                    "level": 1,
                    "intervals": [
                        {
                            "from": "2026-06-01T08:00:00.000000",
                            "until": "2026-06-06T08:00:00.000000",
                            "on_call": ["ana"]
                        }
                    ]
                }
            ],
            "gaps": [
                {"from": "2026-06-01T00:00:00.000000", "until": "2026-06-01T08:00:00.000000"},
                {"from": "2026-06-06T08:00:00.000000", "until": "2026-06-08T00:00:00.000000"}
            ]
        }"#,
        ..READING_V1
    },
    Operation {
        name: "preview-routine",
        path: "routines/preview",
        method: Method::Post,
        does: Does::Read(Reading::Preview),
        summary: "Try a routine out",
        description: "The schedule that a routine would have; nothing is stored. With `routine`, of that one; with \
            `routine_ref_id` alone, of the routine as it stands. With `routine_ref_id` beside `routine` or `swaps`, \
            `changes` says where that differs from the schedule as it stands; else it is null. The swaps that the \
            routine has stay, and `swaps` come after them. `unknown_users` are people whom the request names and the \
            directory does not know.",
        fields: &[
            Field::optional(
                "routine",
                Shape::Object(ROUTINE),
                r#"{
                    "timezone": "Europe/Lisbon",
                    "routine_layers": [
                        {
                            "valid_start": "2026-06-01",
                            "rotation_start": "09:00:00",
                            "rotation_frequency": 7,
                            "rotations": [["ana"], ["ben", "cho"]]
                        }
                    ]
                }"#,
                "The routine to try, in the form in which a routine is read; its other keys are ignored.",
            ),
            Field::optional(
                "routine_ref_id",
                Shape::Id,
                r#""kR2mVq8dT0aXyU7fLw3n9Q""#,
                "Id or name of a routine that there is.",
            ),
            Field::optional(
                "swaps",
                Shape::ListOf { item: &Shape::Object(SWAP), least: 0, most: limits::PREVIEW_SWAPS },
                r#"[{"out": "ana", "in": "ben", "from": "2026-06-03T18:00:00", "until": "2026-06-04T06:00:00"}]"#,
                "Swaps to try, too.",
            ),
            FROM,
            UNTIL,
        ],
        at_least_one: &["routine", "routine_ref_id"],
        answer: Answer::Preview,
        example: r#"{
            "intervals": [
                {"from": "2026-06-01T08:00:00.000000", "until": "2026-06-03T18:00:00.000000", "on_call": ["ana"]},
                {"from": "2026-06-03T18:00:00.000000", "until": "2026-06-04T06:00:00.000000", "on_call": ["ben"]},
                {"from": "2026-06-04T06:00:00.000000", "until": "2026-06-08T00:00:00.000000", "on_call": ["ana"]}
            ],
            "changes": [
                {
                    "from": "2026-06-03T18:00:00.000000",
                    "until": "2026-06-04T06:00:00.000000",
                    "before": ["ana"],
                    "after": ["ben"]
                },
                {
                    "from": "2026-06-06T08:00:00.000000",
                    "until": "2026-06-08T00:00:00.000000",
                    "before": [],
                    "after": ["ana"]
                }
            ],
            "unknown_users": []
        }"#,
        ..READING_V1
    },
];
