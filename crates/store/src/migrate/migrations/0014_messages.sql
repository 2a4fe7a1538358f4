-- Messages that list several notifications: each has a row of its own, so that to try it, to send it and to record what came
-- back touches none of the notifications in it, however many they are.

-- state: sending, waiting, sent or failed. next_at: when it is due, or the lease on it is over; null once its fate is known.
-- due_at: of its first notification. size: how many there were when it was claimed. told_instance_id, told_sequence: the
-- notification after which those follow whose incidents have yet to say that the destination is left alone; null where all do.
create table message (
    delivery_id text not null primary key,
    organization_id bigint not null,
    channel text not null,
    username text not null,
    state text not null,
    attempts bigint not null,
    due_at bigint not null,
    next_at bigint,
    finished_at bigint,
    fate text,
    size bigint not null,
    code text,
    confirmed_at bigint,
    told_instance_id bigint,
    told_sequence bigint
) {clustered};
create index message_next on message (channel, next_at, organization_id, delivery_id) where next_at is not null;
create index message_waiting on message (organization_id, username, channel) where next_at is not null;
create index message_untold on message (channel, organization_id, delivery_id) where told_sequence is not null;
create index message_code on message (username, code) where code is not null;

create table message_attempt (
    delivery_id text not null,
    attempt bigint not null,
    at bigint not null,
    elapsed_micros bigint not null,
    outcome text not null,
    answer text not null,
    primary key (delivery_id, attempt)
) {clustered};

-- Those on their way, and those that wait for another try, are messages from now on; their notifications are `in message`, which
-- says that their fate is its own. What was held in a mailbox is looked at when the next server looks.
insert into message (delivery_id, organization_id, channel, username, state, attempts, due_at, next_at, size)
    select bundle, min(organization_id), min(channel), min(username), 'waiting', max(attempts), min(due_at),
        min(case when next_at < 9000000000000000000 then next_at else 0 end), count(*)
    from notification where bundle is not null and next_at is not null and state in ('waiting', 'sending')
    group by bundle having count(*) > 1;
update notification set state = 'in message', next_at = null
    where bundle in (select delivery_id from message) and next_at is not null;

-- What is held is due with its mailbox, and has no place among what is due by itself; whose incident has yet to say that the
-- destination is left alone has one of its own.
drop index notification_next;
create index notification_next on notification (channel, next_at, organization_id, instance_id, sequence)
    where next_at is not null and next_at < 9000000000000000000;
create index notification_untold on notification (channel, organization_id, instance_id, sequence)
    where next_at = 9000000000000000002;

-- A message goes through its notifications by incident.
drop index notification_bundle;
create index notification_bundle on notification (bundle, instance_id, sequence) where bundle is not null;
