//! Sight: what the world has seen of the store, looked at from outside after everything that happens.

use std::collections::BTreeMap;

use domain::incident::{By, Event, Incident, Method, Status};
use domain::notification::Channel;
use domain::{InstanceId, Instant, OrganizationId};
use store::{Error, Row, Store, Tx};

/// One line of an incident's log.
#[derive(Clone, Debug)]
pub(super) struct Logged {
    /// The version of the incident that the step led to.
    pub(super) version: i64,
    pub(super) event: Event,
}

/// An incident as it was last seen.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) incident: Incident,
    /// As the column says it, not the state.
    pub(super) due_at: Option<Instant>,
    pub(super) log: Vec<Logged>,
    last_sequence: i64,
}

/// How many rows there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Rows {
    pub(super) incidents: i64,
    pub(super) events: i64,
    pub(super) notifications: i64,
    pub(super) alerts: i64,
}

/// Everything that was seen, and what of it is new since the look before.
#[derive(Default)]
pub(super) struct Sight {
    pub(super) incidents: BTreeMap<i64, Known>,
    /// Incidents that changed, each with the place in its log where the new lines begin.
    pub(super) changed: Vec<(i64, usize)>,
    /// Incidents that were there and are not any more.
    pub(super) vanished: Vec<i64>,
    pub(super) rows: Rows,
    pub(super) rows_before: Rows,
    /// When the first incident is due.
    pub(super) incident_due: Option<i64>,
    /// When the first notification of each channel is looked at again.
    pub(super) notification_due: BTreeMap<Channel, i64>,
}

impl Sight {
    /// Looks at what changed.
    pub(super) fn look(&mut self, store: &Store, organization: OrganizationId) {
        let looked = store.read(|tx| self.look_in(tx, organization));
        looked.expect("the world can always look, and reads whatever the product wrote");
    }

    /// Counts all rows, which takes longer than to look at what changed: before and after what is asked.
    pub(super) fn count(&mut self, store: &Store) {
        let rows = store.read(count).expect("the world can always look");
        self.rows_before = std::mem::replace(&mut self.rows, rows);
    }

    fn look_in(&mut self, tx: &mut dyn Tx, organization: OrganizationId) -> Result<(), Error> {
        let sql = "select instance_id, version, due_at from incident where organization_id = $1 order by instance_id";
        let rows = tx.all(sql, &[organization.0.into()])?;
        self.changed.clear();
        let mut seen = 0;
        for row in &rows {
            let (id, version) = (row.integer(0)?, row.integer(1)?);
            let due_at = row.optional_integer(2)?.map(Instant);
            if let Some(known) = self.incidents.get_mut(&id) {
                known.due_at = due_at;
                seen += 1;
                if known.incident.version == version {
                    continue;
                }
            }
            self.look_at(tx, organization, id, due_at)?;
        }
        let all_are_there = seen + self.changed.iter().filter(|(_, from)| *from == 0).count() == self.incidents.len();
        if !all_are_there {
            let there: Vec<i64> = rows.iter().map(|row| row.integer(0)).collect::<Result<_, _>>()?;
            self.vanished = self.incidents.keys().copied().filter(|id| !there.contains(id)).collect();
        }
        self.incident_due = store::incident_next_due(tx)?.map(|at| at.0);
        self.notification_due =
            store::notification_next(tx)?.iter().filter_map(|next| Some((next.channel, next.next_at()?.0))).collect();
        Ok(())
    }

    fn look_at(
        &mut self,
        tx: &mut dyn Tx,
        organization: OrganizationId,
        id: i64,
        due_at: Option<Instant>,
    ) -> Result<(), Error> {
        let Some(incident) = store::incident_load(tx, organization, InstanceId(id))? else { return Ok(()) };
        let known = self.incidents.entry(id).or_insert_with(|| Known {
            incident: incident.clone(),
            due_at,
            log: Vec::new(),
            last_sequence: -1,
        });
        known.incident = incident;
        let from = known.log.len();
        let sql =
            "select sequence, at, method, by_name, by_ref, body from event where organization_id = $1 and instance_id = $2
            and sequence > $3 order by sequence";
        for row in tx.all(sql, &[organization.0.into(), id.into(), known.last_sequence.into()])? {
            known.last_sequence = row.integer(0)?;
            known.log.push(Logged { version: known.last_sequence >> 20, event: event(&row)? });
        }
        self.changed.push((id, from));
        Ok(())
    }

    /// The new lines of all logs, each with its incident.
    pub(super) fn fresh(&self) -> impl Iterator<Item = (i64, &Logged)> {
        self.changed.iter().flat_map(|(id, from)| self.incidents[id].log[*from..].iter().map(|line| (*id, line)))
    }

    /// The incidents that are not resolved.
    pub(super) fn unresolved(&self) -> Vec<i64> {
        let open = self.incidents.iter().filter(|(_, known)| known.incident.status != Status::Resolved);
        open.map(|(id, _)| *id).collect()
    }
}

fn event(row: &Row) -> Result<Event, Error> {
    let method = row.text(2)?;
    let known = Method::ALL.into_iter().find(|known| known.word() == method);
    Ok(Event {
        at: Instant(row.integer(1)?),
        method: known.ok_or_else(|| Error::Corrupt(format!("unknown method {method}")))?,
        by: match (row.optional_text(3)?, row.optional_text(4)?) {
            (_, Some(person)) => Some(By::person(&person.into())),
            (name, None) => name.map(|name| By::Named(name.to_owned())),
        },
        what: serde_json::from_str(row.text(5)?).map_err(|error| Error::Corrupt(error.to_string()))?,
    })
}

fn count(tx: &mut dyn Tx) -> Result<Rows, Error> {
    let mut counts = [0; 4];
    for (count, table) in counts.iter_mut().zip(["incident", "event", "notification", "alert"]) {
        let row = tx.one(&format!("select count(*) from {table}"), &[])?;
        *count = row.map_or(Ok(0), |row| row.integer(0))?;
    }
    let [incidents, events, notifications, alerts] = counts;
    Ok(Rows { incidents, events, notifications, alerts })
}
