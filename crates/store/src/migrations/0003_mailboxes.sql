-- Mailboxes: what is held for one person on one channel is due as a whole, however much it is.

-- next_at: when it is looked at again; null while nothing is held.
create table mailbox (
    organization_id bigint not null,
    channel text not null,
    username text not null,
    next_at bigint,
    primary key (organization_id, channel, username)
) {clustered};
create index mailbox_next on mailbox (channel, next_at, organization_id, username) where next_at is not null;

-- What is held is taken out in the order in which it came.
drop index notification_person;
create index notification_person on notification (organization_id, username, channel, next_at, instance_id, sequence)
    where next_at is not null;
