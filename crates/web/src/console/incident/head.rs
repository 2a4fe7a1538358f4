//! What is said of an incident where it is answered without signing in: as the head of its page says it.

use super::page::{forecast_words, service_name};
use crate::console::piece::{StateBadge, UrgencyBadge};
use crate::console::time::{Clock, Moment};
use domain::Instant;
use domain::directory::Directory;
use domain::incident::{Incident, forecast};

/// The head of an incident, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    /// How urgent it is, by a shape and a word.
    pub(crate) urgency: (&'static str, &'static str),
    /// Where it stands.
    pub(crate) state: String,
    /// Since when, for programs and in words.
    pub(crate) since: (String, String),
    pub(crate) service: Option<String>,
    /// What happens if nobody acts, and when, as `since` is told.
    pub(crate) next: Option<(String, (String, String))>,
    /// How many alerts there are, in words.
    pub(crate) alerts: String,
    /// What time it is, and where.
    pub(crate) now: String,
    /// Where its page is.
    pub(crate) page: String,
}

/// The head of an incident with so many alerts, told at `now` in the first of these zones that is known.
pub(crate) fn head(
    incident: &Incident,
    alerts: u64,
    directory: &Directory,
    (zone, now): (Option<&str>, Instant),
) -> Head {
    let clock = Clock::of([zone], now);
    let told = |at: Moment| (at.datetime, format!("{} · {}", at.absolute, at.relative));
    let urgency = UrgencyBadge::from(incident.urgency);
    let next = forecast(incident, directory, now);
    let more = match incident.suppressed_count {
        0 => String::new(),
        more => format!(", and {more} more of the same"),
    };
    let last = incident.last_suppressed_at.map(|at| format!(", the last {}", clock.moment(at).relative));
    Head {
        urgency: (urgency.shape, urgency.word),
        state: StateBadge::from(incident.status).word,
        since: told(clock.moment(incident.created_at)),
        service: service_name(incident, directory),
        next: next.map(|next| (forecast_words(incident, &next, directory), told(clock.moment(next.at)))),
        alerts: format!("{alerts} alert{}{more}{}", if alerts == 1 { "" } else { "s" }, last.unwrap_or_default()),
        now: format!("{} {}", clock.place(), clock.minute()),
        page: format!("/app/i/{}", incident.organization_instance_id),
    }
}
