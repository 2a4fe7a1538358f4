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
