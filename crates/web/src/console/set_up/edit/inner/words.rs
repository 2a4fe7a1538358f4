//! What fields within a field are called, by their paths, and what there is to know before they are filled in.

use crate::console::set_up::words;

/// What fields are called whose key alone says too little.
const LABELS: &[(&str, &str)] = &[
    ("levels[].minutes", "Minutes until the next level is asked"),
    ("levels[].users", "People"),
    ("notification_rules[].urgencies", "For incidents of these urgencies"),
    ("notification_rules[].steps", "Steps"),
    ("notification_rules[].steps[].after_minutes", "After so many minutes"),
    ("notification_rules[].steps[].channel", "By"),
    ("chat.kind", "Kind"),
    ("chat.url", "Address of the incoming webhook"),
    ("chat.recipient", "Recipient within the chat"),
    ("push.url", "Address of the topic"),
    ("push.token", "Token for that address"),
    ("webhook.url", "Address"),
    ("webhook.secrets", "Secrets by which bodies are signed"),
    ("support_hours.hours", "Hours of a week"),
    ("support_hours.hours[].days", "Days"),
    ("support_hours.hours[].from", "From"),
    ("support_hours.hours[].until", "Until"),
    ("support_hours.urgency_at_most", "At other times an incident counts at most"),
    ("support_hours.escalation_policy", "At other times this policy is asked"),
    ("support_hours.raise_at_start", "What was lowered is raised when hours begin"),
    ("actions.suppress", "Nothing opens"),
    ("actions.set_service", "Goes to the service"),
    ("actions.set_policies", "Goes to the policies"),
    ("actions.set_urgency", "Counts as"),
    ("actions.add_tags", "Gets the tags"),
    ("actions.add_note", "Gets the note"),
    ("actions.run_response_set", "Gets the response set"),
    ("urgencies[].severity", "What the sender says"),
    ("group_by.fields", "Alerts are alike that have the same"),
    ("group_by.minutes", "Minutes within which they join"),
    ("group_by.window", "Counted"),
    ("group_by.reping_after", "People are asked again"),
    ("group_by.reping_after.alerts", "After so many alerts"),
    ("group_by.reping_after.minutes", "After so many minutes"),
    ("mapping.items", "Where the alerts are, if there are several"),
    ("mapping.occurred_at", "When it happened"),
    ("mapping.event_id", "Id of the event"),
    ("mapping.firing_when", "It fires when"),
    ("mapping.resolved_when", "It is over when"),
    ("mapping.acknowledged_when", "It is acknowledged when"),
    ("mapping.ignore_when", "It is ignored when"),
    ("enrichments[].minimum", "How many conditions must hold"),
    ("enrichments[].extract", "Read out of texts"),
    ("enrichments[].lookup", "Looked up in a table"),
    ("enrichments[].lookup.key", "What is looked up"),
    ("enrichments[].lookup.rows", "The table"),
    ("enrichments[].lookup.rows[].name", "Where that is"),
    ("enrichments[].lookup.rows[].holds", "Columns"),
    ("enrichments[].lookup.rows[].holds[].name", "Column"),
    ("enrichments[].lookup.rows[].holds[].holds", "Says"),
    ("enrichments[].set_title", "Its title is"),
    ("enrichments[].set_text", "Its text is"),
    ("enrichments[].set_identity", "Its identity is"),
    ("enrichments[].set_urgency", "Its urgency is"),
    ("mail.allowed_from", "Addresses that may send"),
    ("mail.same_subject", "Mails of the same subject are one alert"),
    ("mail.alias", "Another name before the @"),
    ("mail.rules[].do", "What such a mail does"),
    ("mail.rules[].cut_quotes", "What is quoted is left out"),
    ("mail.authentication", "What the mail server in front has found"),
    ("mail.authentication.host", "Name of that server"),
    ("mail.authentication.demand", "What must hold"),
    ("cloudwatch.insufficient_data_opens", "Too little data opens an incident"),
];

/// What there is to know of a field.
const HINTS: &[(&str, &str)] = &[
    ("levels", "Whoever stands on a level is asked together; who stands on the next, when nobody answered."),
    ("notification_rules", "An urgency that no rule names is told in the usual way."),
    ("support_hours", "Always where nothing is filled in."),
    (
        "mapping",
        "A path into the body, such as /job, or a text with fields of it, such as Job {{ job }} failed; of several, the first that says something counts.",
    ),
    ("urgencies", "What the sender calls how bad it is, and which urgency that is."),
    ("chat.url", "Of Telegram: the address of the bot's sendMessage."),
    ("webhook.secrets", "One on each line."),
    ("support_hours.timezone", "Such as Europe/Berlin."),
    ("support_hours.hours", "Such as 09:00 to 17:00; 24:00 is the end of the day. Every day where none is ticked."),
    ("support_hours.holidays", "A day on each line, such as 2026-12-25."),
    ("actions.add_tags", "One on each line."),
    ("group_by.fields", "One on each line, such as labels.cluster."),
    ("enrichments[].add_tags", "One on each line."),
    (
        "enrichments[].lookup.rows",
        "A row for each value that is known, such as db-1. Texts name its columns: {{ team }}.",
    ),
    ("mail.allowed_from", "One on each line."),
    ("cloudwatch.topics", "One on each line."),
];

/// What one of several is called.
const NOUNS: &[(&str, &str)] = &[
    ("levels", "level"),
    ("notification_rules", "rule"),
    ("notification_rules[].steps", "step"),
    ("support_hours.hours", "stretch of hours"),
    ("urgencies", "urgency"),
    ("enrichments", "enrichment"),
    ("enrichments[].extract", "text"),
    ("enrichments[].lookup.rows", "row"),
    ("enrichments[].lookup.rows[].holds", "column"),
    ("enrichments[].add_links", "link"),
    ("mail.rules", "rule"),
];

/// Of these it does not count which is first.
const UNORDERED: &[&str] =
    &["hours", "urgencies", "conditions", "firing_when", "resolved_when", "acknowledged_when", "ignore_when"];

/// Texts that may have several lines.
const LONG: &[&str] = &["add_note", "set_text"];

fn found(table: &[(&str, &'static str)], path: &str) -> Option<&'static str> {
    table.iter().find(|(known, _)| *known == path).map(|(_, words)| *words)
}

fn last(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}

/// What the field at a path such as `levels[].minutes` is called.
pub(super) fn label(path: &str) -> String {
    found(LABELS, path).map_or_else(|| words::label(last(path)), str::to_owned)
}

/// What there is to know of it.
pub(super) fn hint(path: &str) -> &'static str {
    found(HINTS, path).unwrap_or_default()
}

/// What one of the rows at this path is called.
pub(super) fn noun(path: &str) -> &'static str {
    let is_condition = path.ends_with("conditions") || path.ends_with("_when");
    found(NOUNS, path).unwrap_or(if is_condition { "condition" } else { "entry" })
}

/// Whether it counts which of the rows is first.
pub(super) fn is_ordered(path: &str) -> bool {
    !UNORDERED.contains(&last(path))
}

/// Whether a text may have several lines.
pub(super) fn is_long(path: &str) -> bool {
    LONG.contains(&last(path))
}
