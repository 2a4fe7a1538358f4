//! Trying an alert on the rules: one that came, one that is pasted, or one that is described.

use super::row::condition;
use crate::api::Wish;
use crate::console::form::Form;
use crate::console::piece::{StateBadge, channel_word};
use crate::console::seen::Seen;
use crate::gate::{Problem, failed};
use domain::intake::AlertFate;
use domain::notification::Channel;
use domain::{Instant, Urgency, Username};
use engine::FatesAsked;
use serde_json::Value;

/// Alerts that came, of which one may be chosen.
const LAST: u32 = 20;
/// Letters of their titles.
const LETTERS: usize = 80;
/// Rules that are told one by one.
const TOLD: usize = 100;
/// The urgency of what says none.
const USUAL: &str = "4";

/// The form, and what came of it.
#[derive(Clone, Debug)]
pub(super) struct Trial {
    /// Alerts that came: id and words.
    pub(super) alerts: Vec<(String, String)>,
    pub(super) alert: String,
    pub(super) payload: String,
    pub(super) integrations: Vec<String>,
    pub(super) integration: String,
    pub(super) title: String,
    pub(super) services: Vec<String>,
    pub(super) service: String,
    pub(super) urgencies: Vec<(String, &'static str)>,
    pub(super) urgency: String,
    pub(super) tags: String,
    pub(super) refused: Vec<String>,
    pub(super) told: Option<Told>,
}

/// What came of it.
#[derive(Clone, Debug)]
pub(super) struct Told {
    pub(super) title: String,
    /// What would come of it, in sentences.
    pub(super) outcome: Vec<String>,
    /// Who would be asked, by what, when.
    pub(super) pages: Vec<String>,
    pub(super) rules: Vec<ToldRule>,
    /// So many rules more than are told.
    pub(super) more: usize,
}

/// A rule as it was judged.
#[derive(Clone, Debug)]
pub(super) struct ToldRule {
    pub(super) position: i64,
    pub(super) name: String,
    pub(super) state: StateBadge,
    /// What else there is to say of it.
    pub(super) notes: Vec<String>,
    /// Each condition with what it saw, and whether it holds.
    pub(super) conditions: Vec<(String, String, bool)>,
}

impl Trial {
    /// The form, as it was filled in.
    ///
    /// # Errors
    /// As the store says.
    pub(super) async fn of(seen: &Seen<'_>, form: &Form) -> Result<Self, Problem> {
        let directory = &seen.snapshot.directory;
        let engine = &seen.visit.app.engine;
        let last = engine.fates(seen.reader(), FatesAsked::default(), LAST).await.map_err(failed)?;
        let text = |name: &str| form.text(name).to_owned();
        let urgencies = Urgency::ALL.iter().rev().map(|urgency| (urgency.number().to_string(), urgency.word()));
        Ok(Self {
            alerts: last.fates.iter().map(|fate| (fate.alert_id.to_string(), came(seen, fate))).collect(),
            alert: text("alert_id"),
            payload: text("payload"),
            integrations: directory.integrations.by_name().iter().map(|entry| entry.component.name.clone()).collect(),
            integration: text("integration"),
            title: text("title"),
            services: directory.services.by_name().iter().map(|entry| entry.component.name.clone()).collect(),
            service: text("service"),
            urgencies: urgencies.collect(),
            urgency: form.get("urgency").unwrap_or(USUAL).to_owned(),
            tags: text("tags"),
            refused: Vec::new(),
            told: None,
        })
    }
}

/// When an alert came, by what, and what it said.
fn came(seen: &Seen<'_>, fate: &AlertFate) -> String {
    let directory = &seen.snapshot.directory;
    let body: Value = serde_json::from_str(&fate.body).unwrap_or_default();
    let title: String = body["title"].as_str().unwrap_or_default().chars().take(LETTERS).collect();
    let by = directory.integrations.with_ref(fate.integration.as_str()).map(|entry| entry.component.name.as_str());
    let at = seen.visit.clock.moment(fate.received_at).absolute;
    format!("{at} · {} · {title}", by.unwrap_or("a heartbeat"))
}

/// Tries what the form says: a body, else what is described, else an alert that came.
pub(super) async fn tried(seen: &Seen<'_>, form: &Form) -> Result<Told, Problem> {
    let mut wish = Wish::default();
    let mut say = |name: &str, value: Value| drop(wish.body.insert(name.to_owned(), value));
    let text = |name: &str| form.text(name).trim();
    let has_body = !text("payload").is_empty();
    if has_body && !text("integration").is_empty() {
        say("integration_ref_id", text("integration").into());
        say("payload", text("payload").into());
    } else if !text("title").is_empty() {
        say("title", text("title").into());
        if has_body {
            let wrong = |error: serde_json::Error| Problem::invalid(vec![format!("payload: is no JSON: {error}")]);
            say("payload", serde_json::from_str(text("payload")).map_err(wrong)?);
        }
        if let Ok(urgency) = text("urgency").parse::<i64>() {
            say("urgency_level", urgency.into());
        }
        let tags: Vec<_> = text("tags").split(',').map(str::trim).filter(|tag| !tag.is_empty()).collect();
        say("tags", tags.into());
        if !text("service").is_empty() {
            say("service_ref_id", text("service").into());
        }
    } else if has_body {
        let words = "payload: choose the integration that reads it, or say what its title is".to_owned();
        return Err(Problem::invalid(vec![words]));
    } else if text("alert_id").is_empty() {
        let words = "alert: choose one that came, paste one, or describe one".to_owned();
        return Err(Problem::invalid(vec![words]));
    } else {
        say("alert_id", text("alert_id").into());
    }
    Ok(told(seen, &seen.answer("try-routing-rules", wish).await?))
}

fn told(seen: &Seen<'_>, trial: &Value) -> Told {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let all = list(&trial["rules"]);
    let applied = trial["rule"].as_str();
    Told {
        title: trial["title"].as_str().unwrap_or_default().to_owned(),
        outcome: outcome(trial),
        pages: list(&trial["pages"]).iter().map(|page| asked(seen, page)).collect(),
        rules: all.iter().take(TOLD).map(|rule| judged(rule, applied)).collect(),
        more: all.len().saturating_sub(TOLD),
    }
}

fn outcome(trial: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut lines = vec![match trial["rule"].as_str() {
        Some(rule) => format!("The rule {rule} is applied."),
        None => "No rule fits, so it goes on as it is.".to_owned(),
    }];
    let incident = &trial["incident"];
    lines.push(match (trial["suppressed"] == true, incident.is_null()) {
        (true, _) => "No incident is made, and nobody is asked.".to_owned(),
        (false, true) => "It names nobody, so no incident would be made.".to_owned(),
        (false, false) => {
            let level = incident["urgency_level"].as_i64().and_then(|level| Urgency::try_from(level).ok());
            let on = incident["service"].as_str().map(|service| format!(" on {service}")).unwrap_or_default();
            format!("An incident is made: {}, {}{on}.", text(&incident["title"]), level.map_or("", Urgency::word))
        }
    });
    if let Some(tags) = incident["tags"].as_array().filter(|tags| !tags.is_empty()) {
        lines.push(format!("Its tags: {}.", tags.iter().map(text).collect::<Vec<_>>().join(", ")));
    }
    if !incident.is_null() && trial["pages"].as_array().is_none_or(Vec::is_empty) {
        lines.push("Nobody would be asked.".to_owned());
    }
    if trial["is_whole"] == false {
        let words = "The body that it came in is not kept any more: only its title, identity and urgency were tried.";
        lines.push(words.to_owned());
    }
    lines
}

fn asked(seen: &Seen<'_>, page: &Value) -> String {
    let name = Username::from(page["username"].as_str().unwrap_or_default());
    let channel = page["channel"].as_str().and_then(Channel::from_word).map_or("", channel_word);
    let due = Instant::parse(&format!("{}Z", page["due_at"].as_str().unwrap_or_default())).unwrap_or(seen.now);
    let when = seen.visit.clock.moment(due).relative;
    format!("{} by {channel}, {when}", seen.snapshot.directory.shown_name(&name))
}

fn judged(rule: &Value, applied: Option<&str>) -> ToldRule {
    let is = |key: &str| rule[key] == true;
    let name = rule["rule"].as_str().unwrap_or_default();
    let state = match (applied == Some(name), is("fits"), is("is_enabled")) {
        (true, ..) => StateBadge::new("good", "is applied"),
        (false, true, _) => StateBadge::new("warn", "would fit, but an earlier one is applied"),
        (false, false, false) => StateBadge::new("over", "off"),
        (false, false, true) => StateBadge::new("over", "does not fit"),
    };
    let conditions = rule["conditions"].as_array().map(Vec::as_slice).unwrap_or_default();
    let mut notes = Vec::new();
    if !is("is_in_hours") {
        notes.push("Its days and hours are not now.".to_owned());
    }
    if let Some(least) = rule["minimum"].as_u64().filter(|least| *least < conditions.len() as u64) {
        notes.push(format!("At least {least} must hold."));
    }
    if conditions.is_empty() {
        notes.push("It has no condition.".to_owned());
    }
    let each = |judged: &Value| {
        let saw = match &judged["seen"] {
            Value::Null => "nothing".to_owned(),
            value => value.to_string(),
        };
        (condition(&judged["condition"]), saw, judged["holds"] == true)
    };
    ToldRule {
        position: rule["position"].as_i64().unwrap_or_default(),
        name: name.to_owned(),
        state,
        notes,
        conditions: conditions.iter().map(each).collect(),
    }
}
