//! PagerDuty's API of events, and the one before.

use super::{KEY, WAY};
use crate::intake::way::{Family, Serves, Way};

const DONE: &str = r#"{"status": "success", "message": "Event processed", "dedup_key": "db-1/disk", "alert_id": "AZ1r4tZ7cB6v0E3m5nQ2xw", "fate": "opened"}"#;

/// What they have in common.
const EVENT: Way = Way {
    methods: &["POST", "PUT"],
    family: Family::Events,
    serves: Serves::Event,
    status: 202,
    answer: DONE,
    refusals: &[400, 413, 415],
    ..WAY
};

pub(super) const WAYS: &[Way] = &[
    Way {
        name: "event",
        path: "/v2/enqueue",
        summary: "Send an event",
        description: "As PagerDuty's Events API v2. `routing_key` is the key of an integration, which may stand in \
            `Authorization` or in the query, too. `event_action` is trigger, acknowledge or resolve.",
        body: r#"{"routing_key": "0123456789abcdef0123456789abcdef", "event_action": "trigger", "dedup_key": "db-1/disk", "payload": {"summary": "Disk of db-1 is full", "source": "db-1", "severity": "critical"}}"#,
        ..EVENT
    },
    Way {
        name: "event-with-key",
        path: "/integration/{key}/enqueue",
        also: &["/x-ere/{key}"],
        summary: "Send an event, with the key in the path",
        description: "As `/v2/enqueue`, for clients that are told a whole URL.",
        parameters: &[KEY],
        body: r#"{"event_action": "resolve", "dedup_key": "db-1/disk"}"#,
        ..EVENT
    },
    Way {
        name: "change-event",
        path: "/v2/change/enqueue",
        serves: Serves::Change,
        summary: "Send a change event",
        description: "Kept as a change of the service that the integration is on, and shown beside its incidents; it pages nobody. \
            Its fate is `ignored`, because `informational`.",
        body: r#"{"routing_key": "0123456789abcdef0123456789abcdef", "payload": {"summary": "Deployed shop 4.2"}}"#,
        answer: r#"{"status": "success", "message": "Change event processed", "id": "AZ1r4tZ7cB6v0E3m5nQ2xw"}"#,
        ..EVENT
    },
    Way {
        name: "event-v1",
        path: "/generic/2010-04-15/create_event.json",
        serves: Serves::EventV1,
        summary: "Send an event of version 1",
        description: "`service_key` is the key of an integration; `event_type` is trigger, acknowledge or resolve.",
        body: r#"{"service_key": "0123456789abcdef0123456789abcdef", "event_type": "trigger", "incident_key": "db-1/disk", "description": "Disk of db-1 is full"}"#,
        status: 200,
        answer: r#"{"status": "success", "message": "Event processed", "incident_key": "db-1/disk"}"#,
        ..EVENT
    },
];
