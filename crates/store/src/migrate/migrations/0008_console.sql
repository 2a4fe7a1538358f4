-- The console: what changes while somebody looks.

-- watched_until: until when some node shows pages of this organization as they change; changes are noted until then. Both
-- stand on the row that each transaction of an organization takes first, so that numbers commit in their order.
alter table incident_counter add column watched_until bigint not null default 0;
alter table incident_counter add column last_pulse bigint not null default 0;

-- What changed while somebody looked: an incident by its number; 0 for messages of whatever incidents, -1 for what came in from
-- monitoring tools. Rows live for minutes.
create table pulse (
    organization_id bigint not null,
    number bigint not null,
    made_at bigint not null,
    instance_id bigint not null,
    {key: organization_id, number}
);
create index pulse_made on pulse (organization_id, made_at);

-- Web Push.

-- Browsers that people allowed to be pushed to: the id is the SHA-256 of the endpoint, so that a browser is one person's.
create table push_device (
    organization_id bigint not null,
    id text not null,
    ref_id text not null,
    name text not null,
    endpoint text not null,
    p256dh text not null,
    auth text not null,
    made_at bigint not null,
    last_success_at bigint,
    primary key (organization_id, id)
) {clustered};
create index push_device_person on push_device (organization_id, ref_id);
