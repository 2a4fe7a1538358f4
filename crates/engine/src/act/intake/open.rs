//! What an alert of a problem that is not open goes through: its group, routing, the storm of its service; then it opens an
//! incident.

use super::carry_out::judged;
use super::flap::{flapping_title, word_of_flapping};
use super::order::order_to;
use super::{Case, Taking};
use crate::act::merged::survivor;
use crate::digest::short_digest;
use crate::failure::Undo;
use domain::alert::Grouping;
use domain::directory::GroupBy;
use domain::incident::{Command, Incident, Order, Outcome, Status, alert_of, route};
use domain::intake::{Fate, Group, Judged, Pace, Problem, group_key};
use domain::{InstanceId, RefId, limits};
use std::sync::Arc;

/// Microseconds between two words of an incident on how many alerts came.
pub(super) const SAID_EVERY: i64 = 60_000_000;

/// What stands before the sender in the title of a storm of mail.
const MAIL_FROM: &str = "mail from ";

/// Where an alert may be grouped.
struct Place {
    /// Digest of the group.
    digest: String,
    /// The group, with its incident, if it takes one more.
    open: Option<(Group, Incident)>,
}

/// Why an alert joins others.
#[derive(Clone, Copy)]
enum Gathered<'a> {
    /// Its integration says so.
    ByIntegration(&'a GroupBy),
    /// Its service says so.
    ByService(&'a GroupBy),
    /// So many come.
    InStorm,
}

impl<'a> Gathered<'a> {
    fn word(self) -> &'static str {
        match self {
            Self::ByIntegration(_) => "group_by",
            Self::ByService(_) => "group_by_service",
            Self::InStorm => "storm",
        }
    }

    fn by(self) -> Option<&'a GroupBy> {
        match self {
            Self::ByIntegration(by) | Self::ByService(by) => Some(by),
            Self::InStorm => None,
        }
    }
}

impl Taking<'_, '_> {
    pub(super) fn open(&mut self, case: &Case<'_>, delivery: String) -> Result<Judged, Undo> {
        let mut groups = Vec::new();
        let integration = self.integration;
        if let Some(by) = &integration.group_by
            && let Some(place) = self.group(case, &format!("group\0{}", self.intake.integration), by)?
        {
            if let Some(found) = place.open {
                return self.join_group(case, delivery, (&place.digest, found), Gathered::ByIntegration(by));
            }
            groups.push(place.digest);
        }
        let mut order = self.order(case);
        let route = route(&order, &self.snapshot.directory, self.now);
        if route.is_suppressed {
            return self.trigger(case, delivery, order, groups);
        }
        let service = route.service.as_ref().and_then(|id| self.snapshot.directory.services.with_ref(id.as_str()));
        let service = service.map(|entry| entry.component.clone());
        if let Some(kept) = self.maintain(case, &order, service.as_ref(), &delivery)? {
            return Ok(kept);
        }
        if let Some(held) = self.hold(case, service.as_ref(), &delivery)? {
            return Ok(held);
        }
        if let Some((by, id)) =
            service.as_ref().and_then(|service| service.group_by.as_ref()).zip(route.service.as_ref())
            && let Some(place) = self.group(case, &format!("service\0{id}"), by)?
        {
            if let Some(found) = place.open {
                // What its integration groups with it goes the same way.
                self.begin_groups(&groups, found.1.instance_id)?;
                return self.join_group(case, delivery, (&place.digest, found), Gathered::ByService(by));
            }
            groups.push(place.digest);
        }
        if let Some((storm, name)) = self.storm(route.service.as_ref())? {
            if let Some(found) = storm.open {
                return self.join_group(case, delivery, (&storm.digest, found), Gathered::InStorm);
            }
            order.title = format!("Storm on {name}: {}", order.title).chars().take(limits::TITLE_CHARACTERS).collect();
            groups = vec![storm.digest];
        } else if let Some(id) = self.reopens(case, route.service.as_ref()) {
            self.begin_groups(&groups, id)?;
            return self.reopen(case, (id, order), delivery);
        }
        self.trigger(case, delivery, order, groups)
    }

    /// It opens an incident, which further alerts of these groups join; unless routing suppresses it.
    fn trigger(
        &mut self,
        case: &Case<'_>,
        delivery: String,
        mut order: Order,
        groups: Vec<String>,
    ) -> Result<Judged, Undo> {
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
        if let Some(instance_id) = instance_id {
            self.begin_groups(&groups, instance_id)?;
        }
        let alert = instance_id.map(|_| case.id.clone());
        self.save(case, &Problem { instance_id, alert, ..problem })?;
        Ok(judged)
    }

    /// From now on the groups with these digests are those of the incident.
    fn begin_groups(&mut self, digests: &[String], instance_id: InstanceId) -> Result<(), Undo> {
        let now = self.now;
        let group =
            Group { instance_id, members: 1, began_at: now, last_at: now, said_at: now, unsaid: 0, since: None };
        for digest in digests {
            store::group_save(self.batch.tx, self.intake.organization, digest, &group)?;
        }
        Ok(())
    }

    /// The group that the alert belongs to, of all that are told apart by `whose`; `None` if it belongs to none.
    fn group(&mut self, case: &Case<'_>, whose: &str, by: &GroupBy) -> Result<Option<Place>, Undo> {
        let Some(key) = group_key(by, &case.whole(), self.integration) else { return Ok(None) };
        let digest = short_digest(&format!("{whose}\0{key}"));
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
        let digest = digest_of_storm(&subject);
        let open = self.open_group(&digest)?;
        Ok(Some((Place { digest, open }, name)))
    }

    /// The storm of an integration by which more comes than it says.
    fn storm_of_integration(&mut self) -> Result<Option<(Place, String)>, Undo> {
        let Some(limit) = self.integration.alerts_per_minute else { return self.storm_of_sender() };
        let subject = subject_of_integration(&self.intake.integration);
        if !self.is_storm(&subject, Pace::minutely(limit))? {
            return self.storm_of_sender();
        }
        let digest = digest_of_storm(&subject);
        let open = self.open_group(&digest)?;
        Ok(Some((Place { digest, open }, self.integration.name.clone())))
    }

    /// The storm of one who sends more mail than one can read.
    fn storm_of_sender(&mut self) -> Result<Option<(Place, String)>, Undo> {
        let Some(origin) = &self.intake.origin else { return Ok(None) };
        let name = format!("{MAIL_FROM}{}", origin.sender);
        let subject = subject_of_sender(&self.intake.integration, &origin.sender);
        if !self.is_storm(&subject, Pace::hourly(limits::MAIL_SENDER_HOURLY))? {
            return Ok(None);
        }
        let digest = digest_of_storm(&subject);
        let open = self.open_group(&digest)?;
        Ok(Some((Place { digest, open }, name)))
    }

    /// Whether a group is the storm whose incident this is: of its service, of the integration, or of who sends mail.
    pub(super) fn is_storm_of(&self, digest: &str, incident: &Incident) -> bool {
        let integration = &self.intake.integration;
        let sender = incident.title.split_once(MAIL_FROM).and_then(|(_, named)| named.split_once(": "));
        let sender = sender.map(|(sender, _)| subject_of_sender(integration, sender));
        let service = incident.service.as_ref().unwrap_or(integration).clone();
        let subjects = [service, subject_of_integration(integration)].into_iter().chain(sender);
        subjects.map(|subject| digest_of_storm(&subject)).any(|known| known == digest)
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

    /// The group with this digest, if its incident is unresolved. A group whose incident was merged is the survivor's.
    pub(super) fn open_group(&mut self, digest: &str) -> Result<Option<(Group, Incident)>, Undo> {
        let organization = self.intake.organization;
        let Some(mut group) = store::group_load(self.batch.tx, organization, digest)? else { return Ok(None) };
        let mut incident = self.batch.incident(organization, group.instance_id)?;
        if let Some(merged) = incident.as_ref().filter(|incident| incident.merged_into.is_some()) {
            incident = survivor(self.batch.tx, merged, organization)?;
            group.instance_id = incident.as_ref().map_or(group.instance_id, |incident| incident.instance_id);
        }
        Ok(incident.filter(|incident| incident.status != Status::Resolved).map(|incident| (group, incident)))
    }

    /// The alert becomes one of the incident's, which pages nobody for it unless it is louder.
    fn join_group(
        &mut self,
        case: &Case<'_>,
        delivery: String,
        (digest, (group, incident)): (&str, (Group, Incident)),
        why: Gathered<'_>,
    ) -> Result<Judged, Undo> {
        let (organization, id) = (self.intake.organization, incident.instance_id);
        let alert = alert_of(self.order(case), Grouping::Grouped, self.now);
        store::alert_insert(self.batch.tx, organization, id, &alert)?;
        if case.urgency > incident.own_urgency() {
            self.ask(Some(id), Command::AmendUrgency(case.urgency), None)?;
        }
        let (members, unsaid) = (group.members.saturating_add(1), group.unsaid.saturating_add(1));
        let mut group = Group { members, unsaid, last_at: self.now, ..group };
        if group.is_unsaid(self.now, SAID_EVERY) {
            self.say(id, &incident, &group, matches!(why, Gathered::InStorm))?;
            group = Group { said_at: self.now, unsaid: 0, ..group };
        }
        let mut asks = None;
        let is_kept = incident.maintenance(&self.snapshot.directory, self.now).is_some();
        if let Some(by) = why.by().filter(|_| !is_kept) {
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
        Ok(judged(Fate::Grouped, Some(why.word().to_owned()), Some(id)))
    }

    /// Says how many alerts came. The title of a storm counts them.
    pub(super) fn say(
        &mut self,
        id: InstanceId,
        incident: &Incident,
        group: &Group,
        is_storm: bool,
    ) -> Result<(), Undo> {
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

/// What counts the alerts of an integration, whatever service they are on.
fn subject_of_integration(integration: &RefId) -> RefId {
    RefId(short_digest(&format!("integration\0{integration}")))
}

/// What counts the mail of one who sends it.
fn subject_of_sender(integration: &RefId, sender: &str) -> RefId {
    RefId(short_digest(&format!("sender\0{integration}\0{sender}")))
}

/// Of what is counted, the group that is its storm.
fn digest_of_storm(subject: &RefId) -> String {
    short_digest(&format!("storm\0{subject}"))
}
