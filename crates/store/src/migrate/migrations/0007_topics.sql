-- Topics of Amazon SNS that integrations are subscribed to. message_id: of the message that asked to confirm it.
create table topic (
    organization_id bigint not null,
    integration_ref_id text not null,
    arn text not null,
    message_id text not null,
    confirmed_at bigint not null,
    primary key (organization_id, integration_ref_id, arn)
) {clustered};
