//! The shape of a directory file: its sections, their keys, and what each key holds.
//! `domain` decides what the values mean; a test holds the keys here against those that `domain` reads.

use domain::directory::{ComponentKind, SenderKind};
use serde_json::{Map, Value, json};

/// The section that names the organization, the only one that is there once.
pub(super) const ORGANIZATION: &str = "organization";

/// What a key holds.
#[derive(Clone, Copy, Debug)]
pub(super) enum Form {
    /// A string.
    Text,
    /// One of these strings.
    Word(&'static [&'static str]),
    /// A whole number, 0 or more.
    Whole,
    /// A whole number from 1 to 5.
    Urgency,
    /// Any finite number.
    Number,
    /// `true` or `false`.
    Truth,
    /// A string, a finite number, `true` or `false`.
    Scalar,
    /// A list.
    List(&'static Form),
    /// A table with these keys.
    Table(&'static [Key]),
    /// A string, or a list of strings.
    Source,
    /// A table of which each key is a name that the file chooses.
    Named(&'static Form),
    /// A field and exactly one test of it.
    Condition,
}

/// One key of a table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Key {
    pub(super) name: &'static str,
    pub(super) form: Form,
    pub(super) need: Need,
}

/// Whether a key may be left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Need {
    /// It must be there.
    Must,
    /// It may be left out.
    May,
}

const fn must(name: &'static str, form: Form) -> Key {
    Key { name, form, need: Need::Must }
}

const fn may(name: &'static str, form: Form) -> Key {
    Key { name, form, need: Need::May }
}

const TEXTS: Form = Form::List(&Form::Text);

pub(super) const ORGANIZATION_KEYS: &[Key] = &[must("name", Form::Text), may("fallback_policy", Form::Text)];

const USER: &[Key] = &[
    must("username", Form::Text),
    may("display_name", Form::Text),
    may("first_name", Form::Text),
    may("last_name", Form::Text),
    may("email", Form::Text),
    may("webhook", Form::Table(WEBHOOK)),
    may("sms", Form::Text),
    may("voice", Form::Text),
    may("chat", Form::Table(CHAT)),
    may("push", Form::Table(PUSH)),
    may("notification_rules", Form::List(&Form::Table(NOTIFICATION_RULE))),
    may("handover_notices", Form::Truth),
    may("resolution_notices", Form::Truth),
    may("role", Form::Word(&["admin", "responder", "stakeholder"])),
    may("job_title", Form::Text),
    may("phone", Form::Text),
    may("iso_country_code", Form::Text),
    may("country_code", Form::Text),
    may("timezone", Form::Text),
    may("language", Form::Text),
    may("profile_picture", Form::Text),
    may("tags", TEXTS),
    may("locked", Form::Truth),
];

const WEBHOOK: &[Key] = &[must("url", Form::Text), must("secrets", TEXTS)];

const CHAT: &[Key] = &[must("kind", Form::Word(CHATS)), must("url", Form::Text), may("recipient", Form::Text)];

const CHATS: &[&str] = &["slack", "teams", "discord", "mattermost", "google_chat", "telegram"];

const PUSH: &[Key] = &[must("url", Form::Text), may("token", Form::Text)];

const NOTIFICATION_RULE: &[Key] =
    &[must("urgencies", Form::List(&Form::Urgency)), must("steps", Form::List(&Form::Table(RULE_STEP)))];

const RULE_STEP: &[Key] = &[must("after_minutes", Form::Whole), must("channel", Form::Word(CHANNELS))];

const CHANNELS: &[&str] = &["email", "webhook", "sms", "voice", "chat", "push"];

const TEAM: &[Key] = &[must("name", Form::Text), may("members", TEXTS)];

const ESCALATION_POLICY: &[Key] = &[
    must("name", Form::Text),
    may("when_exhausted", Form::Word(&["repeat_last", "restart"])),
    must("levels", Form::List(&Form::Table(LEVEL))),
];

const LEVEL: &[Key] = &[must("minutes", Form::Whole), may("users", TEXTS), may("routines", TEXTS)];

const ROUTINE: &[Key] = &[
    must("name", Form::Text),
    must("timezone", Form::Text),
    must("routine_layers", Form::List(&Form::Table(LAYER))),
    may("swaps", Form::List(&Form::Table(SWAP))),
];

const LAYER: &[Key] = &[
    may("layer", Form::Whole),
    may("layer_name", Form::Text),
    must("valid_start", Form::Text),
    may("valid_end", Form::Text),
    may("is_exception", Form::Truth),
    may("rotation_start", Form::Text),
    may("shift_length", Form::Text),
    may("rotation_frequency", Form::Whole),
    may("skip_days", Form::List(&Form::Whole)),
    must("rotations", Form::List(&TEXTS)),
];

const SWAP: &[Key] =
    &[must("out", Form::Text), may("in", Form::Text), must("from", Form::Text), must("until", Form::Text)];

const SERVICE: &[Key] = &[
    must("name", Form::Text),
    may("description", Form::Text),
    must("escalation_policy", Form::Text),
    may("acknowledgement_minutes", Form::Whole),
    may("storm_incidents", Form::Whole),
    may("hold_seconds", Form::Whole),
    may("hold_max_urgency", Form::Urgency),
    may("support_hours", Form::Table(SUPPORT_HOURS)),
];

const SUPPORT_HOURS: &[Key] = &[
    must("timezone", Form::Text),
    must("hours", Form::List(&Form::Table(HOURS))),
    may("holidays", TEXTS),
    may("urgency_at_most", Form::Urgency),
    may("escalation_policy", Form::Text),
    may("raise_at_start", Form::Truth),
];

const HOURS: &[Key] =
    &[may("days", Form::List(&Form::Word(DAYS))), must("from", Form::Text), must("until", Form::Text)];

const BUSINESS_SERVICE: &[Key] = &[must("name", Form::Text), may("description", Form::Text), may("subscribers", TEXTS)];

const RESPONSE_SET: &[Key] = &[
    must("name", Form::Text),
    may("escalation_policies", TEXTS),
    may("users", TEXTS),
    may("subscribers", TEXTS),
    may("conference_bridges", TEXTS),
    may("status_update", Form::Text),
];

const WORKFLOW: &[Key] = &[
    must("name", Form::Text),
    may("set_urgency", Form::Urgency),
    may("add_tags", TEXTS),
    may("add_note", Form::Text),
    may("add_impacts", TEXTS),
    may("run_response_set", Form::Text),
];

const INTEGRATION: &[Key] = &[
    must("name", Form::Text),
    must("kind", Form::Word(SenderKind::WORDS)),
    may("key", Form::Text),
    may("enabled", Form::Truth),
    may("service", Form::Text),
    may("escalation_policies", TEXTS),
    may("users", TEXTS),
    may("default_urgency", Form::Urgency),
    may("urgencies", Form::List(&Form::Table(SEVERITY))),
    may("on_resolve", Form::Word(&["resolve", "note", "ignore"])),
    may("remind_minutes", Form::Whole),
    may("group_by", Form::Table(GROUP_BY)),
    may("resolve_after_minutes", Form::Whole),
    may("per_group", Form::Truth),
    may("tests_open", Form::Truth),
    may("mapping", Form::Table(MAPPING)),
    may("enrichments", Form::List(&Form::Table(ENRICHMENT))),
    may("mail", Form::Table(MAIL)),
    may("secret", Form::Text),
    may("networks", TEXTS),
    may("accept_get", Form::Truth),
    may("cloudwatch", Form::Table(CLOUDWATCH)),
];

const CLOUDWATCH: &[Key] = &[
    may("topics", TEXTS),
    may("signature_version", Form::Whole),
    may("raw_delivery", Form::Truth),
    may("insufficient_data_opens", Form::Truth),
];

const CONDITIONS: Form = Form::List(&Form::Condition);

const MAPPING: &[Key] = &[
    may("items", Form::Text),
    may("identity", Form::Source),
    may("title", Form::Source),
    may("text", Form::Source),
    may("state", Form::Source),
    may("urgency", Form::Source),
    may("occurred_at", Form::Source),
    may("event_id", Form::Source),
    may("tags", Form::Source),
    may("labels", Form::Source),
    may("links", Form::Source),
    may("images", Form::Source),
    may("firing_when", CONDITIONS),
    may("resolved_when", CONDITIONS),
    may("acknowledged_when", CONDITIONS),
    may("ignore_when", CONDITIONS),
];

const ENRICHMENT: &[Key] = &[
    must("name", Form::Text),
    may("conditions", CONDITIONS),
    may("minimum", Form::Whole),
    may("extract", Form::List(&Form::Table(EXTRACT))),
    may("lookup", Form::Table(LOOKUP)),
    may("set_title", Form::Text),
    may("set_text", Form::Text),
    may("set_identity", Form::Text),
    may("set_urgency", Form::Text),
    may("add_tags", TEXTS),
    may("add_links", Form::List(&Form::Table(LINK))),
];

const EXTRACT: &[Key] = &[must("from", Form::Text), must("pattern", Form::Text)];

const LOOKUP: &[Key] = &[must("key", Form::Text), must("rows", Form::Named(&Form::Named(&Form::Text)))];

const LINK: &[Key] = &[must("text", Form::Text), must("url", Form::Text)];

const MAIL: &[Key] = &[
    may("rules", Form::List(&Form::Table(MAIL_RULE))),
    may("allowed_from", TEXTS),
    may("same_subject", Form::Truth),
    may("alias", Form::Text),
    may("authentication", Form::Table(MAIL_AUTHENTICATION)),
];

const MAIL_RULE: &[Key] = &[
    may("conditions", Form::List(&Form::Condition)),
    may("do", Form::Word(&["open", "resolve", "acknowledge", "ignore"])),
    may("identity", Form::Text),
    may("urgency", Form::Urgency),
    may("cut_quotes", Form::Truth),
];

const MAIL_AUTHENTICATION: &[Key] = &[must("host", Form::Text), must("demand", Form::Word(&["dmarc", "dkim"]))];

const HEARTBEAT: &[Key] = &[
    must("name", Form::Text),
    may("key", Form::Text),
    may("enabled", Form::Truth),
    may("service", Form::Text),
    may("escalation_policies", TEXTS),
    may("users", TEXTS),
    may("urgency", Form::Urgency),
    may("every_seconds", Form::Whole),
    may("cron", Form::Text),
    may("timezone", Form::Text),
    may("grace_seconds", Form::Whole),
];

const MAINTENANCE_WINDOW: &[Key] = &[
    must("name", Form::Text),
    may("services", TEXTS),
    may("integrations", TEXTS),
    must("starts", Form::Text),
    must("duration_minutes", Form::Whole),
    must("timezone", Form::Text),
    may("rrule", Form::Text),
    may("exdates", TEXTS),
    may("during", Form::Word(&["hold", "discard"])),
    may("except_urgency", Form::Urgency),
];

const GROUP_BY: &[Key] =
    &[must("fields", TEXTS), may("minutes", Form::Whole), may("window", Form::Word(&["rolling", "fixed"]))];

const SEVERITY: &[Key] = &[must("severity", Form::Text), must("urgency", Form::Urgency)];

const ROUTING_RULE: &[Key] = &[
    must("name", Form::Text),
    may("description", Form::Text),
    may("enabled", Form::Truth),
    may("timezone", Form::Text),
    may("days", Form::List(&Form::Word(DAYS))),
    may("from", Form::Text),
    may("until", Form::Text),
    may("conditions", Form::List(&Form::Condition)),
    may("minimum", Form::Whole),
    must("actions", Form::Table(ACTIONS)),
];

const DAYS: &[&str] = &["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// The keys of a condition: `field`, and the tests, of which it has exactly one.
pub(super) const CONDITION: &[Key] = &[
    must("field", Form::Text),
    may("equals", Form::Scalar),
    may("not_equals", Form::Scalar),
    may("contains", Form::Text),
    may("not_contains", Form::Text),
    may("matches", Form::Text),
    may("gte", Form::Number),
    may("lte", Form::Number),
    may("exists", Form::Truth),
];

const ACTIONS: &[Key] = &[
    may("suppress", Form::Truth),
    may("set_service", Form::Text),
    may("set_policies", TEXTS),
    may("set_urgency", Form::Urgency),
    may("add_tags", TEXTS),
    may("add_note", Form::Text),
    may("run_response_set", Form::Text),
    may("resolve_after_minutes", Form::Whole),
];

/// The keys of a component of this kind; `None` for kinds that a directory file does not hold.
pub(super) fn keys_of(kind: ComponentKind) -> Option<&'static [Key]> {
    match kind {
        ComponentKind::User => Some(USER),
        ComponentKind::Team => Some(TEAM),
        ComponentKind::Routine => Some(ROUTINE),
        ComponentKind::EscalationPolicy => Some(ESCALATION_POLICY),
        ComponentKind::Service => Some(SERVICE),
        ComponentKind::BusinessService => Some(BUSINESS_SERVICE),
        ComponentKind::ResponseSet => Some(RESPONSE_SET),
        ComponentKind::Workflow => Some(WORKFLOW),
        ComponentKind::RoutingRule => Some(ROUTING_RULE),
        ComponentKind::Integration => Some(INTEGRATION),
        ComponentKind::Heartbeat => Some(HEARTBEAT),
        ComponentKind::MaintenanceWindow => Some(MAINTENANCE_WINDOW),
    }
}

/// The key that holds the name of a component of this kind.
pub(super) fn name_key(kind: ComponentKind) -> &'static str {
    if kind == ComponentKind::User { "username" } else { "name" }
}

/// The words of all sections.
pub(super) fn sections() -> impl Iterator<Item = &'static str> {
    let kinds = ComponentKind::ALL.into_iter().filter(|kind| keys_of(*kind).is_some());
    std::iter::once(ORGANIZATION).chain(kinds.map(ComponentKind::word))
}

impl Form {
    /// What to call it in a message.
    pub(super) fn phrase(self) -> String {
        match self {
            Self::Text => "a string".to_owned(),
            Self::Word(words) => {
                let quoted: Vec<_> = words.iter().map(|word| format!("`{word}`")).collect();
                format!("one of {}", quoted.join(", "))
            }
            Self::Whole => format!("a whole number from 0 to {}", u32::MAX),
            Self::Urgency => "a whole number from 1 to 5".to_owned(),
            Self::Number => "a finite number".to_owned(),
            Self::Truth => "true or false".to_owned(),
            Self::Scalar => "a string, a finite number, true or false".to_owned(),
            Self::List(_) => "a list".to_owned(),
            Self::Source => "a string or a list of strings".to_owned(),
            Self::Table(_) | Self::Named(_) | Self::Condition => "a table".to_owned(),
        }
    }

    /// What stands in for a value that could not be read, so that the rest of the file can still be judged.
    pub(super) fn neutral(self) -> Value {
        match self {
            Self::Text => json!(""),
            Self::Source => json!("/"),
            Self::Named(_) => json!({}),
            Self::Word(words) => words.first().map_or(Value::Null, |word| json!(word)),
            Self::Whole | Self::Urgency | Self::Number => json!(1),
            Self::Truth => json!(false),
            Self::Scalar => json!(""),
            Self::List(_) => json!([]),
            Self::Table(keys) => {
                let needed = keys.iter().filter(|key| key.need == Need::Must);
                Value::Object(needed.map(|key| (key.name.to_owned(), key.form.neutral())).collect::<Map<_, _>>())
            }
            // It can be true and contradicts nothing, so that no other condition is blamed.
            Self::Condition => json!({ "field": "/", "exists": true }),
        }
    }
}
