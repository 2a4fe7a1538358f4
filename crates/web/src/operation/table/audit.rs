//! The audit log: who changed what, read in pages and exported whole.

use super::on_call::READING_V1;
use crate::operation::{Answer, Does, Field, Operation, Reading, Shape};
use directory::audit::Way;
use domain::limits;
use domain::permission::Scope;

const SINCE: Field = Field::optional("since", Shape::Timestamp, "", "Only what was written at this instant or later.");
const UNTIL: Field = Field::optional("until", Shape::Timestamp, "", "Only what was written at this instant or before.");

const AFTER: Field = Field::optional(
    "after",
    Shape::Integer { least: 0, most: i64::MAX },
    "",
    "The `number` that the page before ended with.",
);

const FIELDS: &[Field] = &[
    SINCE,
    UNTIL,
    Field::optional("actor", Shape::Id, "", "Only what this one did: a username, the name of a key, or an id."),
    Field::optional("action", Shape::Id, "", "Only this action, such as `service.update`."),
    Field::optional("object", Shape::Id, "", "Only what was done to this: a kind such as `service`, a name, or an id."),
    Field::optional("way", Shape::Word(Way::WORDS), "", "Only what came by this way."),
    Field::optional(
        "limit",
        Shape::Integer { least: 1, most: limits::AUDIT_PAGE_MOST as i64 },
        "",
        "How many at most; 100 where none is given. Where more exist, the header `Link` with `rel=\"next\"` leads to them.",
    ),
    AFTER,
];

pub(super) const ROWS: &[Operation] = &[
    Operation {
        name: "audit",
        path: "audit",
        does: Does::Read(Reading::Audit),
        scope: Scope::Admin,
        summary: "List what was changed, by whom",
        description: "Every change of what an organization is, the newest first; what is done to incidents stands in their own \
            logs. A row holds the digest of the row before in `previous`, and `digest` is the SHA-256 of its other fields in \
            the canonical form of RFC 8785, without `digest` and `personal`. Secrets are `(hidden)`. What belongs to a person, \
            such as a telephone number, stands in the row as a salted digest; `personal` says the value, masked, until the \
            person is erased. Rows are kept for as many days as `audit.keep_days` of the configuration says, 400 by default.",
        fields: FIELDS,
        answer: Answer::Audit,
        example: include_str!("../example/audit.json"),
        refusals: &[],
        ..READING_V1
    },
    Operation {
        name: "audit-export",
        path: "audit/export",
        does: Does::Read(Reading::AuditExport),
        scope: Scope::Admin,
        summary: "Export the audit log",
        description: "The rows of a period, the oldest first, as a JSON object in a line each, as `reveille audit verify` reads \
            them. `personal` says whole what belongs to a person, with the salt that makes its digest. A piece has at most \
            5,000 rows; where more exist, the header `Link` with `rel=\"next\"` leads to them, and the pieces one after the \
            other are the export. That a piece was taken is itself written into the log, before it is read.",
        fields: &[SINCE, UNTIL, AFTER],
        answer: Answer::AuditExport,
        example: include_str!("../example/audit_export.json"),
        refusals: &[],
        ..READING_V1
    },
];
