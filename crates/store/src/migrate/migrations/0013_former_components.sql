-- Components that are gone, with the names that they had last, for all that happened to them.
create table former_component (
    organization_id bigint not null,
    ref_id text not null,
    kind text not null,
    name text not null,
    primary key (organization_id, ref_id)
) {clustered};

-- Those that went while versions of them were kept.
insert into former_component (organization_id, ref_id, kind, name)
    select gone.organization_id, gone.ref_id, gone.kind, gone.name from component_version gone
    where gone.body is null and gone.kind <> 'user'
    and not exists (select 1 from component_version later where later.organization_id = gone.organization_id
        and later.ref_id = gone.ref_id and later.version > gone.version);
