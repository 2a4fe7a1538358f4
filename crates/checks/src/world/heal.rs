//! The end of a night: everything heals, nobody acts, and what was promised must come true.

use serde_json::json;

use super::asked::Verdict;
use super::checkers::{LIVENESS, View, ladders_not_climbed, notifications_without_fate};
use super::faults::Database;
use super::{Broken, MINUTE, World};
use crate::Call;

/// Time in which every ladder is climbed to its end: the longest wait of a snoozed or acknowledged incident, and three
/// levels.
const CLIMB: i64 = 90 * MINUTE;
/// Time in which whatever waits goes out: the bound of messages in an hour, and the longest pauses.
const REST: i64 = 130 * MINUTE;
/// A piece of it, after which the world looks whether it is enough.
const PIECE: i64 = 10 * MINUTE;

impl World {
    /// Heals everything and lets time pass.
    pub(super) fn heal(&mut self) -> Result<(), Broken> {
        self.note("everything heals, and nobody acts any more".to_owned());
        self.database.turn(Database::Fine);
        self.database_until = None;
        self.carriers.heal();
        self.people.rest();
        let now = self.now;
        for place in &mut self.nodes {
            place.starts_at = now;
            place.node.iter().for_each(|node| node.line.spare());
        }
        self.turn()?;
        self.wait_for(CLIMB, |view| ladders_not_climbed(view, now))?;
        self.resolve_all()?;
        self.wait_for(REST, notifications_without_fate)
    }

    /// Lets time pass until nothing is missing any more.
    fn wait_for(&mut self, most: i64, missing: impl Fn(&View<'_>) -> Vec<String>) -> Result<(), Broken> {
        let end = self.now + most;
        loop {
            let how = missing(&self.view());
            if how.is_empty() {
                return Ok(());
            }
            if self.now >= end {
                return Err(self.broken(LIVENESS, &how));
            }
            self.pass(PIECE)?;
        }
    }

    fn view(&self) -> View<'_> {
        View {
            sight: &self.sight,
            organization: &self.organization,
            handed: &[],
            asked: None,
            now: self.now,
            is_settled: true,
            has_free_carriers: true,
            store: &self.outside,
        }
    }

    fn resolve_all(&mut self) -> Result<(), Broken> {
        for incident in self.sight.unresolved() {
            let call = Call::post("/incidents/resolve").key(&self.key).json(&json!({"instance_id": incident}));
            let Some(asked) = self.ask(&format!("resolve {incident}"), call) else { continue };
            if !matches!(asked.verdict, Verdict::Done(_)) {
                return Err(
                    self.broken(LIVENESS, &[format!("{}: {:?}, though all is well", asked.what, asked.verdict)])
                );
            }
            self.look(Some(&asked))?;
            self.turn()?;
        }
        Ok(())
    }
}
