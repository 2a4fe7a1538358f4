//! The audit log, a page at a time, and its export in pieces.

use super::{App, Success};
use crate::gate::{Caller, Fields, Problem, failed};
use directory::audit::{AuditAsked, Period};
use domain::limits;

pub(super) async fn list(app: &App, caller: &Caller, fields: &Fields) -> Result<Success, Problem> {
    let text = |name: &str| fields.text(name).map(str::to_owned);
    let asked = AuditAsked {
        since: fields.instant("since"),
        until: fields.instant("until"),
        actor: text("actor"),
        action: text("action"),
        object: text("object"),
        way: text("way"),
        after: fields.number("after"),
    };
    let limit = fields.limit(limits::AUDIT_PAGE_DEFAULT);
    let page = app.administration.audit(caller.reader(), asked.clone(), limit).await.map_err(failed)?;
    let next = page.next.map(|after| next(&asked, limit, after));
    let rows: Vec<String> = page.rows.into_iter().map(|row| row.json).collect();
    Ok(Success::text("application/json", format!("[{}]", rows.join(",")), next))
}

/// The link to the next page, which asks for the same.
fn next(asked: &AuditAsked, limit: u32, after: i64) -> String {
    let at = |at: Option<domain::Instant>| at.map(|at| at.wire());
    let given = [
        ("limit", Some(limit.to_string())),
        ("after", Some(after.to_string())),
        ("since", at(asked.since)),
        ("until", at(asked.until)),
        ("actor", asked.actor.clone()),
        ("action", asked.action.clone()),
        ("object", asked.object.clone()),
        ("way", asked.way.clone()),
    ];
    link("/v1/audit", given)
}

pub(super) async fn export(app: &App, caller: &Caller, fields: &Fields) -> Result<Success, Problem> {
    let period = Period { since: fields.instant("since"), until: fields.instant("until") };
    let asker = caller.asker(None, None);
    let after = fields.number("after").unwrap_or_default();
    let piece = app.administration.audit_export(asker, period, after).await.map_err(failed)?;
    let at = |at: Option<domain::Instant>| at.map(|at| at.wire());
    let next = piece.next.map(|next| {
        let given = [("after", Some(next.to_string())), ("since", at(period.since)), ("until", at(period.until))];
        link("/v1/audit/export", given)
    });
    Ok(Success::text("application/x-ndjson", piece.lines, next))
}

/// A link to what follows, with what is given.
fn link<const PAIRS: usize>(path: &str, given: [(&str, Option<String>); PAIRS]) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, value) in given {
        if let Some(value) = value {
            query.append_pair(name, &value);
        }
    }
    format!("<{path}?{}>; rel=\"next\"", query.finish())
}
