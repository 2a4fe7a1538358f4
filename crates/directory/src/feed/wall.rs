//! What the screen in a room shows, by a secret address like that of a feed.

use super::given::{Subject, WALL};
use crate::administration::Administration;
use domain::OrganizationId;
use domain::directory::{Directory, Team};
use domain::incident::{Incident, Status};
use engine::{Failure, Filter, Snapshot, Standing, Unresolved};
use notify::Purpose;
use std::collections::HashMap;
use std::sync::Arc;

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
            let whole = &snapshot.directory;
            let team = whole.teams.with_ref(ref_id.as_str()).map(|team| team.component.clone());
            let is_of_all = ref_id.as_str().is_empty();
            if team.is_none() && !is_of_all {
                return Ok(None);
            }
            // Whoever comes by sees the screen: of private teams it shows its own at most.
            let shows = |owner: Option<&str>| {
                let is_private = |name: &str| whole.teams.named(name).is_some_and(|team| team.component.private);
                owner.is_none_or(|name| team.as_ref().is_some_and(|team| team.name == name) || !is_private(name))
            };
            let looked_at = if is_of_all && !whole.has_private_teams() { SHOWN } else { LOOKED_AT };
            let mut incidents = store::incident_list(tx, organization, &filter, looked_at)?;
            incidents.retain(|incident| shows(owner_of(incident, whole)));
            let mut visible = Snapshot { directory: whole.clone(), keys: HashMap::new() };
            visible.directory.keep_owned(|_, owner| shows(owner));
            let snapshot = Arc::new(visible);
            let Some(team) = team else {
                incidents.truncate(SHOWN as usize);
                let unresolved = Unresolved::of(tx, organization)?;
                let standing = Standing { incidents, unresolved, snapshot };
                return Ok(Some(Wall { organization: row.name, team: None, standing }));
            };
            incidents.retain(|incident| is_theirs(incident, &team, &snapshot.directory));
            let count = |status| incidents.iter().filter(|incident| incident.status == status).count();
            let [open, acknowledged] = [Status::Open, Status::Acknowledged].map(|status| count(status) as u64);
            incidents.truncate(SHOWN as usize);
            let team = Some(team.name);
            let unresolved = Unresolved { open, acknowledged };
            Ok(Some(Wall { organization: row.name, team, standing: Standing { incidents, unresolved, snapshot } }))
        });
        shown.await
    }
}

/// The team that owns what an incident is about.
fn owner_of<'a>(incident: &Incident, directory: &'a Directory) -> Option<&'a str> {
    directory.owner_of_alert(incident.service.as_ref(), incident.first_policy())
}

/// Whether an incident is on something that the team owns, or with one of its members.
fn is_theirs(incident: &Incident, team: &Team, directory: &Directory) -> bool {
    owner_of(incident, directory) == Some(team.name.as_str())
        || incident.assignees.iter().any(|user| team.role_of(user).is_some())
}
