//! What the screen in a room shows, by a secret address like that of a feed.

use super::given::{Subject, WALL};
use crate::administration::Administration;
use domain::OrganizationId;
use domain::directory::{Directory, Team};
use domain::incident::{Incident, Status};
use engine::{Failure, Filter, Standing, Unresolved};
use notify::Purpose;

/// Unresolved incidents that are shown.
const SHOWN: u32 = 30;
/// Unresolved incidents among which those of a team are looked for: no index leads to them.
const LOOKED_AT: u32 = 500;

/// What it shows.
#[derive(Debug)]
pub struct Wall {
    /// The name of the organization.
    pub organization: String,
    /// The name of the team of which alone it tells.
    pub team: Option<String>,
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
            if ref_id.as_str().is_empty() {
                let incidents = store::incident_list(tx, organization, &filter, SHOWN)?;
                let unresolved = Unresolved::of(tx, organization)?;
                let standing = Standing { incidents, unresolved, snapshot };
                return Ok(Some(Wall { organization: row.name, team: None, standing }));
            }
            let Some(team) = snapshot.directory.teams.with_ref(ref_id.as_str()) else { return Ok(None) };
            let mut incidents = store::incident_list(tx, organization, &filter, LOOKED_AT)?;
            incidents.retain(|incident| is_theirs(incident, &team.component, &snapshot.directory));
            let count = |status| incidents.iter().filter(|incident| incident.status == status).count();
            let [open, acknowledged] = [Status::Open, Status::Acknowledged].map(|status| count(status) as u64);
            incidents.truncate(SHOWN as usize);
            let team = Some(team.component.name.clone());
            let unresolved = Unresolved { open, acknowledged };
            Ok(Some(Wall { organization: row.name, team, standing: Standing { incidents, unresolved, snapshot } }))
        });
        shown.await
    }
}

/// Whether an incident is on something that the team owns, or with one of its members.
fn is_theirs(incident: &Incident, team: &Team, directory: &Directory) -> bool {
    let policies = incident.targets.iter().map(|target| &target.policy);
    let owner = directory.owner_of_alert(incident.service.as_ref(), policies);
    owner == Some(team.name.as_str()) || incident.assignees.iter().any(|user| team.role_of(user).is_some())
}
