//! What an organization sets as a whole: the order of its routing rules, and its settings.

use super::draft::{Draft, body_of};
use super::edit::invalid;
use super::lock::{is_locked, locked};
use domain::Refusal;
use domain::directory::{ComponentKind, Role, Settings};
use engine::Undo;
use serde_json::{Map, Value};
use std::collections::{HashMap, HashSet};
use store::{ProviderRow, Tx};

/// Puts the rules in this order.
///
/// # Errors
/// `Invalid` where the names are not exactly those of all rules.
pub(super) fn order_rules(draft: &mut Draft, names: &[String]) -> Result<Vec<Option<usize>>, Refusal> {
    let is_rule = |kind| kind == ComponentKind::RoutingRule;
    let mut order = HashMap::new();
    let mut mistakes = Vec::new();
    for (place, name) in names.iter().enumerate() {
        match draft.known(ComponentKind::RoutingRule, name) {
            None => mistakes.push(format!("names[{place}]: no routing rule is named `{name}`")),
            Some(rule) if order.insert(draft.pieces[rule].name.clone(), place).is_some() => {
                mistakes.push(format!("names[{place}]: `{name}` is there twice"));
            }
            Some(_) => {}
        }
    }
    for rule in draft.pieces.iter().filter(|piece| is_rule(piece.kind)) {
        if !order.contains_key(&rule.name) {
            mistakes.push(format!("names: `{}` is missing; name all of them", rule.name));
        }
    }
    if !mistakes.is_empty() {
        return Err(invalid(mistakes));
    }
    let place = |name: &String| order.get(name).copied().unwrap_or(usize::MAX);
    // What a file says of the order of its own rules, it says alone.
    let of_file = draft.pieces.iter().filter(|piece| is_rule(piece.kind) && is_locked(draft, piece));
    let of_file: Vec<_> = of_file.collect();
    if let Some(moved) = of_file.windows(2).find(|two| place(&two[0].name) > place(&two[1].name)) {
        return Err(locked(draft, moved[1]));
    }
    draft.pieces.sort_by_key(|piece| if is_rule(piece.kind) { place(&piece.name) } else { 0 });
    Ok(Vec::new())
}

/// Patches the settings.
///
/// # Errors
/// `Invalid` with every key that is not known or does not hold what it can; otherwise as the store says.
pub(super) fn settle(
    tx: &mut dyn Tx,
    draft: &mut Draft,
    patch: &Map<String, Value>,
) -> Result<Vec<Option<usize>>, Undo> {
    let mut mistakes = Vec::new();
    for (key, value) in patch {
        match (key.as_str(), value) {
            ("fallback_policy", Value::Null) => draft.fallback_policy = None,
            ("fallback_policy", Value::String(policy)) => {
                match draft.known(ComponentKind::EscalationPolicy, policy).map(|place| draft.pieces[place].name.clone())
                {
                    Some(policy) => draft.fallback_policy = Some(policy),
                    None => mistakes.push(format!("fallback_policy: no escalation policy is named `{policy}`")),
                }
            }
            ("fallback_policy", _) => mistakes.push("fallback_policy: must be a string, or null".to_owned()),
            ("name", Value::String(name)) => {
                let known = store::organization_known_as(tx, name)?;
                if known.is_some_and(|known| known.id != draft.organization.id) {
                    mistakes.push(format!("name: `{name}` is, or was, the name of another organization"));
                }
                draft.name.clone_from(name);
            }
            ("name", _) => mistakes.push("name: must be a string".to_owned()),
            (key, value) => {
                if let Err(words) = draft.settings.set(key, value) {
                    mistakes.push(format!("{}: {words}", key.chars().take(100).collect::<String>()));
                }
            }
        }
    }
    if mistakes.is_empty() { Ok(Vec::new()) } else { Err(invalid(mistakes).into()) }
}

/// Refuses to take no passwords any more before it was seen that people come in otherwise.
///
/// # Errors
/// `Invalid` with what is missing; otherwise as the store says.
pub(super) fn check_ways_in(tx: &mut dyn Tx, draft: &Draft) -> Result<(), Undo> {
    let before: Settings = serde_json::from_str(&draft.organization.settings).unwrap_or_default();
    if draft.settings.password_sign_in || !before.password_sign_in {
        return Ok(());
    }
    let organization = draft.organization.id;
    let issuer = |row: &ProviderRow| {
        let body: Map<String, Value> = serde_json::from_str(&row.body).unwrap_or_default();
        body.get("issuer").and_then(Value::as_str).map(str::to_owned)
    };
    let issuers: HashSet<_> = store::provider_list(tx, organization)?.iter().filter_map(issuer).collect();
    let (mut has_passkey, mut has_identity) = (false, false);
    for row in draft.before.iter().filter(|row| row.kind == ComponentKind::User) {
        if !has_identity {
            let known = store::identity_list(tx, organization, &row.ref_id)?;
            has_identity = known.iter().any(|identity| issuers.contains(&identity.issuer));
        }
        let body = body_of(row)?;
        let is_locked = body.get("locked").and_then(Value::as_bool) == Some(true);
        let is_owner = !is_locked && body.get("role").and_then(Value::as_str) == Some(Role::Owner.word());
        has_passkey = has_passkey || (is_owner && !store::passkey_list(tx, organization, &row.ref_id)?.is_empty());
    }
    let needs = [
        (has_identity, "nobody has signed in by a provider yet"),
        (has_passkey, "no owner has a passkey, by which they come in when a provider is away"),
    ];
    let missing = needs.into_iter().filter(|(is_there, _)| !is_there);
    let mistakes: Vec<_> = missing.map(|(_, words)| format!("password_sign_in: {words}")).collect();
    if mistakes.is_empty() { Ok(()) } else { Err(invalid(mistakes).into()) }
}
