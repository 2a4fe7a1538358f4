//! All operations of contract §2 and of on-call, a file per family, with the fields and defaults that families share.

mod annotate;
mod assign;
mod audit;
mod component;
mod contact;
mod cover;
mod create;
mod device;
mod directory;
mod feed;
mod inform;
mod intake;
mod invitation;
mod key;
mod layer;
mod list;
mod me;
mod merge;
mod notification;
mod on_call;
mod person_part;
mod provider;
mod read;
mod respond;
mod session;
mod swap;
mod users;

use super::{Answer, Code, Does, Field, Link, Method, Operation, Served, Shape, Verb};
use domain::permission::Scope;
use std::collections::BTreeMap;

/// Every operation, in the order in which they are documented.
pub fn operations() -> impl Iterator<Item = &'static Operation> {
    const FAMILIES: [&[Operation]; 39] = [
        create::ROWS,
        read::ROWS,
        list::ROWS,
        respond::ROWS,
        assign::ROWS,
        annotate::ROWS,
        merge::ROWS,
        inform::ROWS,
        users::ROWS,
        notification::ROWS,
        on_call::ROWS,
        layer::LAYERS,
        layer::EXCEPTIONS,
        swap::ROWS,
        feed::ROWS,
        contact::ROWS,
        person_part::ROWS,
        device::ROWS,
        session::ROWS,
        intake::ROWS,
        component::USERS,
        component::TEAMS,
        component::ROUTINES,
        component::ESCALATION_POLICIES,
        component::SERVICES,
        component::BUSINESS_SERVICES,
        component::RESPONSE_SETS,
        component::WORKFLOWS,
        component::ROUTING_RULES,
        component::INTEGRATIONS,
        component::HEARTBEATS,
        component::MAINTENANCE_WINDOWS,
        directory::ROWS,
        key::ROWS,
        provider::ROWS,
        audit::ROWS,
        me::ROWS,
        cover::ROWS,
        invitation::ROWS,
    ];
    FAMILIES.into_iter().flatten()
}

/// What most operations have in common: a command about one unresolved incident that answers `"Success"`.
const COMMAND: Operation = Operation {
    name: "",
    path: "",
    method: Method::Post,
    served: Served::Everywhere,
    does: Does::Command(Verb::Resolve),
    scope: Scope::Incidents,
    summary: "",
    description: "",
    parameters: &[],
    fields: &[INSTANCE_ID, BY],
    query: &[],
    body: None,
    at_least_one: &[],
    answer: Answer::Success,
    example: r#""Success""#,
    refusals: &[Code::UnknownIncident, Code::UnknownComponent, Code::AlreadyResolved],
    links: &[],
};

const INSTANCE_ID: Field = Field::required(
    "instance_id",
    Shape::InstanceId,
    "8912",
    "Global number of the incident, as `create` answered it. The number that the console shows is another one.",
);

const BY: Field = Field::optional(
    "by",
    Shape::Id,
    "",
    "Preferred username of the person who acts; the incident's log shows them. Without it the log shows the key's \
        name.",
);

/// The incident goes on to be looked at and worked on.
const FROM_INCIDENT: [Link; 3] = [
    Link { to: "details", takes: &[("instance_id", "/instance_id")] },
    Link { to: "acknowledge", takes: &[("instance_id", "/instance_id")] },
    Link { to: "resolve", takes: &[("instance_id", "/instance_id")] },
];

/// Every path that operations are served at, each with its operations: one for each method that the path takes.
pub fn routes() -> BTreeMap<String, Vec<&'static Operation>> {
    let mut routes: BTreeMap<String, Vec<&'static Operation>> = BTreeMap::new();
    for operation in operations() {
        for path in operation.paths() {
            routes.entry(path).or_default().push(operation);
        }
    }
    for operations in routes.values_mut() {
        operations.sort_by_key(|operation| operation.method);
    }
    routes
}
