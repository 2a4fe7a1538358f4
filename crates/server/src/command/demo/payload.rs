//! What the demo's monitoring tools sent, as they write it.

use domain::Instant;
use serde_json::{Value, json};

/// No end yet, as tools of the Prometheus family write it.
const NO_END: &str = "0001-01-01T00:00:00Z";

fn utc(at: Instant) -> String {
    format!("{}Z", at.wire())
}

/// A body of Alertmanager or Grafana with one alert.
fn one_alert(state: &str, url: &str, mut alert: Value) -> Value {
    alert["status"] = state.into();
    let (labels, annotations) = (alert["labels"].clone(), alert["annotations"].clone());
    let group = json!({"alertname": labels["alertname"]});
    json!({
        "version": "4", "receiver": "reveille", "status": state, "externalURL": url, "truncatedAlerts": 0,
        "groupKey": format!("{{}}:{group}"), "groupLabels": group, "commonLabels": labels,
        "commonAnnotations": annotations, "alerts": [alert],
    })
}

/// Alertmanager, firing or resolved.
pub(super) fn errors_on_checkout(since: Instant, state: &str, now: Instant) -> Value {
    let end = if state == "resolved" { utc(now) } else { NO_END.to_owned() };
    one_alert(
        state,
        "http://alertmanager.example:9093",
        json!({
            "labels": {"alertname": "ErrorRate", "job": "checkout", "severity": "error", "team": "platform"},
            "annotations": {
                "summary": "7 % of requests to checkout fail",
                "description": "Over five minutes, 7.1 % of answers had a status of 500 or more; the aim is 0.5 %.",
                "runbook_url": "https://wiki.example/runbooks/error-rate",
            },
            "startsAt": utc(since), "endsAt": end, "fingerprint": "3b8f0c52a1d94e77",
            "generatorURL": "http://prometheus.example:9090/graph?g0.expr=error_rate+%3E+0.005&g0.tab=1",
        }),
    )
}

/// A script's own words.
pub(super) fn backup_of_db_1() -> Value {
    json!({
        "id": "backup-db-1", "title": "The backup of db-1 failed", "severity": "high", "host": "db-1",
        "text": "upload: 403 Forbidden: the access key is expired", "job": "backup-nightly", "exit_code": 3,
    })
}

/// Grafana.
pub(super) fn cards_refused(now: Instant) -> Value {
    one_alert(
        "firing",
        "https://grafana.example/",
        json!({
            "labels": {"alertname": "Cards refused", "grafana_folder": "Shop", "severity": "high"},
            "annotations": {
                "summary": "A third of card payments is refused",
                "description": "The bank answers with `issuer unavailable`. Look at its status page first.",
            },
            "startsAt": utc(now), "endsAt": NO_END, "fingerprint": "57c6d9296de2ad39", "values": {"A": 0.34},
            "generatorURL": "https://grafana.example/alerting/grafana/cards/view?orgId=1",
            "dashboardURL": "https://grafana.example/d/cards?orgId=1",
        }),
    )
}

/// Datadog, once for each node of one cluster.
pub(super) fn disk_of(node: &str, percent: u32, now: Instant) -> Value {
    json!({
        "alert_id": "90210", "cycle_key": format!("disk-{node}"), "transition": "Triggered", "priority": "P2",
        "title": format!("[P2] [Triggered on {{host:{node}}}] The disk of {node} is {percent} % full"),
        "body": "Images that are not used any more are the usual cause.",
        "status": format!("system.disk.in_use over host:{node} was > 0.9 on average during the last 10m"),
        "scope": format!("host:{node}"), "hostname": node, "metric": "system.disk.in_use",
        "tags": format!("host:{node},cluster:partners-eu-1,env:prod"),
        "link": "https://app.datadoghq.com/monitors/90210", "date": (now.0 / 1000).to_string(),
    })
}

/// Alertmanager, as loud as it gets: the demo's rule for what is critical runs a response set.
pub(super) fn checkout_is_down(now: Instant) -> Value {
    one_alert(
        "firing",
        "http://alertmanager.example:9093",
        json!({
            "labels": {"alertname": "CheckoutDown", "job": "checkout", "severity": "critical", "team": "platform"},
            "annotations": {
                "summary": "Nobody can pay: checkout answers nothing",
                "description": "All three instances fail their probes since two minutes.",
                "runbook_url": "https://wiki.example/runbooks/checkout-down",
                "dashboard": "https://graphs.example/d/checkout",
            },
            "startsAt": utc(now), "endsAt": NO_END, "fingerprint": "1f2e3d4c5b6a7988",
            "generatorURL": "http://prometheus.example:9090/graph?g0.expr=up%7Bjob%3D%22checkout%22%7D&g0.tab=1",
        }),
    )
}

/// Grafana, of the same trouble from its other end.
pub(super) fn orders_fell(now: Instant) -> Value {
    one_alert(
        "firing",
        "https://grafana.example/",
        json!({
            "labels": {"alertname": "Orders", "grafana_folder": "Shop", "severity": "high"},
            "annotations": {
                "summary": "Orders fell to almost none",
                "description": "2 orders a minute; at this hour it is 60.",
            },
            "startsAt": utc(now), "endsAt": NO_END, "fingerprint": "c0ffee1234567890", "values": {"A": 2},
            "generatorURL": "https://grafana.example/alerting/grafana/orders/view?orgId=1",
        }),
    )
}

/// Zabbix.
pub(super) fn replication_lags(now: Instant) -> Value {
    let wire = now.wire();
    let (date, time) = (wire.get(..10).unwrap_or_default().replace('-', "."), wire.get(11..19).unwrap_or_default());
    json!({
        "eventid": "48213", "eventvalue": "1", "eventupdate": "0", "eventack": "No", "eventsource": "0",
        "eventname": "Problem: Replication of pay-db-2 lags by 90 s", "severity": "High",
        "alertmessage": "Problem name: Replication of pay-db-2 lags by 90 s\nHost: pay-db-2\nSeverity: High",
        "hostname": "pay-db-2", "hostip": "10.0.4.12", "eventtags": "component:database, scope:performance",
        "triggerid": "23460", "triggerdesc": "Reports are read from this replica.", "triggeropdata": "Lag: 90 s",
        "url": "https://zabbix.example/zabbix", "eventdate": date, "eventtime": time,
    })
}

/// Icinga.
pub(super) fn invoices_pile_up() -> Value {
    json!({
        "entity_type": "service", "notification_type": "PROBLEM", "host_name": "pay-2", "host_display_name": "pay-2",
        "host_address": "10.0.4.7", "host_state": "UP", "host_state_type": "HARD", "service_desc": "invoice queue",
        "service_state": "WARNING", "service_state_type": "HARD", "service_check_command": "queue",
        "service_output": "QUEUE WARNING: 4211 invoices wait to be sent",
    })
}
