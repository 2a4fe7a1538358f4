//! The organization: a directory by chance, kept in plain numbers beside, so that checkers know who should be asked without
//! asking the product.

use std::collections::BTreeMap;

use directory::{apply, contact_trust};
use domain::directory::{Component, Definition, EscalationPolicy, Level, User, WhenExhausted};
use domain::notification::Channel;
use domain::{Instant, OrganizationId, RefId, Username};
use engine::{Clock, Ids};
use serde_json::{Value, json};
use store::Store;

use super::chance::Chance;
use crate::{DAY, Plain, PlainLayer, PlainSwap, Walls, people_at};

/// Who can be reached; `gus` below cannot.
pub(super) const PEOPLE: [&str; 6] = ["ana", "ben", "cho", "dee", "eli", "fay"];
/// Somebody without any contact.
const UNREACHABLE: &str = "gus";
const ROUTINES: [&str; 2] = ["days", "nights"];
const POLICIES: [&str; 4] = ["primary", "second", "third", "last"];
const SERVICES: [&str; 3] = ["web", "mail", "attic"];
/// Zones with an instant at which their clocks change, in minutes since 1970.
const CHANGES: [(&str, i64); 6] = [
    ("Europe/Berlin", 29_579_100),
    ("Europe/Berlin", 29_881_500),
    ("America/New_York", 29_549_220),
    ("America/New_York", 29_891_880),
    ("Australia/Lord_Howe", 29_588_580),
    ("Australia/Lord_Howe", 29_850_690),
];
/// Days around the beginning of which the clocks on the wall are known.
const DAYS_KNOWN: i64 = 12;
/// The name of the organization.
pub(super) const NAME: &str = "organization";

/// The directory as it stands, and what it means.
pub(super) struct Organization {
    pub(super) id: OrganizationId,
    /// When the clocks change, minutes since 1970.
    pub(super) change_at: i64,
    definition: Definition,
    routines: BTreeMap<String, Plain>,
    walls: BTreeMap<String, Walls>,
    /// Ids by kind and name, and who has which policy of their own.
    refs: BTreeMap<(&'static str, String), RefId>,
    names: BTreeMap<RefId, String>,
    own: BTreeMap<RefId, String>,
}

/// A piece of the directory that is edited.
#[derive(Clone, Copy, Debug)]
pub(super) enum Edit {
    /// The levels of a policy.
    Policy,
    /// The layers of a routine.
    Routine,
    /// The policy of a service.
    Service,
    /// The contacts and rules of a person.
    Person,
    /// The fallback policy.
    Fallback,
}

impl Organization {
    /// An organization by chance, applied to the store, with every contact proved.
    pub(super) fn found(store: &Store, ids: &Ids, chance: &Chance) -> Self {
        let (zone, change_at) = *chance.pick(&CHANGES);
        let first_day = change_at / DAY - 3;
        let zones = [zone, if chance.of_thousand(500) { zone } else { "UTC" }];
        let walls = zones.map(|zone| {
            let span = ((first_day - 3) * DAY, (first_day + DAYS_KNOWN) * DAY);
            (zone.to_owned(), Walls::read(zone, span.0, span.1))
        });
        let routines = ROUTINES.iter().zip(zones).map(|(name, zone)| {
            let layers = layers(chance, first_day);
            ((*name).to_owned(), Plain { zone: zone.to_owned(), layers, swaps: Vec::new() })
        });
        let mut organization = Self {
            id: OrganizationId(0),
            change_at,
            definition: Definition { name: NAME.to_owned(), ..Definition::default() },
            routines: routines.collect(),
            walls: walls.into_iter().collect(),
            refs: BTreeMap::new(),
            names: BTreeMap::new(),
            own: BTreeMap::new(),
        };
        organization.settle_people(chance);
        organization.write_routines();
        organization.write_responses();
        organization.apply(store, ids);
        organization
    }

    fn settle_people(&mut self, chance: &Chance) {
        let people = PEOPLE.iter().enumerate().map(|(number, name)| person(chance, name, number));
        let gus = serde_json::from_value(json!({"username": UNREACHABLE})).expect("a user");
        self.definition.users = people.chain([gus]).collect();
        self.definition.escalation_policies = POLICIES.iter().map(|name| policy(chance, name)).collect();
        let service = |name: &&str| {
            let minutes = chance.of_thousand(600).then(|| chance.between(3, 15));
            let policy = chance.pick(&POLICIES);
            json!({"name": name, "escalation_policy": policy, "acknowledgement_minutes": minutes})
        };
        let services = SERVICES.iter().map(service).map(read);
        self.definition.services = services.collect();
        self.definition.fallback_policy = chance.of_thousand(600).then(|| (*chance.pick(&POLICIES)).to_owned());
    }

    fn write_responses(&mut self) {
        self.definition.business_services = vec![read(json!({"name": "shop", "subscribers": ["fay"]}))];
        let set = json!({
            "name": "all hands", "users": ["eli"], "escalation_policies": ["last"], "subscribers": ["dee"],
            "conference_bridges": ["https://meet.example.org/1"], "status_update": "All hands are on it",
        });
        self.definition.response_sets = vec![read(set)];
        let workflow = json!({
            "name": "major", "set_urgency": 5, "add_tags": ["major"], "add_note": "declared major",
            "add_impacts": ["shop"], "run_response_set": "all hands",
        });
        self.definition.workflows = vec![read(workflow)];
    }

    fn write_routines(&mut self) {
        let routines = self.routines.iter().map(|(name, plain)| {
            let mut routine = Plain { swaps: Vec::new(), ..plain.clone() }.read().0;
            routine.name.clone_from(name);
            routine
        });
        self.definition.routines = routines.collect();
    }

    /// Makes the store's directory what this one is; whether the store let it.
    fn apply(&mut self, store: &Store, ids: &Ids) {
        assert_eq!(self.definition.faults(), [], "the organization is without faults");
        apply(store, ids, domain::Instant(0), &self.definition).expect("nothing that is referred to is removed");
        let clock = Clock::held(0);
        for user in &self.definition.users {
            for channel in [Channel::Sms, Channel::Voice, Channel::Chat, Channel::Push] {
                if user.has_contact(channel) {
                    contact_trust(store, &clock, ids, NAME, (user.username.as_str(), channel)).expect("a contact");
                }
            }
        }
        let found = store.read(|tx| store::organization_by_name(tx, NAME)).expect("a store");
        self.id = found.expect("the organization").id;
        for row in store.read(|tx| store::component_list(tx, self.id)).expect("components") {
            self.names.insert(row.ref_id.clone(), row.name.clone());
            if let Some(own) = row.own_policy {
                self.own.insert(own, row.name.clone());
            }
            self.refs.insert((row.kind.word(), row.name), row.ref_id);
        }
    }

    /// Changes a piece by chance; what it was, in words.
    pub(super) fn edit(&mut self, edit: Edit, chance: &Chance, store: &Store, ids: &Ids) -> String {
        let said = match edit {
            Edit::Policy => {
                let place = chance.place(POLICIES.len());
                self.definition.escalation_policies[place] = policy(chance, POLICIES[place]);
                format!("policy {}", POLICIES[place])
            }
            Edit::Routine => {
                let name = *chance.pick(&ROUTINES);
                let layers = layers(chance, self.change_at / DAY - 3);
                self.routines.get_mut(name).expect("a routine").layers = layers;
                self.write_routines();
                format!("routine {name}")
            }
            Edit::Service => {
                let place = chance.place(SERVICES.len());
                (*chance.pick(&POLICIES)).clone_into(&mut self.definition.services[place].escalation_policy);
                format!("service {}", SERVICES[place])
            }
            Edit::Person => {
                let place = chance.place(PEOPLE.len());
                self.definition.users[place] = person(chance, PEOPLE[place], place);
                format!("user {}", PEOPLE[place])
            }
            Edit::Fallback => {
                self.definition.fallback_policy = chance.of_thousand(700).then(|| (*chance.pick(&POLICIES)).to_owned());
                "the fallback policy".to_owned()
            }
        };
        self.apply(store, ids);
        said
    }

    /// Reads the swaps that are kept: a swap is data, and who comes of it is what the oracle computes.
    pub(super) fn read_swaps(&mut self, store: &Store) {
        let mut rows = store.read(|tx| store::swap_list(tx, self.id)).expect("the world can always look");
        let body = |row: &store::SwapRow| serde_json::from_str::<Value>(&row.body).expect("a swap is JSON");
        // The one that was made last counts most.
        rows.sort_by_cached_key(|row| (body(row)["made_at"].as_i64(), row.swap_ref_id.clone()));
        self.routines.values_mut().for_each(|routine| routine.swaps.clear());
        for row in &rows {
            let swap = &body(row)["swap"];
            let name = |field: &str| swap[field].as_str().map(str::to_owned);
            let minute = |field: &str| {
                let at = name(field).and_then(|text| Instant::parse(&text)).expect("an instant");
                at.0.div_euclid(60_000_000)
            };
            let out = name("out").expect("a name");
            let swap = PlainSwap { out, into: name("in"), from: minute("from"), until: minute("until") };
            self.routines.get_mut(&row.routine).expect("a routine").swaps.push(swap);
        }
    }

    /// The id of a component, by the word of its kind.
    pub(super) fn ref_id(&self, kind: &'static str, name: &str) -> &str {
        self.refs.get(&(kind, name.to_owned())).unwrap_or_else(|| panic!("no {kind} {name}")).as_str()
    }

    /// A policy's id, or somebody's username, or what nobody is called.
    pub(super) fn target(&self, chance: &Chance) -> String {
        match chance.below(20) {
            0 => "nobody of this name".to_owned(),
            1..=12 => self.ref_id("escalation_policy", chance.pick::<&str>(&POLICIES)).to_owned(),
            13 => UNREACHABLE.to_owned(),
            _ => (*chance.pick(&PEOPLE)).to_owned(),
        }
    }

    pub(super) fn service(&self, chance: &Chance) -> &str {
        self.ref_id("service", chance.pick::<&str>(&SERVICES))
    }

    pub(super) fn routine(chance: &Chance) -> &'static str {
        chance.pick::<&str>(&ROUTINES)
    }

    /// The number of somebody's telephone, which they keep whatever is edited.
    pub(super) fn number_of(user: &str) -> String {
        let place = PEOPLE.iter().position(|name| *name == user).expect("one of the people");
        format!("+4915112340{place:03}")
    }

    /// Whether anybody can reach this person.
    pub(super) fn is_reachable(user: &str) -> bool {
        user != UNREACHABLE
    }

    fn named(&self, policy: &RefId) -> Option<&EscalationPolicy> {
        let name = self.names.get(policy)?;
        self.definition.escalation_policies.iter().find(|policy| policy.name == *name)
    }

    /// How many levels a target has.
    pub(super) fn height(&self, policy: &RefId) -> u32 {
        self.named(policy).map_or(1, |policy| u32::try_from(policy.levels.len()).expect("few levels"))
    }

    /// Everybody on a level of a target at an instant, by the oracle.
    pub(super) fn people_on(&self, policy: &RefId, level: u32, at: Instant) -> Vec<String> {
        if let Some(user) = self.own.get(policy) {
            return vec![user.clone()];
        }
        let place = usize::try_from(level - 1).expect("a small number");
        let Some(level) = self.named(policy).and_then(|policy| policy.levels.get(place)) else { return Vec::new() };
        let by_name = level.users.iter().map(|user| user.0.clone());
        let by_routine = level.routines.iter().flat_map(|name| {
            let routine = &self.routines[name];
            people_at(routine, &self.walls[&routine.zone], at.0.div_euclid(60_000_000))
        });
        by_name.chain(by_routine).collect()
    }

    /// Believes that everybody's own policy asks ben, so that a test sees who notices.
    #[cfg(test)]
    pub(super) fn mistake(&mut self) {
        self.own.values_mut().for_each(|user| "ben".clone_into(user));
    }

    /// The policy that is asked when nobody else can be found.
    pub(super) fn fallback(&self) -> Option<&RefId> {
        let name = self.definition.fallback_policy.as_ref()?;
        self.refs.get(&("escalation_policy", name.clone()))
    }
}

fn read<T: Component>(written: Value) -> T {
    serde_json::from_value(written).expect("a component")
}

fn person(chance: &Chance, name: &str, number: usize) -> User {
    let mut written = json!({"username": name, "email": format!("{name}@example.org")});
    let contacts = [
        (
            300,
            "webhook",
            json!({"url": format!("https://example.org/{name}"), "secrets": ["whsec_MDEyMzQ1Njc4OWFiY2RlZg=="]}),
        ),
        (500, "sms", json!(format!("+4915112340{number:03}"))),
        (400, "voice", json!(format!("+4915112340{number:03}"))),
        (250, "chat", json!({"kind": "slack", "url": format!("https://chat.example.org/{name}")})),
        (250, "push", json!({"url": format!("https://push.example.org/{name}")})),
    ];
    for (cases, contact, value) in contacts {
        if chance.of_thousand(cases) {
            written[contact] = value;
        }
    }
    if chance.of_thousand(300) {
        let channel = || chance.pick(&Channel::ALL).word();
        let pause = chance.between(1, 3);
        let steps: Vec<_> = (0..chance.between(1, 3))
            .map(|step| json!({"after_minutes": step * pause, "channel": channel()}))
            .collect();
        written["notification_rules"] = json!([{"urgencies": [3, 4, 5], "steps": steps}]);
    }
    written["handover_notices"] = json!(chance.of_thousand(700));
    read(written)
}

fn policy(chance: &Chance, name: &str) -> EscalationPolicy {
    let when_exhausted = *chance.pick(&[WhenExhausted::Restart, WhenExhausted::RepeatLast]);
    let level = |_| {
        let everyone = [PEOPLE.as_slice(), &[UNREACHABLE]].concat();
        let mut users: Vec<&str> = (0..chance.below(3)).map(|_| *chance.pick(&everyone)).collect();
        users.dedup();
        let routines: Vec<&str> =
            if users.is_empty() || chance.of_thousand(400) { vec![*chance.pick(&ROUTINES)] } else { Vec::new() };
        Level {
            minutes: u32::try_from(chance.between(3, 12)).expect("small"),
            users: users.into_iter().map(Username::from).collect(),
            routines: routines.into_iter().map(str::to_owned).collect(),
        }
    };
    let levels = (0..chance.between(1, 3)).map(level).collect();
    EscalationPolicy { team: None, name: name.to_owned(), when_exhausted, levels }
}

fn layers(chance: &Chance, first_day: i64) -> Vec<PlainLayer> {
    let layer = |place: i64| {
        let group = || (0..chance.below(3)).map(|_| (*chance.pick(&PEOPLE)).to_owned()).collect::<Vec<_>>();
        let is_exception = place > 0 && chance.of_thousand(250);
        let from = first_day - chance.between(1, 9);
        PlainLayer {
            first_day: if is_exception { first_day + chance.below(4) } else { from },
            last_day: if is_exception { first_day + 5 } else { first_day + 400 },
            is_exception,
            start: chance.between(0, 95) * 15,
            length: if chance.of_thousand(400) { DAY } else { chance.between(4, 96) * 15 },
            frequency: chance.between(1, 2),
            skip_days: if chance.of_thousand(200) { vec![chance.below(7)] } else { Vec::new() },
            groups: (0..chance.between(1, 3)).map(|_| distinct(group())).collect(),
        }
    };
    (0..chance.between(1, 3)).map(layer).collect()
}

fn distinct(mut group: Vec<String>) -> Vec<String> {
    group.sort_unstable();
    group.dedup();
    group
}
