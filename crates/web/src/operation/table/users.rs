//! Reading the people of an organization.

use super::read::READING;
use crate::operation::{Answer, Code, Does, Field, Limit, Link, Operation, Reading, Served, Shape};
use domain::limits;

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
];
