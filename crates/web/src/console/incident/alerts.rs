//! The alerts of an incident as its page shows them, newest first.

use super::outward::{Outward, outward};
use super::timeline::Known;
use crate::console::piece::UrgencyBadge;
use crate::console::time::Moment;
use domain::alert::Alert;

/// Alerts on one page.
const ON_PAGE: usize = 50;

/// One alert.
#[derive(Clone, Debug)]
pub(super) struct Shown {
    pub(super) task_ref_id: String,
    pub(super) title: String,
    pub(super) text: String,
    pub(super) urgency: UrgencyBadge,
    pub(super) when: Moment,
    /// When its sender called it over.
    pub(super) over: Option<Moment>,
    /// The integration that took it in.
    pub(super) by: Option<String>,
    /// What its sender, or whoever created it, calls the problem.
    pub(super) key: Option<String>,
    pub(super) labels: Vec<(String, String)>,
    pub(super) links: Vec<Outward>,
}

/// The alerts, newest first: so many as one page has, after the first `skipped`.
pub(super) fn shown(alerts: &[Alert], skipped: usize, known: Known<'_>) -> Vec<Shown> {
    alerts.iter().rev().skip(skipped).take(ON_PAGE).map(|alert| one(alert, known)).collect()
}

fn one(alert: &Alert, known: Known<'_>) -> Shown {
    let source = alert.source.as_deref();
    let labels = source.map(|source| source.labels.clone()).unwrap_or_default();
    let links = source.map(|source| source.links.as_slice()).unwrap_or_default();
    Shown {
        task_ref_id: alert.ref_id.to_string(),
        title: alert.title.clone(),
        text: alert.text.clone(),
        urgency: alert.urgency.into(),
        when: known.clock.moment(alert.created_at),
        over: alert.resolved_at.map(|at| known.clock.moment(at)),
        by: alert.integration_name.clone(),
        key: alert.shown_key(),
        labels: labels.into_iter().collect(),
        links: links.iter().filter_map(|link| outward(&link.url, &link.text)).collect(),
    }
}
