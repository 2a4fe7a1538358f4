//! What came to integrations and was turned away: how often, for what reason, and from where last.

use crate::seam::statement::statements;
use crate::{Error, Row, Tx};
use domain::{Instant, OrganizationId, RefId};

statements! {
    TURNED_AWAY_ADD = "insert into turned_away (organization_id, integration_ref_id, reason, times, last_at, last_from)
        values ($1, $2, $3, $4, $5, $6) on conflict (organization_id, integration_ref_id, reason) do update set
        times = turned_away.times + excluded.times, last_at = excluded.last_at, last_from = excluded.last_from";
    TURNED_AWAY_LIST = "select integration_ref_id, reason, times, last_at, last_from from turned_away
        where organization_id = $1 and integration_ref_id = $2";
    TURNED_AWAY_SINCE = "select integration_ref_id, reason, times, last_at, last_from from turned_away
        where organization_id = $1 and last_at >= $2 order by last_at desc limit $3";
    TURNED_AWAY_DELETE_ALL = "delete from turned_away where organization_id = $1 and integration_ref_id = $2";
}

/// What was turned away for one reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TurnedAwayRow {
    /// The integration that it was for.
    pub integration: RefId,
    /// Why, in a word.
    pub reason: String,
    /// How often.
    pub times: u64,
    /// When the last came.
    pub last_at: Instant,
    /// From which address.
    pub last_from: Option<String>,
}

fn read(row: &Row) -> Result<TurnedAwayRow, Error> {
    Ok(TurnedAwayRow {
        integration: row.text(0)?.into(),
        reason: row.text(1)?.to_owned(),
        times: u64::try_from(row.integer(2)?).unwrap_or_default(),
        last_at: Instant(row.integer(3)?),
        last_from: row.optional_text(4)?.map(str::to_owned),
    })
}

/// Counts what was turned away since it was counted last.
pub fn turned_away_add(tx: &mut dyn Tx, organization: OrganizationId, row: &TurnedAwayRow) -> Result<(), Error> {
    let values = [
        organization.0.into(),
        row.integration.as_str().into(),
        row.reason.as_str().into(),
        i64::try_from(row.times).unwrap_or(i64::MAX).into(),
        row.last_at.0.into(),
        row.last_from.as_deref().into(),
    ];
    tx.run(TURNED_AWAY_ADD, &values).map(drop)
}

/// What was turned away from an integration, the last first.
pub fn turned_away_list(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    integration: &RefId,
) -> Result<Vec<TurnedAwayRow>, Error> {
    let rows = tx.all(TURNED_AWAY_LIST, &[organization.0.into(), integration.as_str().into()])?;
    let mut rows: Vec<_> = rows.iter().map(read).collect::<Result<_, _>>()?;
    rows.sort_by(|one, other| other.last_at.cmp(&one.last_at).then_with(|| one.reason.cmp(&other.reason)));
    Ok(rows)
}

/// What integrations turned away last since `since`, the last first, at most so much.
pub fn turned_away_since(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    since: Instant,
    most: u32,
) -> Result<Vec<TurnedAwayRow>, Error> {
    let rows = tx.all(TURNED_AWAY_SINCE, &[organization.0.into(), since.0.into(), i64::from(most).into()])?;
    rows.iter().map(read).collect()
}

/// Forgets what was turned away from an integration.
pub fn turned_away_delete_all(tx: &mut dyn Tx, organization: OrganizationId, integration: &RefId) -> Result<(), Error> {
    tx.run(TURNED_AWAY_DELETE_ALL, &[organization.0.into(), integration.as_str().into()]).map(drop)
}
