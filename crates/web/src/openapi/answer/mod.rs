//! Schemas of what a success says; a test holds them against the views.

mod audit;
mod fate;
mod me;
mod on_call;
mod provider;
mod reach;
mod rule;

use super::component;
use super::shape::nullable;
use crate::operation::Answer;
use domain::directory::Role;
use domain::incident::{EventType, Method, Status};
use serde_json::{Map, Value, json};

/// The name of an answer's schema.
pub(super) fn name(answer: Answer) -> &'static str {
    match answer {
        Answer::Success => "Success",
        Answer::NextAlert => "NextAlert",
        Answer::Created => "Created",
        Answer::Unmerged => "Unmerged",
        Answer::Components => "Components",
        Answer::IncidentNames => "IncidentNames",
        Answer::Incidents => "Incidents",
        Answer::Details => "Details",
        Answer::Alerts => "Alerts",
        Answer::Users => "Users",
        Answer::User => "User",
        Answer::OnCall => "OnCall",
        Answer::Component(kind) => component::name(kind),
        Answer::ComponentPage(kind) => component::page_name(kind),
        Answer::Removed => "Removed",
        Answer::Schedule => "Schedule",
        Answer::Occurrences => "Occurrences",
        Answer::Coverage => "Coverage",
        Answer::Preview => "Preview",
        Answer::Layer => "RoutineLayer",
        Answer::Layers => "RoutineLayers",
        Answer::Swap => "Swap",
        Answer::Swaps => "Swaps",
        Answer::Feed => "Feed",
        Answer::Contacts => "Contacts",
        Answer::Rules => "NotificationRules",
        Answer::Device => "Device",
        Answer::Devices => "Devices",
        Answer::Changed => "DirectoryChanged",
        Answer::Organization => "Organization",
        Answer::OrganizationChanged => "OrganizationChanged",
        Answer::Versions => "DirectoryVersions",
        Answer::Version => "DirectoryVersionFile",
        Answer::Diff => "DirectoryDiff",
        Answer::FilePlan => "DirectoryFilePlan",
        Answer::Drift => "DirectoryDrift",
        Answer::Keys => "Keys",
        Answer::NewKey => "NewKey",
        Answer::Providers => "SignInProviders",
        Answer::Provider => "SignInProvider",
        Answer::ProviderCheck => "SignInProviderCheck",
        Answer::CodeSent => "CodeSent",
        Answer::Notifications => "Notifications",
        Answer::Notices => "Notices",
        Answer::Fate => "AlertFate",
        Answer::Fates => "AlertFates",
        Answer::ChangeEvents => "ChangeEvents",
        Answer::Payloads => "Payloads",
        Answer::Tries => "Tries",
        Answer::RenewedKey => "RenewedKey",
        Answer::RuleTrial => "RuleTrial",
        Answer::Audit => "AuditRows",
        Answer::AuditExport => "AuditLines",
        Answer::Me => "Me",
        Answer::Sessions => "Sessions",
        Answer::Tokens => "Tokens",
        Answer::Shifts => "Shifts",
        Answer::Away => "Away",
        Answer::Cover => "Cover",
        Answer::Covers => "Covers",
        Answer::CoverCandidates => "CoverCandidates",
        Answer::NewToken => "NewToken",
        Answer::Invitations => "Invitations",
        Answer::Invited => "Invited",
        Answer::PersonData => "PersonData",
    }
}

/// The schemas of all answers, by name.
pub(super) fn schemas() -> Map<String, Value> {
    let list = |item: &str| json!({"type": "array", "items": {"$ref": format!("#/components/schemas/{item}")}});
    let schemas = [
        ("Success", json!({"type": "string", "const": "Success"})),
        ("NextAlert", object([("next_alert_timestamp", timestamp())])),
        ("Created", created()),
        ("Unmerged", object([("instance_id", number()), ("timestamp", timestamp())])),
        ("Components", list("Component")),
        ("Component", component()),
        ("IncidentNames", list("IncidentName")),
        ("IncidentName", incident_name()),
        ("Incidents", list("Incident")),
        ("Incident", incident(&["events", "notes"], task(&["text_msg"]))),
        ("Details", incident(&[], task(&[]))),
        ("Alerts", list("Alert")),
        ("Alert", alert()),
        ("Users", list("UserItem")),
        ("UserItem", user_item()),
        ("User", user()),
        ("OnCall", on_call::policies()),
        ("Schedule", on_call::schedule()),
        ("Occurrences", list_of(object([("from", timestamp()), ("until", timestamp())]))),
        ("Coverage", on_call::coverage()),
        ("Preview", on_call::preview()),
        ("RoutineLayer", json!({"anyOf": [on_call::layer(), {"$ref": "#/components/schemas/DryRun"}]})),
        ("RoutineLayers", list_of(on_call::layer())),
        ("Swap", on_call::made_swap()),
        ("Swaps", list_of(on_call::swap(nullable))),
        ("Feed", on_call::feed()),
        ("Contacts", list_of(reach::contact())),
        ("NotificationRules", reach::rules()),
        ("Device", reach::device()),
        ("Devices", list_of(reach::device())),
        ("CodeSent", reach::code_sent()),
        ("Notifications", list_of(reach::notification())),
        ("Notices", list_of(reach::notice())),
        ("AlertFate", fate::with_later()),
        ("AlertFates", list_of(fate::fate())),
        ("ChangeEvents", list_of(fate::change_event(&service()))),
        ("Payloads", list_of(fate::payload())),
        ("Tries", list_of(fate::tried())),
        ("RenewedKey", fate::renewed_key()),
        ("RuleTrial", rule::trial()),
        ("AuditRows", list_of(audit::row())),
        ("AuditLines", text()),
        ("SignInProviders", list_of(provider::provider())),
        ("SignInProvider", provider::provider()),
        ("SignInProviderCheck", provider::check()),
        ("Me", me::me()),
        ("Sessions", list_of(me::session())),
        ("Shifts", list_of(me::shift())),
        ("Away", me::away(list_of(on_call::swap(std::convert::identity)))),
        ("Cover", me::cover()),
        ("Covers", list_of(me::cover())),
        ("CoverCandidates", list_of(me::cover_candidate())),
        ("Invitations", list_of(object(me::invitation()))),
        ("Invited", me::invited()),
        ("PersonData", reach::person_data()),
    ];
    schemas.into_iter().map(|(name, schema)| (name.to_owned(), schema)).collect()
}

/// An object that always has all of these keys.
fn object<'a>(fields: impl IntoIterator<Item = (&'a str, Value)>) -> Value {
    let properties: Map<_, _> = fields.into_iter().map(|(key, schema)| (key.to_owned(), schema)).collect();
    let required: Vec<_> = properties.keys().cloned().collect();
    json!({"type": "object", "required": required, "properties": properties})
}

fn text() -> Value {
    json!({"type": "string"})
}

fn number() -> Value {
    json!({"type": "integer", "minimum": 1})
}

fn count() -> Value {
    json!({"type": "integer", "minimum": 0})
}

fn urgency() -> Value {
    json!({"type": "integer", "minimum": 1, "maximum": 5})
}

fn timestamp() -> Value {
    json!({"type": "string", "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}$"})
}

fn status() -> Value {
    json!({"type": "string", "enum": Status::ALL.map(Status::word)})
}

fn role() -> Value {
    json!({"type": "string", "enum": Role::WORDS})
}

/// A list of so many. Not `prefixItems`, which many generators of clients, and the fuzzer in answers, cannot read.
fn tuple(length: usize, item: Value, description: &str) -> Value {
    let mut tuple = list_of(item);
    tuple["minItems"] = json!(length);
    tuple["maxItems"] = json!(length);
    tuple["description"] = json!(description);
    tuple
}

fn list_of(item: Value) -> Value {
    json!({"type": "array", "items": item})
}

fn service() -> Value {
    nullable(tuple(2, text(), "Name, then id."))
}

fn assignees() -> Value {
    list_of(tuple(3, nullable(text()), "Display name, preferred username, then picture or null."))
}

fn created() -> Value {
    let always_true = || json!({"type": "boolean", "const": true});
    let base = || [("instance_id", number()), ("timestamp", timestamp())];
    let suppressed = [
        ("instance_id", json!({"type": "null"})),
        ("timestamp", timestamp()),
        ("suppressed", always_true()),
        ("rule", text()),
    ];
    json!({"anyOf": [
        object(base()),
        object(base().into_iter().chain([("deduplicated", always_true())])),
        object(suppressed),
    ]})
}

fn component() -> Value {
    let mut component = object([("name", text()), ("ref_id", text())]);
    component["description"] =
        json!("Has the same id once more under the name that requests use, and what its kind adds.");
    component
}

fn incident_name() -> Value {
    object([
        ("name", text()),
        ("ref_id", text()),
        ("instance_id", number()),
        ("organization_instance_id", number()),
        ("task_ref_id", text()),
        ("status", status()),
        ("urgency_level", urgency()),
        ("instance_timestamp", timestamp()),
    ])
}

fn event() -> Value {
    object([
        ("event_type", json!({"type": "string", "enum": words(EventType::ALL, EventType::word)})),
        ("event_timestamp", timestamp()),
        ("event_method", json!({"type": "string", "enum": words(&Method::ALL, Method::word)})),
        ("event_by", nullable(text())),
        ("event_date", json!({"type": "string", "format": "date"})),
        ("event_log", json!({"type": "string", "contentMediaType": "application/json"})),
        ("instance_id", number()),
    ])
}

fn words<T: Copy>(all: &[T], word: impl Fn(T) -> &'static str) -> Vec<&'static str> {
    all.iter().map(|one| word(*one)).collect()
}

fn incident(without: &[&str], task: Value) -> Value {
    let impact = object([("name", text()), ("business_service_ref_id", text())]);
    let said = |what: &'static str| object([(what, text()), ("timestamp", timestamp()), ("by", nullable(text()))]);
    let fields = [
        ("impacted_business_services", nullable(list_of(impact))),
        ("conference_bridges", nullable(list_of(text()))),
        ("instance_timestamp", timestamp()),
        ("last_alert_timestamp", timestamp()),
        ("subscribers", nullable(list_of(tuple(2, text(), "Display name, then preferred username.")))),
        ("resolved_on", nullable(timestamp())),
        ("status_update", nullable(list_of(said("status_update")))),
        ("organization_instance_id", number()),
        ("status", status()),
        ("events", list_of(event())),
        ("notes", list_of(said("notes"))),
        ("task", task),
        ("assignee_level", number()),
        ("assignees", assignees()),
        ("state_timestamp", timestamp()),
        ("instance_id", number()),
        ("next_alert_timestamp", timestamp()),
        ("dedup_key", nullable(text())),
        ("suppressed_count", count()),
        ("last_suppressed_timestamp", nullable(timestamp())),
        ("merged_into", nullable(number())),
    ];
    object(fields.into_iter().filter(|(key, _)| !without.contains(key)))
}

fn task(without: &[&str]) -> Value {
    let fields = [
        ("integration_key", nullable(text())),
        ("services", service()),
        ("assignees", assignees()),
        ("task_ref_id", text()),
        ("related_task_id", text()),
        ("task_timezone", text()),
        ("labels", nullable(list_of(text()))),
        ("text_msg", text()),
        ("with_completion_notice", json!({"type": "boolean"})),
        ("integration_name", nullable(text())),
        ("task_title", text()),
        ("urgency_level", urgency()),
        ("created_by", nullable(text())),
        ("task_id", text()),
        ("repeat", json!({"type": "null"})),
        ("task_time", json!({"type": "string", "pattern": "^[0-9]{2}:[0-9]{2}:00$"})),
        ("start_date", json!({"type": "string", "format": "date"})),
    ];
    object(fields.into_iter().filter(|(key, _)| !without.contains(key)))
}

fn alert() -> Value {
    object([
        ("text_msg", text()),
        ("organization_instance_id", number()),
        ("timestamp", timestamp()),
        ("integration_name", nullable(text())),
        ("urgency_level", urgency()),
        ("instance_id", number()),
        ("task_title", text()),
        ("task_ref_id", text()),
        ("status", json!({"type": "string", "enum": ["TRIGGERED", "GROUPED"]})),
        ("services", service()),
        ("resolved_on", nullable(timestamp())),
        ("identity", nullable(text())),
        ("labels", json!({"type": "object", "additionalProperties": text()})),
        ("links", list_of(list_of(text()))),
        ("images", list_of(text())),
    ])
}

fn user_item() -> Value {
    object([
        ("preferred_username", text()),
        ("display_name", text()),
        ("email", nullable(text())),
        ("user_role", role()),
        ("job_title", nullable(text())),
        ("is_locked", json!({"type": "boolean"})),
    ])
}

fn user() -> Value {
    object([
        ("email", nullable(text())),
        ("first_name", nullable(text())),
        ("last_name", nullable(text())),
        ("iso_country_code", nullable(text())),
        ("country_code", nullable(text())),
        ("phone", nullable(text())),
        ("preferred_username", text()),
        ("taskcall_email", nullable(text())),
        ("timezone", nullable(text())),
        ("language", nullable(text())),
        ("profile_picture", nullable(text())),
        ("user_role", role()),
        ("job_title", nullable(text())),
        ("tags", list_of(text())),
    ])
}
