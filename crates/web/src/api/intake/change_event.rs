//! What somebody changed.

use crate::api::{App, Success};
use crate::gate::{Caller, Fields, Problem, failed};
use crate::view;
use domain::limits;
use engine::ChangeEventsAsked;

pub(in crate::api) async fn list(app: &App, caller: &Caller, fields: &Fields) -> Result<Success, Problem> {
    let text = |name: &str| fields.text(name).map(str::to_owned);
    let asked = ChangeEventsAsked {
        service: text("service"),
        integration: text("integration"),
        instance_id: fields.instance_id("instance_id"),
        since: fields.instant("since"),
        until: fields.instant("until"),
        after: text("after"),
    };
    let limit = fields.limit(limits::PAGE_DEFAULT);
    // One more than asked for tells whether there is a next page.
    let found = app.engine.change_events(caller.reader(), asked.clone(), limit + 1).await;
    let (mut events, snapshot) = found.map_err(failed)?;
    let size = usize::try_from(limit).unwrap_or(usize::MAX);
    let has_more = events.len() > size;
    events.truncate(size);
    let mut success = Success::json(&view::change_event::list(&events, &snapshot.directory))?;
    success.link = events.last().filter(|_| has_more).map(|last| next(&asked, limit, last.id.as_str()));
    Ok(success)
}

/// The link to the next page, which asks for the same.
fn next(asked: &ChangeEventsAsked, limit: u32, after: &str) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("limit", &limit.to_string()).append_pair("after", after);
    let given = [
        ("service", asked.service.clone()),
        ("integration", asked.integration.clone()),
        ("instance_id", asked.instance_id.map(|id| id.to_string())),
        ("since", asked.since.map(|at| at.wire())),
        ("until", asked.until.map(|at| at.wire())),
    ];
    for (name, value) in given {
        if let Some(value) = value {
            query.append_pair(name, &value);
        }
    }
    format!("</v1/change-events?{}>; rel=\"next\"", query.finish())
}
