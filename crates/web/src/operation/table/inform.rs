//! Who is kept informed, of what, and responses made ready.

use super::{BY, COMMAND, INSTANCE_ID};
use crate::operation::{Code, Does, Field, Limit, Operation, Shape, Verb};
use domain::limits;

const SUBSCRIBERS: Shape = Shape::ListOf { item: &Shape::Id, least: 1, most: limits::SUBSCRIBERS };

const BUSINESS_SERVICE: Field =
    Field::required("business_service_ref_id", Shape::Id, r#""6jbYk31vSAaqLMi-fPp89R""#, "Id of the business service.");

const CAN_GROW: &[Code] = &[Code::TooMany, Code::UnknownIncident, Code::UnknownComponent, Code::AlreadyResolved];

pub(super) const ROWS: &[Operation] = &[
    Operation {
        name: "add-subscribers",
        path: "add-subscribers",
        does: Does::Command(Verb::AddSubscribers),
        summary: "Keep people informed",
        description: "They are told of status updates and of the end. Nobody is subscribed twice.",
        fields: &[
            INSTANCE_ID,
            Field::required("subscribers", SUBSCRIBERS, r#"["adsmi", "mofab"]"#, "Preferred usernames."),
            BY,
        ],
        refusals: CAN_GROW,
        ..COMMAND
    },
    Operation {
        name: "remove-subscribers",
        path: "remove-subscribers",
        does: Does::Command(Verb::RemoveSubscribers),
        summary: "Keep people informed no longer",
        description: "Removing somebody who is not subscribed succeeds too.",
        fields: &[INSTANCE_ID, Field::required("subscribers", SUBSCRIBERS, r#"["mofab"]"#, "Preferred usernames."), BY],
        ..COMMAND
    },
    Operation {
        name: "update-status",
        path: "update-status",
        does: Does::Command(Verb::UpdateStatus),
        summary: "Publish a status update",
        description: "Subscribers of the incident, and those of the impacted business services, are told.",
        fields: &[
            INSTANCE_ID,
            Field::required(
                "status_update",
                Shape::Text(Limit::Bytes(limits::STATUS_UPDATE_BYTES)),
                r#""The root cause has been found. The system will be back up in 15 minutes.""#,
                "What they are told.",
            ),
            BY,
        ],
        ..COMMAND
    },
    Operation {
        name: "add-impact",
        path: "add-impact",
        does: Does::Command(Verb::AddImpact),
        summary: "Mark a business service as impacted",
        description: "Its subscribers hear of status updates from now on. Marking it twice succeeds too.",
        fields: &[INSTANCE_ID, BUSINESS_SERVICE, BY],
        ..COMMAND
    },
    Operation {
        name: "remove-impact",
        path: "remove-impact",
        does: Does::Command(Verb::RemoveImpact),
        summary: "Take back that a business service is impacted",
        description: "Taking back what was not marked succeeds too.",
        fields: &[INSTANCE_ID, BUSINESS_SERVICE, BY],
        ..COMMAND
    },
    Operation {
        name: "run-response-set",
        path: "run-response-set",
        does: Does::Command(Verb::RunResponseSet),
        summary: "Run a response set",
        description: "Adds the set's responders, subscribers and conference bridges, and publishes its status update, \
            in one step.",
        fields: &[
            INSTANCE_ID,
            Field::required("response_set_ref_id", Shape::Id, r#""Z9mn4KLvoDhqLMi-uhc7-g""#, "Id of the response set."),
            BY,
        ],
        refusals: CAN_GROW,
        ..COMMAND
    },
    Operation {
        name: "run-workflow",
        path: "run-workflow",
        does: Does::Command(Verb::RunWorkflow),
        summary: "Run a workflow",
        description: "Does all that the workflow says, in one step.",
        fields: &[
            INSTANCE_ID,
            Field::required("workflow_ref_id", Shape::Id, r#""Tq2vX9fkQhmYx0o8cGJb3A""#, "Id of the workflow."),
            BY,
        ],
        refusals: CAN_GROW,
        ..COMMAND
    },
];
