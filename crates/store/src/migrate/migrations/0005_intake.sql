-- Where alerts come from, what is known of the problems that they speak of, and what became of each of them.

-- What a sender told beside title and text, as JSON; null where it came by the API.
alter table alert add column source text;

-- The secret part of an integration's URL, without dashes. ends_at: until when it counts; null: as long as it is the newest.
create table integration_key (
    organization_id bigint not null,
    digits text not null,
    integration_ref_id text not null,
    made_at bigint not null,
    ends_at bigint,
    primary key (organization_id, digits)
) {clustered};
create unique index integration_key_digits on integration_key (digits);

-- A problem: digest is that of the integration and of what the sender calls it. Not kept in the order of digests, in which
-- nothing that comes together stands together. instance_id, alert_ref_id: its alert, and
-- where it is or was last. said_at: the sender's own time of the present state. flaps: when it came and went lately, as JSON.
-- waiting: the alert that is to open an incident, as JSON. due_at: when it is looked at again, though nothing comes.
create table problem (
    organization_id bigint not null,
    digest text not null,
    integration_ref_id text not null,
    instance_id bigint,
    alert_ref_id text,
    is_over boolean not null,
    urgency bigint not null,
    said_at bigint,
    heard_at bigint not null,
    delivery text not null,
    last_alert_id text not null,
    flaps text,
    waiting text,
    due_at bigint,
    primary key (organization_id, digest)
);
create index problem_incident on problem (organization_id, instance_id, is_over) where instance_id is not null;
create index problem_due on problem (due_at, organization_id, digest) where due_at is not null;
create index problem_over on problem (organization_id, heard_at) where is_over;

-- Alerts of an integration that belong together, or of a service in a storm: digest says which. said_at: when the incident
-- said how many came; unsaid: how many since.
create table alert_group (
    organization_id bigint not null,
    digest text not null,
    instance_id bigint not null,
    members bigint not null,
    began_at bigint not null,
    last_at bigint not null,
    said_at bigint not null,
    unsaid bigint not null,
    primary key (organization_id, digest)
) {clustered};
create index alert_group_last on alert_group (organization_id, last_at);

-- How many alerts come for a service, as JSON.
create table storm (
    organization_id bigint not null,
    subject text not null,
    state text not null,
    primary key (organization_id, subject)
) {clustered};

-- What became of an accepted alert. because: a rule, or a reason; body: what it said, as JSON.
create table fate (
    organization_id bigint not null,
    alert_id text not null,
    received_at bigint not null,
    integration_ref_id text not null,
    digest text not null,
    fate text not null,
    because text,
    instance_id bigint,
    body text not null,
    primary key (organization_id, alert_id)
) {clustered};
create index fate_received on fate (organization_id, received_at, alert_id);
create index fate_integration on fate (organization_id, integration_ref_id, received_at, alert_id);
create index fate_incident on fate (organization_id, instance_id, received_at, alert_id) where instance_id is not null;

-- The last bodies that came to an integration, with secrets hidden; outcome: what was made of them, or why nothing was.
create table integration_payload (
    organization_id bigint not null,
    integration_ref_id text not null,
    is_read boolean not null,
    number bigint not null,
    received_at bigint not null,
    body text not null,
    outcome text not null,
    primary key (organization_id, integration_ref_id, is_read, number)
) {clustered};

-- Heartbeats that were heard of. state: up, started or down; due_at: when they count as silent.
create table heartbeat (
    organization_id bigint not null,
    ref_id text not null,
    state text not null,
    heard_at bigint not null,
    due_at bigint,
    body text not null,
    primary key (organization_id, ref_id)
) {clustered};
create index heartbeat_due on heartbeat (due_at, organization_id, ref_id) where due_at is not null;

-- Topics of Amazon SNS that integrations are subscribed to. message_id: of the message that asked to confirm it.
create table topic (
    organization_id bigint not null,
    integration_ref_id text not null,
    arn text not null,
    message_id text not null,
    confirmed_at bigint not null,
    primary key (organization_id, integration_ref_id, arn)
) {clustered};
