//! `on-call`: who is on call by a directory file, without a database. Swaps made by the API are not known here.

use super::say;
use crate::exit::WrongInput;
use crate::line::OnCall;
use directory::file;
use domain::Instant;
use domain::directory::{Directory, Ladder};
use domain::limits;
use domain::routine::{self, Interval};
use engine::Clock;
use serde_json::{Value, json};
use std::fmt::Write;
use std::io::IsTerminal;

const DAY_MICROS: i64 = 24 * 3600 * 1_000_000;

/// Answers, as a table for people or in JSON for programs.
pub(crate) fn on_call(line: &OnCall) -> anyhow::Result<()> {
    let definition = file::read(line.directory.path()).map_err(WrongInput::all)?;
    let directory = definition.directory();
    let subjects = subjects(&directory, line)?;
    let asked = Asked::of(line, &subjects)?;
    let in_json = line.json || !(line.table || std::io::stdout().is_terminal());
    say(&if in_json { format!("{}\n", in_json_of(line, &subjects, asked)) } else { table(&subjects, asked) })
}

/// What is asked for.
#[derive(Clone, Copy)]
enum Asked {
    At(Instant),
    Period(Instant, Instant),
}

impl Asked {
    fn of(line: &OnCall, subjects: &[Subject<'_>]) -> anyhow::Result<Self> {
        let (Some(from), Some(until)) = (&line.from, &line.until) else {
            let now = Instant(Clock::system().now());
            return Ok(Self::At(line.at.as_deref().map(|at| instant("--at", at)).transpose()?.unwrap_or(now)));
        };
        let (from, until) = (instant("--from", from)?, instant("--until", until)?);
        let most = subjects.iter().map(Subject::schedule_days).min().unwrap_or(limits::SCHEDULE_DAYS);
        match until.0 - from.0 {
            ..=0 => Err(WrongInput::one("--until: must be after --from")),
            length if length > most * DAY_MICROS => {
                Err(WrongInput::one(format!("--until: must be at most {most} days after --from")))
            }
            _ => Ok(Self::Period(from, until)),
        }
    }
}

fn instant(option: &str, text: &str) -> anyhow::Result<Instant> {
    Instant::parse(text).ok_or_else(|| WrongInput::one(format!("{option}: `{text}` is not a timestamp")))
}

/// A routine, or a level of a policy.
struct Subject<'a> {
    directory: &'a Directory,
    of: Of<'a>,
}

enum Of<'a> {
    Routine(&'a str),
    Level { policy: &'a str, ladder: Ladder<'a>, number: u32 },
}

fn subjects<'a>(directory: &'a Directory, line: &OnCall) -> anyhow::Result<Vec<Subject<'a>>> {
    if let Some(name) = &line.routine {
        let entry = directory.routines.named(name);
        let entry = entry.ok_or_else(|| WrongInput::one(format!("--routine: no routine is named `{name}`")))?;
        return Ok(vec![Subject { directory, of: Of::Routine(&entry.component.name) }]);
    }
    let mut policies = directory.policies.by_name();
    if let Some(name) = &line.policy {
        policies.retain(|entry| entry.component.name == *name);
        if policies.is_empty() {
            return Err(WrongInput::one(format!("--policy: no escalation policy is named `{name}`")));
        }
    }
    let levels = policies.into_iter().flat_map(|entry| {
        let (policy, ladder) = (entry.component.name.as_str(), Ladder::Named(&entry.component, directory));
        (1..=ladder.height()).map(move |number| Subject { directory, of: Of::Level { policy, ladder, number } })
    });
    Ok(levels.collect())
}

impl Subject<'_> {
    fn schedule_days(&self) -> i64 {
        match self.of {
            Of::Routine(name) => self.directory.schedule_days(name),
            Of::Level { ladder, .. } => ladder.schedule_days(),
        }
    }

    /// Over a period; or from an instant until the next change, where that is within a year, and there with nobody too.
    fn intervals(&self, asked: Asked) -> Vec<Interval> {
        match (asked, &self.of) {
            (Asked::Period(from, until), Of::Routine(name)) => self.directory.schedule(name, from, until),
            (Asked::Period(from, until), Of::Level { ladder, number, .. }) => ladder.schedule(*number, from, until),
            (Asked::At(from), of) => {
                let on_call = match of {
                    Of::Routine(name) => self.directory.on_call(name, from),
                    Of::Level { ladder, number, .. } => ladder.on_call(*number, from),
                };
                let until = on_call.until.unwrap_or(from.plus_micros(limits::ON_CALL_DAYS * DAY_MICROS));
                vec![Interval { from, until, on_call: on_call.users }]
            }
        }
    }

    /// The zone in which its people think: that of the routine, or of all routines of the level.
    fn zone(&self) -> Option<&str> {
        let zone = |name: &str| self.directory.routines.named(name).map(|entry| entry.component.timezone.as_str());
        match &self.of {
            Of::Routine(name) => zone(name),
            Of::Level { policy, number, .. } => {
                let policy = &self.directory.policies.named(policy)?.component;
                let level = policy.levels.get(usize::try_from(*number).ok()?.checked_sub(1)?)?;
                let mut zones = level.routines.iter().map(|name| zone(name));
                let first = zones.next()?;
                first.filter(|_| zones.all(|other| other == first))
            }
        }
    }

    fn title(&self) -> String {
        match &self.of {
            Of::Routine(name) => format!("routine `{name}`"),
            Of::Level { policy, ladder, number } => {
                let minutes = ladder.minutes(*number).unwrap_or_default();
                format!("policy `{policy}`, level {number} ({minutes} minutes)")
            }
        }
    }
}

fn table(subjects: &[Subject<'_>], asked: Asked) -> String {
    let mut text = String::new();
    for subject in subjects {
        let zone = subject.zone().filter(|zone| *zone != "UTC");
        let shown = |at: Instant| {
            let utc = at.wall_minute("UTC").unwrap_or_default();
            let local = zone.and_then(|zone| at.wall_minute(zone));
            local.map_or_else(|| format!("{utc} UTC"), |local| format!("{local} ({utc} UTC)"))
        };
        let title = zone.map_or_else(|| subject.title(), |zone| format!("{}, {zone}", subject.title()));
        // Writing to a string does not fail.
        let _ = writeln!(text, "{title}");
        for (from, until, people) in rows(&subject.intervals(asked), asked) {
            let _ = match (asked, until) {
                (Asked::Period(..), Some(until)) => writeln!(text, "  {}  to  {}  {people}", shown(from), shown(until)),
                (Asked::At(_), Some(until)) => writeln!(text, "  {people}, until {}", shown(until)),
                (_, None) => writeln!(text, "  {people}, with no change within a year"),
            };
        }
    }
    text
}

/// The lines of a table, in order of time: from when, until when, and who, who may be nobody.
fn rows(intervals: &[Interval], asked: Asked) -> Vec<(Instant, Option<Instant>, String)> {
    let people = |interval: &Interval| {
        let people: Vec<_> = interval.on_call.iter().map(|user| user.as_str()).collect();
        if people.is_empty() { "nobody".to_owned() } else { people.join(", ") }
    };
    match asked {
        Asked::At(at) => {
            let horizon = at.plus_micros(limits::ON_CALL_DAYS * DAY_MICROS);
            let until = |interval: &Interval| Some(interval.until).filter(|until| *until < horizon);
            intervals.iter().map(|interval| (at, until(interval), people(interval))).collect()
        }
        Asked::Period(from, until) => {
            let gaps = routine::gaps(intervals, from, until);
            let covered = intervals.iter().map(|interval| (interval.from, Some(interval.until), people(interval)));
            let open = gaps.iter().map(|gap| (gap.from, Some(gap.until), "nobody".to_owned()));
            let mut rows: Vec<_> = covered.chain(open).collect();
            rows.sort();
            rows
        }
    }
}

/// A routine as `{"intervals"}`, a policy as `{"levels", "gaps"}`, as the HTTP API answers; all policies by name.
fn in_json_of(line: &OnCall, subjects: &[Subject<'_>], asked: Asked) -> Value {
    let mut policies: Vec<(&str, Vec<Value>, Vec<Value>)> = Vec::new();
    for subject in subjects {
        let mut intervals = subject.intervals(asked);
        intervals.retain(|interval| !interval.on_call.is_empty());
        let Of::Level { policy, number, .. } = subject.of else { return json!({ "intervals": intervals }) };
        if number == 1 {
            let gaps = match asked {
                Asked::Period(from, until) => routine::gaps(&intervals, from, until),
                Asked::At(_) => Vec::new(),
            };
            policies.push((policy, Vec::new(), gaps.iter().map(|gap| json!(gap)).collect()));
        }
        if let Some((_, levels, _)) = policies.last_mut() {
            levels.push(json!({ "level": number, "intervals": intervals }));
        }
    }
    let mut answers = policies.into_iter().map(|(name, levels, gaps)| match &line.policy {
        Some(_) => json!({ "levels": levels, "gaps": gaps }),
        None => json!({ "name": name, "levels": levels, "gaps": gaps }),
    });
    match &line.policy {
        Some(_) => answers.next().unwrap_or_default(),
        None => json!({ "policies": answers.collect::<Vec<_>>() }),
    }
}
