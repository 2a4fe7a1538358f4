//! The real program under load, killed again and again over one database, and what was answered compared with what is
//! there: [`rounds`] with one server or two, and [`due`] for very many incidents that are due at once.

mod book;
mod caller;
mod chance;
mod compare;
mod due;
mod findings;
mod hook;
mod lateness;
mod ledger;
mod lives;
mod mail;
mod nodes;
mod organization;
mod reckoning;
mod round;
mod table;

use std::collections::VecDeque;
use std::sync::Mutex;

pub use due::due;

use crate::Database;
use book::Entry;
use caller::Caller;
use engine::Clock;
use findings::Findings;
use lives::Marks;
use organization::Organization;
use round::Ends;

/// How many callers there are.
const CALLERS: usize = 8;

/// What becomes of the leases of a server that was killed, where others could have them: PostgreSQL only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leases {
    /// They run out by themselves, after a minute.
    RunOut,
    /// They are ended at the end of the run, for those who cannot wait for that minute.
    AreEnded,
}

/// How many servers run at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nodes {
    /// One, which is killed in each round.
    One,
    /// Two over one PostgreSQL, of which one is killed in each round, in turn, and the other goes on.
    Two,
}

/// What is to be done.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// How often the server is killed.
    pub rounds: u64,
    /// How many servers run.
    pub nodes: Nodes,
    /// Over which database.
    pub database: Database,
    /// What chance replays.
    pub seed: u64,
    /// What becomes of leases.
    pub leases: Leases,
}

/// What one thread tells another of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sign {
    /// A request was answered.
    Answer,
    /// A page came and is left unanswered.
    Page,
}

/// All that a run needs.
struct Run {
    plan: Plan,
    organization: Organization,
    findings: Findings,
    callers: Vec<Caller>,
    marks: Marks,
    ends: Ends,
    /// What was answered by a server that is dead now, to be looked at in the next.
    unchecked: Mutex<VecDeque<Entry>>,
}

impl Run {
    fn new(plan: Plan) -> Self {
        Self {
            plan,
            organization: Organization::new(plan.database),
            findings: Findings::default(),
            callers: (0..CALLERS).map(|number| Caller::new(number, plan.seed)).collect(),
            marks: Marks::default(),
            ends: Ends::default(),
            unchecked: Mutex::default(),
        }
    }
}

/// Does all rounds, and tells in a table what came of it. `false` when a promise was broken.
pub fn rounds(plan: Plan) -> (String, bool) {
    let mut run = Run::new(plan);
    let watch = Clock::system().stopwatch();
    let mut extra = Vec::new();
    let server = match plan.nodes {
        Nodes::One => {
            let first = run.organization.home.begin();
            let mut last = (0..plan.rounds).fold(first, |server, number| run.round(server, number));
            last.listening();
            last
        }
        Nodes::Two => run.nodes(),
    };
    let killed_micros = watch.micros();
    let lateness = run.reckon(server);
    if plan.nodes == Nodes::Two {
        extra = lateness.rows(&run.findings);
    }
    let is_well = run.findings.len() == 0;
    (table::rounds(&run, killed_micros, watch.micros(), &extra), is_well)
}
