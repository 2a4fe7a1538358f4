//! The one table of senders: what feeds reading, and the page that says how each is pointed here.

use crate::input::{Input, Options, Read};
use crate::{alertmanager, generic, grafana, nagios, opsgenie, pagerduty, zabbix};
use domain::intake::{Delivery, Received, SenderKind, Unreadable};

/// A kind of sender.
#[derive(Debug)]
pub struct Sender {
    /// The kind.
    pub kind: SenderKind,
    /// What people call it.
    pub title: &'static str,
    /// How it is pointed here, in Markdown. `{url}` stands for the integration's URL, `{host}` for the server's, `{key}` for
    /// the key.
    pub setup: &'static str,
    /// A body that opens an incident.
    pub fires: &'static str,
    /// A body that resolves it.
    pub resolves: &'static str,
    /// Reads a body that was read as JSON or form.
    read: fn(&Read, &Options) -> Vec<Received>,
}

/// Reads a body as this kind of sender writes it.
///
/// # Errors
/// Why it is neither JSON nor a form.
pub fn read(kind: SenderKind, input: &Input<'_>, options: &Options) -> Result<Delivery, Unreadable> {
    let read = input.read()?;
    let sender = TABLE.iter().find(|sender| sender.kind == kind);
    let mut received = sender.map_or_else(Vec::new, |sender| (sender.read)(&read, options));
    for received in &mut received {
        received.repairs.splice(0..0, read.repairs.iter().cloned());
    }
    Ok(Delivery { event_id: None, received })
}

/// All senders, in the order in which they are told of.
pub fn table() -> &'static [Sender] {
    TABLE
}

const TABLE: &[Sender] = &[
    Sender {
        kind: SenderKind::Alertmanager,
        title: "Prometheus Alertmanager",
        setup: include_str!("../setup/alertmanager.md"),
        fires: include_str!("../setup/alertmanager.fires.json"),
        resolves: include_str!("../setup/alertmanager.resolves.json"),
        read: alertmanager::read,
    },
    Sender {
        kind: SenderKind::Grafana,
        title: "Grafana",
        setup: include_str!("../setup/grafana.md"),
        fires: include_str!("../setup/grafana.fires.json"),
        resolves: include_str!("../setup/grafana.resolves.json"),
        read: grafana::read,
    },
    Sender {
        kind: SenderKind::Pagerduty,
        title: "Tools that speak PagerDuty's Events API",
        setup: include_str!("../setup/pagerduty.md"),
        fires: include_str!("../setup/pagerduty.fires.json"),
        resolves: include_str!("../setup/pagerduty.resolves.json"),
        read: pagerduty::read,
    },
    Sender {
        kind: SenderKind::Opsgenie,
        title: "Tools that speak Opsgenie's Alert API",
        setup: include_str!("../setup/opsgenie.md"),
        fires: include_str!("../setup/opsgenie.fires.json"),
        resolves: include_str!("../setup/opsgenie.resolves.json"),
        read: opsgenie::read,
    },
    Sender {
        kind: SenderKind::Nagios,
        title: "Nagios",
        setup: include_str!("../setup/nagios.md"),
        fires: include_str!("../setup/nagios.fires.json"),
        resolves: include_str!("../setup/nagios.resolves.json"),
        read: nagios::read,
    },
    Sender {
        kind: SenderKind::Icinga2,
        title: "Icinga 2",
        setup: include_str!("../setup/icinga2.md"),
        fires: include_str!("../setup/icinga2.fires.json"),
        resolves: include_str!("../setup/icinga2.resolves.json"),
        read: nagios::read,
    },
    Sender {
        kind: SenderKind::Zabbix,
        title: "Zabbix",
        setup: include_str!("../setup/zabbix.md"),
        fires: include_str!("../setup/zabbix.fires.json"),
        resolves: include_str!("../setup/zabbix.resolves.json"),
        read: zabbix::read,
    },
    Sender {
        kind: SenderKind::Generic,
        title: "Anything that sends JSON or a form",
        setup: include_str!("../setup/generic.md"),
        fires: include_str!("../setup/generic.fires.json"),
        resolves: include_str!("../setup/generic.resolves.json"),
        read: generic::read,
    },
];
