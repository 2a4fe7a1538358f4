//! Feeds, and what else is read by a secret URL: how often that of each was renewed. The URLs themselves are signed, and kept nowhere.

use crate::seam::statement::statements;
use crate::{Error, Tx};
use domain::OrganizationId;
use domain::ids::RefId;

statements! {
    FEED_LOAD = "select generation from feed where organization_id = $1 and kind = $2 and ref_id = $3";
    FEED_RENEW = "insert into feed (organization_id, kind, ref_id, generation) values ($1, $2, $3, 1)
        on conflict (organization_id, kind, ref_id) do update set generation = feed.generation + 1";
}

/// How often the feed of this kind and id was renewed.
pub fn feed_generation(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    kind: &str,
    ref_id: &RefId,
) -> Result<i64, Error> {
    let row = tx.one(FEED_LOAD, &[organization.0.into(), kind.into(), ref_id.as_str().into()])?;
    row.map_or(Ok(0), |row| row.integer(0))
}

/// Renews the feed of this kind and id; how often it was renewed now.
pub fn feed_renew(tx: &mut dyn Tx, organization: OrganizationId, kind: &str, ref_id: &RefId) -> Result<i64, Error> {
    tx.run(FEED_RENEW, &[organization.0.into(), kind.into(), ref_id.as_str().into()])?;
    feed_generation(tx, organization, kind, ref_id)
}
