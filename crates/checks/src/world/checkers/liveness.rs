//! In the end everything is said, or it is said why not.

use store::Tx;

use super::View;
use super::on_call::{due_on, top};
use domain::incident::{Event, Happening, Status};

/// Notifications whose fate is not known, or is not told.
pub(in crate::world) fn notifications_without_fate(view: &View<'_>) -> Vec<String> {
    let sql = "select n.instance_id, n.sequence, n.username, n.channel, coalesce(m.state, n.state), n.fate
        from notification n left join message m on m.delivery_id = n.bundle and n.state = 'in message'
        where n.organization_id = $1 and (n.next_at is not null or m.next_at is not null
            or coalesce(m.state, n.state) not in ('sent', 'failed', 'dropped', 'left')
            or (n.state not in ('sent', 'in message') and (n.fate is null or n.fate = '')))
        order by n.instance_id, n.sequence";
    let rows = view.store.read(|tx: &mut dyn Tx| tx.all(sql, &[view.organization.id.0.into()]));
    let said = |row: &store::Row| {
        let (incident, sequence) = (row.integer(0)?, row.integer(1)?);
        let (user, channel, state, fate) = (row.text(2)?, row.text(3)?, row.text(4)?, row.optional_text(5)?);
        let told = format!("ntf_{incident}_{sequence:x} to {user} by {channel} is {state}, because {fate:?}");
        Ok::<_, store::Error>(told)
    };
    let rows = rows.expect("the world can always look");
    rows.iter().map(said).collect::<Result<_, _>>().expect("a notification")
}

/// Unresolved incidents that have not come to the end of their ladder since `since`, though nobody acted.
pub(in crate::world) fn ladders_not_climbed(view: &View<'_>, since: i64) -> Vec<String> {
    let mut broken = Vec::new();
    for (id, known) in &view.sight.incidents {
        let incident = &known.incident;
        if incident.status == Status::Resolved || incident.stranded {
            continue;
        }
        let top = top(view.organization, &incident.targets);
        let nobody_above = |level: u32, event: &Event| {
            let on = |level| due_on(view.organization, &incident.targets, level, event.at);
            (level + 1..=top).all(|level| on(level).is_empty())
        };
        let is_end = |event: &Event| match &event.what {
            // Levels without anybody of which the log tells are not asked again.
            Happening::Dispatch { alerting, .. } => nobody_above(alerting.level, event),
            Happening::UnAcknowledge { alerting } | Happening::Reassign { alerting, .. } => alerting.level >= top,
            // Where nobody can be reached on the last level, it is asked and passed over.
            Happening::Escalate { alerting, passed_over } => alerting.level >= top || passed_over.contains(&top),
            _ => false,
        };
        let lines = known.log.iter().rev().take_while(|line| line.event.at.0 >= since);
        if !lines.into_iter().any(|line| is_end(&line.event)) {
            broken.push(format!(
                "incident {id} is {:?} on level {} of {top} and has not come to the last since all is well",
                incident.status, incident.level
            ));
        }
    }
    broken
}
