//! How a sender is pointed at an integration, or a job at a heartbeat: its real address in what is to be pasted there.

use domain::directory::ComponentKind;
use serde_json::Value;

/// What is to be pasted, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::console) struct Snippet {
    /// The address, for whoever may see it.
    pub(in crate::console) url: Option<String>,
    /// Where it goes.
    pub(in crate::console) place: &'static str,
    /// What goes there.
    pub(in crate::console) code: String,
}

/// The snippet of a component that something is sent to.
pub(in crate::console) fn snippet(kind: ComponentKind, component: &Value) -> Option<Snippet> {
    let url = component.get("url").and_then(Value::as_str);
    let shown = url.unwrap_or_default();
    let (place, code) = match kind {
        ComponentKind::Heartbeat => {
            ("At the end of the job, such as in its crontab", format!("curl -fsS -m 10 {shown}"))
        }
        ComponentKind::Integration => {
            of_sender(component.get("kind").and_then(Value::as_str).unwrap_or_default(), shown)
        }
        _ => return None,
    };
    Some(Snippet { url: url.map(str::to_owned), place, code })
}

fn of_sender(kind: &str, url: &str) -> (&'static str, String) {
    match kind {
        "alertmanager" => (
            "In alertmanager.yml, below receivers",
            format!("- name: reveille\n  webhook_configs:\n    - url: {url}\n      send_resolved: true"),
        ),
        "grafana" => {
            ("In Grafana: Alerting, Contact points, a new one of the type Webhook, as its URL", url.to_owned())
        }
        "pagerduty" => (
            "In any tool that speaks PagerDuty's Events API v2, as its address",
            format!(
                "curl -X POST {url} -H 'content-type: application/json' -d '{{\"event_action\": \"trigger\", \
                \"dedup_key\": \"test\", \"payload\": {{\"summary\": \"A test\", \"source\": \"me\", \"severity\": \"info\"}}}}'"
            ),
        ),
        "datadog" => (
            "In Datadog: Integrations, Webhooks, a new one, as its URL; then name @webhook-… in a monitor",
            url.to_owned(),
        ),
        "cloudwatch" => (
            "With the AWS command line, for the topic that your alarms go to",
            format!("aws sns subscribe --topic-arn arn:aws:sns:… --protocol https --notification-endpoint {url}"),
        ),
        "uptime_kuma" => ("In Uptime Kuma: Settings, Notifications, type Webhook, as its Post URL", url.to_owned()),
        "github" => {
            ("In the repository: Settings, Webhooks, as its Payload URL, content type application/json", url.to_owned())
        }
        "gitlab" => ("In the project: Settings, Webhooks, as its URL", url.to_owned()),
        "sentry" => ("In Sentry: Settings, Integrations, an internal integration, as its Webhook URL", url.to_owned()),
        "zabbix" => ("In Zabbix: Alerts, Media types, Webhook, as the parameter URL", url.to_owned()),
        "generic" => (
            "From a shell, for a first try",
            format!("curl -X POST {url} -H 'content-type: application/json' -d '{{\"title\": \"A test\"}}'"),
        ),
        _ => ("In the tool, as the address that it sends to", url.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::snippet;
    use domain::directory::{ComponentKind, SenderKind};
    use serde_json::json;

    #[test]
    fn every_sender_is_told_where_its_address_goes() {
        for kind in SenderKind::WORDS {
            let component = json!({"kind": kind, "url": "https://reveille.example.org/x/123"});
            let snippet = snippet(ComponentKind::Integration, &component).unwrap();
            assert!(snippet.code.contains("https://reveille.example.org/x/123") && !snippet.place.is_empty(), "{kind}");
        }
        assert_eq!(snippet(ComponentKind::Integration, &json!({"kind": "grafana"})).unwrap().url, None);
        assert_eq!(snippet(ComponentKind::Team, &json!({})), None);
    }
}
