//! Operations about devices: browsers that a person allowed to be pushed to.

use super::super::{App, Success};
use crate::gate::{Caller, Fields, Problem, failed};
use crate::operation::Change;
use crate::view;
use ::directory::NewDevice;
use domain::Username;
use engine::Asker;
use notify::carrier::device_fault;

/// Lists a person's.
pub(in crate::api) async fn devices(app: &App, caller: &Caller, fields: &Fields) -> Result<Success, Problem> {
    let devices = app.administration.devices(caller.reader(), person(fields)).await.map_err(failed)?;
    Success::json(&devices.iter().map(view::contact::device).collect::<Vec<_>>())
}

/// Makes one, or removes it.
pub(super) async fn change(app: &App, change: Change, asker: Asker, fields: &Fields) -> Result<Success, Problem> {
    if change == Change::RemoveDevice { remove(app, asker, fields).await } else { add(app, asker, fields).await }
}

/// Makes one of what a browser says.
async fn add(app: &App, asker: Asker, fields: &Fields) -> Result<Success, Problem> {
    let [name, endpoint, p256dh, auth] =
        ["name", "endpoint", "p256dh", "auth"].map(|field| fields.required_text(field).trim().to_owned());
    if name.is_empty() || name.chars().any(char::is_control) {
        return Err(Problem::invalid(vec!["name: must be a name of one line".to_owned()]));
    }
    let device = NewDevice { name, endpoint, p256dh, auth }.device();
    if let Some((field, fault)) = device_fault(&device) {
        return Err(Problem::invalid(vec![format!("{field}: {fault}")]));
    }
    let made = app.administration.add_device(asker, person(fields), device).await.map_err(failed)?;
    Success::json(&view::contact::device(&made))
}

/// Removes one.
async fn remove(app: &App, asker: Asker, fields: &Fields) -> Result<Success, Problem> {
    let id = fields.required_text("device_id");
    app.administration.remove_device(asker, person(fields), id).await.map_err(failed)?;
    Success::json(&"Success")
}

fn person(fields: &Fields) -> Username {
    Username(fields.required_text("preferred_username"))
}
