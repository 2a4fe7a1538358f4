//! The world: from one seed a whole night on call, by the production engine and the real router, with a held clock, two
//! or three engines over one store that die, a database and carriers that fail, and people who answer or do not.
//! `docs/simulation.md` tells how to run it and how to add to it.

mod action;
mod asked;
mod carriers;
mod chance;
mod checkers;
mod command;
mod faults;
mod ground;
mod heal;
mod node;
mod organization;
mod people;
mod run;
mod sight;
mod transcript;

#[cfg(test)]
mod tests;

pub use run::{Night, Outcome, kept_seeds, play_night};

use std::sync::Arc;

use directory::{NewKey, key_create};
use domain::permission::Scope;
use engine::{Clock, Ids};
use store::Store;

use crate::{Call, Database};
use action::Unanswered;
use asked::Asked;
use carriers::Carriers;
use chance::{Chance, ids_of};
use checkers::{Checker, View};
use faults::{Database as DatabaseState, Point, SharedDatabase};
use ground::Ground;
use node::{Kit, Node};
use organization::Organization;
use people::People;
use sight::Sight;

const SECOND: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;

/// A promise that was broken, and how.
#[derive(Clone, Debug)]
pub struct Broken {
    /// The promise, in words.
    pub promise: String,
    /// What broke it.
    pub how: Vec<String>,
}

/// A world.
struct World {
    seed: u64,
    now: i64,
    chance: Chance,
    /// Draws for the operator: ids of components and keys.
    ids: Ids,
    organization: Organization,
    database: Arc<SharedDatabase>,
    /// When the database is well again.
    database_until: Option<i64>,
    carriers: Carriers,
    people: People,
    nodes: Vec<Place>,
    sight: Sight,
    checkers: Vec<Box<dyn Checker>>,
    /// How many of the handed messages the checkers have seen.
    seen_messages: usize,
    key: String,
    created: u32,
    commands: u32,
    unanswered: Vec<Unanswered>,
    log: Vec<String>,
    outside: Arc<Store>,
    /// The last field: it goes away when all who use it have.
    ground: Ground,
}

/// Where a node runs, or did and will again.
struct Place {
    node: Option<Node>,
    /// How often one was started here.
    lives: u32,
    /// When one is started here again.
    starts_at: i64,
}

impl World {
    fn new(seed: u64, database: Database) -> Self {
        let ground = Ground::new(database);
        let outside = Arc::new(Store::open(&ground.url).expect("the store opens"));
        let (chance, ids) = (Chance::of(seed, "actions"), ids_of(seed, "operator"));
        let organization = Organization::found(&outside, &ids, &Chance::of(seed, "organization"));
        let now = organization.change_at * MINUTE - chance.between(5, 240) * MINUTE + chance.below(MINUTE);
        let new = NewKey::of("robot", Scope::Admin);
        let key =
            key_create(&outside, &Clock::held(now), &ids, organization::NAME, &new).expect("a key").expect("its owner");
        let carriers = Carriers::new(&outside, Chance::of(seed, "carriers"), now);
        let count = chance.weighted(&[(15, 1), (55, 2), (30, 3)]);
        let place = |_| Place { node: None, lives: 0, starts_at: now };
        let mut world = Self {
            seed,
            now,
            chance,
            ids,
            organization,
            database: Arc::default(),
            database_until: None,
            carriers,
            people: People::new(Chance::of(seed, "people")),
            nodes: (0..count).map(place).collect(),
            sight: Sight::default(),
            checkers: checkers::all(),
            seen_messages: 0,
            key,
            created: 0,
            commands: 0,
            unanswered: Vec::new(),
            log: Vec::new(),
            outside,
            ground,
        };
        world.start_nodes();
        world
    }

    /// Says what happens, for the log of actions.
    fn note(&mut self, what: String) {
        let at = domain::Instant(self.now).wire();
        self.log.push(format!("{at} {what}"));
    }

    fn broken(&self, promise: &str, how: &[String]) -> Broken {
        Broken { promise: promise.to_owned(), how: how.to_vec() }
    }

    /// Starts the nodes whose time has come.
    fn start_nodes(&mut self) {
        let kit = Kit {
            seed: self.seed,
            ground: &self.ground,
            carriers: &self.carriers,
            database: &self.database,
            now: self.now,
        };
        let is_alone = self.nodes.len() == 1;
        for (number, place) in self.nodes.iter_mut().enumerate() {
            if place.node.is_some() || place.starts_at > self.now || self.database.is() != DatabaseState::Fine {
                continue;
            }
            place.lives += 1;
            let node = Node::start(&kit, number, place.lives);
            if is_alone {
                node.take_over();
            }
            place.node = Some(node);
        }
    }

    /// A node that lives, by chance.
    fn any_node(&self) -> Option<usize> {
        let living = |(number, place): (usize, &Place)| place.node.as_ref().map(|_| number);
        let living: Vec<usize> = self.nodes.iter().enumerate().filter_map(living).collect();
        (!living.is_empty()).then(|| *self.chance.pick(&living))
    }

    fn die_at(&mut self, number: usize, point: Point) {
        if let Some(node) = &self.nodes[number].node {
            node.line.die_at(point);
        }
    }

    fn set_ahead(&mut self, number: usize, micros: i64) {
        if let Some(node) = &mut self.nodes[number].node {
            node.ahead = node.ahead.max(micros);
            node.pass(self.now);
        }
    }

    /// A node is gone from here on; another one will start in its place.
    fn bury(&mut self, number: usize) {
        let place = &mut self.nodes[number];
        place.node = None;
        place.starts_at = self.now + self.chance.between(1, 90) * SECOND;
        self.carriers.forget(number);
    }

    /// Buries those that died of what they did.
    fn bury_the_dead(&mut self) {
        for number in 0..self.nodes.len() {
            if self.nodes[number].node.as_ref().is_some_and(|node| node.line.is_dead()) {
                self.note(format!("node {number} died"));
                self.bury(number);
            }
        }
    }

    fn set_database(&mut self, database: DatabaseState, micros: i64) {
        self.database.turn(database);
        self.database_until = Some(self.now + micros);
    }

    /// Asks a node by chance; `None` when none lives.
    fn ask(&mut self, what: &str, call: Call) -> Option<Asked> {
        let number = self.any_node()?;
        self.sight.count(&self.outside);
        let answer = self.nodes[number].node.as_ref()?.ask(call);
        let said = answer.as_ref().map_or("no answer".to_owned(), |answer| {
            let text: String = answer.text().chars().take(160).collect();
            format!("{} {text}", answer.status)
        });
        self.note(format!("node {number}: {what} -> {said}"));
        Some(action::asked(what.to_owned(), answer.as_ref()))
    }

    /// Lets every node do what is due, and looks at what came of it.
    fn turn(&mut self) -> Result<(), Broken> {
        self.bury_the_dead();
        self.start_nodes();
        let (count, first) = (self.nodes.len(), self.chance.place(self.nodes.len()));
        let mut quiet = 0;
        for turn in 0.. {
            let number = (first + turn) % count;
            let living = self.nodes[number].node.as_mut().filter(|node| !node.line.is_dead());
            // What a node leaves that dies here, is there for the others.
            let done = living.map_or(0, |node| node.settle() + usize::from(node.line.is_dead()));
            quiet = if done == 0 { quiet + 1 } else { 0 };
            if quiet >= count {
                break;
            }
        }
        self.bury_the_dead();
        self.deliver();
        self.look(None)
    }

    fn deliver(&mut self) {
        for handed in self.carriers.arrived() {
            self.people.read(&handed, self.now);
        }
    }

    /// Whether somebody lives who reaches the database.
    fn is_settled(&self) -> bool {
        self.database.is() == DatabaseState::Fine && self.nodes.iter().any(|place| place.node.is_some())
    }

    /// Looks at the store, and asks every checker; what the first of them finds.
    fn look(&mut self, asked: Option<&Asked>) -> Result<(), Broken> {
        self.judge(asked).into_iter().next().map_or(Ok(()), Err)
    }

    /// Looks at the store, and asks every checker; what all of them find.
    fn judge(&mut self, asked: Option<&Asked>) -> Vec<Broken> {
        self.sight.look(&self.outside, self.organization.id);
        if asked.is_some() {
            self.sight.count(&self.outside);
        }
        let handed = self.carriers.handed_since(self.seen_messages);
        self.seen_messages += handed.len();
        handed.iter().for_each(|handed| self.note(handed.words()));
        let held = (0..self.nodes.len()).map(|number| self.carriers.held_by(number)).max().unwrap_or(0);
        let view = View {
            sight: &self.sight,
            organization: &self.organization,
            handed: &handed,
            asked,
            now: self.now,
            is_settled: asked.is_none() && self.is_settled(),
            has_free_carriers: held < 8,
            store: &self.outside,
        };
        let found = |checker: &mut Box<dyn Checker>| {
            let how = checker.check(&view);
            (!how.is_empty()).then(|| Broken { promise: checker.promise().to_owned(), how })
        };
        self.checkers.iter_mut().filter_map(found).collect()
    }

    /// Lets so much time pass; what comes due in it is done at its time.
    fn pass(&mut self, micros: i64) -> Result<(), Broken> {
        self.note(format!("{} s pass", micros / SECOND));
        let end = self.now + micros;
        while self.now < end {
            self.now = self.next_at().filter(|at| *at < end).unwrap_or(end).max(self.now + 1);
            self.carriers.pass(self.now);
            if self.database_until.is_some_and(|until| until <= self.now) {
                self.database.turn(DatabaseState::Fine);
                self.database_until = None;
            }
            for place in &self.nodes {
                place.node.iter().for_each(|node| node.pass(self.now));
            }
            self.turn()?;
            self.let_people_act()?;
        }
        Ok(())
    }

    /// When something happens next.
    fn next_at(&self) -> Option<i64> {
        let living = || self.nodes.iter().filter_map(|place| place.node.as_ref());
        let ahead = living().map(|node| node.ahead).max().unwrap_or(0);
        let due = self.sight.incident_due.into_iter().chain(self.sight.notification_due.values().copied());
        let due = due.map(|at| at - ahead).filter(|_| self.is_settled());
        let beats = living().filter_map(|node| node.next_at.map(|at| at - node.ahead)).filter(|_| self.is_settled());
        let starts = self.nodes.iter().filter(|place| place.node.is_none()).map(|place| place.starts_at);
        let others = [self.carriers.next_at(), self.people.next_at(), self.database_until].into_iter().flatten();
        due.chain(beats).chain(starts).chain(others).filter(|at| *at > self.now).min()
    }

    fn let_people_act(&mut self) -> Result<(), Broken> {
        while self.people.next_at().is_some_and(|at| at <= self.now) {
            let Some(number) = self.any_node() else { return Ok(()) };
            self.sight.count(&self.outside);
            let Some(node) = &self.nodes[number].node else { return Ok(()) };
            let Some(asked) = self.people.act(node, self.now) else { return Ok(()) };
            self.note(format!("node {number}: {} -> {:?}", asked.what, asked.verdict));
            self.look(Some(&asked))?;
            self.turn()?;
        }
        Ok(())
    }
}
