//! Reading the people of an organization.

use super::contact::PERSON;
use super::on_call::READING_V1;
use super::read::READING;
use crate::operation::{Answer, Code, Does, Field, Limit, Link, Operation, Reading, Served, Shape};
use domain::limits;
use domain::permission::Scope;

pub(super) const ROWS: &[Operation] = &[
    Operation {
        name: "users-list",
        path: "users/list",
        served: Served::EverywhereKnownAtRoot,
        does: Does::Read(Reading::Users),
        summary: "Search people",
        description: "Ordered by preferred username.",
        fields: &[
            Field::optional(
                "keywords",
                Shape::Text(Limit::Characters(limits::NAME_CHARACTERS)),
                r#""fab""#,
                "Only people with all of these words in their names, e-mail address or job title; case does not count.",
            ),
            Field::optional("team_ref_id", Shape::Id, "", "Only members of this team."),
        ],
        answer: Answer::Users,
        example: r#"[
            {
                "preferred_username": "mofab",
                "display_name": "Mo Fab",
                "email": "mofab@example.org",
                "user_role": "responder",
                "job_title": null,
                "is_locked": false
            }
        ]"#,
        refusals: &[Code::UnknownComponent],
        links: &[Link { to: "users-details", takes: &[("preferred_username", "/0/preferred_username")] }],
        ..READING
    },
    Operation {
        name: "users-details",
        path: "users/details",
        served: Served::EverywhereKnownAtRoot,
        does: Does::Read(Reading::User),
        summary: "Read a person",
        description: "What the organization's directory says about somebody.",
        fields: &[Field::required("preferred_username", Shape::Id, r#""mofab""#, "Preferred username of the person.")],
        answer: Answer::User,
        links: &[
            Link { to: "contacts", takes: &[("preferred_username", "/preferred_username")] },
            Link { to: "user-feed", takes: &[("preferred_username", "/preferred_username")] },
        ],
        example: r#"{
            "email": "mofab@example.org",
            "first_name": "Mo",
            "last_name": "Fab",
            "iso_country_code": "DE",
            "country_code": "+49",
            "phone": null,
            "preferred_username": "mofab",
            "taskcall_email": null,
            "timezone": "Europe/Berlin",
            "language": "en",
            "profile_picture": null,
            "user_role": "responder",
            "job_title": null,
            "tags": []
        }"#,
        refusals: &[Code::UnknownComponent],
        ..READING
    },
    Operation {
        name: "user-data",
        path: "users/{preferred_username}/data",
        does: Does::Read(Reading::PersonData),
        scope: Scope::Admin,
        summary: "Read all that is held about a person",
        description: "For the person themselves, by a token of the scope `incidents` or by the session of their browser, and for administrators: the profile \
            and what it was before, where they are named, contacts with their proof, by what they sign in, sessions, tokens, devices, \
            swaps, messages, and the rows of the audit log that they, or their tokens, are the actor of or the object. \
            Secrets are told nowhere, nor is what is kept as a digest alone. Of messages and rows the newest 500 are told, those of \
            the newest 10,000 incidents; while `next_before_…` have a number, older ones follow, and the header `Link` leads to \
            them. That it was read is itself written into the audit log, before it is read.",
        parameters: &[PERSON],
        fields: &[
            Field::optional(
                "before_instance_id",
                Shape::InstanceId,
                "",
                "Only messages about incidents with a lower number.",
            ),
            Field::optional(
                "before_audit_number",
                Shape::Integer { least: 1, most: i64::MAX },
                "",
                "Only rows of the audit log with a lower number.",
            ),
        ],
        answer: Answer::PersonData,
        example: include_str!("../example/person_data.json"),
        refusals: &[Code::UnknownComponent, Code::SignedOut, Code::SecondFactorNeeded],
        ..READING_V1
    },
];
