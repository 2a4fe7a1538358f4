//! Faults: what the database does to engines, and where an engine dies.

use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use store::{Error, Faults, Moment};

/// How the database is, for all engines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Database {
    /// It works.
    Fine,
    /// Nobody can write in time.
    Busy,
    /// Nobody gets through.
    Gone,
    /// Every commit takes effect, and nobody hears of it.
    Mute,
}

const STATES: [Database; 4] = [Database::Fine, Database::Busy, Database::Gone, Database::Mute];

/// The database of all engines of a world.
#[derive(Debug, Default)]
pub(super) struct SharedDatabase(AtomicU8);

impl SharedDatabase {
    pub(super) fn turn(&self, database: Database) {
        let place = STATES.iter().position(|state| *state == database).expect("one of them");
        self.0.store(u8::try_from(place).expect("few"), Ordering::SeqCst);
    }

    pub(super) fn is(&self) -> Database {
        STATES[usize::from(self.0.load(Ordering::SeqCst))]
    }
}

/// Where an engine dies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Point {
    /// A message that it claimed is not given to the carrier.
    AfterClaim,
    /// The carrier has taken a message, and has not said so.
    AfterSend,
    /// What the carrier said was heard, and is not recorded: with the next commit that it begins after a sending.
    BeforeRecord,
    /// After so many further commits, the next one is not made.
    BeforeCommit(u32),
    /// After so many further commits, the next one is made, and nobody hears of it.
    AfterCommit(u32),
}

/// The line between one engine and the world: it is cut where the engine dies.
#[derive(Debug)]
pub(super) struct Line {
    database: Arc<SharedDatabase>,
    fate: Mutex<Fate>,
}

#[derive(Clone, Copy, Debug)]
enum Fate {
    Lives,
    DiesAt(Point),
    Dead,
}

impl Line {
    pub(super) fn new(database: &Arc<SharedDatabase>) -> Arc<Self> {
        Arc::new(Self { database: Arc::clone(database), fate: Mutex::new(Fate::Lives) })
    }

    pub(super) fn die_at(&self, point: Point) {
        *self.fate() = Fate::DiesAt(point);
    }

    /// Nothing kills the engine that has not done so yet.
    pub(super) fn spare(&self) {
        let mut fate = self.fate();
        if matches!(*fate, Fate::DiesAt(_)) {
            *fate = Fate::Lives;
        }
    }

    pub(super) fn is_dead(&self) -> bool {
        matches!(*self.fate(), Fate::Dead)
    }

    /// Says that the engine has come to a point; whether it dies here.
    pub(super) fn dies(&self, point: Point) -> bool {
        let mut fate = self.fate();
        match *fate {
            Fate::DiesAt(awaited) if awaited == point => {
                *fate = Fate::Dead;
                true
            }
            Fate::Dead => true,
            Fate::DiesAt(_) | Fate::Lives => false,
        }
    }

    /// Says that a carrier has answered the engine: from now on its next commit is that of the record.
    pub(super) fn heard(&self) {
        let mut fate = self.fate();
        if matches!(*fate, Fate::DiesAt(Point::BeforeRecord)) {
            *fate = Fate::DiesAt(Point::BeforeCommit(0));
        }
    }

    fn fate(&self) -> MutexGuard<'_, Fate> {
        self.fate.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a commit that goes through.
    fn count(&self, moment: Moment) {
        let mut fate = self.fate();
        *fate = match (*fate, moment) {
            (Fate::DiesAt(Point::BeforeCommit(left)), Moment::BeforeCommit) if left > 0 => {
                Fate::DiesAt(Point::BeforeCommit(left - 1))
            }
            (Fate::DiesAt(Point::AfterCommit(left)), Moment::AfterCommit) if left > 0 => {
                Fate::DiesAt(Point::AfterCommit(left - 1))
            }
            (fate, _) => fate,
        };
    }
}

impl Faults for Line {
    fn meet(&self, moment: Moment) -> Result<(), Error> {
        let is_dead = self.is_dead()
            || match moment {
                Moment::BeforeCommit => self.dies(Point::BeforeCommit(0)),
                Moment::AfterCommit => self.dies(Point::AfterCommit(0)),
                Moment::Read | Moment::Write => false,
            };
        if is_dead {
            return Err(Error::Unavailable("this engine is dead".to_owned()));
        }
        self.count(moment);
        match (self.database.is(), moment) {
            (Database::Busy, Moment::Write) => Err(Error::Busy("somebody else holds the lock".to_owned())),
            (Database::Gone, Moment::Read | Moment::Write | Moment::BeforeCommit) => {
                Err(Error::Unavailable("the database does not answer".to_owned()))
            }
            (Database::Mute, Moment::AfterCommit) => Err(Error::Unavailable("the connection was lost".to_owned())),
            _ => Ok(()),
        }
    }
}
