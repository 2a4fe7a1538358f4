-- Somebody asks others to take a shift over. It changes nothing of who is on call before one of them says yes.

-- until_at: when the shift is over, from when on it is forgotten after a time. look_at: when the clock has something to say of
-- it, which is that nobody has taken it yet, or that it begins; null once it is closed.
create table cover (
    organization_id bigint not null,
    cover_ref_id text not null,
    until_at bigint not null,
    look_at bigint,
    body text not null,
    primary key (organization_id, cover_ref_id)
) {clustered};
create index cover_look on cover (look_at, organization_id) where look_at is not null;
