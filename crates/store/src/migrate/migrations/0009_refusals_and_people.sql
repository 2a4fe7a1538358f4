-- What integrations turn away; people, their tokens, those who left, and who brought events about; keys for what teams own;
-- names that organizations had before.

-- What came to a group since its incident was acknowledged: the round that the acknowledgement began, how many alerts, and
-- when the first of them came.
alter table alert_group add column since_round bigint;
alter table alert_group add column since_alerts bigint;
alter table alert_group add column since_at bigint;

-- What came to an integration and was turned away: how often for each reason, and when and from where last.
create table turned_away (
    organization_id bigint not null,
    integration_ref_id text not null,
    reason text not null,
    times bigint not null,
    last_at bigint not null,
    last_from text,
    primary key (organization_id, integration_ref_id, reason)
) {clustered};
create index turned_away_last on turned_away (organization_id, last_at);

-- The problems of one integration that had an incident, as they are listed, from the end on: what comes is added at the end, and
-- leaves pages full.
create index problem_integration on problem (organization_id, integration_ref_id, instance_id, digest)
    where instance_id is not null;

-- People: tokens of theirs, and keys for what teams own.

-- person: whose token a key is, by the id of their component; null where it is the organization's own. teams: ids of the
-- teams whose things it is limited to, with spaces between; null where it is limited to none.
alter table api_key add column person text;
alter table api_key add column teams text;
create index api_key_person on api_key (organization_id, person);

-- People who left, with the name that is shown for them in all that happened. handle: the username in small letters, which is
-- never given again; null once a directory file brought it back. erased: the number by which the name says that it was erased.
create table former_person (
    organization_id bigint not null,
    ref_id text not null,
    username text not null,
    handle text,
    name text not null,
    left_at bigint not null,
    erased bigint,
    primary key (organization_id, ref_id)
) {clustered};
create index former_person_handle on former_person (organization_id, handle);

-- The person who brought an event about, by the id of their component; by_name is of keys and integrations then, and of
-- everybody before.
alter table event add column by_ref text;
create index event_by on event (organization_id, by_ref, instance_id) where by_ref is not null;

-- Names that organizations had before, which lead to them still: who says one means them.
create table former_organization_name (
    name text not null,
    organization_id bigint not null,
    primary key (name)
) {clustered};

-- When people were last told of something that they are told of again and again, such as the head of the audit log.
create table last_told (
    organization_id bigint not null,
    subject text not null,
    told_at bigint not null,
    primary key (organization_id, subject)
) {clustered};

-- Filters of the list of incidents that somebody gave a name. person: whose view it is, by the id of their component; '' where it
-- is shared with everybody. query: the filters, as they stand in the address of the list.
create table saved_view (
    organization_id bigint not null,
    person text not null,
    name text not null,
    query text not null,
    made_by text not null,
    made_at bigint not null,
    primary key (organization_id, person, name)
) {clustered};
create index saved_view_made on saved_view (organization_id, made_by);
