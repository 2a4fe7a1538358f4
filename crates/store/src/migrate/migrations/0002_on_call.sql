-- On call and paging: contacts and their verification, swaps, feeds, bundles of messages, receipts.

-- bundle: the delivery id of the message in which it went out together with others. code: what a reply names it by.
alter table notification add column bundle text;
alter table notification add column code text;
alter table notification add column confirmed_at bigint;
create index notification_person on notification (organization_id, username, channel, next_at)
    where next_at is not null;
create index notification_bundle on notification (organization_id, bundle) where bundle is not null;
create index notification_code on notification (organization_id, username, code) where code is not null;

-- An unresolved incident without a due time would be forgotten; the auditor looks for one.
create index incident_undue on incident (organization_id, instance_id) where due_at is null and status <> 'RESOLVED';

-- When a person was last sent a message by a channel, and how many in the hour that began then.
create table pace (
    organization_id bigint not null,
    username text not null,
    channel text not null,
    sent_at bigint not null,
    hour_from bigint not null,
    hour_count bigint not null,
    primary key (organization_id, username, channel)
) {clustered};

-- A contact that must prove to be the person's: verified_at counts for the address of this digest only. codes_sent are
-- those of the hour from codes_from on; tries are those of the last code.
create table contact (
    organization_id bigint not null,
    username text not null,
    channel text not null,
    address_digest text not null,
    code_digest text,
    code_expires_at bigint,
    codes_from bigint not null,
    codes_sent bigint not null,
    tries bigint not null,
    verified_at bigint,
    primary key (organization_id, username, channel)
) {clustered};

create table swap (
    organization_id bigint not null,
    routine text not null,
    swap_ref_id text not null,
    until_at bigint not null,
    body text not null,
    primary key (organization_id, routine, swap_ref_id)
) {clustered};

-- Of a routine or a person, by id. Renewing a feed counts its generation up; the URLs of those before count no more.
create table feed (
    organization_id bigint not null,
    kind text not null,
    ref_id text not null,
    generation bigint not null,
    primary key (organization_id, kind, ref_id)
) {clustered};

-- Who was told last that they are on call, by routine, and when that was found out.
create table handover (
    organization_id bigint not null primary key,
    told_until bigint not null,
    body text not null
);

-- Secrets of the installation, which every node signs with; they belong to no organization, which is number 0.
create table secret (
    organization_id bigint not null,
    name text not null,
    value text not null,
    primary key (organization_id, name)
) {clustered};
