//! Stories: scenarios that a person on call can read and review, played on the real engine over both databases.
//!
//! A story is a file in `crates/checks/stories`, named after the promise that it shows. It has three parts:
//!
//! ```text
//! # The second level hears when the first is silent.          the promise, as a sentence, and what else helps
//!
//! [[escalation_policy]]                                       the directory, as `reveille apply` reads it; whoever it
//! name = "primary"                                            does not define comes from `src/story/cast.toml`
//! levels = [{ minutes = 5, users = ["ana"] }, { minutes = 10, users = ["ben"] }]
//!
//! [story]
//! > it is 2026-03-02 08:00 in UTC                             what is done, each step after `> `
//! > alert "Disk full" for policy primary
//! Mon 02 Mar 08:00  #1  TRIGGER by monitor (INCIDENTS_API): … what is seen of it: the log of incidents
//! Mon 02 Mar 08:00  ana email: [#1] High: Disk full           … and the messages that people get
//! > wait 5 minutes
//! Mon 02 Mar 08:05  #1  ESCALATE (SYSTEM): …
//! Mon 02 Mar 08:05  ben email: [#1] High: Disk full
//! ```
//!
//! Carriers are scripted: they take every message unless a step says otherwise. A first step that ends with `, with a
//! mail server and the world outside` puts the real carriers in their place, and real peers behind them: aiosmtpd, and a
//! web server, `{outside}` in the directory, that is the receiver of webhooks, chats and push messages, and a telephone
//! carrier of the Twilio form. `a webhook receiver`, `{receiver}` in the directory, verifies by the package
//! standardwebhooks. What these hear is seen, too. With `the usual pace`, messages keep the distance that a server keeps
//! which is not configured otherwise.
//!
//! All that can be done stands in [`verbs::VERBS`]. What a step needs beside its line stands below it after `| `.
//! Comments begin with `#` and stand above a step. A time that chance has moved, as it moves repetitions, is marked by
//! `~`. What is seen is everything: anything that happens and is not in the file fails the story, as does anything that
//! is in the file and does not happen, on SQLite as on PostgreSQL.
//!
//! `REVEILLE_WRITE_STORIES=1 cargo test --workspace --test all stories` writes what is seen into the files, to be
//! reviewed as a change of the product's behaviour, which it is.

mod acting;
mod cast;
mod names;
mod peers;
mod player;
mod pretty;
mod reading;
mod script;
mod seen;
mod stage;
mod verbs;
mod wall;

use std::path::{Path, PathBuf};

use directory::file;

use self::cast::Cast;
use self::names::Names;
use self::peers::Peers;
use self::player::Player;
use self::script::{Mistake, Script, Step, mistake};
use self::stage::Stage;
use self::verbs::{Act, verb};
use self::wall::Wall;
use crate::Database;

/// The folder of the stories, in this crate.
pub const STORIES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/stories");

/// Set to have what is seen written into the files.
const WRITE: &str = "REVEILLE_WRITE_STORIES";

/// Plays the story of this name on both databases, and fails with what is not as it is written.
#[track_caller]
pub fn play(name: &str) {
    let path = PathBuf::from(STORIES).join(format!("{name}.story"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let script = Script::read(&text).unwrap_or_else(|mistake| panic!("{}", mistake.told(&path)));
    let write = std::env::var_os(WRITE).is_some();
    for (database, is_first) in [(Database::Sqlite, true), (Database::Postgresql, false)] {
        let script = if write && !is_first { read_again(&path) } else { script.clone() };
        let seen = perform(&script, database, &path).unwrap_or_else(|mistake| panic!("{}", mistake.told(&path)));
        if write && is_first {
            std::fs::write(&path, script.rewritten(&seen)).expect("the story is written");
            continue;
        }
        let difference = script.difference(&seen);
        assert!(difference.is_empty(), "{}: on {database:?}, not as it is written:\n{difference}", path.display());
    }
}

fn read_again(path: &Path) -> Script {
    let text = std::fs::read_to_string(path).expect("it was written");
    Script::read(&text).expect("it was written as it is read")
}

/// Plays every step; what was seen after each.
fn perform(script: &Script, database: Database, path: &Path) -> Result<Vec<Vec<String>>, Mistake> {
    let mut steps = Vec::new();
    let (first, rest) = script.steps.split_first().expect("a story has steps");
    for step in rest {
        let unknown = || mistake(step.line, &format!("nobody knows how to do `{}`", step.text));
        steps.push((step, verb(&step.text).ok_or_else(unknown)?));
    }
    let mut player = open(script, first, database)?;
    let mut seen = vec![player.seen()];
    for (step, (act, words)) in steps {
        seen.push(perform_step(&mut player, step, act, &words)?);
    }
    let broken = player.stage.close();
    assert!(broken.is_empty(), "{}: broken promises:\n  {}", path.display(), broken.join("\n  "));
    Ok(seen)
}

/// The first step says what time it is, where, and what of the world outside is real.
fn open(script: &Script, first: &Step, database: Database) -> Result<Player, Mistake> {
    let wrong = |problem: String| mistake(first.line, &problem);
    let (time, place) = first
        .text
        .strip_prefix("it is ")
        .and_then(|rest| rest.split_once(" in "))
        .ok_or_else(|| wrong("a story begins with `it is 2026-03-02 08:00 in UTC`".to_owned()))?;
    let (zone, peers) = place.split_once(", with ").map_or((place, None), |(zone, peers)| (zone, Some(peers)));
    let wall = Wall::in_zone(zone).map_err(wrong)?;
    let at = wall.read(time).map_err(wrong)?;
    let peers = Peers::open(peers, at).map_err(wrong)?;
    let cast = Cast::of(&peers.placed(&script.directory)).map_err(wrong)?;
    let first_of = |mistakes: Vec<file::Mistake>| mistake(mistakes[0].line.unwrap_or(1), &mistakes[0].text);
    let mut stage = Stage::open(database, &cast.definition().map_err(first_of)?, at, peers);
    stage.settle();
    let names = Names::new(stage.names());
    Ok(Player { stage, cast, wall, names, attached: Vec::new(), messages: Vec::new(), texts: 0 })
}

fn perform_step(player: &mut Player, step: &Step, act: Act, words: &[String]) -> Result<Vec<String>, Mistake> {
    player.attached.clone_from(&step.attached);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let mut lines = act(player, &words).map_err(|problem| mistake(step.line, &problem))?;
    player.stage.settle();
    lines.extend(player.seen());
    Ok(lines)
}
