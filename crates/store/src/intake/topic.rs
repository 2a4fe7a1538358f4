//! Topics of Amazon SNS that integrations are subscribed to.

use crate::seam::statement::statements;
use crate::{Error, Row, Tx};
use domain::{Instant, OrganizationId, RefId};

statements! {
    TOPIC_LIST = "select arn, message_id, confirmed_at from topic
        where organization_id = $1 and integration_ref_id = $2 order by arn";
    TOPIC_SAVE = "insert into topic (organization_id, integration_ref_id, arn, message_id, confirmed_at)
        values ($1, $2, $3, $4, $5) on conflict (organization_id, integration_ref_id, arn) do update set
        message_id = excluded.message_id, confirmed_at = excluded.confirmed_at";
    TOPIC_DELETE_ALL = "delete from topic where organization_id = $1 and integration_ref_id = $2";
    TOPIC_DELETE_UNCONFIRMED = "delete from topic
        where organization_id = $1 and integration_ref_id = $2 and arn = $3 and message_id = ''";
}

/// A topic that an integration is subscribed to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopicRow {
    /// Its name, unique in the world.
    pub arn: String,
    /// Id of the message that asked to confirm the subscription; empty while that is under way.
    pub message_id: String,
    /// When it was confirmed, or that was begun.
    pub confirmed_at: Instant,
}

fn read(row: &Row) -> Result<TopicRow, Error> {
    let (arn, message_id) = (row.text(0)?.to_owned(), row.text(1)?.to_owned());
    Ok(TopicRow { arn, message_id, confirmed_at: Instant(row.integer(2)?) })
}

/// All topics that an integration is subscribed to.
pub fn topic_list(tx: &mut dyn Tx, organization: OrganizationId, integration: &RefId) -> Result<Vec<TopicRow>, Error> {
    tx.all(TOPIC_LIST, &[organization.0.into(), integration.as_str().into()])?.iter().map(read).collect()
}

/// Keeps a topic, over what was known of the same.
pub fn topic_save(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    integration: &RefId,
    row: &TopicRow,
) -> Result<(), Error> {
    let values = [
        organization.0.into(),
        integration.as_str().into(),
        row.arn.as_str().into(),
        row.message_id.as_str().into(),
        row.confirmed_at.0.into(),
    ];
    tx.run(TOPIC_SAVE, &values).map(drop)
}

/// Forgets all topics of an integration.
pub fn topic_delete_all(tx: &mut dyn Tx, organization: OrganizationId, integration: &RefId) -> Result<(), Error> {
    tx.run(TOPIC_DELETE_ALL, &[organization.0.into(), integration.as_str().into()]).map(drop)
}

/// Forgets a topic whose subscription was not confirmed.
pub fn topic_delete_unconfirmed(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    integration: &RefId,
    arn: &str,
) -> Result<(), Error> {
    let values = [organization.0.into(), integration.as_str().into(), arn.into()];
    tx.run(TOPIC_DELETE_UNCONFIRMED, &values).map(drop)
}
