//! The shape of a directory file: its sections, their keys, and what each key holds.
//! `domain` decides what the values mean; a test holds the keys here against those that `domain` reads.

use super::form::{Form, Key, TEXTS, may, must};
use super::intake_shape::{GROUP_BY, HEARTBEAT, INTEGRATION, MAINTENANCE_WINDOW};
use domain::directory::{ComponentKind, Role, TeamRole};

/// The section that names the organization, the only one that is there once.
pub(super) const ORGANIZATION: &str = "organization";

/// The key by which a component of any kind but people says what it was called before.
pub(super) const RENAMED_FROM: &str = "renamed_from";

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
    may("role", Form::Alias(Role::WORDS, Role::canonical)),
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

const TEAM: &[Key] = &[
    must("name", Form::Text),
    may("description", Form::Text),
    may("members", Form::List(&Form::TextOr(MEMBER))),
    may("protected", Form::Truth),
    may("private", Form::Truth),
];

const MEMBER: &[Key] =
    &[must("username", Form::Text), may("team_role", Form::Alias(TeamRole::WORDS, TeamRole::canonical))];

const ESCALATION_POLICY: &[Key] = &[
    must("name", Form::Text),
    may("team", Form::Text),
    may("when_exhausted", Form::Word(&["repeat_last", "restart"])),
    must("levels", Form::List(&Form::Table(LEVEL))),
];

const LEVEL: &[Key] = &[must("minutes", Form::Whole), may("users", TEXTS), may("routines", TEXTS)];

const ROUTINE: &[Key] = &[
    must("name", Form::Text),
    may("team", Form::Text),
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
    may("team", Form::Text),
    may("description", Form::Text),
    must("escalation_policy", Form::Text),
    may("acknowledgement_minutes", Form::Whole),
    may("storm_incidents", Form::Whole),
    may("hold_seconds", Form::Whole),
    may("hold_max_urgency", Form::Urgency),
    may("flap_changes", Form::Whole),
    may("flap_minutes", Form::Whole),
    may("flap_quiet_minutes", Form::Whole),
    may("reopen_minutes", Form::Whole),
    may("group_by", Form::Table(GROUP_BY)),
    may("created_keep_open", Form::Truth),
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

const BUSINESS_SERVICE: &[Key] =
    &[must("name", Form::Text), may("team", Form::Text), may("description", Form::Text), may("subscribers", TEXTS)];

const RESPONSE_SET: &[Key] = &[
    must("name", Form::Text),
    may("team", Form::Text),
    may("escalation_policies", TEXTS),
    may("users", TEXTS),
    may("subscribers", TEXTS),
    may("conference_bridges", TEXTS),
    may("status_update", Form::Text),
];

const WORKFLOW: &[Key] = &[
    must("name", Form::Text),
    may("team", Form::Text),
    may("set_urgency", Form::Urgency),
    may("add_tags", TEXTS),
    may("add_note", Form::Text),
    may("add_impacts", TEXTS),
    may("run_response_set", Form::Text),
];

const ROUTING_RULE: &[Key] = &[
    must("name", Form::Text),
    may("team", Form::Text),
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
pub(crate) fn name_key(kind: ComponentKind) -> &'static str {
    if kind == ComponentKind::User { "username" } else { "name" }
}

/// The words of all sections.
pub(super) fn sections() -> impl Iterator<Item = &'static str> {
    let kinds = ComponentKind::ALL.into_iter().filter(|kind| keys_of(*kind).is_some());
    std::iter::once(ORGANIZATION).chain(kinds.map(ComponentKind::word))
}
