//! What an alert of a problem that is not open goes through: its group, routing, the storm of its service; then it opens an
//! incident.

use super::carry_out::judged;
use super::flap::{flapping_title, word_of_flapping};
use super::order::order_to;
use super::{Case, Taking};
use crate::digest::short_digest;
use crate::failure::Undo;
use domain::alert::Grouping;
use domain::incident::{Command, Incident, Order, Outcome, Status, alert_of, route};
use domain::intake::{Fate, Group, Judged, Pace, Problem, group_key};
use domain::{InstanceId, RefId, limits};
use std::sync::Arc;

/// Microseconds between two words of an incident on how many alerts came.
const SAID_EVERY: i64 = 60_000_000;

/// Where an alert may be grouped.
struct Place {
    /// Digest of the group.
    digest: String,
    /// The group, with its incident, if it takes one more.
    open: Option<(Group, Incident)>,
}

impl Taking<'_, '_> {
    pub(super) fn open(&mut self, case: &Case<'_>, delivery: String) -> Result<Judged, Undo> {
        let group = self.own_group(case)?;
        if let Some(Place { digest, open: Some((group, incident)) }) = group {
            return self.join_group(case, delivery, (&digest, group), &incident, "group_by");
        }
        let mut order = self.order(case);
        let route = route(&order, &self.snapshot.directory, self.now);
        let service = route.service.as_ref().and_then(|id| self.snapshot.directory.services.with_ref(id.as_str()));
        let service = service.map(|entry| entry.component.clone()).filter(|_| !route.is_suppressed);
        if !route.is_suppressed
            && let Some(kept) = self.maintain(case, service.as_ref(), &delivery)?
        {
            return Ok(kept);
        }
        if let Some(held) = self.hold(case, service.as_ref(), &delivery)? {
            return Ok(held);
        }
        let mut place = group;
        if !route.is_suppressed
            && let Some((storm, name)) = self.storm(route.service.as_ref())?
        {
            if let Place { digest, open: Some((group, incident)) } = storm {
                return self.join_group(case, delivery, (&digest, group), &incident, "storm");
            }
            order.title = format!("Storm on {name}: {}", order.title).chars().take(limits::TITLE_CHARACTERS).collect();
            place = Some(storm);
        } else if let Some(id) = self.reopens(case, route.service.as_ref()).filter(|_| !route.is_suppressed) {
            if let Some(Place { digest, .. }) = place {
                self.begin_group(&digest, id)?;
            }
            return self.reopen(case, (id, order), delivery);
        }
        let problem = self.problem(case, delivery);
        if problem.flaps.is_flapping {
            order.title = flapping_title(&order.title);
            order.notes = Some(word_of_flapping(self.flapping(case.incident.as_ref())));
        }
        let outcome = self.ask(None, Command::Trigger(Box::new(order)), None)?;
        let (judged, instance_id) = match outcome {
            Outcome::Suppressed { rule, .. } => (judged(Fate::Suppressed, Some(rule), None), None),
            Outcome::Created { instance_id, .. } => (judged(Fate::Opened, None, Some(instance_id)), Some(instance_id)),
            // A trigger without a dedup key ends in no other way.
            _ => (judged(Fate::Opened, None, None), None),
        };
        if let (Some(place), Some(instance_id)) = (place, instance_id) {
            self.begin_group(&place.digest, instance_id)?;
        }
        let alert = instance_id.map(|_| case.id.clone());
        self.save(case, &Problem { instance_id, alert, ..problem })?;
        Ok(judged)
    }

    /// From now on the group with this digest is that of the incident.
    fn begin_group(&mut self, digest: &str, instance_id: InstanceId) -> Result<(), Undo> {
        let now = self.now;
        let group =
            Group { instance_id, members: 1, began_at: now, last_at: now, said_at: now, unsaid: 0, since: None };
        Ok(store::group_save(self.batch.tx, self.intake.organization, digest, &group)?)
    }

    /// The group of the integration that the alert belongs to.
    fn own_group(&mut self, case: &Case<'_>) -> Result<Option<Place>, Undo> {
        let Some(by) = &self.integration.group_by else { return Ok(None) };
        let Some(key) = group_key(by, &case.whole(), self.integration) else { return Ok(None) };
        let digest = short_digest(&format!("group\0{}\0{key}", self.intake.integration));
        let open = self.open_group(&digest)?.filter(|(group, _)| group.takes_more(by, self.now));
        Ok(Some(Place { digest, open }))
    }

    /// The storm that the alert belongs to, with the name of what it is on, if so many come.
    fn storm(&mut self, service: Option<&RefId>) -> Result<Option<(Place, String)>, Undo> {
        let directory = &self.snapshot.directory;
        let entry = service.and_then(|service| directory.services.with_ref(service.as_str()));
        let limit = entry.and_then(|entry| entry.component.storm_incidents).unwrap_or(limits::STORM_INCIDENTS);
        if limit == 0 {
            return self.storm_of_integration();
        }
        let name = entry.map_or_else(|| self.integration.name.clone(), |entry| entry.component.name.clone());
        let subject = service.unwrap_or(&self.intake.integration).clone();
        if !self.is_storm(&subject, Pace::minutely(limit))? {
            return self.storm_of_integration();
        }
        let digest = short_digest(&format!("storm\0{subject}"));
        let open = self.open_group(&digest)?;
        Ok(Some((Place { digest, open }, name)))
    }

    /// The storm of an integration by which more comes than it says.
    fn storm_of_integration(&mut self) -> Result<Option<(Place, String)>, Undo> {
        let Some(limit) = self.integration.alerts_per_minute else { return self.storm_of_sender() };
        let subject = RefId(short_digest(&format!("integration\0{}", self.intake.integration)));
        if !self.is_storm(&subject, Pace::minutely(limit))? {
            return self.storm_of_sender();
        }
        let digest = short_digest(&format!("storm\0{subject}"));
        let open = self.open_group(&digest)?;
        Ok(Some((Place { digest, open }, self.integration.name.clone())))
    }

    /// The storm of one who sends more mail than one can read.
    fn storm_of_sender(&mut self) -> Result<Option<(Place, String)>, Undo> {
        let Some(origin) = &self.intake.origin else { return Ok(None) };
        let name = format!("mail from {}", origin.sender);
        let subject = RefId(short_digest(&format!("sender\0{}\0{}", self.intake.integration, origin.sender)));
        if !self.is_storm(&subject, Pace::hourly(limits::MAIL_SENDER_HOURLY))? {
            return Ok(None);
        }
        let digest = short_digest(&format!("storm\0{subject}"));
        let open = self.open_group(&digest)?;
        Ok(Some((Place { digest, open }, name)))
    }

    /// Counts one more alert; whether so many come.
    fn is_storm(&mut self, subject: &RefId, pace: Pace) -> Result<bool, Undo> {
        let before = match self.storms.get(subject) {
            Some(storm) => *storm,
            None => store::storm_load(self.batch.tx, self.intake.organization, subject.as_str())?,
        };
        let storm = before.with_alert(self.now, pace);
        self.storms.insert(subject.clone(), storm);
        Ok(storm.is_on)
    }

    /// Keeps how many alerts come.
    pub(super) fn keep_storms(&mut self) -> Result<(), Undo> {
        for (subject, storm) in std::mem::take(&mut self.storms) {
            store::storm_save(self.batch.tx, self.intake.organization, subject.as_str(), (&storm, self.now))?;
        }
        Ok(())
    }

    /// The group with this digest, if its incident is unresolved.
    fn open_group(&mut self, digest: &str) -> Result<Option<(Group, Incident)>, Undo> {
        let organization = self.intake.organization;
        let Some(group) = store::group_load(self.batch.tx, organization, digest)? else { return Ok(None) };
        let incident = self.batch.incident(organization, group.instance_id)?;
        Ok(incident.filter(|incident| incident.status != Status::Resolved).map(|incident| (group, incident)))
    }

    /// The alert becomes one of the incident's, which pages nobody for it unless it is louder.
    fn join_group(
        &mut self,
        case: &Case<'_>,
        delivery: String,
        (digest, group): (&str, Group),
        incident: &Incident,
        because: &str,
    ) -> Result<Judged, Undo> {
        let (organization, id) = (self.intake.organization, incident.instance_id);
        let alert = alert_of(self.order(case), Grouping::Grouped, self.now);
        store::alert_insert(self.batch.tx, organization, id, &alert)?;
        if case.urgency > incident.own_urgency() {
            self.ask(Some(id), Command::AmendUrgency(case.urgency), None)?;
        }
        let (members, unsaid) = (group.members.saturating_add(1), group.unsaid.saturating_add(1));
        let mut group = Group { members, unsaid, last_at: self.now, ..group };
        if group.said_at.plus_micros(SAID_EVERY) <= self.now {
            self.say(id, incident, &group, because == "storm")?;
            group = Group { said_at: self.now, unsaid: 0, ..group };
        }
        let mut asks = None;
        let is_kept = incident.maintenance(&self.snapshot.directory, self.now).is_some();
        if let Some(by) = self.integration.group_by.as_ref().filter(|_| because == "group_by" && !is_kept) {
            let round = (incident.status == Status::Acknowledged).then_some(incident.round);
            (group, asks) = group.since_acknowledged(by, round, self.now);
        }
        store::group_save(self.batch.tx, organization, digest, &group)?;
        if let Some(alerts) = asks {
            let came = if alerts == 1 { "alert has" } else { "alerts have" };
            let notes = format!("{alerts} further {came} come since it was acknowledged, so it asks again.");
            self.ask(Some(id), Command::Notate(notes), None)?;
            self.ask(Some(id), Command::Unacknowledge, None)?;
        }
        let alert = Some(case.id.clone());
        let problem = Problem { instance_id: Some(id), alert, ..self.problem(case, delivery) };
        self.save(case, &problem)?;
        Ok(judged(Fate::Grouped, Some(because.to_owned()), Some(id)))
    }

    /// Says how many alerts came. The title of a storm counts them.
    fn say(&mut self, id: InstanceId, incident: &Incident, group: &Group, is_storm: bool) -> Result<(), Undo> {
        let Group { members, unsaid, .. } = group;
        let alerts = if *unsaid == 1 { "alert" } else { "alerts" };
        self.ask(Some(id), Command::Notate(format!("{unsaid} more {alerts}, {members} in all.")), None)?;
        let counted = incident.title.strip_prefix("Storm on ").or_else(|| {
            incident
                .title
                .strip_prefix("Storm of ")
                .and_then(|rest| rest.split_once(" alerts on "))
                .map(|(_, rest)| rest)
        });
        if let Some(rest) = counted.filter(|_| is_storm) {
            let title = format!("Storm of {members} alerts on {rest}").chars().take(limits::TITLE_CHARACTERS).collect();
            self.ask(Some(id), Command::EditTitle(title), None)?;
        }
        Ok(())
    }

    fn order(&self, case: &Case<'_>) -> Order {
        let before = case.incident.as_ref().map(|incident| incident.organization_instance_id);
        let order = order_to(
            &self.snapshot.directory,
            self.integration,
            (&case.received, Arc::clone(&case.payload)),
            case.named.clone(),
            case.id.clone(),
        );
        let text = match before {
            Some(number) if order.text.len() + 100 <= limits::DESCRIPTION_BYTES => {
                format!("{}\n\nThe same problem was incident #{number}.", order.text).trim_start().to_owned()
            }
            _ => order.text,
        };
        Order { text, urgency: case.urgency, after_maintenance: self.ended_window(case), ..order }
    }
}
