//! What changes while somebody looks is heard on every node; where nobody looks, nothing is noted.

use checks::{DESK, Database, House, Reply, TestStore, in_both};
use domain::incident::Command;
use domain::notification::Channel;
use engine::{Changed, Watch};

/// All that was heard until now.
fn heard(watch: &mut Watch) -> Changed {
    let mut all = Changed::default();
    while let Ok((stamp, changed)) = watch.changes.try_recv() {
        assert!(stamp.changes > watch.stamp.changes, "a stamp counts on");
        watch.stamp = stamp;
        all = all.and(changed);
    }
    all
}

fn pulses(house: &House) -> i64 {
    let count = house.outside().read(|tx| tx.one("select count(*) from pulse", &[])).unwrap();
    count.unwrap().integer(0).unwrap()
}

#[test]
fn who_looks_hears_of_an_incident_of_its_messages_and_of_the_directory_once_they_are_committed() {
    in_both(|house| {
        let mut watch = house.run(house.engine().watch(house.organization.id)).unwrap();
        let id = house.trigger("Disk full");
        assert!(heard(&mut watch).incidents.contains(&id), "it is new");
        house.act(id, Command::Acknowledge).unwrap();
        assert_eq!(heard(&mut watch).incidents, [id].into(), "somebody acted");
        house.act(id, Command::Resolve).unwrap();
        assert_eq!(heard(&mut watch).incidents, [id].into());
        let refused = house.act(id, Command::Acknowledge);
        assert!(refused.is_err() && heard(&mut watch) == Changed::default(), "what was refused changed nothing");
        house.fall_back_to("ladder");
        house.run(house.engine().look_for_changes()).unwrap();
        let changed = heard(&mut watch);
        assert!(changed.directory && changed.incidents.is_empty(), "{changed:?}");
        house.messages();
    });
}

#[test]
fn a_message_that_goes_out_at_last_is_heard_of() {
    in_both(|house| {
        for channel in Channel::ALL {
            house.post.script("ana", channel, &[Reply::Temporary]);
        }
        let mut watch = house.run(house.engine().watch(house.organization.id)).unwrap();
        let id = house.trigger("Disk full");
        let states =
            |house: &House| house.notifications(id).iter().map(|(row, _)| row.state.clone()).collect::<Vec<_>>();
        let before = (heard(&mut watch), house.details(id).incident.version, states(house));
        // The message goes out at last; the incident does not change by it.
        house.advance_micros(30_000_000);
        assert_eq!(house.details(id).incident.version, before.1);
        assert_ne!(states(house), before.2);
        assert_eq!(heard(&mut watch).incidents, [id].into());
        house.messages();
    });
}

#[test]
fn what_another_node_changes_is_heard_in_the_order_of_its_commits_and_nothing_is_missed() {
    let store = TestStore::new(Database::Postgresql);
    let house = House::over(&store, DESK);
    let other = house.another_node();
    let mut watch = house.run(house.engine().watch(house.organization.id)).unwrap();
    let ids: Vec<_> = (0..20).map(|number| house.trigger(&format!("Disk {number} full"))).collect();
    house.run(house.engine().look_for_changes()).unwrap();
    heard(&mut watch);
    house.run(async {
        for id in &ids {
            other.engine().act(house.request(Some(*id), Command::Acknowledge)).await.unwrap();
        }
    });
    assert_eq!(heard(&mut watch), Changed::default(), "nobody has looked yet");
    house.run(house.engine().look_for_changes()).unwrap();
    assert_eq!(heard(&mut watch).incidents, ids.iter().copied().collect());
    house.run(house.engine().look_for_changes()).unwrap();
    assert_eq!(heard(&mut watch), Changed::default(), "and each once");
    house.settle();
    house.messages();
}

#[test]
fn where_nobody_looks_nothing_is_noted_and_who_went_away_is_forgotten_after_a_minute() {
    let store = TestStore::new(Database::Postgresql);
    let house = House::over(&store, DESK);
    house.trigger("Disk full");
    assert_eq!((pulses(&house), house.engine().is_watching()), (0, false));
    let watch = house.run(house.engine().watch(house.organization.id)).unwrap();
    assert_eq!(house.engine().stamp(house.organization.id), Some(watch.stamp));
    house.trigger("Disk full again");
    let noted = pulses(&house);
    assert!(noted > 0, "{noted}");
    drop(watch);
    for (minutes, goes_on) in [(1, true), (1, false)] {
        house.clock.advance(minutes * 60_000_000);
        house.run(house.engine().look_for_changes()).unwrap();
        assert_eq!(house.engine().is_watching(), goes_on, "who turns a page comes back");
    }
    house.trigger("Disk full once more");
    assert_eq!(pulses(&house), noted);
    house.settle();
    house.messages();
}
