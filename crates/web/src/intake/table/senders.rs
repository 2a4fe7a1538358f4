//! The server's own paths, to which every monitoring tool is pointed.

use super::{KEY, WAY};
use crate::intake::way::{Part, PartShape, Serves, Way};
use domain::intake::SenderKind;

const KIND: Part = Part {
    name: "kind",
    doc: "How the body is read. It need not be that of the integration, whose the key is.",
    shape: PartShape::Words(SenderKind::WORDS),
};
const TAKEN: &str = r#"{"status": "ok", "alerts": [{"alert_id": "AZ1r4tZ7cB6v0E3m5nQ2xw", "fate": "opened", "because": null, "instance_id": 8912}]}"#;
const EXAMPLE: &str = r#"{"title": "Disk of db-1 is full", "id": "db-1", "severity": "critical"}"#;

/// What most of them have in common.
const TAKES: Way = Way { methods: &["POST", "PUT"], body: EXAMPLE, answer: TAKEN, refusals: &[400, 413, 415], ..WAY };

pub(super) const WAYS: &[Way] = &[
    Way {
        name: "intake",
        path: "/{kind}/{key}",
        also: &["/integrations/{kind}/{key}"],
        summary: "Send alerts",
        description: "What a monitoring tool posts, in its own form; docs/integrations.md has an example of each. The answer \
            names what became of each alert, of 100 at most.",
        parameters: &[KIND, KEY],
        ..TAKES
    },
    Way {
        name: "intake-by-header",
        path: "/integrations/{kind}",
        summary: "Send alerts, with the key beside the path",
        description: "The key stands in `Authorization` (`token KEY`, `Bearer KEY`, or Basic with the key as password), in \
            `X-Integration-Key`, or in the query.",
        parameters: &[KIND],
        query: &[Part {
            name: "token",
            doc: "The key; `key`, `auth_token`, `apiKey` and `routing_key` are taken, too.",
            ..KEY
        }],
        ..TAKES
    },
    Way {
        name: "intake-prometheus",
        path: "/alertmanager/{key}/api/v2/alerts",
        also: &["/integrations/alertmanager/{key}/api/v2/alerts"],
        serves: Serves::Prometheus,
        summary: "Send alerts as to an Alertmanager",
        description: "What Prometheus and its relatives post to an Alertmanager, with `/alertmanager/KEY` as its path prefix.",
        parameters: &[KEY],
        body: r#"[{"labels": {"alertname": "Down"}, "endsAt": "2026-10-25T00:04:00Z"}]"#,
        answer: "{}",
        ..TAKES
    },
    Way {
        name: "intake-prometheus-status",
        methods: &["GET"],
        path: "/alertmanager/{key}/api/v2/status",
        also: &[
            "/integrations/alertmanager/{key}/api/v2/status",
            "/alertmanager/{key}/-/ready",
            "/integrations/alertmanager/{key}/-/ready",
        ],
        serves: Serves::Ready,
        summary: "Whether alerts can be sent",
        description: "What Prometheus' relatives ask an Alertmanager before they post.",
        parameters: &[KEY],
        answer: "{}",
        ..WAY
    },
];
