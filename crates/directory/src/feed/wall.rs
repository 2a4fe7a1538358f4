//! What the screen in a room shows, by a secret address like that of a feed.

use super::given::{Subject, WALL};
use crate::administration::Administration;
use domain::OrganizationId;
use domain::incident::Status;
use engine::{Failure, Filter, Standing, Unresolved};
use notify::Purpose;

/// Unresolved incidents that are shown.
const SHOWN: u32 = 30;

/// What it shows.
#[derive(Debug)]
pub struct Wall {
    /// The name of the organization.
    pub organization: String,
    /// Unresolved incidents, the newest, with how many there are, and the directory.
    pub standing: Standing,
}

impl Administration {
    /// What the screen with this token shows; `None` when there is none, or it was given another address.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn wall(&self, token: &str) -> Result<Option<Wall>, Failure> {
        let Ok(subject) = self.notifier().open_token::<Subject>(Purpose::Feed, token).await? else { return Ok(None) };
        let (organization, kind, ref_id, generation) = subject;
        let organization = OrganizationId(organization);
        if kind != WALL {
            return Ok(None);
        }
        let shown = self.engine().read(move |tx, shared| {
            if store::feed_generation(tx, organization, WALL, &ref_id)? != generation {
                return Ok(None);
            }
            let Some(row) = store::organization_load(tx, organization)? else { return Ok(None) };
            let Some(snapshot) = shared.directories.current(tx, organization)? else { return Ok(None) };
            let filter = Filter { statuses: vec![Status::Open, Status::Acknowledged], ..Filter::default() };
            let incidents = store::incident_list(tx, organization, &filter, SHOWN)?;
            let unresolved = Unresolved::of(tx, organization)?;
            Ok(Some(Wall { organization: row.name, standing: Standing { incidents, unresolved, snapshot } }))
        });
        shown.await
    }
}
