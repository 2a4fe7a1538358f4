//! What is wrong, in words: each thing once, in the zone of who reads, and where it is mended.

use super::piece::channel_word;
use super::seen::Seen;
use super::set_up::{Away, Kind};
use super::time::Moment;
use crate::gate::{Problem, failed};
use directory::{ComingGap, Standing, TurnedAwayRow};
use domain::directory::{ComponentKind, Fault, FileLock};
use domain::permission::Action;
use serde_json::Value;

/// What was turned away that is told.
const TURNED_AWAY_SHOWN: u32 = 10;
/// Components that are not as their file says which are named.
const DRIFTED_SHOWN: usize = 5;
/// Minutes of a day.
const DAY_MINUTES: u32 = 24 * 60;

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wrong {
    /// What is said before the link.
    pub(super) before: String,
    /// Where it is mended, and what is called so.
    pub(super) link: (String, String),
    /// What is said after the link.
    pub(super) after: String,
    /// When the last was.
    pub(super) at: Option<Moment>,
}

impl Wrong {
    fn new(before: impl Into<String>, link: (String, String), after: impl Into<String>) -> Self {
        Self { before: before.into(), link, after: after.into(), at: None }
    }
}

/// All that is wrong by how the organization stands, what it heard and what it sent.
pub(super) async fn wrong(seen: &Seen<'_>, standing: &Standing) -> Result<Vec<Wrong>, Problem> {
    let mut all: Vec<Wrong> = standing.gaps.iter().map(|gap| of_gap(seen, gap)).collect();
    all.extend(standing.faults.iter().map(|fault| of_fault(seen, fault)));
    all.extend(carriers(seen).await?);
    all.extend(drift(seen).await?);
    all.extend(turned_away(seen).await?);
    Ok(all)
}

fn of_gap(seen: &Seen<'_>, coming: &ComingGap) -> Wrong {
    let link = (Kind::of(ComponentKind::EscalationPolicy).page(&coming.policy), coming.policy.clone());
    let also = if coming.is_whole { "; on no further level either" } else { "" };
    let more = match coming.more {
        0 => String::new(),
        more => format!("; and {more} times more in the next weeks"),
    };
    let span = seen.visit.clock.span(coming.gap.from, coming.gap.until);
    Wrong::new("Nobody is on call first by ", link, format!(": {span}{also}{more}"))
}

/// A fault as a sentence: of a person it says what they are, of all else what it is about.
fn of_fault(seen: &Seen<'_>, fault: &Fault) -> Wrong {
    let Some(kind) = fault.kind else {
        return Wrong::new(
            "",
            ("/app/settings".to_owned(), "The organization".to_owned()),
            format!(": {}", fault.problem),
        );
    };
    let is_oneself = kind == ComponentKind::User && fault.name == seen.session.person.username.as_str();
    let user = seen.snapshot.directory.user(&fault.name).filter(|_| kind == ComponentKind::User);
    let words =
        if fault.problem.starts_with("is ") { format!(" {}", fault.problem) } else { format!(": {}", fault.problem) };
    match user {
        Some(_) if is_oneself => {
            let words = words.strip_prefix(" is ").map_or(words.clone(), |rest| format!(" are {rest}"));
            Wrong::new("", ("/app/me#contacts".to_owned(), "You".to_owned()), words)
        }
        Some(user) => Wrong::new("", (Kind::of(kind).page(&fault.name), user.shown_name().to_owned()), words),
        None => {
            let noun = kind.word().replace('_', " ");
            let noun = noun.strip_prefix("escalation ").unwrap_or(&noun).to_owned();
            Wrong::new(format!("{} ", capital(&noun)), (Kind::of(kind).page(&fault.name), fault.name.clone()), words)
        }
    }
}

fn capital(word: &str) -> String {
    let mut signs = word.chars();
    signs.next().map(|first| first.to_uppercase().chain(signs).collect()).unwrap_or_default()
}

/// Channels by which something cannot be sent at present.
async fn carriers(seen: &Seen<'_>) -> Result<Vec<Wrong>, Problem> {
    let failing = seen.visit.app.notifier.failing(seen.reader(), seen.now).await.map_err(failed)?;
    let told = |failing: notify::Failing| {
        let word = capital(channel_word(failing.channel));
        let count = failing.destinations;
        let places = if count == 1 { "one address is".to_owned() } else { format!("{count} addresses are") };
        // What came back may name the address.
        let answer = Some(failing.answer).filter(|answer| seen.sees_all() && !answer.is_empty());
        let answer = answer.map(|answer| format!("; the last answer: {answer}")).unwrap_or_default();
        let link = ("/app/people".to_owned(), word);
        Wrong::new(
            "",
            link,
            format!(": {places} left alone for a while, since sending there failed again and again{answer}"),
        )
    };
    Ok(failing.into_iter().map(told).collect())
}

/// What is not as its file says, for whoever may mend it. Nothing can be where files alone change what is theirs.
async fn drift(seen: &Seen<'_>) -> Result<Vec<Wrong>, Problem> {
    if seen.snapshot.directory.settings.file_lock != FileLock::Drift || !seen.may(Action::ChangeComponents) {
        return Ok(Vec::new());
    }
    let drifted = seen.visit.app.administration.drift(seen.reader()).await.map_err(failed)?;
    let more = drifted.len().saturating_sub(DRIFTED_SHOWN);
    let told = |one: &Value| {
        let text = |key: &str| one.get(key).and_then(Value::as_str).unwrap_or_default();
        let kind = ComponentKind::from_word(text("kind"))?;
        let noun = kind.word().replace('_', " ");
        let fields = one.get("fields").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        let fields: Vec<_> = fields.map(|field| field.replace('_', " ")).collect();
        let source = Some(text("source")).filter(|source| !source.is_empty());
        let source = source.map_or_else(|| "its file".to_owned(), |source| format!("`{source}`"));
        let (page, said) = if one.get("removed").and_then(Value::as_bool) == Some(true) {
            // It has no page any more; where one goes back to what was, there is one.
            ("/app/history".to_owned(), "it was removed here".to_owned())
        } else {
            (Kind::of(kind).page(text("name")), format!("{} was changed here", fields.join(", ")))
        };
        let link = (page, text("name").to_owned());
        Some(Wrong::new(format!("{} ", capital(&noun)), link, format!(" is not as {source} says: {said}")))
    };
    let mut all: Vec<_> = drifted.iter().take(DRIFTED_SHOWN).filter_map(told).collect();
    if more > 0 {
        let link = ("/app/history".to_owned(), format!("{more} more"));
        all.push(Wrong::new("", link, " are not as their files say"));
    }
    Ok(all)
}

/// What integrations turned away within a day.
async fn turned_away(seen: &Seen<'_>) -> Result<Vec<Wrong>, Problem> {
    let since = seen.now.minus_minutes(DAY_MINUTES);
    let read = seen.visit.app.administration.turned_away_since(seen.reader(), since, TURNED_AWAY_SHOWN).await;
    let told = |(name, row): (String, TurnedAwayRow)| {
        let away = Away::of(seen, (&row.reason, row.times), (row.last_at, row.last_from.as_deref()));
        let from = away.from.map(|from| format!(" from {from}")).unwrap_or_default();
        let link = (Kind::of(ComponentKind::Integration).page(&name), name);
        Wrong { at: Some(away.at), ..Wrong::new("", link, format!(": {}, last{from}", away.words)) }
    };
    Ok(read.map_err(failed)?.into_iter().map(told).collect())
}
