-- Mailboxes: what is held for one person on one channel is due as a whole, however much it is.

-- next_at: when it is looked at again; null while nothing is held. reason: why what comes until then is held, too; null
-- where that must be found out again.
create table mailbox (
    organization_id bigint not null,
    channel text not null,
    username text not null,
    next_at bigint,
    reason text,
    primary key (organization_id, channel, username)
) {clustered};
create index mailbox_next on mailbox (channel, next_at, organization_id, username) where next_at is not null;

-- What is held is taken out in the order in which it came.
drop index notification_person;
create index notification_person on notification (organization_id, username, channel, next_at, instance_id, sequence)
    where next_at is not null;

-- Without the organization: where it is known and there are no statistics, SQLite prefers the primary key, and walks all
-- that the organization ever was told. The name of a message is unique on the server.
drop index notification_bundle;
create index notification_bundle on notification (bundle) where bundle is not null;
drop index notification_code;
create index notification_code on notification (username, code) where code is not null;
