//! Taking over a shift on the board: from now, or from the instant that is shown, until others are on call by its routine.

use super::level::Look;
use super::who::Who;
use crate::api::Wish;
use crate::console::form::Form;
use crate::console::seen::Seen;
use crate::console::time::Moment;
use crate::gate::Problem;
use domain::directory::Level;
use domain::routine::OnCall;
use domain::{Instant, Username};
use serde_json::Value;
use std::collections::HashMap;

/// A shift that one may take over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Take {
    /// What the button sends: routine, who lets go, from, until.
    pub(super) value: String,
    pub(super) who: String,
    pub(super) routine: String,
    pub(super) until: Moment,
}

/// The shifts of a level that this person may take over; `known` says who is on call by its routines.
pub(super) fn takes(look: Look<'_>, level: &Level, me: &Username, known: &HashMap<&str, OnCall>) -> Vec<Take> {
    let mut takes = Vec::new();
    for name in &level.routines {
        let found = look.directory.routines.named(name).zip(known.get(name.as_str()));
        let Some((entry, on_call)) = found.filter(|(_, on_call)| !on_call.users.contains(me)) else { continue };
        // A shift that never ends is given away in its routine, and what has passed is over.
        let Some(until) = on_call.until.filter(|_| look.at >= look.clock.now()) else { continue };
        takes.extend(Who::all(look.directory, &on_call.users).into_iter().zip(&on_call.users).map(|(who, user)| {
            Take {
                value: format!("{}~{user}~{}Z~{}Z", entry.ref_id, look.at.wire(), until.wire()),
                who: who.name,
                routine: name.clone(),
                until: look.clock.moment(until),
            }
        }));
    }
    takes
}

/// Takes one over; what was done, in words.
///
/// # Errors
/// `invalid_fields` where the button says nothing that can be read; whatever the operation refuses.
pub(super) async fn take(seen: &Seen<'_>, form: &Form) -> Result<String, Problem> {
    let unread = || Problem::invalid(vec!["take: must name a shift, as the buttons of the page do".to_owned()]);
    let value = form.text("take");
    let (routine, rest) = value.split_once('~').ok_or_else(unread)?;
    let mut parts = rest.rsplitn(3, '~');
    let (until, from, out) = match (parts.next(), parts.next(), parts.next()) {
        (Some(until), Some(from), Some(out)) => (until, from, out),
        _ => return Err(unread()),
    };
    let span = Instant::parse(from).zip(Instant::parse(until)).ok_or_else(unread)?;
    let me = seen.session.person.username.as_str();
    // The key of the form is that of each of its buttons.
    let idempotency_key = form.get("idempotency_key").map(|key| format!("{key}-{}", engine::short_digest(value)));
    let mut wish = Wish { idempotency_key, ..Wish::default() }.at("routine_ref_id", routine);
    for (name, said) in [("out", out), ("in", me), ("from", from), ("until", until)] {
        wish.body.insert(name.to_owned(), Value::from(said));
    }
    seen.ask("add-swap", wish).await?;
    let out = seen.snapshot.directory.shown_name(&Username::from(out)).to_owned();
    Ok(format!("You are on call for {out}, {}.", seen.visit.clock.span(span.0, span.1)))
}
