//! Cover: a person asks others to take a shift of theirs, and is asked by others.

use super::COMMAND;
use super::on_call::READING_V1;
use crate::operation::{Answer, Change, Code, Does, Field, Link, Method, Operation, Reading, Served, Shape};
use domain::cover::Reply;
use domain::limits;

const ROUTINE: Field =
    Field::required("routine_ref_id", Shape::Id, r#""kR2mVq8dT0aXyU7fLw3n9Q""#, "Id or name of the routine.");

const FROM: Field = Field::required(
    "from",
    Shape::Timestamp,
    r#""2026-06-03T18:00:00""#,
    "From when, which is to come. UTC where the text names no zone.",
);

const UNTIL: Field = Field::required(
    "until",
    Shape::Timestamp,
    r#""2026-06-04T09:00:00""#,
    "Until when, exclusive; at most 31 days after its begin.",
);

const COVER_REF_ID: Field =
    Field::required("cover_ref_id", Shape::Id, r#""zB5eYp1uQ4iJ0cHsWv6oGA""#, "Id of the request.");

const COVER: &str = r#"{"cover_ref_id": "zB5eYp1uQ4iJ0cHsWv6oGA", "routine_ref_id": "kR2mVq8dT0aXyU7fLw3n9Q",
    "routine_name": "nights", "from": "2026-06-03T18:00:00.000000", "until": "2026-06-04T09:00:00.000000",
    "preferred_username": "ana", "display_name": "Ana Alves", "is_own": true, "state": "open", "taken_by": null,
    "swap_ref_id": null, "timestamp": "2026-06-01T09:30:00.000000", "asked": [
        {"preferred_username": "ben", "display_name": "Ben Bauer", "answer": "no",
            "answered_at": "2026-06-01T09:40:00.000000"},
        {"preferred_username": "cho", "display_name": "Cho Min-seo", "answer": null, "answered_at": null}]}"#;

const COVERS: &str = r#"[{"cover_ref_id": "zB5eYp1uQ4iJ0cHsWv6oGA", "routine_ref_id": "kR2mVq8dT0aXyU7fLw3n9Q",
    "routine_name": "nights", "from": "2026-06-03T18:00:00.000000", "until": "2026-06-04T09:00:00.000000",
    "preferred_username": "ana", "display_name": "Ana Alves", "is_own": true, "state": "settled", "taken_by": "cho",
    "swap_ref_id": "uQ4iJ0cHsWv6oGAzB5eYp1", "timestamp": "2026-06-01T09:30:00.000000", "asked": [
        {"preferred_username": "cho", "display_name": "Cho Min-seo", "answer": "yes",
            "answered_at": "2026-06-01T09:40:00.000000"}]}]"#;

const LATER: &[Link] = &[Link { to: "withdraw-cover", takes: &[("cover_ref_id", "/cover_ref_id")] }];

pub(super) const ROWS: &[Operation] = &[
    Operation {
        name: "my-cover-requests",
        path: "me/cover-requests",
        does: Does::Read(Reading::Covers),
        summary: "List one's requests for cover",
        description: "Those that the person made (`is_own`), and those by which they are asked, in the order in which the \
            shifts begin, until 30 days after they are over. A key has none.",
        answer: Answer::Covers,
        example: COVERS,
        refusals: &[Code::SignedOut],
        ..READING_V1
    },
    Operation {
        name: "cover-candidates",
        path: "me/cover-candidates",
        does: Does::Read(Reading::CoverCandidates),
        summary: "See who could take a shift of one's own",
        description: "The best first: who is not on call then by any routine and has no night on call in the day before or after \
            (`could`), of these those who take turns in the routine, and of these who is on call least in the two weeks before and \
            after. The others follow with what speaks against it (`objections`). `reason` says all of it in words. \
            `is_reached` is whether a message reaches them that wakes nobody. A key has no shifts.",
        fields: &[ROUTINE, FROM, UNTIL],
        answer: Answer::CoverCandidates,
        example: r#"[{"preferred_username": "cho", "display_name": "Cho Min-seo", "could": true, "objections": [],
            "reason": "takes turns in the routine; 15 h and 1 night on call in the two weeks before and after", "hours": 15,
            "nights": 1, "is_of_routine": true, "is_reached": true}]"#,
        refusals: &[Code::SignedOut, Code::NotAllowed, Code::InvalidFields, Code::UnknownComponent],
        ..READING_V1
    },
    Operation {
        name: "ask-for-cover",
        path: "me/cover-requests",
        served: Served::V1,
        does: Does::Change(Change::AskForCover),
        summary: "Ask others to take a shift of one's own",
        description: "Each is asked by e-mail, webhook or chat, else by push, with links by which they answer without signing in. \
            Nothing changes of who is on call until somebody says yes: the first yes makes the swap, and the others are told. Who \
            asks is told when everybody has said no, half a day before the shift begins, and when it begins and nobody took it.",
        fields: &[
            ROUTINE,
            FROM,
            UNTIL,
            Field::required(
                "people",
                Shape::ListOf { item: &Shape::Id, least: 1, most: limits::COVER_ASKED },
                r#"["ben", "cho"]"#,
                "Preferred usernames of who is asked.",
            ),
        ],
        answer: Answer::Cover,
        example: COVER,
        refusals: &[Code::SignedOut, Code::CrossSite, Code::NotAllowed, Code::UnknownComponent, Code::TooMany],
        links: LATER,
        ..COMMAND
    },
    Operation {
        name: "answer-cover",
        path: "me/cover-requests/{cover_ref_id}/answer",
        served: Served::V1,
        does: Does::Change(Change::AnswerCover),
        summary: "Say whether one takes a shift",
        description: "A yes makes the swap, and counts at once. Who said no may say yes as long as the request is open. The same \
            answer again changes nothing.",
        parameters: &[COVER_REF_ID],
        fields: &[Field::required("answer", Shape::Word(Reply::WORDS), r#""yes""#, "What one says.")],
        answer: Answer::Cover,
        example: COVER,
        refusals: &[
            Code::SignedOut,
            Code::CrossSite,
            Code::NotAllowed,
            Code::UnknownCover,
            Code::CoverClosed,
            Code::UnknownComponent,
            Code::TooMany,
        ],
        links: &[],
        ..COMMAND
    },
    Operation {
        name: "withdraw-cover",
        path: "me/cover-requests/{cover_ref_id}",
        method: Method::Delete,
        served: Served::V1,
        does: Does::Change(Change::WithdrawCover),
        summary: "Take a request for cover back",
        description: "Those who were asked and have not said no are told. Once somebody took the shift it is too late: the swap is \
            taken back instead.",
        parameters: &[COVER_REF_ID],
        fields: &[],
        refusals: &[Code::SignedOut, Code::CrossSite, Code::NotAllowed, Code::UnknownCover, Code::CoverClosed],
        ..COMMAND
    },
];
