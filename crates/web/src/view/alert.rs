//! Alerts (contract §5).

use super::{ServicePair, service_pair};
use domain::alert::{Alert, AlertSource};
use domain::directory::Directory;
use domain::incident::Incident;
use serde::Serialize;
use std::collections::BTreeMap;

/// One alert as it is answered.
#[derive(Debug, Serialize)]
pub struct AlertItem<'a> {
    text_msg: &'a str,
    organization_instance_id: i64,
    timestamp: String,
    integration_name: Option<&'a str>,
    urgency_level: i64,
    instance_id: i64,
    task_title: &'a str,
    task_ref_id: &'a str,
    status: &'static str,
    services: Option<ServicePair<'a>>,
    resolved_on: Option<String>,
    identity: Option<&'a str>,
    labels: &'a BTreeMap<String, String>,
    links: Vec<[&'a str; 2]>,
    images: &'a [String],
}

/// What is told of an alert that no monitoring tool sent.
static NOTHING: AlertSource =
    AlertSource { identity: None, labels: BTreeMap::new(), links: Vec::new(), images: Vec::new() };

/// The alerts of an incident, in the order given; the wire wants the newest first.
pub fn alerts<'a>(incident: &Incident, alerts: &'a [Alert], directory: &'a Directory) -> Vec<AlertItem<'a>> {
    let item = |alert: &'a Alert| {
        let source = alert.source.as_deref().unwrap_or(&NOTHING);
        AlertItem {
            text_msg: &alert.text,
            organization_instance_id: incident.organization_instance_id,
            timestamp: alert.created_at.wire(),
            integration_name: alert.integration_name.as_deref(),
            urgency_level: alert.urgency.number(),
            instance_id: incident.instance_id.0,
            task_title: &alert.title,
            task_ref_id: alert.ref_id.as_str(),
            status: alert.grouping.word(),
            services: service_pair(directory, alert.service.as_ref()),
            resolved_on: alert.resolved_at.map(|at| at.wire()),
            identity: source.identity.as_deref(),
            labels: &source.labels,
            links: source.links.iter().map(|link| [link.text.as_str(), link.url.as_str()]).collect(),
            images: &source.images,
        }
    };
    alerts.iter().map(item).collect()
}
