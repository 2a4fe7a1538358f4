//! What those who look after an organization are told of by mail again and again: once a week the head of the audit log, and
//! at most once a day keys of integrations that count no more and are still in use.

use crate::administration::Administration;
use crate::audit;
use crate::sign_in::{Letter, Person};
use crate::turned_away_count::TurnedAwayFor;
use domain::directory::{Directory, Role, TeamRole};
use domain::notification::Channel;
use domain::{Instant, OrganizationId};
use engine::{Batch, Failure, Shared, Undo};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;
use store::{Error, TurnedAwayRow, Tx};

const DAY_MICROS: i64 = 24 * 3_600_000_000;
const WEEK_MICROS: i64 = 7 * DAY_MICROS;
/// Integrations that one mail tells of at most.
const MOST: u32 = 1_000;

/// What people are told of again and again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Report {
    /// Keys that count no more and are still in use.
    EndedKeys,
    /// The head of the audit log.
    AuditHead,
}

impl Report {
    const ALL: [Self; 2] = [Self::EndedKeys, Self::AuditHead];

    /// Its word in the store.
    fn word(self) -> &'static str {
        match self {
            Self::EndedKeys => "ended_keys",
            Self::AuditHead => "audit_head",
        }
    }

    /// Microseconds from one time to the next, at least.
    fn every(self) -> i64 {
        match self {
            Self::EndedKeys => DAY_MICROS,
            Self::AuditHead => WEEK_MICROS,
        }
    }
}

impl Administration {
    /// Tells by mail what it is time to tell, once however many nodes there are; to be called at each beat. That it is told is
    /// noted first, so that whatever crashes, nobody is told twice. Without a mail server nothing is told or noted.
    ///
    /// # Errors
    /// As the store says, when the organizations cannot be listed.
    pub async fn tell_reports(&self) -> Result<(), Failure> {
        let now = self.engine().now();
        if self.notifier().carrier(Channel::Email).is_none() || !self.0.reports_looked.is_due(now) {
            return Ok(());
        }
        let due = self.engine().read(move |tx, _: &Shared| {
            let mut due = Vec::new();
            for organization in store::organization_list(tx)? {
                for report in Report::ALL {
                    if is_due(tx, organization.id, report, now)? {
                        due.push((organization.id, report));
                    }
                }
            }
            Ok(due)
        });
        let due = due.await?;
        if due.is_empty() {
            return Ok(());
        }
        // Where many mails are on their way, the next look tells it.
        let Ok(place) = Arc::clone(&self.0.mailing).try_acquire_owned() else { return Ok(()) };
        let mut letters = Vec::new();
        for (organization, report) in due {
            let url = self.notifier().public_url().to_owned();
            let tell = move |batch: &mut Batch<'_>| tell(batch, organization, report, &url);
            match self.engine().desk().submit_own(organization, tell).await {
                Ok(told) => letters.extend(told),
                Err(failure) => {
                    let (organization, what) = (organization.0, report.word());
                    tracing::warn!(?failure, organization, what, "nobody could be told");
                }
            }
        }
        self.send_all(letters, place);
        Ok(())
    }
}

/// Whether it is time to tell, and there is something to tell of.
fn is_due(tx: &mut dyn Tx, organization: OrganizationId, report: Report, now: Instant) -> Result<bool, Error> {
    let last = store::last_told_load(tx, organization, report.word())?;
    if last.is_some_and(|last| now < last.plus_micros(report.every())) {
        return Ok(false);
    }
    Ok(match report {
        Report::AuditHead => true,
        Report::EndedKeys => !ended_keys(tx, organization, last, now)?.is_empty(),
    })
}

/// What came with keys that count no more since it was told last, or in the last day where it never was.
fn ended_keys(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    last: Option<Instant>,
    now: Instant,
) -> Result<Vec<TurnedAwayRow>, Error> {
    let since = last.unwrap_or_else(|| now.plus_micros(-DAY_MICROS));
    let mut rows = store::turned_away_since(tx, organization, since, MOST)?;
    rows.retain(|row| row.reason == TurnedAwayFor::EndedKey.word());
    Ok(rows)
}

/// Notes that it is told, and to whom what is to be sent. Runs while the organization is held: what one node tells, the other
/// finds told.
fn tell(batch: &mut Batch<'_>, organization: OrganizationId, report: Report, url: &str) -> Result<Vec<Letter>, Undo> {
    let now = batch.now();
    if !is_due(batch.tx, organization, report, now)? {
        return Ok(Vec::new());
    }
    let last = store::last_told_load(batch.tx, organization, report.word())?;
    store::last_told_save(batch.tx, organization, report.word(), now)?;
    let snapshot = batch.snapshot(organization)?;
    let directory = &snapshot.directory;
    match report {
        Report::EndedKeys => {
            let rows = ended_keys(batch.tx, organization, last, now)?;
            Ok(of_ended_keys(directory, &rows, url))
        }
        // The first week begins when it was looked for the first time.
        Report::AuditHead if last.is_none() => Ok(Vec::new()),
        Report::AuditHead => {
            let head = audit::head(batch.tx, organization)?;
            Ok(head.map(|head| of_head(directory, &head, now)).unwrap_or_default())
        }
    }
}

/// The people of whom this is true, who can be written to.
fn people(directory: &Directory, is_meant: impl Fn(&Person) -> bool) -> Vec<Person> {
    let all = directory.users.by_name().into_iter().filter_map(|entry| Person::with_ref(directory, &entry.ref_id));
    all.filter(|person| person.email.is_some() && is_meant(person)).collect()
}

/// Who looks after what this team owns: its managers, else whoever administers the organization.
fn keepers(directory: &Directory, team: Option<&str>) -> Vec<Person> {
    let team = team.and_then(|team| directory.teams.named(team)).map(|entry| &entry.component);
    let managers = team.map_or_else(Vec::new, |team| {
        people(directory, |person| team.role_of(&person.username) == Some(TeamRole::Manager))
    });
    if managers.is_empty() { people(directory, |person| person.role >= Role::Admin) } else { managers }
}

fn of_ended_keys(directory: &Directory, rows: &[TurnedAwayRow], url: &str) -> Vec<Letter> {
    let mut by_person: BTreeMap<String, (Person, String)> = BTreeMap::new();
    for row in rows {
        let Some(entry) = directory.integrations.with_ref(row.integration.as_str()) else { continue };
        let integration = &entry.component;
        let from = row.last_from.as_deref().map(|from| format!(" from {from}")).unwrap_or_default();
        let line = format!("- {}: {} in all, last{from} at {} UTC\n", integration.name, row.times, row.last_at.wire());
        for person in keepers(directory, integration.team.as_deref()) {
            let told = by_person.entry(person.username.to_string()).or_insert_with(|| (person, String::new()));
            told.1.push_str(&line);
        }
    }
    let letter = |(person, lines): (Person, String)| {
        let mut text = format!(
            "Something still comes to these integrations of {} with a key that counts no more. It is turned away, so that \
             nobody is paged by it:\n\n{lines}\nPoint whatever sends it at the address that the integration has now",
            directory.name
        );
        // Writing to a string does not fail.
        let _ = match url {
            "" => write!(text, "."),
            url => write!(text, ": {url}/app/integrations"),
        };
        text.push_str("\n\nYou are told of this once a day at most, for as long as it goes on.");
        Letter::report(person, "Keys that count no more are still in use".to_owned(), text)
    };
    by_person.into_values().map(letter).collect()
}

fn of_head(directory: &Directory, head: &audit::Head, now: Instant) -> Vec<Letter> {
    let owners = people(directory, |person| person.role == Role::Owner);
    let (name, number, digest) = (&directory.name, head.number, &head.digest);
    let letter = |person| {
        let text = format!(
            "The audit log of {name} ends with row {number} at {} UTC. The digest of that row is\n\n{digest}\n\nKeep this \
             mail. Whether that row is still there and the same, so that nobody cut off the end of the log or wrote it anew, \
             this says:\n\nreveille audit verify --organization \"{name}\" --head {number}:{digest}",
            now.wire()
        );
        Letter::report(person, format!("The audit log of {name}: row {number}"), text)
    };
    owners.into_iter().map(letter).collect()
}
