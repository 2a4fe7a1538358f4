-- What somebody changed, as its sender said it. digest: that of the integration and the body, by which a repetition is known;
-- service_ref_id: the service of the integration when it came; body: what was said, as JSON.
create table change_event (
    organization_id bigint not null,
    id text not null,
    digest text not null,
    integration_ref_id text not null,
    service_ref_id text,
    occurred_at bigint not null,
    received_at bigint not null,
    body text not null,
    primary key (organization_id, id)
) {clustered};
create index change_event_digest on change_event (organization_id, digest, received_at);
create index change_event_occurred on change_event (organization_id, occurred_at, id);
create index change_event_integration on change_event (organization_id, integration_ref_id, occurred_at, id);
create index change_event_service on change_event (organization_id, service_ref_id, occurred_at, id)
    where service_ref_id is not null;
