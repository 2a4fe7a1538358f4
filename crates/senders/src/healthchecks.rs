//! Healthchecks' webhook, by the template that our documents give: its placeholders as members (intake §3.5).

use crate::members::{Object, text};
use crate::times::time;
use crate::titles::entitle;
use domain::intake::{Received, State};
use serde_json::Value;

/// One alert; `None` without the code of a check.
pub(crate) fn read(body: &Object) -> Option<Vec<Received>> {
    let code = text(body, "code")?;
    let status = text(body, "status").unwrap_or_default().to_lowercase();
    let mut received = Received::of(if status == "up" { State::Resolved } else { State::Firing });
    if !matches!(status.as_str(), "up" | "down") {
        received.repairs.push("`status` is neither up nor down: taken as down".to_owned());
    }
    let name = text(body, "name").unwrap_or_else(|| format!("Check {code}"));
    received.identity = Some(code);
    let state = if received.state == State::Resolved { "up" } else { "down" };
    entitle(&mut received, &format!("{name} is {state}"), text(body, "body").unwrap_or_default());
    let tags = text(body, "tags").unwrap_or_default();
    received.tags = tags.split_whitespace().map(str::to_owned).collect();
    received.labels.insert("check".to_owned(), name);
    received.occurred_at = body.get("now").and_then(time);
    received.says_no_beginning = true;
    received.payload = Value::Object(body.clone());
    Some(vec![received])
}
