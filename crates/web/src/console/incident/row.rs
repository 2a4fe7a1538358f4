//! An incident in a list: as it is drawn with the page, and alone when it changed.

use super::page::{forecast_words, service_name};
use super::timeline::people;
use crate::console::piece::{StateBadge, UrgencyBadge};
use crate::console::seen::Seen;
use crate::console::time::{Clock, Moment};
use askama::Template;
use domain::directory::Directory;
use domain::incident::{Incident, Status, forecast};
use domain::permission::Action;

/// An incident in a list.
#[derive(Clone, Debug)]
pub(in crate::console) struct Row {
    pub(in crate::console) number: i64,
    pub(in crate::console) title: String,
    pub(in crate::console) urgency: UrgencyBadge,
    pub(in crate::console) state: StateBadge,
    /// The word of its state, as forms send it.
    pub(in crate::console) status: &'static str,
    pub(in crate::console) service: Option<String>,
    pub(in crate::console) with: String,
    pub(in crate::console) level: u32,
    /// How many alerts more came than it shows.
    pub(in crate::console) suppressed: u32,
    /// What happens next, and when.
    pub(in crate::console) next: Option<(String, Moment)>,
    pub(in crate::console) since: Moment,
    pub(in crate::console) is_open: bool,
    /// By what a repetition of its form is known.
    pub(in crate::console) key: String,
}

/// Where a row stands, and so what of it is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::console) enum Shape {
    /// In the list, for whoever may act.
    Ticked,
    /// In the list, for whoever reads.
    Listed,
    /// On the first page, for whoever may take it.
    Offered,
    /// On the first page, for whoever reads.
    First,
}

impl Shape {
    /// That of rows on the first page of whoever looks.
    pub(in crate::console) fn on_first_page(seen: &Seen<'_>) -> Self {
        if seen.may(Action::ActOnIncident) { Self::Offered } else { Self::First }
    }
}

/// A row alone.
#[derive(Template)]
#[template(path = "console/incident/row.html")]
pub(in crate::console) struct RowPiece {
    pub(in crate::console) row: Row,
    pub(in crate::console) shape: Shape,
}

impl Row {
    /// The row of an incident for who reads by this clock; `key` is by what a repetition of its form is known.
    pub(in crate::console) fn of(incident: &Incident, directory: &Directory, clock: &Clock, key: String) -> Self {
        let next = forecast(incident, directory, clock.now());
        Self {
            number: incident.organization_instance_id,
            title: incident.title.clone(),
            urgency: incident.urgency.into(),
            state: incident.status.into(),
            status: incident.status.word(),
            service: service_name(incident, directory),
            with: people(&incident.assignees, directory),
            level: incident.level,
            suppressed: incident.suppressed_count,
            next: next.map(|next| (forecast_words(incident, &next, directory), clock.moment(next.at))),
            since: clock.moment(incident.created_at),
            is_open: incident.status == Status::Open,
            key,
        }
    }

    /// Whether somebody has acknowledged it.
    pub(in crate::console) fn is_taken(&self) -> bool {
        self.status == Status::Acknowledged.word()
    }

    /// The id of its element.
    pub(in crate::console) fn id(&self) -> String {
        format!("i{}", self.number)
    }
}

/// Incidents as lists show them.
pub(in crate::console) fn rows(seen: &Seen<'_>, incidents: &[Incident]) -> Vec<Row> {
    let (directory, clock) = (&seen.snapshot.directory, &seen.visit.clock);
    incidents.iter().map(|incident| Row::of(incident, directory, clock, seen.form_key())).collect()
}
