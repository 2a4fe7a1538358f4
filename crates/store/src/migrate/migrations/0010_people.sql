-- People: tokens of theirs, and keys for what teams own.

-- person: whose token a key is, by the id of their component; null where it is the organization's own. teams: ids of the
-- teams whose things it is limited to, with spaces between; null where it is limited to none.
alter table api_key add column person text;
alter table api_key add column teams text;
create index api_key_person on api_key (organization_id, person);

-- People who left, by the username in small letters, which is never given again.
create table former_person (
    organization_id bigint not null,
    username text not null,
    ref_id text not null,
    left_at bigint not null,
    primary key (organization_id, username)
) {clustered};
