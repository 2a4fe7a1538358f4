-- What nodes share. The people that an incident is with are found by its status, too: the kind of their labels is the
-- status, and no more `assignee`. Only unresolved incidents have any.
update incident_label set kind = (select incident.status from incident
    where incident.organization_id = incident_label.organization_id and incident.instance_id = incident_label.instance_id)
    where kind = 'assignee';

-- Destinations that failed when they were tried last: how each stands, for all nodes. state: as JSON; answer: what came back
-- last; is_told: an incident said at once, in this pause, that the destination is left alone.
create table breaker (
    organization_id bigint not null,
    channel text not null,
    address_digest text not null,
    state text not null,
    answer text not null,
    is_told boolean not null,
    primary key (organization_id, channel, address_digest)
) {clustered};

-- What may be done only so often in an hour, such as sending wrong codes: how often it was since the first time.
create table hourly_count (
    organization_id bigint not null,
    subject text not null,
    since bigint not null,
    times bigint not null,
    primary key (organization_id, subject)
) {clustered};
create index hourly_count_since on hourly_count (since);

-- Notices about no incident are listed by their reader, newest first.
create index notification_notice on notification (organization_id, username, due_at, sequence) where instance_id = 0;
