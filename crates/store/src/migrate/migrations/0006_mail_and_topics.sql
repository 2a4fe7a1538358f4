-- Mails that came, so that one that comes again is known, and one that answers another finds what that was about. digest: of
-- the integration and the mail's id; problem: digest of the problem that it spoke of; alert_id: the alert that it was.
create table delivery (
    organization_id bigint not null,
    digest text not null,
    problem text not null,
    alert_id text not null,
    received_at bigint not null,
    primary key (organization_id, digest)
) {clustered};
create index delivery_received on delivery (organization_id, received_at);

-- When an alert was counted last, so that what tells of no storm any more is forgotten: every sender of mail has a row.
alter table storm add column last_at bigint not null default 0;
create index storm_last on storm (organization_id, last_at);

-- Topics of Amazon SNS that integrations are subscribed to. message_id: of the message that asked to confirm it.
create table topic (
    organization_id bigint not null,
    integration_ref_id text not null,
    arn text not null,
    message_id text not null,
    confirmed_at bigint not null,
    primary key (organization_id, integration_ref_id, arn)
) {clustered};
