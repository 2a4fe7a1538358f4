//! What comes and goes too often: it is counted, and said once.

use super::carry_out::judged;
use super::{Case, Taking};
use crate::failure::Undo;
use domain::incident::{Command, Incident, Status};
use domain::intake::{Fate, FlapLimits, Judged, Problem, State};
use domain::{Urgency, limits};

/// What stands before the title of an incident whose problem is flapping.
const PREFIX: &str = "Flapping: ";

/// The title of an incident whose problem is flapping.
pub(super) fn flapping_title(title: &str) -> String {
    format!("{PREFIX}{title}").chars().take(limits::TITLE_CHARACTERS).collect()
}

/// The title that it had before; nothing where it says nothing of flapping.
pub(super) fn calm_title(title: &str) -> Option<String> {
    title.strip_prefix(PREFIX).map(str::to_owned)
}

/// What an incident says when its problem begins to flap.
pub(super) fn word_of_flapping(limits: FlapLimits) -> String {
    let FlapLimits { changes, minutes, quiet_minutes: quiet } = limits;
    format!(
        "It is flapping: it came and went {changes} times within {minutes} minutes. It stays open, and nobody is paged for it \
         again, until it was quiet for {quiet} minutes."
    )
}

impl Taking<'_, '_> {
    /// From when on a problem is flapping: by the service of its incident, or else that of the integration.
    pub(super) fn flapping(&self, incident: Option<&Incident>) -> FlapLimits {
        let services = &self.snapshot.directory.services;
        let of_incident = incident.and_then(|incident| incident.service.as_ref());
        let entry = match of_incident {
            Some(id) => services.with_ref(id.as_str()),
            None => self.integration.service.as_deref().and_then(|name| services.named(name)),
        };
        FlapLimits::of(entry.map(|entry| &entry.component))
    }

    pub(super) fn flap(&mut self, case: &Case<'_>, delivery: String) -> Result<Judged, Undo> {
        let (Some(known), Some(incident)) = (&case.known, &case.incident) else {
            return Ok(judged(Fate::Ignored, Some("nothing_open".to_owned()), None));
        };
        let id = incident.instance_id;
        let is_over = case.received.state == State::Resolved;
        let mut problem = Problem {
            instance_id: known.instance_id,
            alert: known.alert.clone(),
            is_over,
            ..self.problem(case, delivery)
        };
        if !is_over {
            // Nobody is paged for it now; once it is quiet, this is the state that it is in.
            problem.flaps.rises_to = Some(case.urgency).filter(|urgency| *urgency > incident.own_urgency());
        }
        self.save(case, &problem)?;
        if !is_over {
            *self.recurred.entry(id).or_default() += 1;
        }
        if !known.flaps.is_flapping && incident.status != Status::Resolved {
            self.ask(Some(id), Command::Notate(word_of_flapping(self.flapping(case.incident.as_ref()))), None)?;
            self.ask(Some(id), Command::EditTitle(flapping_title(&incident.title)), None)?;
        }
        Ok(judged(Fate::Flapping, None, Some(id)))
    }

    /// It was quiet for long enough; where it goes on, as loud as `rises_to`.
    pub(super) fn say_quiet(&mut self, incident: &Incident, rises_to: Option<Urgency>) -> Result<(), Undo> {
        let id = incident.instance_id;
        if incident.status == Status::Resolved {
            return Ok(());
        }
        let quiet = self.flapping(Some(incident)).quiet_minutes;
        let notes = format!("It was quiet for {quiet} minutes and is flapping no more.");
        self.ask(Some(id), Command::Notate(notes), None)?;
        if let Some(title) = calm_title(&incident.title) {
            self.ask(Some(id), Command::EditTitle(title), None)?;
        }
        if let Some(urgency) = rises_to.filter(|urgency| *urgency > incident.own_urgency()) {
            self.ask(Some(id), Command::AmendUrgency(urgency), None)?;
        }
        Ok(())
    }
}
