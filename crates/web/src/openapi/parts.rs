//! The parts of the document that stand apart from any operation: security, headers, health, the shape of problems.

use crate::operation::{Answer, Change, Code, Does, Operation, Reading, Served};
use domain::limits;
use serde_json::{Value, json};

pub(super) fn info() -> Value {
    json!({
        "title": "Reveille",
        "version": env!("CARGO_PKG_VERSION"),
        "summary": "Incidents: make them, work on them, end them. On call: see and change who is.",
        "description": "Operations on incidents are POSTs with a JSON body, and `/list/…` are GETs. What stands under \
            `/v1/` is read with GET, made with POST, changed with PUT and PATCH, and removed with DELETE. A body is read as JSON whatever its \
            Content-Type says; an empty one counts as `{}`. Unknown fields are ignored, but for those of components of \
            the directory, where they are refused. Null and an empty text mean \
            that an optional field is absent. Where a list is documented, a single value is a list of one. All \
            timestamps are UTC. Texts whose limit is given as `x-max-bytes` are measured in bytes of UTF-8. Every \
            error is an `application/problem+json`.",
        "license": {"name": "Apache-2.0 OR MIT", "identifier": "Apache-2.0 OR MIT"},
    })
}

/// Tags with their descriptions, in the order of the document.
const TAGS: [(&str, &str); 9] = [
    ("incidents", "What changes incidents."),
    ("reading", "What only reads."),
    ("on call", "Who is on call and how they are reached."),
    ("directory", "People, routines, policies, services and all else that an organization is made of."),
    ("senders", "What monitoring tools send, with the key of an integration."),
    ("events", "PagerDuty's API of events, as its clients speak it."),
    ("alerts", "Opsgenie's API of alerts and heartbeats, as its clients speak it."),
    ("heartbeats", "What says that it is well."),
    ("server", "Whether the server is well."),
];

pub(super) fn tags() -> Value {
    TAGS.iter().map(|(name, description)| json!({"name": name, "description": description})).collect()
}

pub(super) fn tag(operation: &Operation) -> &'static str {
    match (operation.served, operation.does) {
        (_, Does::Component(..)) => "directory",
        (_, Does::Change(change)) if of_directory(change) => "directory",
        (_, Does::Read(reading)) if reads_directory(reading) => "directory",
        (Served::V1, _) => "on call",
        (_, Does::Read(_)) => "reading",
        (_, Does::Command(_) | Does::Change(_)) => "incidents",
    }
}

/// Whether a change is one of the directory as a whole, or of keys.
fn of_directory(change: Change) -> bool {
    use Change::{AddKey, AddProvider, ChangeProvider, CheckProvider, Components, Organization};
    use Change::{RemoveProvider, ReplaceProvider, Restore, RevokeKey, RuleOrder};
    let of_providers = [AddProvider, ReplaceProvider, ChangeProvider, RemoveProvider, CheckProvider];
    matches!(change, Components | RuleOrder | Organization | Restore | AddKey | RevokeKey)
        || of_providers.contains(&change)
}

/// Likewise of what is only read.
fn reads_directory(reading: Reading) -> bool {
    use Reading::{Diff, Drift, FilePlan, Keys, Organization, Provider, Providers, Version, Versions};
    matches!(reading, Organization | Versions | Version | Diff | FilePlan | Drift | Keys | Providers | Provider)
}

pub(super) fn security_schemes() -> Value {
    json!({
        "key": {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`token KEY`. `Bearer KEY` and `Token token=KEY` are taken too.",
        },
        "session": {
            "type": "apiKey",
            "in": "cookie",
            "name": "__Host-reveille",
            "description": "What a browser holds that is signed in to the console; `reveille` over plain HTTP on the machine \
                itself.",
        },
        "integration": {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`GenieKey KEY` with the key of an integration. `token KEY`, `Bearer KEY`, Basic with the key as \
                password or alone, the header `X-Integration-Key` and `?apiKey=KEY` are taken, too.",
        },
    })
}

pub(super) fn idempotency_key() -> Value {
    let most = limits::IDEMPOTENCY_KEY_BYTES;
    json!({
        "name": "Idempotency-Key",
        "in": "header",
        "required": false,
        "description": "Makes a repetition harmless: within 24 hours the same key, path and body gets the first \
            answer again.",
        "schema": {"type": "string", "pattern": format!("^[!-~]{{1,{most}}}$")},
    })
}

pub(super) fn if_match() -> Value {
    json!({
        "name": "If-Match",
        "in": "header",
        "required": false,
        "description": "The `ETag` of the component that was read, or `*`. Without it nothing that exists is changed.",
        "schema": {"type": "string", "pattern": "^(\\*|\"[0-9]{1,18}\")$"},
        "example": "*",
    })
}

pub(super) fn headers() -> Value {
    let whole = |description: &str| json!({"description": description, "schema": {"type": "integer", "minimum": 0}});
    json!({
        "Retry-After": whole("Seconds to wait before the request is sent again."),
        "ratelimit-limit": whole("Requests that the key's bucket holds when full."),
        "ratelimit-remaining": whole("Requests that are left."),
        "ratelimit-reset": whole("Seconds until the bucket is full again."),
        "WWW-Authenticate": {"description": "How to authenticate.", "schema": {"type": "string"}},
        "Allow": {"description": "The methods that the path takes.", "schema": {"type": "string"}},
        "Link": {
            "description": "Where the next page is, with `rel=\"next\"`, where there is one.",
            "schema": {"type": "string"},
        },
        "ETag": {"description": "The version of the component, for `If-Match`.", "schema": {"type": "string"}},
        "reveille-repairs": {
            "description": "What was done to a body that is nearly JSON so that it could be read, in words.",
            "schema": {"type": "string"},
        },
    })
}

fn references(names: &[&str]) -> Value {
    let reference = |name: &&str| ((*name).to_owned(), json!({"$ref": format!("#/components/headers/{name}")}));
    Value::Object(names.iter().map(reference).collect())
}

pub(super) fn success_headers(operation: &Operation) -> Value {
    let mut names = vec!["ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"];
    if operation.field("after").is_some() {
        names.push("Link");
    }
    let is_versioned = matches!(operation.answer, Answer::Component(_) | Answer::Layer | Answer::Layers);
    let is_settings = matches!(operation.answer, Answer::Organization | Answer::OrganizationChanged);
    if is_versioned || is_settings || operation.does == Does::Change(Change::RuleOrder) {
        names.push("ETag");
    }
    if operation.method.has_body() {
        names.push("reveille-repairs");
    }
    references(&names)
}

pub(super) fn problem_headers(status: u16) -> Option<Value> {
    match status {
        401 => Some(references(&["WWW-Authenticate"])),
        405 => Some(references(&["Allow"])),
        429 => Some(references(&["Retry-After", "ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"])),
        503 => Some(references(&["Retry-After"])),
        _ => None,
    }
}

pub(super) fn problem() -> Value {
    let words: Vec<_> = Code::ALL.iter().map(|code| code.word()).collect();
    json!({
        "type": "object",
        "description": "An error as RFC 9457 tells it.",
        "required": ["type", "title", "status", "detail", "code", "errors", "request_id"],
        "properties": {
            "type": {"type": "string", "format": "uri-reference", "description": "Where the error is explained."},
            "title": {"type": "string"},
            "status": {"type": "integer", "minimum": 400, "maximum": 599},
            "detail": {"type": "string"},
            "code": {"type": "string", "enum": words, "description": "Stable; meant for programs."},
            "errors": {
                "type": "array",
                "minItems": 1,
                "items": {"type": "string"},
                "description": "Each `field: what is wrong`.",
            },
            "request_id": {"type": "string", "description": "Under which the server's log has the details."},
            "current": {"description": "With `changed_meanwhile`: the component as it is now."},
            "changed_by": {"type": ["string", "null"], "description": "With `changed_meanwhile`: who changed it last."},
            "changed_at": {"type": ["string", "null"], "description": "With `changed_meanwhile`: when."},
            "fields": {
                "type": "array",
                "items": {"type": "string"},
                "description": "With `changed_meanwhile`: in which fields what was sent differs from it.",
            },
        },
    })
}

pub(super) fn feed() -> Value {
    let problem = |description: &str| {
        let schema = json!({"$ref": "#/components/schemas/Problem"});
        json!({"description": description, "content": {"application/problem+json": {"schema": schema}}})
    };
    let token = json!({"type": "string", "pattern": "^[A-Za-z0-9_-]+$", "maxLength": 1000});
    json!({"get": {
        "operationId": "feed",
        "tags": ["on call"],
        "summary": "Read a feed",
        "description": "As calendar programs read it. The URL is the answer of `routine-feed` and `user-feed`.",
        "security": [],
        "parameters": [{"name": "token", "in": "path", "required": true, "schema": token}],
        "responses": {
            "200": {
                "description": "A calendar (RFC 5545).",
                "content": {"text/calendar": {"schema": {"type": "string"}}},
            },
            "404": problem("There is no such feed, or it was renewed."),
            "500": problem("The server failed."),
            "503": problem("The server is busy, or cannot reach its database."),
        },
    }})
}

pub(super) fn health() -> Value {
    let schema = json!({
        "type": "object",
        "required": ["status"],
        "properties": {"status": {"type": "string", "const": "ok"}},
    });
    json!({"get": {
        "operationId": "healthz",
        "tags": ["server"],
        "summary": "Whether the process is alive",
        "security": [],
        "responses": {"200": {"description": "It is.", "content": {"application/json": {"schema": schema}}}},
    }})
}

pub(super) fn readiness() -> Value {
    let texts = || json!({"type": "array", "items": {"type": "string"}});
    let schema = json!({
        "type": "object",
        "required": ["status", "problems", "warnings"],
        "properties": {
            "status": {"type": "string", "enum": ["ready", "not ready"]},
            "problems": texts(),
            "warnings": texts(),
        },
    });
    let content = json!({"application/json": {"schema": schema}});
    json!({"get": {
        "operationId": "readyz",
        "tags": ["server"],
        "summary": "Whether the server can do its work",
        "security": [],
        "responses": {
            "200": {"description": "It can.", "content": content},
            "503": {"description": "It cannot; the body says why.", "content": content},
        },
    }})
}

/// What `errors` says in the example of a code.
pub(super) fn example_error(code: Code) -> &'static str {
    match code {
        Code::MalformedJson => "body: not JSON: expected `,` or `}` at line 3 column 5",
        Code::InvalidFields => "title: is required",
        Code::InvalidIdempotencyKey => "idempotency-key: must have 1 to 255 visible ASCII characters",
        Code::NobodyNamed => "service_ref_id: at least one of service_ref_id, policy_ref_id, users is required",
        Code::TooMany => "subscribers: the incident would have more than 500 in all",
        Code::MissingKey => "authorization: must be `token KEY`",
        Code::UnknownKey => "authorization: the key is not known",
        Code::UnknownIntegrationKey => "key: no integration has it, or it was renewed",
        Code::ExpiredKey => "authorization: the key has expired",
        Code::RevokedKey => "authorization: the key was revoked",
        Code::AddressNotAllowed => "authorization: the key may not be used from this address",
        Code::InvalidSignature => "x-twilio-signature: is not the telephone carrier's for this request",
        Code::ScopeTooSmall => "authorization: the operation needs a key of scope `incidents`, and this one has `read`",
        Code::SignedOut => "session: nobody is signed in",
        Code::SignInRefused => "sign-in: the name, the password or the code is wrong",
        Code::CrossSite => "sec-fetch-site: must be `same-origin`, or `origin` this server's own address",
        Code::NotAllowed => "session: needs manager",
        Code::SecondFactorNeeded => "session: set up a second factor or a passkey first",
        Code::NotInYourName => "by: ana acts in her own name only",
        Code::FreshSignInNeeded => "session: the sign-in is older than ten minutes",
        Code::UnknownSession => "session_ref_id: there is no session `zB5eYp1uQ4iJ0cHsWv6oGA`",
        Code::TooManySignIns => "sign-in: failed too often; again in 8 seconds",
        Code::SignInBusy => "server: busy with other sign-ins",
        Code::UnknownPath => "path: there is nothing here; see /docs",
        Code::UnknownIncident => "instance_id: there is no incident 8912",
        Code::UnknownAlert => "task_ref_id: there is no alert `jNSYZE1vSAaqrvS-fPi5Hg`",
        Code::UnknownComponent => "service_ref_id: there is no service `dySeOLtKTr-cIdTFZRHgKg`",
        Code::UnknownContact => "channel: `ana` has no sms contact",
        Code::UnknownNotification => "delivery_id: the incident has no notification `ntf_8912_1`",
        Code::UnknownSwap | Code::UnknownCover | Code::CoverClosed => example_of_shift(code),
        Code::UnknownLayer => "layer: the routine has none of number 4",
        Code::UnknownVersion => "version: the directory has no version 42",
        Code::UnknownApiKey => "key_id: there is no key 7",
        Code::AlreadyInvited => "email: is the address of ana, who is there already",
        Code::UnknownInvitation => "preferred_username: `zoe` has no open invitation",
        Code::LastOwner => "role: noa is the last owner who can sign in; make somebody else an owner first",
        Code::UnknownToken => "token_id: you have no token 7 that counts",
        Code::MethodNotAllowed => "method: must be POST",
        Code::NameTaken => "name: another service is named `search`",
        Code::StillNamed => "routing rule `databases`: actions.set_service: names the service `search`",
        Code::ManagedByFile => {
            "service search is managed by acme.toml line 41: change it there and apply, or run reveille release search"
        }
        Code::ManagedByProvider => {
            "role: that of ana is given by the provider acme at each sign-in: change their groups there"
        }
        Code::IfMatchMissing => "if-match: is required, the ETag of the component that was read, or *",
        Code::ChangedMeanwhile => "if-match: the component was changed meanwhile, by ben at 2026-06-02T09:30:00.000000",
        Code::LintFailed => "escalation policy `database`: levels[0]: nobody can be reached at some time of the week",
        Code::AlreadyResolved => "instance_id: incident 8912 is already resolved",
        Code::NotAcknowledged => "instance_id: the incident is not acknowledged",
        Code::NoFurtherLevel => "instance_id: no policy of the incident has a further level",
        Code::OnlyAlert => "task_ref_id: the alert is the incident's only one",
        Code::MergedWithItself => "related_instance_id: must be another incident than instance_id",
        Code::NothingToVerify => "channel: the email contact needs no proof, or has given it",
        Code::NoCode => "code: none counts at the moment; have a new one sent",
        Code::WrongCode => "code: is not the one that was sent; it can be tried 4 times more",
        Code::TooManyCodes => "channel: 5 codes were sent within an hour; more in 1200 seconds",
        Code::IdempotencyKeyReused => "idempotency-key: the key was used for a request with another path or body",
        Code::ToldOnce => {
            "idempotency-key: the request was done before, and its answer has a secret, which is told once"
        }
        Code::BodyTooLarge => "body: must have at most 1048576 bytes",
        Code::UnsupportedEncoding => "content-encoding: must be gzip, or absent",
        Code::RateLimited => "authorization: the key may send again in 2 seconds",
        Code::Internal => "server: failed; the log has the details under the request_id",
        Code::Busy => "server: busy; nothing was stored",
        Code::Unavailable => "server: the database cannot be reached",
    }
}

/// The same of those about shifts that others take.
fn example_of_shift(code: Code) -> &'static str {
    match code {
        Code::UnknownSwap => "swap_ref_id: the routine has no swap `zB5eYp1uQ4iJ0cHsWv6oGA`",
        Code::UnknownCover => "cover_ref_id: you have no request for cover `zB5eYp1uQ4iJ0cHsWv6oGA`",
        _ => "cover_ref_id: Cho Min-seo takes the shift",
    }
}
