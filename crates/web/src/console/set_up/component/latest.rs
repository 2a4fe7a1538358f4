//! The last alerts of a service and what became of them, of whichever integration they came by.

use crate::api::Wish;
use crate::console::seen::Seen;
use crate::console::set_up::kind::Kind;
use crate::console::time::Moment;
use crate::gate::Problem;
use domain::directory::ComponentKind;
use domain::{InstanceId, Instant};
use serde_json::Value;

/// Alerts that are shown.
const SHOWN: usize = 10;
/// Integrations of the service that are looked at.
const LOOKED_AT: usize = 8;

/// One alert.
#[derive(Clone, Debug)]
pub(super) struct Latest {
    pub(super) at: Moment,
    pub(super) title: String,
    pub(super) fate: String,
    pub(super) because: String,
    /// The number of its incident, as the console shows it.
    pub(super) incident: Option<i64>,
    /// Where its integration is, and what that is called.
    pub(super) by: (String, String),
}

/// The last ones, the newest first; nothing for what is no service.
pub(super) async fn latest(seen: &Seen<'_>, kind: Kind, name: &str) -> Result<Option<Vec<Latest>>, Problem> {
    if kind.kind != ComponentKind::Service || !seen.may(domain::permission::Action::Read) {
        return Ok(None);
    }
    let integrations = seen.snapshot.directory.integrations.by_name().into_iter();
    let of_it = integrations.filter(|entry| entry.component.service.as_deref() == Some(name)).take(LOOKED_AT);
    let mut found: Vec<Value> = Vec::new();
    for entry in of_it {
        let wish = Wish::default().with("integration", entry.ref_id.as_str()).with("limit", SHOWN);
        found.extend(seen.answer("alert-list", wish).await?.as_array().cloned().unwrap_or_default());
    }
    let text = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    // As it is written, a later time comes after an earlier one.
    found.sort_by_key(|one| std::cmp::Reverse(text(one, "received_at")));
    found.truncate(SHOWN);
    let mut latest = Vec::new();
    for one in &found {
        let id = one.get("instance_id").and_then(Value::as_i64);
        let incident = match id {
            // One that is gone has no page to lead to.
            Some(id) => seen.visit.app.engine.number_of(seen.reader(), InstanceId(id)).await.ok(),
            None => None,
        };
        let by = text(one, "integration");
        latest.push(Latest {
            at: seen.visit.clock.moment(Instant::parse(&(text(one, "received_at") + "Z")).unwrap_or(seen.now)),
            title: text(one, "title"),
            fate: text(one, "fate").replace('_', " "),
            because: text(one, "because"),
            incident,
            by: (Kind::of(ComponentKind::Integration).page(&by), by),
        });
    }
    Ok(Some(latest))
}
