//! Swaps: one person for another in a stretch of time.

use super::on_call::{READING_V1, ROUTINE_REF_ID, SWAP};
use super::{BY, COMMAND};
use crate::operation::{Answer, Change, Code, Does, Field, Link, Method, Operation, Reading, Served, Shape};

const LATER: &[Link] = &[
    Link { to: "swaps", takes: &[("routine_ref_id", "/routine_ref_id")] },
    Link { to: "routine-schedule", takes: &[("routine_ref_id", "/routine_ref_id")] },
    Link { to: "remove-swap", takes: &[("routine_ref_id", "/routine_ref_id"), ("swap_ref_id", "/swap_ref_id")] },
];

pub(super) const ROWS: &[Operation] = &[
    Operation {
        name: "swaps",
        path: "routines/{routine_ref_id}/swaps",
        does: Does::Read(Reading::Swaps),
        summary: "List a routine's swaps",
        description: "Ordered by when they begin, with those that are over for 400 days at most. A swap that stands in \
            the directory file has no `swap_ref_id`, and is removed there.",
        parameters: &[ROUTINE_REF_ID],
        answer: Answer::Swaps,
        example: r#"[
            {
                "swap_ref_id": null,
                "routine_ref_id": "kR2mVq8dT0aXyU7fLw3n9Q",
                "out": "ben",
                "in": null,
                "from": "2026-06-10T12:00:00.000000",
                "until": "2026-06-10T18:00:00.000000",
                "by": null,
                "timestamp": null
            }
        ]"#,
        ..READING_V1
    },
    Operation {
        name: "add-swap",
        path: "routines/{routine_ref_id}/swaps",
        served: Served::V1,
        does: Does::Change(Change::AddSwap),
        summary: "Make a swap",
        description: "In the time of the swap, `in` is on call wherever `out` would be, and everybody else as before. \
            Of two swaps that let the same person go, the later made one holds. Whoever is notified is asked for at \
            that moment, so a swap counts at once. `gaps` and `warnings` say when nobody is on the first level of a policy because of it.",
        parameters: &[ROUTINE_REF_ID],
        fields: &[SWAP[0], SWAP[1], SWAP[2], SWAP[3], BY],
        answer: Answer::Swap,
        example: r#"{
            "swap_ref_id": "zB5eYp1uQ4iJ0cHsWv6oGA",
            "routine_ref_id": "kR2mVq8dT0aXyU7fLw3n9Q",
            "out": "ana",
            "in": "ben",
            "from": "2026-06-03T18:00:00.000000",
            "until": "2026-06-04T06:00:00.000000",
            "by": "Ana Alves",
            "timestamp": "2026-06-01T09:30:00.000000",
            "warnings": [],
            "gaps": []
        }"#,
        refusals: &[Code::UnknownComponent, Code::TooMany],
        links: LATER,
        ..COMMAND
    },
    Operation {
        name: "remove-swap",
        path: "routines/{routine_ref_id}/swaps/{swap_ref_id}",
        method: Method::Delete,
        served: Served::V1,
        does: Does::Change(Change::RemoveSwap),
        summary: "Take a swap back",
        description: "Who was swapped out is on call again from this moment on; who was on call by it until now stays known.",
        parameters: &[
            ROUTINE_REF_ID,
            Field::required("swap_ref_id", Shape::Id, r#""zB5eYp1uQ4iJ0cHsWv6oGA""#, "Id of the swap."),
        ],
        fields: &[],
        refusals: &[Code::UnknownComponent, Code::UnknownSwap],
        ..COMMAND
    },
];
