//! An alert of a problem whose incident ended by itself a short while ago: the incident is opened again.

use super::carry_out::{judged, source_of};
use super::flap::{flapping_title, word_of_flapping};
use super::{Case, Taking};
use crate::failure::Undo;
use domain::alert::Grouping;
use domain::incident::{Command, Order, alert_of};
use domain::intake::{Fate, Judged, Problem};
use domain::{InstanceId, RefId};

impl Taking<'_, '_> {
    /// Whether the incident of this problem is opened again by an alert that routing leads to this service.
    pub(super) fn reopens(&self, case: &Case<'_>, service: Option<&RefId>) -> Option<InstanceId> {
        let incident = case.incident.as_ref().filter(|incident| incident.service.as_ref() == service)?;
        let until = incident.reopens_until(&self.snapshot.directory)?;
        (self.now < until).then_some(incident.instance_id)
    }

    /// Opens it again.
    pub(super) fn reopen(
        &mut self,
        case: &Case<'_>,
        (id, order): (InstanceId, Order),
        delivery: String,
    ) -> Result<Judged, Undo> {
        // Nobody needs to be told which incident it was.
        let order = Order { text: case.received.text.clone(), ..order };
        self.ask(Some(id), Command::Reopen(Box::new(order.clone())), None)?;
        let known = case.known.as_ref().and_then(|known| known.alert.clone());
        let alert = match known {
            Some(alert) => {
                let (text, source) = (case.received.text.as_str(), source_of(&case.received));
                store::alert_refresh(self.batch.tx, self.intake.organization, id, &alert, (text, &source))?;
                alert
            }
            // It waited since, and what waits has no alert.
            None => {
                let alert = alert_of(order, Grouping::Grouped, self.now);
                store::alert_insert(self.batch.tx, self.intake.organization, id, &alert)?;
                alert.ref_id
            }
        };
        let problem = self.problem(case, delivery);
        if problem.flaps.is_flapping
            && let Some(incident) = &case.incident
        {
            self.ask(Some(id), Command::Notate(word_of_flapping(self.flapping(case.incident.as_ref()))), None)?;
            self.ask(Some(id), Command::EditTitle(flapping_title(&incident.title)), None)?;
        }
        self.save(case, &Problem { instance_id: Some(id), alert: Some(alert), ..problem })?;
        Ok(judged(Fate::Reopened, None, Some(id)))
    }
}
