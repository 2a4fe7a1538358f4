//! What of a refresh a page shows.

use super::message::{FRESH, LOOK, Message, piece};
use crate::console::form::Form;
use crate::console::incident::{Narrow, Row, RowPiece, Shape, filter};
use crate::console::seen::Seen;
use crate::console::time::Clock;
use crate::gate::{Problem, failed};
use crate::hub::Refresh;
use askama::Template;
use domain::incident::{Incident, Status};
use domain::permission::Action;
use domain::{InstanceId, Username};
use engine::{Filter, Reader, Unresolved};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Incidents that are with somebody, which their first page shows.
const OWN: u32 = 100;

/// A page that is open.
pub(super) struct View {
    /// Who looks.
    reader: Reader,
    zone: String,
    of: Of,
}

enum Of {
    /// A list of incidents; whether it is the first page, on which new ones belong.
    List { filter: Box<Filter>, narrow: Narrow, shape: Shape, is_first: bool },
    /// The first page, and which incidents are with its reader.
    Now { me: Username, own: BTreeSet<InstanceId>, shape: Shape },
    /// One incident.
    Incident(i64),
    /// An integration or a heartbeat, with what came last.
    Intake,
    /// The last step of the first run, which waits for a page to be answered.
    FirstRun,
    /// What is made of the directory alone.
    Directory,
}

impl View {
    /// The page that the query of a stream names.
    pub(super) async fn of(seen: &Seen<'_>) -> Result<Self, Problem> {
        let asked = seen.visit.query.text("view");
        let (path, query) = asked.split_once('?').unwrap_or((asked, ""));
        let query = Form::read(query.as_bytes());
        let me = seen.session.person.username.clone();
        let zone = Clock::of([query.get("zone"), Some(seen.visit.clock.zone())], seen.now).zone().to_owned();
        let segments: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        let of = match segments[..] {
            [] | ["app"] | ["app", "now"] => {
                Of::Now { own: own(seen, &me).await?, me, shape: Shape::on_first_page(seen) }
            }
            ["app", "incidents"] => Of::List {
                filter: Box::new(filter(&query, seen)),
                narrow: Narrow::of(&query, seen),
                shape: if seen.may(Action::ActOnIncident) && query.text("state") != "resolved" {
                    Shape::Ticked
                } else {
                    Shape::Listed
                },
                is_first: query.get("before").is_none(),
            },
            ["app", "incidents" | "i", number] if let Ok(number) = number.parse() => Of::Incident(number),
            ["app", "integrations" | "heartbeats", _] => Of::Intake,
            ["app", "welcome", ..] => Of::FirstRun,
            _ => Of::Directory,
        };
        Ok(Self { reader: seen.reader(), zone, of })
    }

    /// What the page is told of what changed; nothing where it shows nothing of it.
    pub(super) fn tell(&mut self, refresh: &Refresh) -> Vec<Message> {
        let rights = self.reader.rights(&refresh.standing.snapshot);
        let seen = refresh.standing.incidents.iter().filter(|incident| rights.sees_incident(incident));
        let incidents: Vec<&Incident> = seen.collect();
        let look = || vec![Message::named(LOOK, "")];
        if refresh.is_large {
            return if matches!(self.of, Of::Directory) && !refresh.changed.directory { Vec::new() } else { look() };
        }
        match &mut self.of {
            Of::FirstRun => look(),
            Of::Intake | Of::Directory if refresh.changed.directory => look(),
            Of::Intake if refresh.changed.intake => look(),
            Of::Intake | Of::Directory => Vec::new(),
            Of::Incident(number) => {
                let is_it = |incident: &&Incident| incident.organization_instance_id == *number;
                let changes = refresh.changed.directory || refresh.changed.messages || incidents.iter().any(is_it);
                if changes { look() } else { Vec::new() }
            }
            Of::Now { me, own, shape } => {
                let concerns = incidents.iter().filter(|incident| concerns(incident, me, own)).count();
                if concerns > 0 || refresh.changed.directory {
                    return look();
                }
                let unresolved = Filter { statuses: UNRESOLVED.to_vec(), ..Filter::default() };
                rows(refresh, &incidents, (&self.zone, *shape), |incident| unresolved.lets_through(incident))
            }
            Of::List { filter, narrow, shape, is_first } => {
                rows(refresh, &incidents, (&self.zone, *shape), |incident| {
                    *is_first && filter.lets_through(incident) && narrow.lets_through(incident)
                })
            }
        }
    }
}

const UNRESOLVED: [Status; 2] = [Status::Open, Status::Acknowledged];

/// The unresolved incidents that are with this person.
async fn own(seen: &Seen<'_>, me: &Username) -> Result<BTreeSet<InstanceId>, Problem> {
    let filter = Filter { assignee: Some(me.clone()), statuses: UNRESOLVED.to_vec(), ..Filter::default() };
    let found = seen.visit.app.engine.incidents(seen.reader(), filter, OWN).await.map_err(failed)?;
    Ok(found.incidents.into_iter().map(|(incident, _)| incident.instance_id).collect())
}

/// Whether an incident is, or was until now, one that its reader is asked for; what is with them is kept.
fn concerns(incident: &Incident, me: &Username, own: &mut BTreeSet<InstanceId>) -> bool {
    let is_own = incident.status != Status::Resolved && incident.assignees.contains(me);
    let was_own = match is_own {
        true => !own.insert(incident.instance_id),
        false => own.remove(&incident.instance_id),
    };
    is_own || was_own
}

/// The rows that changed, the counts, and which of them belong on the page in any case.
fn rows(
    refresh: &Refresh,
    incidents: &[&Incident],
    (zone, shape): (&str, Shape),
    belongs: impl Fn(&Incident) -> bool,
) -> Vec<Message> {
    if incidents.is_empty() {
        return Vec::new();
    }
    let mut data = counts(refresh.standing.unresolved);
    incidents.iter().for_each(|incident| data.push_str(&row(refresh, incident, zone, shape)));
    let fresh = incidents.iter().filter(|incident| belongs(incident));
    let fresh: Vec<String> = fresh.map(|incident| incident.organization_instance_id.to_string()).collect();
    let mut told = vec![Message::pieces(data)];
    if !fresh.is_empty() {
        told.push(Message::named(FRESH, fresh.join(" ")));
    }
    told
}

/// The row of an incident, in the place where it is.
fn row(refresh: &Refresh, incident: &Incident, zone: &str, shape: Shape) -> Arc<str> {
    refresh.drawn(incident, format!("{zone} {shape:?}"), || {
        let clock = Clock::of([Some(zone)], refresh.now);
        let row = Row::of(incident, &refresh.standing.snapshot.directory, &clock, String::new());
        let id = row.id();
        RowPiece { row, shape }.render().map(|html| piece(&id, &html)).unwrap_or_default()
    })
}

fn counts(Unresolved { open, acknowledged }: Unresolved) -> String {
    let count = |name: &str, count: u64| {
        let id = format!("count-{name}");
        piece(&id, &format!("<span class=\"count\" id=\"{id}\">{count}</span>"))
    };
    count("unresolved", open + acknowledged) + &count("open", open) + &count("ack", acknowledged)
}
