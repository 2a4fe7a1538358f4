//! Asking people in.

use super::COMMAND;
use super::component::LIMIT;
use super::on_call::READING_V1;
use crate::operation::{Answer, Change, Code, Does, Field, Limit, Method, Operation, Reading, Served, Shape};
use domain::directory::Role;
use domain::limits;
use domain::permission::Scope;

const PERSON: Field =
    Field::required("preferred_username", Shape::Id, r#""zoe""#, "Preferred username or id of who was asked in.");

const INVITED: &str = r#"{"preferred_username": "zoe", "display_name": "Zoe Zorn", "email": "zoe@example.org",
    "user_role": "responder", "ends_at": "2026-06-04T09:30:00.000000", "is_mailed": true,
    "url": "https://reveille.example.org/app/invite/1.q8gZ2w3q27wQx0v9cK1uQ4iJ0cHsWv6oGAzB5eYp1uQ"}"#;

pub(super) const ROWS: &[Operation] = &[
    Operation {
        name: "invitations",
        path: "invitations",
        does: Does::Read(Reading::Invitations),
        scope: Scope::Admin,
        summary: "List invitations",
        description: "Who was asked in and has not followed the link, those whose link ends first first. It may be over.",
        fields: &[
            LIMIT,
            Field::optional("after", Shape::Id, "", "Where the page begins; the header `Link` has the next one."),
        ],
        answer: Answer::Invitations,
        example: r#"[{"preferred_username": "zoe", "display_name": "Zoe Zorn", "email": "zoe@example.org",
            "user_role": "responder", "ends_at": "2026-06-04T09:30:00.000000"}]"#,
        refusals: &[],
        ..READING_V1
    },
    Operation {
        name: "invite",
        path: "invitations",
        served: Served::V1,
        scope: Scope::Admin,
        does: Does::Change(Change::Invite),
        summary: "Ask somebody in",
        description: "They are a person at once, and may stand in routines; a warning says that nothing reaches them but \
            mail. The link works once, within three days: by it they choose a passkey or a password. It is sent where \
            this server sends mail, and the answer has its whole `url`, which is told this once. Nobody gives a role above their own.",
        fields: &[
            Field::required(
                "email",
                Shape::Text(Limit::Characters(limits::NAME_CHARACTERS)),
                r#""zoe@example.org""#,
                "Where the link is sent.",
            ),
            Field::optional("username", Shape::Id, "", "Their username; made of the address where none is given."),
            Field::optional(
                "display_name",
                Shape::Text(Limit::Characters(limits::NAME_CHARACTERS)),
                r#""Zoe Zorn""#,
                "The name shown for them.",
            ),
            Field::optional("role", Shape::Word(Role::WORDS), "", "What they may do; `responder` where none is given."),
            Field::optional(
                "teams",
                Shape::ListOf { item: &Shape::Id, least: 0, most: limits::KEY_TEAMS },
                "",
                "Teams, by name or id, that they are in from the beginning.",
            ),
        ],
        answer: Answer::Invited,
        example: INVITED,
        refusals: &[Code::AlreadyInvited, Code::NameTaken, Code::UnknownComponent, Code::ManagedByFile, Code::ToldOnce],
        links: &[],
        ..COMMAND
    },
    Operation {
        name: "resend-invitation",
        path: "invitations/{preferred_username}/resend",
        served: Served::V1,
        scope: Scope::Admin,
        does: Does::Change(Change::InviteAgain),
        summary: "Send another link to somebody who was asked in",
        description: "Also to somebody whom a directory file made, and who could never sign in. The link before ends.",
        parameters: &[PERSON],
        fields: &[],
        answer: Answer::Invited,
        example: INVITED,
        refusals: &[Code::UnknownComponent, Code::AlreadyInvited, Code::ToldOnce],
        links: &[],
        ..COMMAND
    },
    Operation {
        name: "take-invitation-back",
        path: "invitations/{preferred_username}",
        method: Method::Delete,
        served: Served::V1,
        scope: Scope::Admin,
        does: Does::Change(Change::TakeInvitationBack),
        summary: "Take an invitation back",
        description: "The link ends. The person stays, and can be removed as everybody else.",
        parameters: &[PERSON],
        fields: &[],
        refusals: &[Code::UnknownComponent, Code::UnknownInvitation],
        ..COMMAND
    },
];
