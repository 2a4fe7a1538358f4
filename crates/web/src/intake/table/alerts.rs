//! Opsgenie's API of alerts and heartbeats.

use super::WAY;
use crate::intake::way::{Family, Part, PartShape, Serves, Way};

const ID: Part = Part {
    name: "id",
    doc: "The alert: its id or that of a request about it, or as `identifierType` says; an id that is not known is looked for as \
        alias.",
    shape: PartShape::Text("^[^/]{1,512}$"),
};
const IDENTIFIER: Part = Part {
    name: "identifierType",
    doc: "What `id` is: the alert's id, its incident's number, or its alias.",
    shape: PartShape::Words(&["id", "tiny", "alias"]),
};
const NAME: Part = Part { name: "name", doc: "The name of the heartbeat.", shape: PartShape::Text("^[^/]{1,255}$") };
const QUERY: Part = Part {
    name: "query",
    doc: "`status:` open or closed, `alias:`, `tag:`, `priority:` P1 to P5, and words that stand in the message, the alias, a \
        tag or a detail; all must hold. At most 1,000 bytes and 20 conditions.",
    shape: PartShape::Text("^(status: ?(open|closed)|priority: ?P[1-5]|[a-z]{1,9}| AND ){0,1}$"),
};
const SORT: Part = Part {
    name: "sort",
    doc: "By what alerts are put in order.",
    shape: PartShape::Words(&[
        "createdAt",
        "updatedAt",
        "lastOccurredAt",
        "tinyId",
        "alias",
        "message",
        "status",
        "acknowledged",
        "isSeen",
        "count",
        "owner",
        "priority",
        "source",
        "integration.name",
        "integration.type",
    ]),
};
const ORDER: Part = Part { name: "order", doc: "In which direction.", shape: PartShape::Words(&["asc", "desc"]) };
const OFFSET: Part = Part { name: "offset", doc: "How many are left out.", shape: PartShape::Whole(0, 19_900) };
const LIMIT: Part =
    Part { name: "limit", doc: "How many are shown; 20 where it is not said.", shape: PartShape::Whole(1, 100) };

const TAKEN: &str =
    r#"{"result": "Request will be processed", "took": 0.0, "requestId": "0199d6e2-d67b-701e-afd0-4de6e67436c7"}"#;
const ALERT: &str = r#"{"data": {"id": "AZ1r4tZ7cB6v0E3m5nQ2xw", "tinyId": "12", "alias": "db-1/disk", "message": "Disk of db-1 is full", "status": "open", "acknowledged": false, "isSeen": false, "tags": ["db"], "snoozed": false, "count": 1, "createdAt": "2026-10-25T00:00:00.000000Z", "updatedAt": "2026-10-25T00:00:00.000000Z", "lastOccurredAt": "2026-10-25T00:00:00.000000Z", "source": "", "owner": "ana", "priority": "P1", "responders": [{"type": "escalation", "id": "kq0Xh8dLRO2c0rB1yM7ZPg", "name": "primary"}], "integration": {"id": "wB5eYp1uQ4iJ0cHsWv6oGA", "name": "alerts", "type": "API"}, "entity": "", "description": "97 %", "details": {}, "actions": []}, "took": 0.0, "requestId": "0199d6e2-d67b-701e-afd0-4de6e67436c7"}"#;
const ALERTS: &str = r#"{"data": [], "paging": {"first": "/v2/alerts?offset=0&limit=20", "last": "/v2/alerts?offset=0&limit=20"}, "took": 0.0, "requestId": "0199d6e2-d67b-701e-afd0-4de6e67436c7"}"#;
const COUNT: &str = r#"{"data": {"count": 3}, "took": 0.0, "requestId": "0199d6e2-d67b-701e-afd0-4de6e67436c7"}"#;
const STATUS: &str = r#"{"data": {"success": true, "isSuccess": true, "action": "Create", "processedAt": "2026-10-25T00:00:00.000000Z", "integrationId": "wB5eYp1uQ4iJ0cHsWv6oGA", "status": "Created alert", "alertId": "AZ1r4tZ7cB6v0E3m5nQ2xw", "alias": "db-1/disk"}, "took": 0.0, "requestId": "0199d6e2-d67b-701e-afd0-4de6e67436c7"}"#;
const PONG: &str =
    r#"{"result": "PONG - Heartbeat received", "took": 0.0, "requestId": "0199d6e2-d67b-701e-afd0-4de6e67436c7"}"#;
const HEARTBEAT: &str = r#"{"data": {"name": "backup", "description": "Every 3600 seconds, and 60 of grace.", "enabled": true, "expired": false, "alertPriority": "P2", "interval": 1, "intervalUnit": "hours"}, "took": 0.0, "requestId": "0199d6e2-d67b-701e-afd0-4de6e67436c7"}"#;
const HEARTBEATS: &str =
    r#"{"data": {"heartbeats": []}, "took": 0.0, "requestId": "0199d6e2-d67b-701e-afd0-4de6e67436c7"}"#;

/// What ways that change something have in common.
const WRITE: Way =
    Way { family: Family::Alerts, status: 202, answer: TAKEN, refusals: &[400, 413, 415, 422, 429], ..WAY };
/// What ways have in common that ask of an alert what the end of their path says.
const NAMED: Way = Way { serves: Serves::AlertAct, parameters: &[ID], query: &[IDENTIFIER], ..WRITE };
/// What ways that read have in common.
const READ: Way = Way { methods: &["GET"], family: Family::Alerts, refusals: &[422, 429], ..WAY };
/// What ways that would change heartbeats have in common.
const FORBIDDEN: Way = Way {
    family: Family::Alerts,
    serves: Serves::HeartbeatChange,
    status: 403,
    description: "Heartbeats belong to the directory file: 403 says so.",
    ..WAY
};

pub(super) const WAYS: &[Way] = &[
    Way {
        name: "alert-create",
        path: "/v2/alerts",
        serves: Serves::AlertCreate,
        summary: "Create an alert",
        description: "As Opsgenie's. `message` is required, `alias` says which alerts are one problem. Responders that name a \
            policy, a user, a team or a routine are asked beside those of the integration; of others the fate tells.",
        body: r#"{"message": "Disk of db-1 is full", "alias": "db-1/disk", "priority": "P1", "tags": ["db"]}"#,
        ..WRITE
    },
    Way {
        name: "alert-list",
        path: "/v2/alerts",
        serves: Serves::AlertList,
        summary: "List alerts",
        description: "The alerts of the key's integration, of each problem the last, until a week after it is over; at most the \
            5,000 newest are looked at.",
        query: &[QUERY, OFFSET, LIMIT, SORT, ORDER],
        answer: ALERTS,
        ..READ
    },
    Way {
        name: "alert-count",
        path: "/v2/alerts/count",
        serves: Serves::AlertCount,
        summary: "Count alerts",
        description: "How many alerts a list would have.",
        query: &[QUERY],
        answer: COUNT,
        ..READ
    },
    Way {
        name: "alert-request",
        path: "/v2/alerts/requests/{id}",
        serves: Serves::RequestStatus,
        summary: "What became of a request",
        description: "`success` tells whether what was asked is so, be it that it was before.",
        parameters: &[Part {
            name: "id",
            doc: "`requestId` of the answer.",
            shape: PartShape::Text("^[0-9A-Fa-f-]{32,36}$"),
        }],
        answer: STATUS,
        refusals: &[404, 429],
        ..READ
    },
    Way {
        name: "alert-get",
        path: "/v2/alerts/{id}",
        serves: Serves::AlertGet,
        summary: "Read an alert",
        description: "An alert that opened an incident, alone or with others.",
        parameters: &[ID],
        query: &[IDENTIFIER],
        answer: ALERT,
        refusals: &[404, 422, 429],
        ..READ
    },
    Way {
        name: "alert-delete",
        methods: &["DELETE"],
        path: "/v2/alerts/{id}",
        serves: Serves::AlertDelete,
        summary: "Close an alert",
        description: "Nothing is deleted: the alert is closed, and a note says that it was to be deleted.",
        parameters: &[ID],
        query: &[IDENTIFIER],
        ..WRITE
    },
    Way {
        name: "alert-act",
        path: "/v2/alerts/{id}/{action}",
        serves: Serves::AlertAct,
        summary: "Close, acknowledge or otherwise work on an alert",
        description: "`snooze` wants `endTime`, `assign` an `owner`, `responders` a `responder`, `teams` a `team`; `escalate` \
            asks the policy of `escalation`, else the next level. `user` and `note` are taken by all. 202 even for an alert that \
            is not there: `/v2/alerts/requests/{id}` tells.",
        parameters: &[
            ID,
            Part {
                name: "action",
                doc: "What is asked.",
                shape: PartShape::Words(&[
                    "close",
                    "acknowledge",
                    "unacknowledge",
                    "notes",
                    "snooze",
                    "escalate",
                    "assign",
                    "responders",
                    "teams",
                ]),
            },
        ],
        query: &[IDENTIFIER],
        body: r#"{"user": "ana", "note": "on it"}"#,
        ..WRITE
    },
    Way {
        name: "alert-tags",
        path: "/v2/alerts/{id}/tags",
        summary: "Add tags to an alert",
        description: "They are those of its incident, of which there are 50 at most.",
        body: r#"{"tags": ["db"]}"#,
        ..NAMED
    },
    Way {
        name: "alert-remove-tags",
        methods: &["DELETE"],
        path: "/v2/alerts/{id}/tags",
        serves: Serves::AlertRemove,
        summary: "Take tags of an alert away",
        description: "`?tags=` names them, with commas between.",
        query: &[IDENTIFIER, Part { name: "tags", doc: "The tags.", shape: PartShape::Text("^[a-z,]{1,99}$") }],
        ..NAMED
    },
    Way {
        name: "alert-details",
        path: "/v2/alerts/{id}/details",
        summary: "Add details to an alert",
        description: "They stand beside those that the alert came with, and the log of the incident tells of them.",
        body: r#"{"details": {"rack": "7"}}"#,
        ..NAMED
    },
    Way {
        name: "alert-remove-details",
        methods: &["DELETE"],
        path: "/v2/alerts/{id}/details",
        serves: Serves::AlertRemove,
        summary: "Take details of an alert away",
        description: "`?keys=` names them, with commas between.",
        query: &[IDENTIFIER, Part { name: "keys", doc: "Their names.", shape: PartShape::Text("^[a-z,]{1,99}$") }],
        ..NAMED
    },
    Way {
        name: "alert-priority",
        methods: &["PUT"],
        path: "/v2/alerts/{id}/priority",
        summary: "Change an alert's priority",
        description: "The urgency of its incident is changed.",
        body: r#"{"priority": "P2"}"#,
        ..NAMED
    },
    Way {
        name: "alert-message",
        methods: &["PUT"],
        path: "/v2/alerts/{id}/message",
        summary: "Tell an alert's message anew",
        description: "Kept as fate: what is told anew stands in the next alert, too.",
        body: r#"{"message": "Disk of db-1 is full"}"#,
        ..NAMED
    },
    Way {
        name: "alert-description",
        methods: &["PUT"],
        path: "/v2/alerts/{id}/description",
        summary: "Tell an alert's description anew",
        description: "Kept as fate: what is told anew stands in the next alert, too.",
        body: r#"{"description": "97 %"}"#,
        ..NAMED
    },
    Way {
        name: "alert-perform",
        path: "/v2/alerts/{id}/actions/{name}",
        serves: Serves::AlertPerform,
        summary: "Ask for an action that has a name",
        description: "No such action is known here: it is written down on the incident.",
        parameters: &[ID, Part { name: "name", doc: "The action.", ..NAME }],
        query: &[IDENTIFIER],
        body: r#"{"user": "ana"}"#,
        ..WRITE
    },
    Way {
        name: "heartbeat-list",
        path: "/v2/heartbeats",
        serves: Serves::HeartbeatList,
        summary: "List heartbeats",
        description: "All of the organization. `interval` is absent where a heartbeat is heard of by cron; `description` tells.",
        answer: HEARTBEATS,
        refusals: &[429],
        ..READ
    },
    Way { name: "heartbeat-create", path: "/v2/heartbeats", summary: "Create a heartbeat: refused", ..FORBIDDEN },
    Way {
        name: "heartbeat-get",
        path: "/v2/heartbeats/{name}",
        serves: Serves::HeartbeatGet,
        summary: "Read a heartbeat",
        description: "One of the organization.",
        parameters: &[NAME],
        answer: HEARTBEAT,
        refusals: &[404, 429],
        ..READ
    },
    Way {
        name: "heartbeat-change",
        methods: &["PATCH", "DELETE"],
        path: "/v2/heartbeats/{name}",
        summary: "Change or delete a heartbeat: refused",
        parameters: &[NAME],
        ..FORBIDDEN
    },
    Way {
        name: "heartbeat-switch",
        methods: &["POST", "GET"],
        path: "/v2/heartbeats/{name}/{action}",
        summary: "Switch a heartbeat: refused",
        parameters: &[
            NAME,
            Part { name: "action", doc: "What is asked.", shape: PartShape::Words(&["enable", "disable"]) },
        ],
        ..FORBIDDEN
    },
    Way {
        name: "heartbeat-ping",
        methods: &["GET", "POST", "PUT", "PATCH"],
        path: "/v2/heartbeats/{name}/ping",
        serves: Serves::HeartbeatPing,
        summary: "Say that all is well",
        description: "By the heartbeat's name, with the key of any integration of the organization.",
        parameters: &[NAME],
        answer: PONG,
        refusals: &[404, 429],
        ..WRITE
    },
];
