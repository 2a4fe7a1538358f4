//! What became of the alerts that monitoring tools sent, and the bodies in which they came.

use super::create::{TAG, TARGETS, TITLE, URGENCY};
use super::on_call::{FROM, READING_V1, UNTIL};
use super::{BY, COMMAND};
use crate::operation::{Answer, Change, Code, Does, Field, Limit, Link, Method, Operation, Reading, Served, Shape};
use domain::intake::Fate;
use domain::limits;
use domain::permission::Scope;

const FIELDS: &[Field] = &[
    Field::optional("integration", Shape::Id, "", "Only those of this integration, by its id or name."),
    Field::optional(
        "service",
        Shape::Id,
        "",
        "Only those of this service, by its id or name: of its incidents, and without an incident of the integrations on it.",
    ),
    Field::optional("identity", Shape::Id, "", "Only those of what a sender calls so, such as a fingerprint."),
    Field::optional("instance_id", Shape::InstanceId, "", "Only those of this incident."),
    Field::optional("fate", Shape::Word(Fate::WORDS), "", "Only those with this fate."),
    Field::optional("since", Shape::Timestamp, "", "Only those that came at this instant or later."),
    Field::optional("until", Shape::Timestamp, "", "Only those that came at this instant or before."),
    Field::optional(
        "limit",
        Shape::Integer { least: 1, most: limits::PAGE_MOST as i64 },
        "",
        "How many at most; 500 where none is given. Where more exist, the header `Link` with `rel=\"next\"` leads to \
            them.",
    ),
    Field::optional("after", Shape::Id, "", "The `alert_id` that the page before ended with."),
];

const CHANGE_FIELDS: &[Field] = &[
    Field::optional("instance_id", Shape::InstanceId, "", "Only those near this incident."),
    Field::optional("service", Shape::Id, "", "Only those of this service, by its id or name."),
    Field::optional("integration", Shape::Id, "", "Only those that came by this integration, by its id or name."),
    Field::optional("since", Shape::Timestamp, "", "Only those of this instant or later."),
    Field::optional("until", Shape::Timestamp, "", "Only those of this instant or before."),
    Field::optional(
        "limit",
        Shape::Integer { least: 1, most: limits::PAGE_MOST as i64 },
        "",
        "How many at most; 500 where none is given. Where more exist, the header `Link` with `rel=\"next\"` leads to \
            them.",
    ),
    Field::optional("after", Shape::Id, "", "The `id` that the page before ended with."),
];

const LISTING: Operation = Operation {
    does: Does::Read(Reading::Fates),
    description: "Every alert that was accepted has a fate, the newest first: `opened` an incident, `reopened` one \
        that had ended by itself within the `reopen_minutes` of its service, `joined` one that is \
        open for the same problem, `resolved` its problem (`because` says whether the incident `ended` or what \
        remains), `acknowledged`, `noted` (because `heartbeat:NAME` where it was that heartbeat's word), `suppressed` by the routing rule in `because`, `repeated` the alert in \
        `because`, `stale` (a newer one stands), `ignored` (`nothing_open`, `already_over`, `test`, `informational`, and of mail \
        `auto_reply`, `mail_rule`, `sender_not_allowed`, `not_authenticated`), \
        `disabled`, or `unmappable` for what `because` says. `fate_at` says since when: what waited has another fate later. `repairs` names what had to be mended so that it could be read. \
        Fates are kept for as many days as `intake.keep_days` of the configuration says, 90 by default, and as long as their incident is not resolved.",
    fields: FIELDS,
    answer: Answer::Fates,
    example: include_str!("../example/fates.json"),
    refusals: &[Code::UnknownComponent, Code::UnknownAlert],
    ..READING_V1
};

const ALERT_ID: Field = Field::required(
    "alert_id",
    Shape::Id,
    r#""gCX2Sg9HSDCxgYXOR0RCqA""#,
    "Id of the alert, as its sender was answered.",
);

const TRY_RULES: &[Field] = &[
    Field::optional("alert_id", Shape::Id, r#""gCX2Sg9HSDCxgYXOR0RCqA""#, "Id of an alert that came."),
    Field::optional("integration_ref_id", Shape::Id, "", "Id or name of the integration that reads `payload`."),
    Field::optional(
        "payload",
        Shape::Json,
        "",
        "The body, as JSON or as a text of whatever form; rules find values in it by their pointers.",
    ),
    Field::optional(TITLE.name, TITLE.shape, "", TITLE.doc),
    Field::optional(
        "description",
        Shape::Text(Limit::Bytes(limits::DESCRIPTION_BYTES)),
        "",
        "What happened, at length.",
    ),
    Field::optional("urgency_level", URGENCY, "", "1 to 5; 4 where none is given."),
    Field::optional("service_ref_id", Shape::Id, "", "Id or name of the service it is about."),
    Field::optional("policy_ref_id", TARGETS, "", "Ids of escalation policies that it names."),
    Field::optional("users", TARGETS, "", "Preferred usernames of people that it names."),
    Field::optional("tags", Shape::ListOf { item: &TAG, least: 0, most: limits::TAGS }, "", "Its tags."),
    Field::optional("dedup_key", Shape::Text(Shape::ID_LIMIT), "", "The key under which it is one with others."),
];

pub(super) const INTEGRATION_REF_ID: Field =
    Field::required("integration_ref_id", Shape::Id, r#""Tq2vX9fkQhmYx0o8cGJb3A""#, "Id or name of the integration.");

pub(super) const ROWS: &[Operation] = &[
    Operation {
        name: "alert",
        path: "alerts/{alert_id}",
        does: Does::Read(Reading::Fate),
        summary: "Read what became of an alert",
        description: "The alert with its fate, as in the list of alerts; `later` are those that came after it about the same \
            problem, the oldest first.",
        parameters: &[ALERT_ID],
        answer: Answer::Fate,
        example: include_str!("../example/fate.json"),
        refusals: &[Code::UnknownAlert],
        ..READING_V1
    },
    Operation {
        name: "alert-resolve",
        path: "alerts/{alert_id}/resolve",
        served: Served::V1,
        does: Does::Change(Change::EndAlert),
        summary: "End one alert of an incident",
        description: "Counts as if its sender had called it over: the incident is resolved when this was the last of its alerts \
            that are open, unless the `on_resolve` of its integration is `note` or `ignore`; one that waits for \
            the end of its hold or of a maintenance window opens no incident. While the sender goes on to report the same, that \
            is `noted` because `ended_here`, for as many minutes as the `remind_minutes` of the integration say; what begins \
            anew counts at once. What is over already stays as it is.",
        parameters: &[ALERT_ID],
        fields: &[
            Field::optional(
                "instance_id",
                Shape::InstanceId,
                "",
                "Global number of the incident that the alert is in. Needed of one that `create` made, whose id is the \
                    `task_ref_id` in `alerts`.",
            ),
            BY,
        ],
        refusals: &[Code::UnknownAlert, Code::UnknownComponent],
        ..COMMAND
    },
    Operation {
        name: "alert-list",
        path: "alerts",
        summary: "List alerts and what became of them",
        links: &[Link { to: "alert", takes: &[("alert_id", "/0/alert_id")] }],
        ..LISTING
    },
    Operation {
        name: "alert-search",
        path: "alerts/list",
        method: Method::Post,
        summary: "List alerts and what became of them, asked in a body",
        ..LISTING
    },
    Operation {
        name: "change-event-list",
        path: "change-events",
        does: Does::Read(Reading::ChangeEvents),
        summary: "List what was changed",
        description: "What senders told at `/v2/change/enqueue`, such as releases, and when maintenance windows began and ended, the \
            last first. With `instance_id`, what was changed on the service of this incident from a day before it began until it was resolved. They page nobody, and are kept \
            for as many days as fates are.",
        fields: CHANGE_FIELDS,
        answer: Answer::ChangeEvents,
        example: include_str!("../example/change_events.json"),
        refusals: &[Code::UnknownComponent, Code::UnknownIncident, Code::UnknownAlert],
        ..READING_V1
    },
    Operation {
        name: "maintenance-occurrences",
        path: "maintenance-windows/{maintenance_window_ref_id}/occurrences",
        does: Does::Read(Reading::Occurrences),
        summary: "Read when a maintenance window is",
        description: "Each time that it begins or goes on in the period, in order, at most 500. A start that the clocks leave \
            out is the end of the gap, and of one that comes twice the first counts.",
        parameters: &[Field::required(
            "maintenance_window_ref_id",
            Shape::Id,
            r#""Wm4nPq7rTxCyZa1bCd2eFg""#,
            "Id or name of the maintenance window.",
        )],
        fields: &[FROM, UNTIL],
        answer: Answer::Occurrences,
        example: r#"[{"from": "2026-06-03T20:00:00.000000", "until": "2026-06-03T21:00:00.000000"}]"#,
        ..READING_V1
    },
    Operation {
        name: "payloads",
        path: "integrations/{integration_ref_id}/payloads",
        does: Does::Read(Reading::Payloads),
        summary: "Read the last bodies that came to an integration",
        description: "The last 50 that could be read and the last 50 that could not, the newest first, with what was made of \
            them: for whoever points a sender here. Secrets are hidden; of a body over 64 KiB only its first alert is kept.",
        parameters: &[INTEGRATION_REF_ID],
        answer: Answer::Payloads,
        example: include_str!("../example/payloads.json"),
        refusals: &[Code::UnknownComponent],
        ..READING_V1
    },
    Operation {
        name: "try-integration",
        path: "integrations/{integration_ref_id}/try",
        method: Method::Post,
        does: Does::Read(Reading::TryIntegration),
        summary: "Try out how an integration reads bodies",
        description: "What would be read in `payload`, or else in the last 50 bodies that came; nothing is stored, and nobody is \
            told. Of each body at most 100 alerts are shown. With `mapping`, `enrichments` or `mail`, in the form of the \
            directory file, these are tried instead of the integration's own (a mapping is that of the kind `generic`, \
            whatever the integration is), and `before` says what the integration as it stands reads, where that differs. \
            Kept bodies are tried without their headers and queries; of mail none are kept, so its source is given.",
        parameters: &[INTEGRATION_REF_ID],
        fields: &[
            Field::optional(
                "payload",
                Shape::Json,
                r#"{"job": "backup", "exit_code": 1}"#,
                "The body, as JSON, or as a text of whatever form.",
            ),
            Field::optional(
                "mapping",
                Shape::Json,
                r#"{"identity": "/job", "title": "Job {{ job }} failed", "resolved_when": [{"field": "/exit_code", "equals": 0}]}"#,
                "The mapping to try, as `[integration.mapping]` of the directory file holds it; `{}` for none.",
            ),
            Field::optional(
                "enrichments",
                Shape::Json,
                "",
                "The enrichments to try, a list as the directory file holds it; `[]` for none.",
            ),
            Field::optional(
                "mail",
                Shape::Json,
                "",
                "How mail is read, as `[integration.mail]` of the directory file holds it, of the kind `email`.",
            ),
        ],
        answer: Answer::Tries,
        example: include_str!("../example/tries.json"),
        refusals: &[Code::UnknownComponent],
        ..READING_V1
    },
    Operation {
        name: "test-integration",
        path: "integrations/{integration_ref_id}/test",
        served: Served::V1,
        does: Does::Change(Change::TestIntegration),
        summary: "Send a test to an integration",
        description: "Takes in an example of the integration's kind, or `payload`, as if its sender had sent it: by its mapping, \
            enrichments, grouping, routing, maintenance, and by pages to people; told is what became of each alert, of which \
            there are at most 10. A test is marked: its title begins with `Test:`, it has the tag `test`, and `repairs` says \
            who sent it. It is of another problem than whatever the sender speaks of, so that it neither joins nor ends one; \
            another test joins it while its incident is open. Key, network and signature of the sender are not tried. An \
            integration with a mapping of its own wants `payload`, unless the mapping reads the example.",
        parameters: &[INTEGRATION_REF_ID],
        fields: &[Field::optional(
            "payload",
            Shape::Json,
            r#"{"title": "Disk is nearly full"}"#,
            "The body, as JSON, or as a text of whatever form. Left out: an example of the kind.",
        )],
        answer: Answer::Fates,
        example: r#"[{"alert_id": "gCX2Sg9HSDCxgYXOR0RCqA", "fate": "opened", "fate_at": "2026-06-01T09:30:00.000000",
            "because": null, "instance_id": 8912, "received_at": "2026-06-01T09:30:00.000000", "integration": "scripts",
            "integration_ref_id": "Tq2vX9fkQhmYx0o8cGJb3A", "state": "firing", "title": "Test: Disk is nearly full",
            "identity": "test: ", "urgency_level": 4, "occurred_at": null, "repairs": ["test: sent by ana"]}]"#,
        refusals: &[Code::UnknownComponent],
        ..COMMAND
    },
    Operation {
        name: "rotate-integration-key",
        path: "integrations/{integration_ref_id}/rotate-key",
        served: Served::V1,
        scope: Scope::Admin,
        does: Does::Change(Change::RotateKey),
        summary: "Give an integration another key",
        description: "The new key counts at once, and those before for `overlap_hours` more, so that senders can be pointed at the \
            new URL one after the other; what still comes with one of them says so in `repairs`. With 0 they count no more. \
            Where the integration says its `key` itself, it says the new one from then on; refused where a directory file \
            gives it.",
        parameters: &[INTEGRATION_REF_ID],
        fields: &[Field::optional(
            "overlap_hours",
            Shape::Integer { least: 0, most: limits::OVERLAP_HOURS_MOST as i64 },
            "48",
            "For how many hours the keys before count; 24 where none is given.",
        )],
        answer: Answer::RenewedKey,
        example: r#"{"integration_ref_id": "Tq2vX9fkQhmYx0o8cGJb3A",
            "integration_key": "1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed",
            "url": "https://reveille.example.org/grafana/1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed", "address": null,
            "key_before_ends_at": "2026-06-03T09:30:00.000000"}"#,
        refusals: &[Code::UnknownComponent, Code::ManagedByFile],
        ..COMMAND
    },
    Operation {
        name: "try-routing-rules",
        path: "routing-rules/try",
        method: Method::Post,
        does: Does::Read(Reading::TryRules),
        summary: "Try an alert on the routing rules",
        description: "Each rule in order: whether it is tried, each of its conditions with the value it saw, and whether it \
            fits now; then the rule that is applied, and the incident that would be made with whom it would page, by which \
            channel, when. Nothing is stored, and nobody is told. The alert is one that came (`alert_id`), the first that an \
            integration reads in `payload`, or what `title` and the other fields of `create` describe. Of an alert whose body \
            is not kept any more only title, identity and urgency are known, and `is_whole` is false. Grouping, holds, \
            storms and maintenance come before or after routing and are not tried. A rule that is called `try` is found by its id only.",
        fields: TRY_RULES,
        answer: Answer::RuleTrial,
        example: include_str!("../example/rule_trial.json"),
        refusals: &[Code::UnknownComponent, Code::UnknownAlert],
        ..READING_V1
    },
];
