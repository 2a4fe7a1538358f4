//! Layers and exceptions of a routine, one by one: six operations for each, all alike (administration §2).

use super::COMMAND;
use super::component::{WRITING, WRITING_ROUTINES};
use super::on_call::{LAYER, READING_V1, ROUTINE_REF_ID};
use crate::operation::{Answer, Change, Code, Does, Field, Link, Method, Operation, Presence, Reading, Served, Shape};
use domain::permission::Scope;

/// A layer without its number and its kind, which the path says.
const BODY: &[Field] = &[LAYER[1], LAYER[2], LAYER[3], LAYER[5], LAYER[6], LAYER[7], LAYER[8], LAYER[9]];

/// Any of it.
const PART: &[Field] = &{
    let mut part = [LAYER[1], LAYER[2], LAYER[3], LAYER[5], LAYER[6], LAYER[7], LAYER[8], LAYER[9]];
    let mut place = 0;
    while place < part.len() {
        part[place] = Field { presence: Presence::Optional, ..part[place] };
        place += 1;
    }
    part
};

const NUMBER: Field = Field::required(
    "layer",
    Shape::Integer { least: 1, most: u32::MAX as i64 },
    "2",
    "Its number within the routine; of several with the same, the last is meant.",
);

const CHANGE: Operation = Operation {
    served: Served::V1,
    parameters: &[ROUTINE_REF_ID],
    fields: BODY,
    answer: Answer::Layer,
    refusals: &[Code::UnknownComponent, Code::LintFailed, Code::ManagedByFile],
    links: &[],
    ..COMMAND
};

const REFUSALS_OF_ONE: &[Code] = &[
    Code::UnknownComponent,
    Code::UnknownLayer,
    Code::LintFailed,
    Code::ManagedByFile,
    Code::IfMatchMissing,
    Code::ChangedMeanwhile,
];

macro_rules! resource {
    (
        $rows:ident, $plural:literal, $one:literal, $a_one:literal, $many:literal, $add:ident, $replace:ident, $change:ident, $remove:ident,
        readings: $page:ident, $read:ident, scope: $scope:ident, query: $query:expr, shown: $shown:literal,
        about: $about:literal, made: $made:literal $(,)?
    ) => {
        pub(super) const $rows: &[Operation] = &[
            Operation {
                name: concat!("routine-", $plural),
                path: concat!("routines/{routine_ref_id}/", $plural),
                does: Does::Read(Reading::$page),
                summary: concat!("List a routine's ", $many),
                description: concat!($about, " The header `ETag` has the version of the routine, for `If-Match`."),
                parameters: &[ROUTINE_REF_ID],
                answer: Answer::Layers,
                example: concat!("[{", $shown, "}]"),
                links: &[Link {
                    to: concat!("routine-", $one),
                    takes: &[("routine_ref_id", "/0/routine_ref_id"), ("layer", "/0/layer")],
                }],
                ..READING_V1
            },
            Operation {
                name: concat!("routine-", $one),
                path: concat!("routines/{routine_ref_id}/", $plural, "/{layer}"),
                does: Does::Read(Reading::$read),
                summary: concat!("Read ", $a_one, " of a routine"),
                description: "The header `ETag` has the version of the routine, for `If-Match`; with `If-None-Match` an \
                    unchanged one is answered 304.",
                parameters: &[ROUTINE_REF_ID, NUMBER],
                answer: Answer::Layer,
                example: concat!("{", $shown, "}"),
                refusals: &[Code::UnknownComponent, Code::UnknownLayer],
                ..READING_V1
            },
            Operation {
                name: concat!("add-", $one),
                path: concat!("routines/{routine_ref_id}/", $plural),
                does: Does::Change(Change::$add),
                scope: Scope::$scope,
                summary: concat!("Make ", $a_one, " in a routine"),
                description: $made,
                query: $query,
                example: concat!("{", $shown, r#", "warnings": [], "gaps": []}"#),
                links: &[Link {
                    to: concat!("routine-", $one),
                    takes: &[("routine_ref_id", "/routine_ref_id"), ("layer", "/layer")],
                }],
                ..CHANGE
            },
            Operation {
                name: concat!("replace-", $one),
                path: concat!("routines/{routine_ref_id}/", $plural, "/{layer}"),
                method: Method::Put,
                does: Does::Change(Change::$replace),
                scope: Scope::$scope,
                summary: concat!("Replace ", $a_one, " of a routine"),
                description: "From now on it is what the body says; what that leaves out has its default. Who was on call before \
                    stays as it was. `If-Match` is about the routine. What only the server sets is not read, so that an answer \
                    can be sent back.",
                parameters: &[ROUTINE_REF_ID, NUMBER],
                query: $query,
                example: concat!("{", $shown, r#", "warnings": [], "gaps": []}"#),
                refusals: REFUSALS_OF_ONE,
                ..CHANGE
            },
            Operation {
                name: concat!("change-", $one),
                path: concat!("routines/{routine_ref_id}/", $plural, "/{layer}"),
                method: Method::Patch,
                does: Does::Change(Change::$change),
                scope: Scope::$scope,
                summary: concat!("Change ", $a_one, " of a routine"),
                description: "A JSON merge patch (RFC 7396): what the body names is changed from now on, null puts its default back, \
                    lists are replaced whole. `If-Match` is about the routine.",
                parameters: &[ROUTINE_REF_ID, NUMBER],
                fields: PART,
                query: $query,
                example: concat!("{", $shown, r#", "warnings": [], "gaps": []}"#),
                refusals: REFUSALS_OF_ONE,
                ..CHANGE
            },
            Operation {
                name: concat!("remove-", $one),
                path: concat!("routines/{routine_ref_id}/", $plural, "/{layer}"),
                method: Method::Delete,
                does: Does::Change(Change::$remove),
                scope: Scope::$scope,
                summary: concat!("End ", $a_one, " of a routine"),
                description: "Nobody is on call by it from now on; who was before stays as it was. `If-Match` is about the \
                    routine.",
                parameters: &[ROUTINE_REF_ID, NUMBER],
                fields: &[],
                query: $query,
                answer: Answer::Removed,
                example: r#""Success""#,
                refusals: REFUSALS_OF_ONE,
                ..CHANGE
            },
        ];
    };
}

resource! {
    LAYERS, "layers", "layer", "a layer", "layers", AddLayer, ReplaceLayer, ChangeLayer, RemoveLayer,
    readings: Layers, Layer, scope: Admin, query: WRITING_ROUTINES,
    shown: r#""routine_ref_id": "kR2mVq8dT0aXyU7fLw3n9Q", "layer": 2, "layer_name": "Week by week",
        "valid_start": "2026-06-01", "valid_end": "9999-01-01", "is_exception": false, "rotation_start": "09:00:00",
        "shift_length": "24:00", "rotation_frequency": 7, "skip_days": [5, 6], "rotations": [["ana"], ["ben", "cho"], []]"#,
    about: "In which people take turns, in the order of the routine; exceptions are listed apart.",
    made: "It is numbered after all others, and stands last. The rest of the routine stays as it is.",
}
resource! {
    EXCEPTIONS, "exceptions", "exception", "an exception", "exceptions", AddException, ReplaceException, ChangeException, RemoveException,
    readings: Exceptions, Exception, scope: Incidents, query: WRITING,
    shown: r#""routine_ref_id": "kR2mVq8dT0aXyU7fLw3n9Q", "layer": 2, "layer_name": "Christmas",
        "valid_start": "2026-12-24", "valid_end": "2026-12-27", "is_exception": true, "rotation_start": "00:00:00",
        "shift_length": "24:00", "rotation_frequency": 1, "skip_days": [], "rotations": [["cho"]]"#,
    about: "Dated layers whose shifts cut their own time out of those of all other layers, in the order of the routine, with those that \
        are over.",
    made: "In its days and hours these people are on call in the place of all layers; the rest of the routine stays as it is. It is \
        made in a routine that a directory file manages, too, and stays when the file is applied. One that the file \
        itself has is changed there.",
}
