//! What `scripts/crash.sh` runs: the real program killed again and again, and what it promised looked at.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program that tells what it found")]

use std::process::ExitCode;

use checks::Database;
use checks::crash::{Leases, Nodes, Plan, due, rounds};

const USAGE: &str = "--rounds N | --due N, --database sqlite|postgresql, [--seed S] [--nodes 1|2] [--end-leases]";

/// Incidents that are to come due at once, instead of rounds.
type Due = Option<u64>;

fn main() -> ExitCode {
    let Some((plan, many)) = read(std::env::args().skip(1)) else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    let (table, is_well) = match many {
        Some(count) => due(plan.database, count),
        None => rounds(plan),
    };
    print!("{table}");
    if is_well { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn read(mut arguments: impl Iterator<Item = String>) -> Option<(Plan, Due)> {
    let (database, nodes, leases) = (Database::Sqlite, Nodes::One, Leases::RunOut);
    let (mut plan, mut many) = (Plan { rounds: 50, nodes, database, seed: 1, leases }, None);
    while let Some(name) = arguments.next() {
        if name == "--end-leases" {
            plan.leases = Leases::AreEnded;
            continue;
        }
        let value = arguments.next()?;
        match (name.as_str(), value.as_str()) {
            ("--rounds", number) => plan.rounds = number.parse().ok()?,
            ("--due", number) => many = Some(number.parse().ok()?),
            ("--seed", number) => plan.seed = number.parse().ok()?,
            ("--database", "sqlite") => plan.database = Database::Sqlite,
            ("--database", "postgresql") => plan.database = Database::Postgresql,
            ("--nodes", "1") => plan.nodes = Nodes::One,
            ("--nodes", "2") => plan.nodes = Nodes::Two,
            _ => return None,
        }
    }
    let is_possible = plan.nodes == Nodes::One || plan.database == Database::Postgresql;
    is_possible.then_some((plan, many))
}
