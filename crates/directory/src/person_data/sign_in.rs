//! By what a person signs in and is reached, as it is told them: no secret, and nothing of which only a digest is kept.

use domain::sign_in::LinkPurpose;
use domain::{Instant, OrganizationId, RefId, Username};
use engine::Snapshot;
use serde_json::{Value, json};
use store::{Error, Tx};

fn at(at: Option<Instant>) -> Option<String> {
    at.map(Instant::wire)
}

/// What a person has proved to be theirs, by channel; the addresses themselves stand in the profile.
pub(super) fn contacts(tx: &mut dyn Tx, organization: OrganizationId, user: &Username) -> Result<Value, Error> {
    let rows = store::contact_list(tx, organization)?.into_iter().filter(|row| row.user == *user);
    let told = rows.map(|row| {
        json!({
            "channel": row.channel.word(),
            "verified_at": at(row.verified_at),
            "codes_sent": row.codes_sent,
            "codes_from": row.codes_from.wire(),
            "code_expires_at": at(row.code_expires_at),
        })
    });
    Ok(told.collect())
}

/// Password, second factor, passkeys, accounts at providers, sessions, and links that were not used yet.
pub(super) fn sign_in(tx: &mut dyn Tx, organization: OrganizationId, person: &RefId) -> Result<Value, Error> {
    let credential = store::credential_load(tx, organization, person)?;
    let passkeys = store::passkey_list(tx, organization, person)?.into_iter();
    let passkeys: Vec<Value> = passkeys
        .map(|row| json!({"name": row.name, "made_at": row.made_at.wire(), "last_used_at": at(row.last_used_at)}))
        .collect();
    let accounts: Vec<Value> = store::identity_list(tx, organization, person)?
        .into_iter()
        .map(|row| {
            let given: Value = serde_json::from_str(&row.given).unwrap_or_default();
            json!({"issuer": row.issuer, "subject": row.subject, "linked_at": row.linked_at.wire(), "given": given})
        })
        .collect();
    let mut links: Vec<Value> = Vec::new();
    for purpose in LinkPurpose::ALL {
        let of_purpose = store::sign_in_link_list(tx, organization, purpose)?.into_iter();
        let own = of_purpose.filter(|link| link.person == *person);
        links.extend(own.map(|link| json!({"purpose": purpose.word(), "ends_at": link.ends_at.wire()})));
    }
    Ok(json!({
        "password_set_at": credential.password.map(|(_, at)| at.wire()),
        "second_factor_since": credential.factor.map(|factor| factor.since.wire()),
        "recovery_codes_left": store::recovery_code_count(tx, organization, person)?,
        "passkeys": passkeys,
        "accounts": accounts,
        "sessions": sessions(tx, organization, person)?,
        "links": links,
        "feed_renewed_times": store::feed_generation(tx, organization, "user", person)?,
    }))
}

fn sessions(tx: &mut dyn Tx, organization: OrganizationId, person: &RefId) -> Result<Vec<Value>, Error> {
    let rows = store::session_list(tx, organization, person)?.into_iter();
    let told = rows.map(|row| {
        json!({
            "session_ref_id": row.session,
            "made_at": row.made_at.wire(),
            "last_used_at": row.last_used_at.wire(),
            "ends_at": row.ends_at.wire(),
            "signed_in_by": row.means.word(),
            "with_second_factor": row.with_factor,
            "device": row.device,
            "network": row.network,
        })
    });
    Ok(told.collect())
}

/// Tokens, oldest first, also those that were revoked.
pub(super) fn tokens(snapshot: &Snapshot, person: &RefId) -> Value {
    let mut rows: Vec<_> = snapshot.keys.values().filter(|key| key.person.as_ref() == Some(person)).collect();
    rows.sort_by_key(|key| key.id);
    let told = rows.into_iter().map(|key| {
        json!({
            "token_id": key.id,
            "name": key.name,
            "scope": key.scope.word(),
            "networks": key.allow,
            "tail": key.tail,
            "created_at": key.created_at.wire(),
            "expires_at": at(key.expires_at),
            "revoked_at": at(key.revoked_at),
            "last_used_at": at(key.last_used_at),
        })
    });
    told.collect()
}

/// Browsers that are pushed to, without their subscriptions.
pub(super) fn devices(tx: &mut dyn Tx, organization: OrganizationId, person: &RefId) -> Result<Value, Error> {
    let rows = store::push_device_of_person(tx, organization, person)?.into_iter();
    let told = rows.map(|row| {
        let (device, made_at) = (row.device, row.made_at.wire());
        json!({"device_id": device.id, "name": device.name, "made_at": made_at, "last_success_at": at(row.last_success_at)})
    });
    Ok(told.collect())
}
