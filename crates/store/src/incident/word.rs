//! Words of titles, as labels by which incidents are found. They are noted after an incident is there and not with it, so that
//! to create one costs nothing more; up to which incident they are known stands beside them.

use crate::incident::{LABEL_DELETE, LABEL_INSERT, incident_read, label};
use crate::seam::statement::statements;
use crate::{Error, Tx};
use domain::incident::words;
use domain::{InstanceId, OrganizationId};

/// The kind of the label of a word.
pub(crate) const WORD: &str = "word";
/// The kind of the one label whose number is that, within the organization, of the last incident whose words are known.
const KNOWN_TO: &str = "words known to";

statements! {
    WORD_KNOWN_TO = "select max(instance_id) from incident_label
        where organization_id = $1 and kind = 'words known to' and value = ''";
    /// A row for each organization.
    WORD_UNKNOWN_WHERE = "select c.organization_id from incident_counter c where c.last_number > coalesce((
        select max(l.instance_id) from incident_label l
        where l.organization_id = c.organization_id and l.kind = 'words known to' and l.value = ''), 0)";
    WORD_NEXT = "select instance_id, organization_instance_id, version, body from incident
        where organization_id = $1 and organization_instance_id > $2 order by organization_instance_id limit $3";
    /// Counted to a bound, to know which word is rare.
    WORD_COUNT = "select count(*) from (select 1 from incident_label
        where organization_id = $1 and kind = 'word' and value = $2 limit $3) counted";
}

/// So many incidents with a word, or in a status, are counted.
pub(crate) const COUNTED: u32 = 1_000;

/// The organizations that have incidents whose words are not known yet.
pub fn word_unknown_where(tx: &mut dyn Tx) -> Result<Vec<OrganizationId>, Error> {
    tx.all(WORD_UNKNOWN_WHERE, &[])?.iter().map(|row| row.integer(0).map(OrganizationId)).collect()
}

/// Notes the words of the next incidents of an organization whose words are not known, at most `limit`; how many there were.
/// One that cannot be read is passed over.
pub fn word_note(tx: &mut dyn Tx, organization: OrganizationId, limit: u32) -> Result<u32, Error> {
    let known = tx.one(WORD_KNOWN_TO, &[organization.0.into()])?;
    let known = known.map(|row| row.optional_integer(0)).transpose()?.flatten().unwrap_or_default();
    let rows = tx.all(WORD_NEXT, &[organization.0.into(), known.into(), limit.into()])?;
    let Some(last) = rows.last() else { return Ok(0) };
    let last = last.integer(1)?;
    for incident in rows.iter().filter_map(|row| incident_read(row).ok()) {
        for word in words(&incident.title) {
            tx.queue(LABEL_INSERT, label(organization, incident.instance_id, WORD, &word))?;
        }
    }
    if known > 0 {
        tx.queue(LABEL_DELETE, label(organization, InstanceId(known), KNOWN_TO, ""))?;
    }
    tx.queue(LABEL_INSERT, label(organization, InstanceId(last), KNOWN_TO, ""))?;
    Ok(u32::try_from(rows.len()).unwrap_or(u32::MAX))
}

/// These words, those that few incidents have first: what leads a search is to be rare.
pub fn word_rarest_first(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    words: Vec<String>,
) -> Result<Vec<String>, Error> {
    let mut counted = Vec::with_capacity(words.len());
    for word in words {
        counted.push((word_count(tx, organization, &word)?, word));
    }
    counted.sort();
    Ok(counted.into_iter().map(|(_, word)| word).collect())
}

/// How many incidents have this word, or [`COUNTED`] if more do.
pub(crate) fn word_count(tx: &mut dyn Tx, organization: OrganizationId, word: &str) -> Result<i64, Error> {
    let row = tx.one(WORD_COUNT, &[organization.0.into(), word.into(), COUNTED.into()])?;
    row.map_or(Ok(0), |row| row.integer(0))
}
