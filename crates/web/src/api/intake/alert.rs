//! Ending one alert by hand, and who may.

use crate::api::{App, Success};
use crate::gate::{Caller, Fields, Problem, failed};
use domain::directory::ComponentKind;
use domain::permission::{Action, Answer, Object};
use domain::{RefId, Refusal};
use engine::{AlertToEnd, Asker, Failure};

fn asked(fields: &Fields) -> AlertToEnd {
    AlertToEnd { alert: RefId(fields.required_text("alert_id")), instance_id: fields.instance_id("instance_id") }
}

pub(in crate::api) async fn end(app: &App, asker: Asker, fields: &Fields) -> Result<Success, Problem> {
    app.engine.end_alert(asker, asked(fields)).await.map_err(failed)?;
    Success::json(&"Success")
}

/// What the table of rights says of ending this alert: by the incident that it is in, or else by what it came by.
///
/// # Errors
/// `unknown_alert`, also where the alert is hidden from who asks; otherwise as the store says.
pub(in crate::api) async fn answer(app: &App, caller: &Caller, fields: &Fields) -> Result<Answer, Problem> {
    let asked = asked(fields);
    let unknown = Refusal::UnknownAlert { field: "alert_id", task_ref_id: asked.alert.to_string() };
    let (place, snapshot) = app.engine.alert_place(caller.reader(), asked).await.map_err(failed)?;
    let (rights, directory) = (caller.reader(), &snapshot.directory);
    let rights = rights.rights(&snapshot);
    let owner = |kind| place.integration.as_ref().and_then(|id| directory.owner(kind, id.as_str()));
    let object = match &place.incident {
        Some(incident) => rights.incident(incident),
        None => {
            let team = owner(ComponentKind::Integration).or_else(|| owner(ComponentKind::Heartbeat));
            Object { team, ..Object::default() }
        }
    };
    match rights.to(Action::ActOnIncident, object) {
        Answer::Hidden => Err(failed(Failure::Refused(unknown))),
        answer => Ok(answer),
    }
}
