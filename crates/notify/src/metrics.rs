//! What the notifier counts, in the engine's registry.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;

/// Labels of the counter of attempts.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct AttemptLabels {
    pub(crate) channel: &'static str,
    pub(crate) outcome: &'static str,
}

/// Labels of what is counted by channel.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct ChannelLabels {
    pub(crate) channel: &'static str,
}

/// Labels of the counter of heartbeats.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct HeartbeatLabels {
    pub(crate) outcome: &'static str,
}

/// Everything that the notifier counts.
#[derive(Debug, Default)]
pub(crate) struct Metrics {
    pub(crate) attempts: Family<AttemptLabels, Counter>,
    pub(crate) handed_over: Family<ChannelLabels, Counter>,
    pub(crate) confirmed: Family<ChannelLabels, Counter>,
    pub(crate) heartbeats: Family<HeartbeatLabels, Counter>,
}

impl Metrics {
    /// Counters that are told with the engine's.
    pub(crate) fn registered(engine: &engine::Metrics) -> Self {
        let metrics = Self::default();
        engine.register_more(|registry| {
            registry.register("notification_attempts", "Attempts by channel and outcome", metrics.attempts.clone());
            let told = "Notifications that a carrier took";
            registry.register("notifications_handed_over", told, metrics.handed_over.clone());
            let told = "Notifications that their reader is known to have got";
            registry.register("notifications_confirmed", told, metrics.confirmed.clone());
            registry.register("heartbeats", "Heartbeats by outcome", metrics.heartbeats.clone());
        });
        metrics
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_metric_stands_in_the_page_for_operators_and_no_other() {
        let engine = engine::Metrics::default();
        let metrics = Metrics::registered(&engine);
        // Counters with labels are told of once something was counted.
        engine.count_command("done");
        metrics.attempts.get_or_create(&AttemptLabels { channel: "email", outcome: "delivered" }).inc();
        for counter in [&metrics.handed_over, &metrics.confirmed] {
            counter.get_or_create(&ChannelLabels { channel: "sms" }).inc();
        }
        metrics.heartbeats.get_or_create(&HeartbeatLabels { outcome: "delivered" }).inc();
        let text = engine.text();
        let mut told: Vec<&str> =
            text.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next()).collect();
        let page = include_str!("../../../docs/operating.md");
        let mut written: Vec<&str> =
            page.lines().filter_map(|line| line.strip_prefix("| `reveille_").and(line.split('`').nth(1))).collect();
        // These are told by the room above, which keeps directories and the audit log, and knows integrations by their keys;
        // alerts, maintenance windows and what they keep back once there is one.
        let elsewhere = [
            "reveille_alerts",
            "reveille_audit_head",
            "reveille_directory_drift",
            "reveille_intake_turned_away",
            "reveille_maintenance_alerts",
            "reveille_maintenance_windows",
        ];
        written.retain(|name| !elsewhere.contains(name));
        told.sort_unstable();
        written.sort_unstable();
        assert_eq!(told, written);
    }
}
