-- The first schema: organizations and their components, keys, incidents with alerts, events and notifications.
-- Every primary key begins with the organization, so that the same schema can be distributed by it.

create table organization (
    organization_id {identity},
    name text not null unique,
    version bigint not null,
    fallback_policy text,
    {key: organization_id}
);

-- Counts incidents apart from the organization's row, which every transaction reads.
create table incident_counter (
    organization_id bigint not null primary key,
    last_number bigint not null
);

create table component (
    organization_id bigint not null,
    kind text not null,
    name text not null,
    ref_id text not null,
    own_policy_ref_id text,
    position bigint not null,
    body text not null,
    primary key (organization_id, kind, name)
);
create unique index component_ref_id on component (organization_id, ref_id);

create table api_key (
    key_id {identity},
    organization_id bigint not null,
    name text not null,
    digest text not null unique,
    tail text not null,
    scope text not null,
    allow text not null,
    created_at bigint not null,
    expires_at bigint,
    revoked_at bigint,
    last_used_at bigint,
    {key: organization_id, key_id}
);

create table incident (
    instance_id {identity},
    organization_id bigint not null,
    organization_instance_id bigint not null,
    version bigint not null,
    status text not null,
    urgency bigint not null,
    service_ref_id text,
    created_at bigint not null,
    due_at bigint,
    is_stranded boolean not null,
    body text not null,
    {key: organization_id, instance_id}
);
create unique index incident_number on incident (organization_id, organization_instance_id);
create index incident_due on incident (due_at, instance_id) where due_at is not null;
create index incident_stranded on incident (organization_id, instance_id) where is_stranded;
create index incident_status on incident (organization_id, status, instance_id);
create index incident_urgency on incident (organization_id, urgency, instance_id);
create index incident_service on incident (organization_id, service_ref_id, instance_id) where service_ref_id is not null;
create index incident_created on incident (organization_id, created_at, instance_id);

-- What lists of incidents are filtered by and the incident's own columns do not hold: tags and assignees.
create table incident_label (
    organization_id bigint not null,
    kind text not null,
    value text not null,
    instance_id bigint not null,
    primary key (organization_id, kind, value, instance_id)
) {clustered};

create table alert (
    organization_id bigint not null,
    instance_id bigint not null,
    ref_id text not null,
    created_at bigint not null,
    grouping_kind text not null,
    title text not null,
    text text not null,
    urgency bigint not null,
    service_ref_id text,
    addressed_to text not null,
    integration_name text,
    dedup_key text,
    resolved_at bigint,
    primary key (organization_id, instance_id, ref_id)
) {clustered};
-- At most one unresolved alert with a key: two creates at the same instant give one incident, on two nodes too.
create unique index alert_open_key on alert (organization_id, dedup_key)
    where resolved_at is null and dedup_key is not null;

create table event (
    organization_id bigint not null,
    instance_id bigint not null,
    sequence bigint not null,
    at bigint not null,
    method text not null,
    by_name text,
    body text not null,
    primary key (organization_id, instance_id, sequence)
) {clustered};

-- next_at is when the engine looks at it again: due, or its lease is over; null once its fate is known.
create table notification (
    organization_id bigint not null,
    instance_id bigint not null,
    sequence bigint not null,
    username text not null,
    channel text not null,
    state text not null,
    is_page boolean not null,
    round bigint not null,
    due_at bigint not null,
    next_at bigint,
    attempts bigint not null,
    finished_at bigint,
    fate text,
    body text not null,
    primary key (organization_id, instance_id, sequence)
) {clustered};
create index notification_next on notification (channel, next_at, organization_id, instance_id, sequence)
    where next_at is not null;

create table attempt (
    organization_id bigint not null,
    instance_id bigint not null,
    sequence bigint not null,
    attempt bigint not null,
    at bigint not null,
    elapsed_micros bigint not null,
    outcome text not null,
    answer text not null,
    primary key (organization_id, instance_id, sequence, attempt)
) {clustered};

create table idempotency (
    organization_id bigint not null,
    idempotency_key text not null,
    digest text not null,
    outcome text not null,
    expires_at bigint not null,
    primary key (organization_id, idempotency_key)
);
create index idempotency_expiry on idempotency (expires_at);
