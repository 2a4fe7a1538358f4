//! One's devices on the page about oneself: browsers that are pushed to, and this one.

use crate::console::form::Form;
use crate::console::seen::{Seen, wish};
use crate::console::time::Moment;
use crate::gate::{Problem, failed};
use directory::ListedDevice;

/// A browser that is pushed to.
pub(super) struct Device {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) made: Moment,
    /// When its push service last took a message.
    pub(super) last_success: Option<Moment>,
}

/// One's devices, the first one first.
pub(super) async fn devices(seen: &Seen<'_>) -> Result<Vec<Device>, Problem> {
    let administration = &seen.visit.app.administration;
    let own = seen.session.person.username.clone();
    let devices = administration.devices(seen.reader(), own).await.map_err(failed)?;
    let shown = |device: ListedDevice| Device {
        id: device.id,
        name: device.name,
        made: seen.visit.clock.moment(device.made_at),
        last_success: device.last_success_at.map(|at| seen.visit.clock.moment(at)),
    };
    Ok(devices.into_iter().map(shown).collect())
}

/// Makes this browser a device; what is said then.
pub(super) async fn add(seen: &Seen<'_>, form: &Form) -> Result<String, Problem> {
    let wish = wish("add-device", form).at("preferred_username", &seen.session.person.username);
    seen.ask("add-device", wish).await?;
    Ok("This device is pushed to from now on. Page yourself below to see that it arrives.".to_owned())
}

/// Removes a device; what is said then.
pub(super) async fn remove(seen: &Seen<'_>, id: &str, form: &Form) -> Result<String, Problem> {
    let wish = wish("remove-device", form).at("preferred_username", &seen.session.person.username);
    seen.ask("remove-device", wish.at("device_id", id)).await?;
    Ok("Nothing is pushed to that device any more.".to_owned())
}
