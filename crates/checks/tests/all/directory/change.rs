//! Changes of the directory by several at once, and in any order: none is lost, and what is left is always a directory.

use super::asker;
use checks::{Database, House, TestStore};
use directory::{Act, Administration, ChangeOf, Changed, ComponentQuery, Edit, Manner, OnlyIf, Wanted};
use domain::Refusal;
use domain::directory::{ChangeRefusal, ComponentKind};
use engine::{Asker, Failure};
use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::sample::select;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use proptest::{prop_assert, prop_assert_eq};
use serde_json::{Map, Value, json};

fn fields(body: Value) -> Map<String, Value> {
    match body {
        Value::Object(fields) => fields,
        other => panic!("not an object: {other}"),
    }
}

fn edit(kind: ComponentKind, act: Act, only_if: OnlyIf) -> ChangeOf {
    ChangeOf::Components(vec![Edit { kind, act, only_if, field: "ref", before_path: String::new() }])
}

async fn change(node: &Administration, asker: Asker, wish: ChangeOf) -> Result<Changed, Failure> {
    node.change_directory(asker, wish, Manner::default()).await
}

#[test]
fn of_writers_on_two_nodes_who_saw_the_same_version_exactly_one_changes_it() {
    const ROUNDS: i64 = 8;
    let store = TestStore::new(Database::Postgresql);
    let house = House::over(&store, checks::DESK);
    let nodes = [house.administration().clone(), house.another_node()];
    let service = json!({"name": "shared", "escalation_policy": "ladder"});
    let make = edit(ComponentKind::Service, Act::Create(fields(service)), OnlyIf::Unsaid);
    house.run(change(&nodes[0], asker(&house), make)).expect("it is made");
    for version in 1..=ROUNDS {
        let write = |node: usize, minutes: i64| {
            let patch = fields(json!({"acknowledgement_minutes": version * 10 + minutes}));
            let act = Act::Patch("shared".to_owned(), patch);
            change(&nodes[node], asker(&house), edit(ComponentKind::Service, act, OnlyIf::Version(version)))
        };
        let (first, second, third, fourth) =
            house.run(async { tokio::join!(write(0, 1), write(1, 2), write(0, 3), write(1, 4)) });
        let outcomes = [first, second, third, fourth];
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
        for refused in outcomes.into_iter().filter_map(Result::err) {
            let Failure::Refused(Refusal::Change(refusal)) = refused else { panic!("{refused:?}") };
            assert!(matches!(*refusal, ChangeRefusal::ChangedMeanwhile { .. }), "{refusal:?}");
        }
    }
    let versions = house.run(nodes[1].versions(house.reader(), i64::MAX, 100)).expect("they are read");
    let numbers: Vec<i64> = versions.iter().map(|version| version.version).collect();
    // What there was before is the first.
    assert_eq!(numbers, (1..=ROUNDS + 2).rev().collect::<Vec<_>>());
}

/// What somebody asks for.
#[derive(Clone, Debug)]
enum Step {
    Team(&'static str, Vec<&'static str>),
    Policy(&'static str, Vec<&'static str>),
    Service(&'static str, &'static str),
    Rename(ComponentKind, &'static str, &'static str),
    Remove(ComponentKind, &'static str),
    /// The directory file of the beginning is applied once more.
    Apply,
    /// Back to one of the versions so far.
    Back(proptest::sample::Index),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let name = || select(vec!["a", "b", "c"]);
    let people = || vec(select(vec!["ana", "ben", "cho"]), 1..3);
    let kind = || select(vec![ComponentKind::Team, ComponentKind::EscalationPolicy, ComponentKind::Service]);
    let step = prop_oneof![
        2 => (name(), people()).prop_map(|(name, people)| Step::Team(name, people)),
        3 => (name(), people()).prop_map(|(name, people)| Step::Policy(name, people)),
        3 => (name(), name()).prop_map(|(name, policy)| Step::Service(name, policy)),
        2 => (kind(), name(), name()).prop_map(|(kind, old, new)| Step::Rename(kind, old, new)),
        2 => (kind(), name()).prop_map(|(kind, name)| Step::Remove(kind, name)),
        1 => Just(Step::Apply),
        1 => any::<proptest::sample::Index>().prop_map(Step::Back),
    ];
    vec(step, 4..14)
}

/// The change that a step is; `None` where it is none of the API.
fn wish(step: &Step, versions: i64) -> Option<ChangeOf> {
    let put = |kind, name: &str, body: Value| edit(kind, Act::Replace(name.to_owned(), fields(body)), OnlyIf::Any);
    let make = |kind, body: Value| edit(kind, Act::Create(fields(body)), OnlyIf::Unsaid);
    Some(match step {
        Step::Team(name, people) => make(ComponentKind::Team, json!({"name": name, "members": people})),
        Step::Policy(name, people) => {
            make(ComponentKind::EscalationPolicy, json!({"name": name, "levels": [{"minutes": 5, "users": people}]}))
        }
        Step::Service(name, policy) => make(ComponentKind::Service, json!({"name": name, "escalation_policy": policy})),
        Step::Rename(ComponentKind::Team, old, new) => put(ComponentKind::Team, old, json!({"name": new})),
        Step::Rename(kind, old, new) => {
            edit(*kind, Act::Patch((*old).to_owned(), fields(json!({"name": new}))), OnlyIf::Any)
        }
        Step::Remove(kind, name) => {
            edit(*kind, Act::Remove((*name).to_owned(), directory::Instead::Nothing), OnlyIf::Any)
        }
        Step::Back(index) => ChangeOf::Version(i64::try_from(index.index(usize::try_from(versions).ok()?)).ok()? + 1),
        Step::Apply => return None,
    })
}

#[test]
fn any_changes_in_any_order_leave_a_directory_whose_versions_can_all_be_read() {
    let mut runner = TestRunner::new(Config { cases: 12, failure_persistence: None, ..Config::default() });
    let ran = runner.run(&steps(), |steps| {
        let store = TestStore::new(Database::Sqlite);
        let house = House::over(&store, checks::DESK);
        let node = house.administration();
        let name =
            house.run(node.settings(house.reader())).expect("settings").0["name"].as_str().expect("a name").to_owned();
        let file = directory::export(house.outside(), &name, &directory::Part::default())
            .expect("it is read")
            .expect("it is there");
        // What a house of the tests has wrong already is none of the API's.
        let (known, mut done) = (file.faults(), 0);
        for step in &steps {
            let versions = house.run(node.versions(house.reader(), i64::MAX, 1)).expect("they are read");
            let newest = versions.first().map_or(0, |version| version.version);
            let outcome = match wish(step, newest.max(1)) {
                Some(wish) => house.run(change(node, asker(&house), wish)).map(drop),
                None => {
                    let applied = directory::apply_file(
                        house.outside(),
                        &engine::ids::Ids::system(),
                        house.engine().now(),
                        &Wanted::of(&file),
                    );
                    applied.expect("what it says is there already");
                    continue;
                }
            };
            match outcome {
                Ok(()) => done += 1,
                Err(Failure::Refused(_)) => {}
                Err(other) => panic!("{step:?}: {other:?}"),
            }
            let now = directory::export(house.outside(), &name, &directory::Part::default())
                .expect("it is read")
                .expect("it is there");
            let new: Vec<_> = now.faults().into_iter().filter(|fault| !known.contains(fault)).collect();
            prop_assert!(new.is_empty(), "{step:?}: {new:?}");
        }
        let versions = house.run(node.versions(house.reader(), i64::MAX, 100)).expect("they are read");
        prop_assert!(versions.len() <= done + 1);
        for version in &versions {
            let (_, text) = house.run(node.version(house.reader(), version.version)).expect("it can be read");
            prop_assert!(text.contains("[organization]"), "{text}");
            house.run(node.diff(house.reader(), 1, version.version)).expect("it can be compared");
        }
        comes_to_nothing(&house, &name)
    });
    ran.expect("it holds");
}

/// What is read and said once more changes nothing: every component as it was answered, the newest version, the file that
/// is exported.
fn comes_to_nothing(house: &House, name: &str) -> Result<(), TestCaseError> {
    const NOTHING: &str = "nothing to change";
    let node = house.administration();
    // So that the API may say something of what the file manages.
    let open = ChangeOf::Settings(fields(json!({"file_lock": "drift"})));
    house.run(change(node, asker(house), open)).expect("it is set");
    let newest = house.run(node.versions(house.reader(), i64::MAX, 1)).expect("they are read")[0].version;
    let plan = |wish: ChangeOf| {
        let manner = Manner { is_dry_run: true, ..Manner::default() };
        house.run(node.change_directory(asker(house), wish, manner)).expect("it can be said").plan
    };
    let mut edits = Vec::new();
    for kind in ComponentKind::ALL {
        let query = ComponentQuery { limit: 1_000, ..ComponentQuery::default() };
        for component in house.run(node.components(house.reader(), kind, query)).expect("they are read").components {
            let reference = component["ref_id"].as_str().expect("an id").to_owned();
            let only_if = OnlyIf::Version(component["version"].as_i64().expect("a version"));
            let act = Act::Replace(reference, fields(component));
            edits.push(Edit { kind, act, only_if, field: "ref", before_path: String::new() });
        }
    }
    prop_assert!(!edits.is_empty());
    prop_assert_eq!(plan(ChangeOf::Components(edits)), NOTHING);
    prop_assert_eq!(plan(ChangeOf::Version(newest)), NOTHING);
    let all = directory::export(house.outside(), name, &directory::Part::default());
    let all = all.expect("it is read").expect("it is there");
    let wanted = Wanted { adopt: directory::Adopt::All, ..Wanted::of(&all) };
    let applied = directory::dry_run(house.outside(), &wanted, house.engine().now()).expect("it could be applied");
    prop_assert!(applied.plan.is_empty(), "{}", applied.plan);
    Ok(())
}
