-- Administration: who manages a component, its own version, what the directory was, who signs in, and the audit log.

-- version: counts changes of this component. managed_by: file or api; what was there before came from files. source:
-- where in which file it stands. applied: the body as the file had it last, where it was changed since. personal: the fields that a
-- person's file does not change any more, each with who changed it when, as JSON. Times are null for what is older.
alter table component add column version bigint not null default 1;
alter table component add column managed_by text not null default 'file';
alter table component add column source text;
alter table component add column applied text;
alter table component add column personal text;
alter table component add column created_at bigint;
alter table component add column updated_at bigint;
alter table component add column updated_by text;

-- Settings of an organization beside its fallback policy, as JSON; what is not there has its default.
alter table organization add column settings text not null default '{}';

-- What an organization's directory was: each version that a change made, numbered from 1 without gaps, with the
-- components that it changed. way: file, api, command or console. settings: those of the organization, as JSON.
create table directory_version (
    organization_id bigint not null,
    version bigint not null,
    made_at bigint not null,
    author text not null,
    way text not null,
    plan text not null,
    settings text not null,
    {key: organization_id, version}
);

-- A component as it was from one version on, until the next row of the same id; body is null where it was removed.
create table component_version (
    organization_id bigint not null,
    ref_id text not null,
    version bigint not null,
    kind text not null,
    name text not null,
    position bigint not null,
    body text,
    {key: organization_id, ref_id, version}
);
create index component_version_made on component_version (organization_id, version);

-- The audit log: who changed what, one chain for each organization, numbered from 1 without holes. body is the row as
-- JSON in its canonical form; digest is of body, which holds the digest before. The other columns are to find rows by.
create table audit (
    organization_id bigint not null,
    number bigint not null,
    made_at bigint not null,
    actor text not null,
    actor_ref text not null,
    action text not null,
    object_kind text not null,
    object_ref text not null,
    object_name text not null,
    way text not null,
    body text not null,
    digest text not null,
    {key: organization_id, number}
);

-- Personal values of the audit log, of which its rows hold only salted digests, so that they can be erased.
create table audit_personal (
    organization_id bigint not null,
    number bigint not null,
    place bigint not null,
    person text not null,
    digest text not null,
    salt text not null,
    value text not null,
    {key: organization_id, number, place}
);
create index audit_personal_of on audit_personal (organization_id, person);

-- Sign-in. ref_id is everywhere the id of the person's component, which keeps it whatever happens to the name.

-- What a person signs in with: the hash of the password as a PHC string, and a second factor by the clock, with the step
-- whose code was used last.
create table credential (
    organization_id bigint not null,
    ref_id text not null,
    password text,
    password_set_at bigint,
    factor_secret text,
    factor_since bigint,
    factor_step bigint,
    primary key (organization_id, ref_id)
) {clustered};

-- Recovery codes of a second factor, each as a PHC string; a used one is gone.
create table recovery_code (
    organization_id bigint not null,
    ref_id text not null,
    number bigint not null,
    hash text not null,
    primary key (organization_id, ref_id, number)
) {clustered};

-- Sessions by the SHA-256 of what the browser holds. means: by what the person signed in. fresh_at: when they last proved
-- who they are.
create table session (
    organization_id bigint not null,
    digest text not null,
    session_ref_id text not null,
    ref_id text not null,
    made_at bigint not null,
    last_used_at bigint not null,
    ends_at bigint not null,
    fresh_at bigint not null,
    means text not null,
    with_factor boolean not null,
    device text not null,
    network text not null,
    primary key (organization_id, digest)
) {clustered};
create index session_person on session (organization_id, ref_id);
create index session_end on session (organization_id, ends_at);

-- Links that work once, by their SHA-256.
create table sign_in_link (
    organization_id bigint not null,
    digest text not null,
    purpose text not null,
    ref_id text not null,
    ends_at bigint not null,
    used_at bigint,
    primary key (organization_id, digest)
) {clustered};
create index sign_in_link_person on sign_in_link (organization_id, ref_id, purpose);
create index sign_in_link_end on sign_in_link (organization_id, ends_at);

-- Failed sign-ins in a row, by what they are counted for. Those of people whom nobody knows belong to organization 0.
create table sign_in_failure (
    organization_id bigint not null,
    subject text not null,
    times bigint not null,
    last_at bigint not null,
    free_at bigint not null,
    primary key (organization_id, subject)
) {clustered};
create index sign_in_failure_last on sign_in_failure (organization_id, last_at);

-- Passkeys. id: SHA-256 of the credential's id, which is nobody else's, in whatever organization. credential: what the library
-- of WebAuthn keeps, as JSON, with the public key and the count of signatures.
create table passkey (
    organization_id bigint not null,
    id text not null,
    ref_id text not null,
    name text not null,
    credential text not null,
    made_at bigint not null,
    last_used_at bigint,
    primary key (organization_id, id)
) {clustered};
create unique index passkey_id on passkey (id);
create index passkey_person on passkey (organization_id, ref_id);

-- Challenges to a passkey that were answered, by their SHA-256, until they could not be answered any more in any case.
create table passkey_challenge (
    organization_id bigint not null,
    digest text not null,
    ends_at bigint not null,
    primary key (organization_id, digest)
) {clustered};
create index passkey_challenge_end on passkey_challenge (organization_id, ends_at);

-- Signing in by OpenID Connect.

-- Providers by which people of an organization sign in: what is set of each, as JSON, with the secret that it gave this server.
create table sign_in_provider (
    organization_id bigint not null,
    ref_id text not null,
    name text not null,
    version bigint not null,
    body text not null,
    created_at bigint not null,
    updated_at bigint not null,
    updated_by text not null,
    {key: organization_id, ref_id}
);
create unique index sign_in_provider_name on sign_in_provider (organization_id, name);

-- Who is whom at a provider: its issuer, and the subject by which it knows a person of ours. given: what its groups gave at
-- the last sign-in, as JSON.
create table sign_in_identity (
    organization_id bigint not null,
    issuer text not null,
    subject text not null,
    ref_id text not null,
    linked_at bigint not null,
    given text not null,
    primary key (organization_id, issuer, subject)
) {clustered};
create index sign_in_identity_person on sign_in_identity (organization_id, ref_id);

-- Sessions that began by a provider, by their digest, and how it knows them, so that it can end them. sid is empty where it
-- told none.
create table provider_session (
    organization_id bigint not null,
    digest text not null,
    issuer text not null,
    subject text not null,
    sid text not null,
    ends_at bigint not null,
    primary key (organization_id, digest)
) {clustered};
create index provider_session_subject on provider_session (organization_id, issuer, subject);
create index provider_session_sid on provider_session (organization_id, issuer, sid);
create index provider_session_end on provider_session (organization_id, ends_at);

-- Sign-ins that came back from a provider, by the SHA-256 of their state, so that each comes back once.
create table provider_answer (
    organization_id bigint not null,
    digest text not null,
    ends_at bigint not null,
    primary key (organization_id, digest)
) {clustered};
create index provider_answer_end on provider_answer (organization_id, ends_at);
