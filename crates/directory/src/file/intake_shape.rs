//! The keys of integrations, heartbeats and maintenance windows in a directory file.

use super::form::{Form, Key, TEXTS, may, must};
use domain::directory::SenderKind;

pub(super) const INTEGRATION: &[Key] = &[
    must("name", Form::Text),
    may("team", Form::Text),
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
    may("alerts_per_minute", Form::Whole),
    may("per_group", Form::Truth),
    may("tests_open", Form::Truth),
    may("disabled_answers_401", Form::Truth),
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

pub(super) const HEARTBEAT: &[Key] = &[
    must("name", Form::Text),
    may("team", Form::Text),
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

pub(super) const MAINTENANCE_WINDOW: &[Key] = &[
    must("name", Form::Text),
    may("team", Form::Text),
    may("services", TEXTS),
    may("integrations", TEXTS),
    may("conditions", CONDITIONS),
    must("starts", Form::Text),
    must("duration_minutes", Form::Whole),
    must("timezone", Form::Text),
    may("rrule", Form::Text),
    may("exdates", TEXTS),
    may("during", Form::Word(&["hold", "discard"])),
    may("except_urgency", Form::Urgency),
    may("page_open_incidents", Form::Truth),
];

pub(super) const GROUP_BY: &[Key] = &[
    must("fields", TEXTS),
    may("minutes", Form::Whole),
    may("window", Form::Word(&["rolling", "fixed"])),
    may("reping_after", Form::Table(REPING)),
];

const REPING: &[Key] = &[may("alerts", Form::Whole), may("minutes", Form::Whole)];

const SEVERITY: &[Key] = &[must("severity", Form::Text), must("urgency", Form::Urgency)];
