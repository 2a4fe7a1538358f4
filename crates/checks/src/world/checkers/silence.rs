//! Who has answered is left in peace.

use domain::incident::Happening;
use domain::{InstanceId, OrganizationId};
use store::{NotificationId, Tx};

use super::{Checker, View};
use crate::world::carriers::Handed;
use crate::world::sight::Known;

/// Looks at every message that pages somebody.
pub(super) struct Silence;

impl Checker for Silence {
    fn promise(&self) -> &'static str {
        "nobody is paged for an incident after somebody acknowledged, snoozed, reassigned or resolved it"
    }

    fn check(&mut self, view: &View<'_>) -> Vec<String> {
        view.handed.iter().flat_map(|handed| too_late(view, handed)).collect()
    }
}

fn too_late(view: &View<'_>, handed: &Handed) -> Vec<String> {
    let mut broken = Vec::new();
    for (id, version) in &handed.about {
        let Some(known) = view.sight.incidents.get(id) else { continue };
        let Some(ended) = ended(known, *version) else { continue };
        let queued = queued(view, handed, *id);
        // What only informs is never called off.
        if !queued.is_empty() && queued.iter().all(|(at, is_page)| *is_page && *at < ended) {
            let (user, channel, delivery_id) = (&handed.user, handed.channel.word(), &handed.message.delivery_id);
            broken.push(format!(
                "{delivery_id} paged {user} by {channel} for incident {id}, queued at version {queued:?}, at version \
                 {version}; it was answered at version {ended}"
            ));
        }
    }
    broken
}

/// The version at which somebody last acted, as far as it was known at `version`.
fn ended(known: &Known, version: i64) -> Option<i64> {
    let ends = |what: &Happening| {
        matches!(
            what,
            Happening::Acknowledge { .. }
                | Happening::Snooze { .. }
                | Happening::Reassign { .. }
                | Happening::MergedInto { .. }
                | Happening::Resolve
        )
    };
    let lines = known.log.iter().rev().filter(|line| line.version <= version);
    lines.filter(|line| ends(&line.event.what)).map(|line| line.version).next()
}

/// The notifications about an incident that a message tells of: the version at which each was queued, and whether it is
/// a page.
fn queued(view: &View<'_>, handed: &Handed, incident: i64) -> Vec<(i64, bool)> {
    let message = &handed.message.delivery_id;
    let organization: OrganizationId = view.organization.id;
    let single = NotificationId::from_delivery_id(organization, message);
    let single = single.filter(|id| id.instance_id == InstanceId(incident)).map_or(-1, |id| id.sequence);
    let sql = "select n.sequence, cast(case when n.is_page then 1 else 0 end as bigint) from notification n
        left join message m on m.delivery_id = n.bundle where n.organization_id = $1 and n.instance_id = $2
        and (n.sequence = $3 or (n.bundle = $4 and n.state <> 'left' and (n.state <> 'dropped' or m.state = 'sent')))";
    let values = [organization.0.into(), incident.into(), single.into(), message.as_str().into()];
    let rows = view.store.read(|tx: &mut dyn Tx| tx.all(sql, &values)).expect("the world can always look");
    let read = |row: &store::Row| Ok::<_, store::Error>((row.integer(0)? >> 20, row.integer(1)? != 0));
    rows.iter().map(read).collect::<Result<_, _>>().expect("a notification")
}
