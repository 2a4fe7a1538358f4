//! Going through the incidents of an organization, a stretch at a time: addresses in what became of messages are masked, and what
//! says a name is made to say whose it is.

use super::traces::Traces;
use domain::{InstanceId, OrganizationId};
use std::collections::BTreeSet;
use store::{Error, NotificationRow, Tx};

/// Messages that are read with one statement.
const AT_ONCE: u32 = 5_000;
/// Characters at the end of an address that stay.
const LEFT: usize = 2;

/// Sweeps the incidents from one number to before another.
pub(super) fn sweep(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    traces: &Traces,
    (first, before): (InstanceId, InstanceId),
) -> Result<(), Error> {
    for name in &traces.names {
        store::incident_by_person(tx, organization, (first, before), (&traces.left.ref_id, name))?;
    }
    let mut touched = BTreeSet::new();
    let (after, mut end) = (InstanceId(first.0 - 1), before);
    loop {
        let rows = store::notification_to_person(tx, organization, &traces.left.username, (after, end), AT_ONCE)?;
        for row in &rows {
            if mask_message(tx, organization, traces, row)? {
                touched.insert(row.id.instance_id);
            }
        }
        let last = rows.last().map(|row| row.id.instance_id);
        match last {
            // Of the last one there may be more; where it is the only one, what follows it is next.
            Some(last) if rows.len() == usize::try_from(AT_ONCE).unwrap_or(usize::MAX) => {
                let is_only = rows.first().is_some_and(|row| row.id.instance_id == last);
                end = if is_only { last } else { InstanceId(last.0 + 1) };
            }
            _ => break,
        }
    }
    for id in touched {
        store::event_rewrite(tx, organization, id, |body| masked(body, &traces.addresses))?;
    }
    Ok(())
}

/// Masks the person's addresses in what became of a message; whether there were any.
fn mask_message(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    traces: &Traces,
    row: &NotificationRow,
) -> Result<bool, Error> {
    let mut is_touched = false;
    if let Some(fate) = row.fate.as_deref().and_then(|fate| masked(fate, &traces.addresses)) {
        store::notification_rewrite(tx, &row.id, &fate)?;
        is_touched = true;
    }
    let sequence = row.id.sequence;
    for (_, mut attempt) in store::attempt_list(tx, organization, row.id.instance_id, sequence, sequence)? {
        if let Some(answer) = masked(&attempt.answer, &traces.addresses) {
            attempt.answer = answer;
            store::attempt_rewrite(tx, &row.id, &attempt)?;
            is_touched = true;
        }
    }
    Ok(is_touched)
}

/// The text with addresses masked to their last two characters; nothing where none stands in it.
fn masked(text: &str, addresses: &[String]) -> Option<String> {
    let mask = |address: &str| {
        let kept = address.chars().count().saturating_sub(LEFT);
        format!("…{}", address.chars().skip(kept).collect::<String>())
    };
    let told = addresses.iter().fold(text.to_owned(), |text, address| text.replace(address.as_str(), &mask(address)));
    (told != text).then_some(told)
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn addresses_are_masked_to_their_last_two_characters_wherever_they_stand() {
        let addresses = ["lou@example.org".to_owned(), "+4915112345678".to_owned()];
        let text = "550 <lou@example.org>: no such user; +4915112345678 is off";
        assert_eq!(masked(text, &addresses).as_deref(), Some("550 <…rg>: no such user; …78 is off"));
        assert_eq!(masked("250 queued", &addresses), None);
    }
}
