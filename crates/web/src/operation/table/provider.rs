//! Sign-in providers: listed, read, made, changed, removed, checked.

use super::COMMAND;
use super::on_call::READING_V1;
use crate::operation::{Answer, Change, Code, Does, Field, Limit, Method, Operation, Reading, Served, Shape};
use domain::directory::TeamRole;
use domain::limits;
use domain::permission::Scope;
use domain::sign_in::SIGN_UP_ROLES;

const TEXT: Shape = Shape::Text(Limit::Bytes(limits::PROVIDER_TEXT_BYTES));
const SCOPE: Shape = Shape::Text(Shape::ID_LIMIT);

const REFERENCE: Field = Field::required("provider", Shape::Id, r#""acme""#, "Id or name of the provider.");

const GROUP: Shape = Shape::Object(&[
    Field::required("group", Shape::Text(Shape::ID_LIMIT), r#""ops""#, "The group, as the provider writes it."),
    Field::optional("role", Shape::Word(SIGN_UP_ROLES), r#""manager""#, "The role that it gives."),
    Field::optional("team", Shape::Id, "", "Name of a team that it gives a place in."),
    Field::optional("team_role", Shape::Word(TeamRole::WORDS), "", "The role in the team; `responder` without it."),
]);

const DOMAIN: Shape = Shape::Object(&[
    Field::required("domain", Shape::Text(Shape::ID_LIMIT), r#""example.com""#, "The domain, in lower case."),
    Field::optional("role", Shape::Word(SIGN_UP_ROLES), r#""observer""#, "What they are then; `responder` without it."),
]);

const NAME: Field = Field::optional(
    "name",
    Shape::Text(Limit::Bytes(limits::PROVIDER_NAME_CHARACTERS)),
    r#""acme""#,
    "Its name: letters, digits, `-` and `_`. It stands on the sign-in page and in the address to come back to.",
);
const ISSUER: Field = Field::optional(
    "issuer",
    TEXT,
    r#""https://id.example.com/realms/acme""#,
    "Its issuer identifier, letter by letter as its discovery tells it.",
);
const CLIENT_ID: Field = Field::optional("client_id", TEXT, r#""reveille""#, "What this server is called there.");

const SECRET: Field = Field::optional(
    "client_secret",
    TEXT,
    "",
    "By what this server proves there who it is; none for a public client. Answered as `(hidden)`, which keeps it when it is \
        sent back.",
);

/// All that is set but name, issuer and client, which a new one must have.
const REST: [Field; 9] = [
    SECRET,
    Field::optional(
        "scopes",
        Shape::ListOf { item: &SCOPE, least: 1, most: limits::PROVIDER_SCOPES },
        "",
        "What it is asked for; `openid`, `profile` and `email` without it.",
    ),
    Field::optional(
        "username_claim",
        TEXT,
        "",
        "The claim with the username of who signs up; `preferred_username` without it.",
    ),
    Field::optional(
        "email_claim",
        TEXT,
        "",
        "The claim with the e-mail address; `email` without it. Only that one can be verified.",
    ),
    Field::optional(
        "groups_claim",
        TEXT,
        "",
        "The claim with the groups, or the path to it, such as `realm_access.roles`; `groups` without it.",
    ),
    Field::optional(
        "trust_email",
        Shape::Truth,
        "",
        "Whether a person whom there is already is known by an address that the provider calls verified. Owners never are.",
    ),
    Field::optional(
        "groups",
        Shape::ListOf { item: &GROUP, least: 0, most: limits::PROVIDER_RULES },
        r#"[{"group": "ops", "role": "manager"}]"#,
        "What groups give, at each sign-in: the largest role counts. What a directory file manages stays as it says.",
    ),
    Field::optional(
        "sign_up",
        Shape::ListOf { item: &DOMAIN, least: 0, most: limits::PROVIDER_RULES },
        "",
        "Who is let in who is nobody yet: those with a verified address of one of these domains. Nobody without it.",
    ),
    Field::optional(
        "max_session_hours",
        Shape::Integer { least: 1, most: limits::PROVIDER_SESSION_HOURS_MOST as i64 },
        "",
        "Hours after which sessions that begin by it are over.",
    ),
];

const fn with(first: [Field; 3]) -> [Field; 12] {
    let [a, b, c] = first;
    let [d, e, f, g, h, i, j, k, l] = REST;
    [a, b, c, d, e, f, g, h, i, j, k, l]
}

const fn must(field: Field) -> Field {
    Field { presence: crate::operation::Presence::Required, ..field }
}

const OF_NEW: &[Field] = &with([must(NAME), must(ISSUER), must(CLIENT_ID)]);
const OF_WHOLE: &[Field] = &with([NAME, must(ISSUER), must(CLIENT_ID)]);
const OF_PART: &[Field] = &with([NAME, ISSUER, CLIENT_ID]);

const EXAMPLE: &str = r#"{"name": "acme", "issuer": "https://id.example.com/realms/acme", "client_id": "reveille",
    "client_secret": "(hidden)", "scopes": ["openid", "profile", "email"],
    "username_claim": "preferred_username", "email_claim": "email", "groups_claim": "groups", "trust_email": false,
    "groups": [{"group": "ops", "role": "manager"}], "sign_up": [], "max_session_hours": null,
    "client_secret_tail": "9xQz", "ref_id": "zB5eYp1uQ4iJ0cHsWv6oGA", "version": 1, "created_at": "2026-06-01T09:30:00.000000",
    "updated_at": "2026-06-01T09:30:00.000000", "updated_by": "deploy"}"#;

const LISTED: &str = r#"[{"name": "acme", "issuer": "https://id.example.com/realms/acme", "client_id": "reveille",
        "client_secret": null, "scopes": ["openid"],
        "username_claim": "preferred_username", "email_claim": "email", "groups_claim": "groups", "trust_email": false,
        "groups": [], "sign_up": [], "max_session_hours": 24, "client_secret_tail": null, "ref_id": "zB5eYp1uQ4iJ0cHsWv6oGA", "version": 1,
        "created_at": "2026-06-01T09:30:00.000000", "updated_at": "2026-06-01T09:30:00.000000", "updated_by": "deploy"}]"#;

const CHANGE: Operation = Operation {
    served: Served::V1,
    scope: Scope::Admin,
    does: Does::Change(Change::AddProvider),
    fields: &[],
    answer: Answer::Provider,
    example: EXAMPLE,
    links: &[],
    ..COMMAND
};

pub(super) const ROWS: &[Operation] = &[
    Operation {
        name: "sign-in-providers",
        path: "sign-in-providers",
        does: Does::Read(Reading::Providers),
        scope: Scope::Admin,
        summary: "List sign-in providers",
        description: "Providers of OpenID Connect by which people sign in to the console, ordered by name.",
        answer: Answer::Providers,
        example: LISTED,
        refusals: &[],
        ..READING_V1
    },
    Operation {
        name: "sign-in-provider",
        path: "sign-in-providers/{provider}",
        does: Does::Read(Reading::Provider),
        scope: Scope::Admin,
        summary: "Read a sign-in provider",
        description: "Its secret is told as `(hidden)`, and of a long one the last four characters.",
        parameters: &[REFERENCE],
        answer: Answer::Provider,
        example: EXAMPLE,
        refusals: &[Code::UnknownComponent],
        ..READING_V1
    },
    Operation {
        name: "add-sign-in-provider",
        path: "sign-in-providers",
        summary: "Add a sign-in provider",
        description: "It stands on the sign-in page at once. What is to be registered at the provider, the operation \
            `check-sign-in-provider` tells. Unknown keys are refused.",
        fields: OF_NEW,
        refusals: &[Code::NameTaken],
        ..CHANGE
    },
    Operation {
        name: "replace-sign-in-provider",
        path: "sign-in-providers/{provider}",
        method: Method::Put,
        does: Does::Change(Change::ReplaceProvider),
        summary: "Replace a sign-in provider",
        description: "It is what the body says from then on; what is not there has its default.",
        parameters: &[REFERENCE],
        fields: OF_WHOLE,
        refusals: &[Code::UnknownComponent, Code::NameTaken, Code::IfMatchMissing, Code::ChangedMeanwhile],
        ..CHANGE
    },
    Operation {
        name: "change-sign-in-provider",
        path: "sign-in-providers/{provider}",
        method: Method::Patch,
        does: Does::Change(Change::ChangeProvider),
        summary: "Change a sign-in provider",
        description: "A JSON merge patch: what the body names is changed, null puts its default back.",
        parameters: &[REFERENCE],
        fields: OF_PART,
        refusals: &[Code::UnknownComponent, Code::NameTaken, Code::IfMatchMissing, Code::ChangedMeanwhile],
        ..CHANGE
    },
    Operation {
        name: "remove-sign-in-provider",
        path: "sign-in-providers/{provider}",
        method: Method::Delete,
        does: Does::Change(Change::RemoveProvider),
        summary: "Remove a sign-in provider",
        description: "Nobody signs in by it from then on. Sessions that began by it go on to their end.",
        parameters: &[REFERENCE],
        answer: Answer::Success,
        example: r#""Success""#,
        refusals: &[Code::UnknownComponent, Code::IfMatchMissing, Code::ChangedMeanwhile],
        ..CHANGE
    },
    Operation {
        name: "check-sign-in-provider",
        path: "sign-in-providers/{provider}/check",
        does: Does::Change(Change::CheckProvider),
        summary: "Check a sign-in provider",
        description: "Asks the provider what it says of itself, and tells each thing that was found, with the two addresses \
            that it is to know of this server. Nothing of what is set is changed.",
        parameters: &[REFERENCE],
        answer: Answer::ProviderCheck,
        example: r#"{"is_fine": true, "findings": [{"subject": "discovery", "is_fine": true,
            "found": "issuer https://id.example.com/realms/acme"}],
            "redirect_uri": "https://reveille.example.com/app/sign-in/oidc/acme/callback",
            "backchannel_logout_uri": "https://reveille.example.com/oidc/acme/logout?organization=acme"}"#,
        refusals: &[Code::UnknownComponent],
        ..CHANGE
    },
];
