//! Two incidents into one, and one into two.

use super::{BY, COMMAND, FROM_INCIDENT, INSTANCE_ID};
use crate::operation::{Answer, Code, Does, Field, Operation, Shape, Verb};

pub(super) const ROWS: &[Operation] = &[
    Operation {
        name: "merge",
        path: "merge",
        does: Does::Command(Verb::Merge),
        summary: "Merge an incident into another",
        description: "`instance_id` is absorbed and becomes RESOLVED; `related_instance_id` survives. The alerts of \
            the \
            absorbed one move to the survivor as GROUPED; its subscribers and business impacts are added to the \
            survivor's. Both must be unresolved. The survivor's responders are not notified again. Together \
            they may have 500 subscribers.",
        fields: &[
            INSTANCE_ID,
            Field::required(
                "related_instance_id",
                Shape::InstanceId,
                "7884",
                "Global number of the incident that survives.",
            ),
            BY,
        ],
        refusals: &[
            Code::UnknownIncident,
            Code::UnknownComponent,
            Code::AlreadyResolved,
            Code::MergedWithItself,
            Code::TooMany,
        ],
        ..COMMAND
    },
    Operation {
        name: "unmerge",
        path: "unmerge",
        does: Does::Command(Verb::Unmerge),
        summary: "Make an incident of an alert",
        description: "The alert leaves the incident and triggers a new one, on its own service and targets, with \
            its own \
            title, text and urgency. If a merged incident began with it, the subscribers and business impacts that came \
            with that one go with it.",
        fields: &[
            INSTANCE_ID,
            Field::required("task_ref_id", Shape::Id, r#""jNSYZE1vSAaqrvS-fPi5Hg""#, "Id of the alert, from `alerts`."),
            BY,
        ],
        answer: Answer::Unmerged,
        example: r#"{"instance_id": 8913, "timestamp": "2021-05-05T17:21:02.104477"}"#,
        refusals: &[
            Code::UnknownIncident,
            Code::UnknownAlert,
            Code::UnknownComponent,
            Code::AlreadyResolved,
            Code::OnlyAlert,
        ],
        links: &FROM_INCIDENT,
        ..COMMAND
    },
];
