//! Doing what a sender asks of an incident, by the commands that exist; what has no counterpart is written down.

use super::carry_out::{cut, judged, person};
use super::{Case, Taking};
use crate::failure::Undo;
use domain::alert::{Addressees, AlertSource};
use domain::directory::Directory;
use domain::incident::{Command, Incident, Outcome};
use domain::intake::{Asked, Fate, Judged, Responder, SenderCommand};
use domain::{InstanceId, Instant, RefId, Refusal, Username, limits};

/// What became of it: what was done, or why it was not.
type Done = Result<String, String>;

impl Taking<'_, '_> {
    /// Does it, and says what was done, or why it was not.
    pub(super) fn perform(&mut self, case: &Case<'_>, asked: &Asked) -> Result<Judged, Undo> {
        let Some(incident) = case.incident.clone() else {
            return Ok(judged(Fate::Ignored, Some("nothing_open".to_owned()), None));
        };
        let id = incident.instance_id;
        let by = asked.by.as_deref().and_then(|by| person(&self.snapshot.directory, by));
        let done = match &asked.what {
            SenderCommand::AddTags(_) | SenderCommand::RemoveTags(_) => self.tag(&incident, &asked.what, by)?,
            SenderCommand::AddDetails(_) | SenderCommand::RemoveDetails(_) => self.detail(case, id, &asked.what, by)?,
            SenderCommand::Perform(name) => {
                let notes = format!("{} asked for the action {name}, which is not known here.", self.integration.name);
                self.ask(Some(id), Command::Notate(cut(&notes)), by)?;
                Ok(format!("the action {} is not known here, and was written down", shown(name)))
            }
            SenderCommand::Unacknowledge => self.tried(id, Command::Unacknowledge, by, "un-acknowledged".to_owned())?,
            SenderCommand::AmendUrgency(urgency) if *urgency == incident.urgency => {
                Ok("it has this urgency".to_owned())
            }
            SenderCommand::AmendUrgency(urgency) => {
                self.tried(id, Command::AmendUrgency(*urgency), by, "the urgency was changed".to_owned())?
            }
            SenderCommand::Snooze(until) => {
                let minutes = minutes_until(*until, self.now);
                self.tried(id, Command::Snooze(minutes), by, format!("snoozed for {minutes} minutes"))?
            }
            SenderCommand::Escalate(policy) => self.climb(&incident, policy.as_deref(), by)?,
            SenderCommand::Assign(owner) => match person(&self.snapshot.directory, owner) {
                Some(user) => {
                    let said = format!("assigned to {user}");
                    self.tried(id, Command::Reassign(vec![user.0]), by, said)?
                }
                None => Err(format!("owner: nobody here is called {}", shown(owner))),
            },
            SenderCommand::AddResponders(responders) => {
                let (found, unknown) = addressees(&self.snapshot.directory, responders, self.now);
                match words(found) {
                    words if words.is_empty() => Err(unknown.join("; ")),
                    words => {
                        let said = std::iter::once("asked beside".to_owned()).chain(unknown).collect::<Vec<_>>();
                        self.tried(id, Command::AddResponders(words), by, said.join("; "))?
                    }
                }
            }
        };
        Ok(match done {
            Ok(what) => judged(Fate::Noted, Some(what), Some(id)),
            Err(reason) => judged(Fate::Ignored, Some(reason), Some(id)),
        })
    }

    /// Asks for a command that the rules may refuse; they do so before anything is written.
    fn tried(&mut self, id: InstanceId, command: Command, by: Option<Username>, said: String) -> Result<Done, Undo> {
        match self.ask(Some(id), command, by) {
            Ok(Outcome::Deduplicated { .. } | Outcome::Suppressed { .. }) => Ok(Err("nothing was done".to_owned())),
            Ok(_) => Ok(Ok(said)),
            Err(Undo::Refused(refusal)) => Ok(Err(reason(&refusal))),
            Err(undo) => Err(undo),
        }
    }

    fn tag(&mut self, incident: &Incident, what: &SenderCommand, by: Option<Username>) -> Result<Done, Undo> {
        let mut tags = incident.tags.clone();
        let said = match what {
            SenderCommand::AddTags(added) => {
                tags.extend(added.iter().filter(|tag| !incident.tags.contains(tag)).cloned());
                "tags were added"
            }
            SenderCommand::RemoveTags(removed) => {
                tags.retain(|tag| !removed.contains(tag));
                "tags were removed"
            }
            _ => return Ok(Err("no tags are named".to_owned())),
        };
        if tags.len() > limits::TAGS {
            return Ok(Err(format!("tags: at most {} on an incident", limits::TAGS)));
        }
        if tags != incident.tags {
            self.ask(Some(incident.instance_id), Command::UpdateTags(tags), by)?;
        }
        Ok(Ok(said.to_owned()))
    }

    /// Details are what the sender told of its alert by name; the log says what it changed.
    fn detail(
        &mut self,
        case: &Case<'_>,
        id: InstanceId,
        what: &SenderCommand,
        by: Option<Username>,
    ) -> Result<Done, Undo> {
        let organization = self.intake.organization;
        let alert = case.known.as_ref().and_then(|known| known.alert.clone());
        let alert = match &alert {
            Some(alert) => store::alert_load(self.batch.tx, organization, id, alert)?,
            None => None,
        };
        let Some(alert) = alert else { return Ok(Err("details: the alert is in no incident".to_owned())) };
        let mut source = alert.source.map_or_else(AlertSource::default, |source| *source);
        let (said, notes) = match what {
            SenderCommand::AddDetails(details) => {
                source.labels.extend(details.clone());
                let lines: Vec<_> = details.iter().map(|(name, value)| format!("{name}: {value}")).collect();
                ("details were added", lines.join("\n"))
            }
            SenderCommand::RemoveDetails(names) => {
                source.labels.retain(|name, _| !names.contains(name));
                ("details were removed", format!("Without the details {}", names.join(", ")))
            }
            _ => return Ok(Err("no details are named".to_owned())),
        };
        if serde_json::to_string(&source).is_ok_and(|text| text.len() > limits::DESCRIPTION_BYTES) {
            return Ok(Err(format!("details: at most {} bytes with those that there are", limits::DESCRIPTION_BYTES)));
        }
        store::alert_relabel(self.batch.tx, organization, id, &alert.ref_id, &source)?;
        self.ask(Some(id), Command::Notate(cut(&notes)), by)?;
        Ok(Ok(said.to_owned()))
    }

    /// The policy that is named where the incident is not with it, else the next level.
    fn climb(&mut self, incident: &Incident, policy: Option<&str>, by: Option<Username>) -> Result<Done, Undo> {
        let id = incident.instance_id;
        let named = policy.map(|name| (shown(name), policy_of(&self.snapshot.directory, name)));
        let unknown = match named {
            Some((name, Some(policy))) if incident.targets.iter().all(|target| target.policy != policy) => {
                return self.tried(id, Command::AddResponders(vec![policy.0]), by, format!("{name} was asked beside"));
            }
            Some((name, None)) => format!("; no escalation policy is called {name}"),
            _ => String::new(),
        };
        let said = format!("the next level was asked{unknown}");
        Ok(self.tried(id, Command::Escalate, by, said)?.map_err(|reason| format!("{reason}{unknown}")))
    }
}

/// What a name is the name of.
enum Found {
    Policy(RefId),
    Users(Vec<Username>),
}

/// The policies and users that a sender names, and what is to be said of the others.
pub(super) fn addressees(directory: &Directory, named: &[Responder], now: Instant) -> (Addressees, Vec<String>) {
    let mut found = Addressees::default();
    let mut said = Vec::new();
    for responder in named {
        let name = shown(&responder.name);
        let room = limits::RESPONDERS.saturating_sub(found.policies.len() + found.users.len());
        match find(directory, responder, now) {
            None => said.push(format!("responders: nobody here is called {name}")),
            Some(Found::Users(users)) if users.is_empty() => said.push(format!("responders: {name} is nobody now")),
            Some(Found::Users(users)) if users.len() <= room => {
                let fresh: Vec<_> = users.into_iter().filter(|user| !found.users.contains(user)).collect();
                found.users.extend(fresh);
            }
            Some(Found::Policy(policy)) if room > 0 => {
                if !found.policies.contains(&policy) {
                    found.policies.push(policy);
                }
            }
            Some(_) => said.push(format!("responders: {name} was left out: at most {}", limits::RESPONDERS)),
        }
    }
    // A sender can name very many.
    said.truncate(limits::RESPONDERS);
    (found, said)
}

/// First what the sender says that it is: names need not mean the same kind of thing in another product.
fn find(directory: &Directory, responder: &Responder, now: Instant) -> Option<Found> {
    let name = responder.name.as_str();
    let of_kind = |kind: &str| match kind {
        "escalation" => policy_of(directory, name).map(Found::Policy),
        "team" => members(directory, name).map(Found::Users),
        "user" => person(directory, name).map(|user| Found::Users(vec![user])),
        "schedule" => on_call(directory, name, now).map(Found::Users),
        _ => None,
    };
    responder.kind.as_deref().into_iter().chain(["escalation", "team", "user", "schedule"]).find_map(of_kind)
}

fn policy_of(directory: &Directory, name: &str) -> Option<RefId> {
    let entry = directory.policies.named(name).or_else(|| directory.policies.with_ref(name));
    entry.map(|entry| entry.ref_id.clone())
}

fn members(directory: &Directory, name: &str) -> Option<Vec<Username>> {
    let team = directory.teams.named(name).or_else(|| directory.teams.with_ref(name))?;
    let known = |user: &&Username| directory.user(user.as_str()).is_some();
    Some(team.component.members.iter().map(|member| &member.username).filter(known).cloned().collect())
}

/// Who is on call now: an incident is with people and policies, and stays with them.
fn on_call(directory: &Directory, name: &str, now: Instant) -> Option<Vec<Username>> {
    let routine = directory.routines.named(name).or_else(|| directory.routines.with_ref(name))?;
    let users = directory.on_call_at(&routine.component.name, now);
    Some(users.into_iter().filter(|user| directory.user(user.as_str()).is_some()).collect())
}

fn words(addressees: Addressees) -> Vec<String> {
    let policies = addressees.policies.into_iter().map(|policy| policy.0);
    policies.chain(addressees.users.into_iter().map(|user| user.0)).collect()
}

/// Whole minutes, so that nobody is asked before the time.
fn minutes_until(until: Instant, now: Instant) -> u32 {
    let minutes = until.0.saturating_sub(now.0).saturating_add(59_999_999) / 60_000_000;
    u32::try_from(minutes).unwrap_or(0).clamp(limits::SNOOZE_MINUTES_LEAST, limits::SNOOZE_MINUTES_MOST)
}

/// As long as a name is said.
fn shown(name: &str) -> String {
    name.replace('\0', "\u{fffd}").chars().take(limits::TAG_CHARACTERS).collect()
}

fn reason(refusal: &Refusal) -> String {
    match refusal {
        Refusal::NotAcknowledged => "not_acknowledged".to_owned(),
        Refusal::NoFurtherLevel => "there is no further level".to_owned(),
        Refusal::TooMany { field, limit } => format!("{field}: at most {limit}"),
        other => format!("{other:?}"),
    }
}
