//! What became of a request, which its clients ask for right after it.

use super::refused::Refused;
use super::{answer, authenticated, shown};
use crate::api::App;
use crate::gate::failed;
use crate::intake::key::Shown;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::Response;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use domain::RefId;
use domain::intake::{AlertFate, Fate};
use serde_json::{Value, json};
use std::borrow::Cow;
use std::fmt::Write;

/// What is asked, as the title of a fate has it: the original's word for it, and what it says when it is done.
const ACTIONS: [(&str, &str, &str); 17] = [
    ("close", "Close", "Closed alert"),
    ("acknowledge", "Acknowledge", "Acknowledged alert"),
    ("unacknowledge", "UnAcknowledge", "Unacknowledged alert"),
    ("notes", "Add Note", "Added note"),
    ("message", "Update Message", "Updated alert"),
    ("description", "Update Description", "Updated alert"),
    ("priority", "Update Priority", "Updated priority"),
    ("tags", "Add Tags", "Added tags"),
    ("remove tags", "Remove Tags", "Removed tags"),
    ("details", "Add Details", "Added details"),
    ("remove details", "Remove Details", "Removed details"),
    ("snooze", "Snooze", "Snoozed alert"),
    ("escalate", "Escalate", "Escalated alert"),
    ("assign", "Assign Owner", "Assigned alert"),
    ("responders", "Add Responder", "Added responder"),
    ("teams", "Add Team", "Added team"),
    ("actions", "Custom Action", "Added note of the action, which is not known here"),
];

/// `GET /v2/alerts/requests/{id}`.
pub(in crate::intake) async fn request_status(app: &App, id: &str, request: Request) -> Response {
    answer(app, StatusCode::OK, status_of(app, id, request).await)
}

async fn status_of(app: &App, id: &str, request: Request) -> Result<Value, Refused> {
    let known = authenticated(app, &Shown::by(app, &request)).await?;
    let found = match alert_id(id) {
        Some(alert) => {
            app.engine.fate_for_sender(known.organization, known.ref_id.clone(), alert).await.map_err(failed)?
        }
        None => None,
    };
    let unknown = || Refused::not_found("Request not found. It might not be processed, yet.");
    let (fate, had_incident) = found.ok_or_else(unknown)?;
    let said: Value = serde_json::from_str(&fate.body).unwrap_or_default();
    let is_created = said["state"] == "firing";
    let action = ACTIONS.iter().find(|(word, ..)| !is_created && said["title"] == *word);
    let (success, status) = outcome(&fate, action.map(|(word, _, done)| (*word, *done)), had_incident);
    // Both spellings: clients read one or the other.
    Ok(json!({"data": {
        "success": success,
        "isSuccess": success,
        "action": action.map_or("Create", |(_, name, _)| name),
        "processedAt": shown::time(fate.received_at),
        "integrationId": fate.integration,
        "status": status,
        "alertId": fate.alert_id,
        "alias": said["identity"],
    }}))
}

/// Whether what was asked is so now, be it that it was before, in the words that clients look for.
fn outcome(fate: &AlertFate, action: Option<(&str, &'static str)>, had_incident: bool) -> (bool, Cow<'static, str>) {
    let because = fate.judged.because.as_deref().unwrap_or_default();
    let (word, done) = action.unwrap_or(("create", "Created alert"));
    let (success, status) = match fate.judged.fate {
        Fate::Resolved if because == "resolved_before" => (true, "Alert is already closed"),
        Fate::Resolved | Fate::Transient => (true, "Closed alert"),
        Fate::Acknowledged if because == "acknowledged_before" => (true, "Alert is already acknowledged"),
        Fate::Acknowledged => (true, "Acknowledged alert"),
        Fate::Noted if action.is_none() => (true, "Added note, since the alert was closed here"),
        Fate::Noted => (true, done),
        Fate::Repeated => (true, "Request was processed before"),
        Fate::Ignored if word == "close" && because == "nothing_open" && had_incident => {
            (true, "Alert is already closed")
        }
        Fate::Ignored if because == "nothing_open" => (false, "There is no open alert"),
        Fate::Ignored if because == "not_acknowledged" => (true, "Alert is already unacknowledged"),
        Fate::Ignored | Fate::Stale | Fate::Unmappable => {
            return (false, format!("Alert was not changed: {because}").into());
        }
        Fate::Opened
        | Fate::Reopened
        | Fate::Joined
        | Fate::Grouped
        | Fate::Held
        | Fate::Maintenance
        | Fate::Flapping => (true, done),
        Fate::Suppressed | Fate::Disabled => (true, "Request was taken, and a rule or a switch keeps it quiet"),
    };
    (success, status.into())
}

/// An alert's id as the UUID that it is made of.
pub(super) fn request_id(alert: &RefId) -> String {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(alert.as_str()).unwrap_or_default();
    let mut text = String::with_capacity(36);
    for (place, byte) in bytes.iter().enumerate() {
        if matches!(place, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// The way back.
pub(super) fn alert_id(request: &str) -> Option<String> {
    let digits = domain::directory::key_digits(request)?;
    let byte = |place: usize| u8::from_str_radix(digits.get(2 * place..2 * place + 2)?, 16).ok();
    let bytes: Option<Vec<u8>> = (0..16).map(byte).collect();
    Some(BASE64_URL_SAFE_NO_PAD.encode(bytes?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_known_by_the_uuid_of_its_alert() {
        let alert = RefId::from("gCX2Sg9HSDCxgYXOR0RCqA");
        assert_eq!(request_id(&alert), "8025f64a-0f47-4830-b181-85ce474442a8");
        assert_eq!(alert_id(&request_id(&alert)).as_deref(), Some(alert.as_str()));
        for wrong in ["", "x", "8025f64a-0f47-4830-b181-85ce474442a"] {
            assert_eq!(alert_id(wrong), None, "{wrong}");
        }
    }
}
