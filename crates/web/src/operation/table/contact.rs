//! Contacts: where people are reached, and the codes that prove that a contact is a person's.

use super::COMMAND;
use super::on_call::READING_V1;
use crate::operation::{Answer, Change, Code, Does, Field, Limit, Operation, Reading, Served, Shape};
use domain::permission::Scope;

pub(super) const PERSON: Field =
    Field::required("preferred_username", Shape::Id, r#""ana""#, "Preferred username or id of the person.");

pub(super) const CHANNEL: Field = Field::required(
    "channel",
    Shape::Word(&["email", "webhook", "sms", "voice", "chat", "push"]),
    r#""sms""#,
    "The channel of the contact.",
);

pub(super) const ROWS: &[Operation] = &[
    Operation {
        name: "contacts",
        path: "users/{preferred_username}/contacts",
        does: Does::Read(Reading::Contacts),
        summary: "Read a person's contacts",
        description: "Each with its address, masked; the whole one stands in the directory file. `proof` is \
            `not needed` for e-mail and webhooks; for the others it is `missing` until a code was given back, and \
            `given` since `verified_at`. A contact that is not `is_usable` is left out when the person is notified: \
            its proof is missing, or the server has no carrier for the channel.",
        parameters: &[PERSON],
        answer: Answer::Contacts,
        example: r#"[
            {
                "channel": "email",
                "address": "a…@example.com",
                "proof": "not needed",
                "verified_at": null,
                "is_usable": true
            },
            {
                "channel": "sms",
                "address": "…678",
                "proof": "given",
                "verified_at": "2026-06-01T09:30:00.000000",
                "is_usable": true
            }
        ]"#,
        ..READING_V1
    },
    Operation {
        name: "send-code",
        path: "users/{preferred_username}/contacts/{channel}/code",
        served: Served::V1,
        does: Does::Change(Change::SendCode),
        summary: "Send a code to a contact",
        description: "A new code goes to the contact at once, and counts for ten minutes; codes sent before count no \
            more. At most five are sent to a contact in an hour. That the carrier did not take it is no error: \
            `is_delivered` is false then, and `answer` is what the carrier said.",
        parameters: &[PERSON, CHANNEL],
        fields: &[],
        answer: Answer::CodeSent,
        example: r#"{
            "is_delivered": true,
            "answer": "201 Created",
            "expires_at": "2026-06-01T09:40:00.000000"
        }"#,
        refusals: &[
            Code::UnknownPath,
            Code::UnknownComponent,
            Code::UnknownContact,
            Code::NothingToVerify,
            Code::TooManyCodes,
        ],
        ..COMMAND
    },
    Operation {
        name: "verify-contact",
        path: "users/{preferred_username}/contacts/{channel}/verify",
        served: Served::V1,
        does: Does::Change(Change::VerifyContact),
        summary: "Prove that a contact is a person's",
        description: "Gives back the code that was sent to it. From then on it is used, for as long as its address \
            stays the same. A code can be tried five times.",
        parameters: &[PERSON, CHANNEL],
        fields: &[Field::required(
            "code",
            Shape::Text(Limit::Characters(32)),
            r#""493027""#,
            "The code; spaces around it do not count.",
        )],
        refusals: &[
            Code::UnknownPath,
            Code::UnknownComponent,
            Code::UnknownContact,
            Code::NothingToVerify,
            Code::NoCode,
            Code::WrongCode,
        ],
        ..COMMAND
    },
    Operation {
        name: "trust-contact",
        path: "users/{preferred_username}/contacts/{channel}/trust",
        served: Served::V1,
        scope: Scope::Admin,
        does: Does::Change(Change::TrustContact),
        summary: "Vouch for a person's contact",
        description: "An administrator's word in the place of a code: the contact is used from then on, for as long as its \
            address stays the same, and the person is told by mail. Only somebody who signed in to the console within the \
            last ten minutes can give it; a key or a token cannot.",
        parameters: &[PERSON, CHANNEL],
        fields: &[],
        refusals: &[
            Code::UnknownPath,
            Code::UnknownComponent,
            Code::UnknownContact,
            Code::NothingToVerify,
            Code::SignedOut,
            Code::CrossSite,
            Code::FreshSignInNeeded,
        ],
        ..COMMAND
    },
];
