//! Lists by name: the components of an organization, and its unresolved incidents.

use super::read::{READING, STATUS};
use crate::operation::{Answer, Code, Does, Field, Link, Method, Operation, Reading, Served, Shape};
use domain::limits;

/// The kinds of `GET /list/{type}`, but `incidents`, which has a row of its own.
const TYPES: Shape = Shape::Word(&[
    "users",
    "escalation-policies",
    "services",
    "business-services",
    "response-sets",
    "workflows",
    "routines",
    "integrations",
    "heartbeats",
    "maintenance-windows",
]);

const LIMIT: Field = Field::optional(
    "limit",
    Shape::Integer { least: 1, most: limits::PAGE_MOST as i64 },
    "",
    "How many at most; 1000 where none is given. Where more exist, the header `Link` with `rel=\"next\"` leads to \
        them.",
);

pub(super) const ROWS: &[Operation] = &[
    Operation {
        name: "list-components",
        path: "list/{type}",
        method: Method::Get,
        served: Served::AtRoot,
        does: Does::Read(Reading::Components),
        summary: "List components",
        description: "Everything of one kind, ordered by name. Each has `name`, `ref_id` and the same id under the \
            name \
            that requests use: `policy_ref_id`, `service_ref_id`, `business_service_ref_id`, `response_set_ref_id`, \
            `workflow_ref_id`, `routine_ref_id`, `integration_ref_id`, `heartbeat_ref_id`, \
            `maintenance_window_ref_id`. A user's `policy_ref_id` is the user's own \
            one-level policy, and can be used wherever a policy's id can.",
        parameters: &[Field::required("type", TYPES, r#""services""#, "The kind.")],
        fields: &[LIMIT, Field::optional("after", Shape::Id, "", "The `ref_id` that the page before ended with.")],
        answer: Answer::Components,
        example: r#"[
            {
                "name": "Ops System Monitor",
                "ref_id": "s879IRLUSwW9XjbBmW3PnQ",
                "service_ref_id": "s879IRLUSwW9XjbBmW3PnQ",
                "description": null,
                "policy_ref_id": "KmRsye1vSAaqPZY-fxi22g"
            }
        ]"#,
        refusals: &[Code::UnknownPath, Code::UnknownComponent],
        ..READING
    },
    Operation {
        name: "list-incidents",
        path: "list/incidents",
        method: Method::Get,
        served: Served::AtRoot,
        does: Does::Read(Reading::IncidentNames),
        summary: "List incidents by name",
        description: "Newest first, unresolved only, unless `status` says otherwise. Not the same as \
            `POST /incidents/list`, which filters and tells more.",
        fields: &[
            LIMIT,
            Field::optional("after", Shape::InstanceId, "", "The `instance_id` that the page before ended with."),
            Field::optional(
                "status",
                Shape::ListOf { item: &STATUS, least: 0, most: 3 },
                "",
                "Incidents in one of these statuses; the parameter may be repeated.",
            ),
        ],
        answer: Answer::IncidentNames,
        example: r#"[
            {
                "name": "CS EU Trade Reconciliation Failed",
                "ref_id": "gCX2Sg9HSDCxgYXOR0RCqA",
                "instance_id": 8912,
                "organization_instance_id": 320,
                "task_ref_id": "gCX2Sg9HSDCxgYXOR0RCqA",
                "status": "OPEN",
                "urgency_level": 4,
                "instance_timestamp": "2021-05-05T17:20:14.343825"
            }
        ]"#,
        refusals: &[],
        links: &[Link { to: "details", takes: &[("instance_id", "/0/instance_id")] }],
        ..READING
    },
];
