//! The directory as a whole: many changes at once, the organization's settings, versions, and what a file does not know.

use super::COMMAND;
use super::component::{LIMIT, WRITING};
use super::key::AFTER;
use super::on_call::READING_V1;
use crate::operation::{Answer, Change, Code, Does, Field, Limit, Method, Operation, Reading, Served, Shape};
use domain::directory::{ComponentKind, FileLock, PersonalOf, Role};
use domain::limits;
use domain::permission::Scope;
use std::ops::RangeInclusive;

/// The words of kinds.
const KINDS: &[&str] = &ComponentKind::WORDS;

const NUMBER: Shape = Shape::Integer { least: 1, most: 1_000_000_000_000 };

const VERSION: Field = Field::required("version", NUMBER, "2", "Number of the version.");

const CHANGE: Operation = Operation {
    served: Served::V1,
    does: Does::Change(Change::Components),
    scope: Scope::Admin,
    query: WRITING,
    fields: &[],
    answer: Answer::Changed,
    example: r#"{"plan": "+ team `network`\n1 to create, 0 to update, 0 to remove",
        "changes": [{"do": "create", "kind": "team", "name": "network"}], "components": [], "warnings": [], "gaps": []}"#,
    refusals: &[Code::LintFailed, Code::ManagedByFile],
    ..COMMAND
};

const ONE_CHANGE: &[Field] = &[
    Field::required("do", Shape::Word(&["create", "replace", "patch", "delete"]), r#""create""#, "What is done."),
    Field::required(
        "kind",
        Shape::Word(KINDS),
        r#""team""#,
        "The kind of component, as its section of the file is called.",
    ),
    Field::optional("ref", Shape::Id, "", "Id or name of the component; none where it is made."),
    Field::optional(
        "if_match",
        Shape::Text(Shape::ID_LIMIT),
        "",
        "The `ETag` that was read, or `*`; required but where it is made.",
    ),
    Field::optional("replace_with", Shape::Id, "", "For `delete`: what is named instead from then on."),
    Field::optional("body", Shape::Json, r#"{"name": "network"}"#, "The component, or the part of it that changes."),
];

const CHANGES: Shape = Shape::Object(ONE_CHANGE);

const NAME: Shape = Shape::Id;

const fn days(name: &'static str, within: RangeInclusive<u32>, description: &'static str) -> Field {
    let shape = Shape::Integer { least: *within.start() as i64, most: *within.end() as i64 };
    Field::optional(name, shape, "", description)
}

pub(super) const ROWS: &[Operation] = &[
    Operation {
        name: "change-directory",
        path: "directory/changes",
        summary: "Change many components at once",
        description: "All or nothing, in one transaction, as one version. The order does not matter, and names may lead to what \
            another change makes. A mistake begins with its path, such as `changes[17].body.levels[0].minutes`.",
        fields: &[Field::required(
            "changes",
            Shape::ListOf { item: &CHANGES, least: 1, most: limits::CHANGES_AT_ONCE },
            r#"[{"do": "create", "kind": "team", "body": {"name": "network"}}]"#,
            "The changes.",
        )],
        refusals: &[
            Code::UnknownComponent,
            Code::NameTaken,
            Code::LintFailed,
            Code::ManagedByFile,
            Code::ManagedByProvider,
            Code::ChangedMeanwhile,
            Code::StillNamed,
        ],
        ..CHANGE
    },
    Operation {
        name: "order-routing-rules",
        path: "routing-rules/order",
        method: Method::Put,
        does: Does::Change(Change::RuleOrder),
        summary: "Put the routing rules in order",
        description: "They are tried in this order, and the first that fits is applied, alone. A rule that is called `order` \
            is found by its id only. `If-Match` has the `ETag` of the list of rules, by which it is refused where the directory was \
            changed meanwhile, or `*`.",
        fields: &[Field::required(
            "names",
            Shape::ListOf { item: &NAME, least: 1, most: limits::CHANGES_AT_ONCE },
            r#"["tests wake nobody", "nights are for what matters", "critical calls everyone it takes"]"#,
            "Names or ids of all routing rules.",
        )],
        refusals: &[Code::LintFailed, Code::ManagedByFile, Code::IfMatchMissing, Code::ChangedMeanwhile],
        ..CHANGE
    },
    Operation {
        name: "organization",
        path: "organization",
        does: Does::Read(Reading::Organization),
        summary: "Read the organization's settings",
        description: "What it has set, with defaults. Its `ETag` is the version of the directory.",
        answer: Answer::Organization,
        example: r#"{"name": "demo", "fallback_policy": "everyone", "file_lock": "strict", "personal": "person", "timezone": "UTC",
            "observers_note": false, "password_sign_in": true, "session_idle_hours": 336, "session_days": 90, "token_days": 90,
            "second_factor_for": [], "version_days": 400}"#,
        refusals: &[],
        ..READING_V1
    },
    Operation {
        name: "change-organization",
        path: "organization",
        method: Method::Patch,
        does: Does::Change(Change::Organization),
        summary: "Change the organization's settings",
        description: "A JSON merge patch: what the body names is changed, null puts its default back. Unknown keys are refused. \
            `If-Match` has the `ETag` that was read, by which it is refused where the directory was changed meanwhile, or `*`. The \
            answer has all settings, and what the change came to; a dry run has the latter alone.",
        fields: &[
            Field::optional(
                "name",
                Shape::Text(Limit::Characters(limits::NAME_CHARACTERS)),
                "",
                "Another name, which only an owner gives who is signed in to the console; no key and no token does. The name \
                    before leads to the organization still, and no other can have it.",
            ),
            Field::optional(
                "fallback_policy",
                Shape::Id,
                r#""everyone""#,
                "Name or id of the policy that is asked when nobody else can be found.",
            ),
            Field::optional(
                "file_lock",
                Shape::Word(FileLock::WORDS),
                r#""strict""#,
                "Whether the API may change what a directory file manages: with `drift` it may, and `apply` says so.",
            ),
            Field::optional(
                "personal",
                Shape::Word(PersonalOf::WORDS),
                r#""person""#,
                "Whose word counts for addresses, rules and what else is people's own: theirs once they change it, or that of \
                    the directory file that manages them.",
            ),
            Field::optional(
                "timezone",
                Shape::Text(Shape::ID_LIMIT),
                r#""Europe/Berlin""#,
                "IANA name of the zone in which times are shown to people who set none; UTC where none is given.",
            ),
            Field::optional("observers_note", Shape::Truth, "", "Whether observers write notes to incidents."),
            Field::optional(
                "password_sign_in",
                Shape::Truth,
                "",
                "Whether people sign in by a password. It is refused to end that before somebody has signed in by a provider, and \
                    an owner has a passkey.",
            ),
            days(
                "session_idle_hours",
                limits::SESSION_IDLE_HOURS_SET,
                "Hours without use after which a session is over.",
            ),
            days(
                "session_days",
                limits::SESSION_DAYS_SET,
                "Days after which a session is over in any case, from when it begins.",
            ),
            days(
                "token_days",
                limits::TOKEN_DAYS_SET,
                "Days after which a token is refused that is made without saying when.",
            ),
            Field::optional(
                "second_factor_for",
                Shape::ListOf { item: &Shape::Word(Role::WORDS), least: 0, most: Role::ALL.len() },
                "",
                "Roles whose people must have a second factor or a passkey: until they do, the console shows them nothing \
                    but their own security.",
            ),
            days("version_days", limits::VERSION_DAYS_SET, "Days for which versions of the directory are kept."),
        ],
        answer: Answer::OrganizationChanged,
        example: r#"{"name": "demo", "fallback_policy": "everyone", "file_lock": "strict", "personal": "person", "timezone": "UTC",
            "observers_note": false, "password_sign_in": true, "session_idle_hours": 336, "session_days": 90, "token_days": 90,
            "second_factor_for": [], "version_days": 400, "plan": "~ organization\n  fallback_policy: `everyone`",
            "changes": [], "components": [], "warnings": [], "gaps": []}"#,
        refusals: &[Code::LintFailed, Code::ManagedByFile, Code::IfMatchMissing, Code::ChangedMeanwhile],
        ..CHANGE
    },
    Operation {
        name: "directory-versions",
        path: "directory/versions",
        does: Does::Read(Reading::Versions),
        summary: "List the versions of the directory",
        description: "Newest first: who changed what, when, by which way.",
        fields: &[LIMIT, AFTER, Field::optional("before", NUMBER, "", "Only versions before this one.")],
        answer: Answer::Versions,
        example: r#"[{"version": 2, "made_at": "2026-06-01T09:30:00.000000", "author": "ana", "way": "api",
            "plan": "+ team `network`\n1 to create, 0 to update, 0 to remove"}]"#,
        refusals: &[],
        ..READING_V1
    },
    Operation {
        name: "directory-version",
        path: "directory/versions/{version}",
        does: Does::Read(Reading::Version),
        summary: "Read what the directory was",
        description: "The version, and the directory file of that time. Secrets are told as `(hidden)`.",
        parameters: &[VERSION],
        answer: Answer::Version,
        example: r#"{"version": 2, "made_at": "2026-06-01T09:30:00.000000", "author": "ana", "way": "api",
            "plan": "+ team `network`\n1 to create, 0 to update, 0 to remove", "file": "[organization]\nname = \"demo\"\n"}"#,
        refusals: &[Code::UnknownVersion],
        scope: Scope::Admin,
        ..READING_V1
    },
    Operation {
        name: "directory-diff",
        path: "directory/diff",
        does: Does::Read(Reading::Diff),
        summary: "Compare two versions of the directory",
        description: "What is different at `until` from what was at `from`, in the words of `apply`.",
        fields: &[
            Field::required("from", NUMBER, "1", "Number of the earlier version."),
            Field::required("until", NUMBER, "2", "Number of the later one."),
        ],
        answer: Answer::Diff,
        example: r#"{"plan": "+ team `network`\n1 to create, 0 to update, 0 to remove",
            "changes": [{"do": "create", "kind": "team", "name": "network"}]}"#,
        refusals: &[Code::UnknownVersion],
        ..READING_V1
    },
    Operation {
        name: "plan-directory",
        path: "directory/plan",
        method: Method::Post,
        does: Does::Read(Reading::FilePlan),
        summary: "Plan a directory file",
        description: "What `apply` would come to with this file, which nothing is changed by: for whoever reviews it before. \
            All mistakes of the file are refused with their lines; where it would not be applied for another reason, \
            `refused` says why, and there is no plan. `kept` is what people have changed themselves, so that the file does \
            not.",
        fields: &[
            Field::required(
                "file",
                Shape::Text(Limit::Bytes(limits::DIRECTORY_FILE_BYTES)),
                r#""[organization]\nname = \"demo\"\n""#,
                "The text of the file; of a folder of files all texts, one after the other.",
            ),
            Field::optional(
                "name",
                Shape::Text(Limit::Characters(limits::NAME_CHARACTERS)),
                r#""acme.toml""#,
                "Name of the file, by which places are told; `directory.toml` where none is given.",
            ),
            Field::optional(
                "adopt",
                Shape::ListOf { item: &NAME, least: 0, most: limits::CHANGES_AT_ONCE },
                "",
                "Names of components of the API that the file takes over.",
            ),
            Field::optional("adopt_all", Shape::Truth, "", "Whether it takes over all that it names."),
            Field::optional(
                "drift",
                Shape::Word(&["stop", "overwrite", "keep"]),
                "",
                "What becomes of what was changed beside the file; `stop` where nothing is said.",
            ),
        ],
        scope: Scope::Admin,
        answer: Answer::FilePlan,
        example: r#"{"plan": "+ team `network`\n1 to create, 0 to update, 0 to remove",
            "changes": [{"do": "create", "kind": "team", "name": "network"}], "kept": [], "warnings": [], "refused": []}"#,
        refusals: &[],
        ..READING_V1
    },
    Operation {
        name: "directory-drift",
        path: "directory/drift",
        does: Does::Read(Reading::Drift),
        summary: "See what was changed beside the directory file",
        description: "Components that a file manages, and the fields that are not what the file said last; or, with `removed`, \
            that somebody removed what it said, until a file is applied that leaves it out.",
        answer: Answer::Drift,
        example: r#"[{"kind": "service", "name": "checkout", "fields": ["description"], "removed": false,
            "source": "acme.toml:41", "changed_by": "ana", "changed_at": "2026-06-01T09:30:00.000000"}]"#,
        refusals: &[],
        ..READING_V1
    },
    Operation {
        name: "restore-directory",
        path: "directory/restore",
        does: Does::Change(Change::Restore),
        summary: "Go back to a version of the directory",
        description: "A change like others, which `dry_run` shows first: what the API manages becomes what it was then, and the \
            settings with it. Contacts, rules and other things of people's own stay, and so do keys. What a file manages must be \
            what it was.",
        fields: &[VERSION],
        refusals: &[Code::UnknownVersion, Code::LintFailed, Code::ManagedByFile, Code::StillNamed],
        ..CHANGE
    },
];
