//! What became of alerts, what came to an integration, and another key for one.

pub(super) mod alert;
pub(super) mod change_event;

use crate::api::{App, Success};
use crate::gate::{Caller, Fields, Problem, failed};
use crate::view;
use directory::Renewal;
use domain::directory::dashed_key;
use domain::limits;
use engine::{Asker, Fates, FatesAsked};
use serde_json::json;

pub(super) async fn fate(app: &App, caller: &Caller, fields: &Fields) -> Result<Success, Problem> {
    let found = app.engine.fate(caller.reader(), fields.required_text("alert_id")).await.map_err(failed)?;
    Success::json(&view::fate::one(&found.fates, &found.snapshot.directory))
}

pub(super) async fn fates(app: &App, caller: &Caller, fields: &Fields) -> Result<Success, Problem> {
    let text = |name: &str| fields.text(name).map(str::to_owned);
    let asked = FatesAsked {
        integration: text("integration"),
        service: text("service"),
        identity: text("identity"),
        instance_id: fields.instance_id("instance_id"),
        fate: text("fate"),
        since: fields.instant("since"),
        until: fields.instant("until"),
        after: text("after"),
    };
    let limit = fields.limit(limits::PAGE_DEFAULT);
    // One more than asked for tells whether there is a next page.
    let Fates { mut fates, snapshot } =
        app.engine.fates(caller.reader(), asked.clone(), limit + 1).await.map_err(failed)?;
    let size = usize::try_from(limit).unwrap_or(usize::MAX);
    let has_more = fates.len() > size;
    fates.truncate(size);
    let mut success = Success::json(&view::fate::list(&fates, &snapshot.directory))?;
    success.link = fates.last().filter(|_| has_more).map(|last| next(&asked, limit, last.alert_id.as_str()));
    Ok(success)
}

/// The link to the next page, which asks for the same.
fn next(asked: &FatesAsked, limit: u32, after: &str) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("limit", &limit.to_string()).append_pair("after", after);
    let instance_id = asked.instance_id.map(|id| id.to_string());
    let (since, until) = (asked.since.map(|at| at.wire()), asked.until.map(|at| at.wire()));
    let given = [
        ("integration", &asked.integration),
        ("service", &asked.service),
        ("identity", &asked.identity),
        ("instance_id", &instance_id),
        ("fate", &asked.fate),
        ("since", &since),
        ("until", &until),
    ];
    for (name, value) in given {
        if let Some(value) = value {
            query.append_pair(name, value);
        }
    }
    format!("</v1/alerts?{}>; rel=\"next\"", query.finish())
}

pub(super) async fn payloads(app: &App, caller: &Caller, fields: &Fields) -> Result<Success, Problem> {
    let name = fields.required_text("integration_ref_id");
    let (_, found) = app.engine.payloads(caller.reader(), name).await.map_err(failed)?;
    Success::json(&found.iter().map(view::fate::payload).collect::<Vec<_>>())
}

/// Gives an integration another key, and tells it.
pub(super) async fn rotate_key(app: &App, asker: Asker, fields: &Fields) -> Result<Success, Problem> {
    let hours = fields.number("overlap_hours").and_then(|hours| u32::try_from(hours).ok());
    let integration = fields.required_text("integration_ref_id");
    let renewal = Renewal { integration, overlap_hours: hours.unwrap_or(limits::OVERLAP_HOURS) };
    let renewed = app.administration.renew_integration_key(asker, renewal).await.map_err(failed)?;
    let reached_at = (app.notifier.public_url(), app.settings.mail_domain.as_deref());
    let (url, address) = view::component::reached(renewed.kind, &renewed.digits, reached_at);
    Success::json(&json!({
        "integration_ref_id": renewed.integration,
        "integration_key": dashed_key(&renewed.digits),
        "url": url,
        "address": address,
        "key_before_ends_at": renewed.before_ends_at.wire(),
    }))
}
