//! One broken row is put aside, and the rest goes on.

use checks::{House, in_both};
use domain::InstanceId;
use domain::incident::{Command, Order, Outcome};
use engine::Failure;
use store::Value;

fn body_of(house: &House, id: InstanceId) -> String {
    let sql = "select body from incident where instance_id = $1";
    let row = house.outside().read(|tx| tx.one(sql, &[id.0.into()])).unwrap().unwrap();
    row.text(0).unwrap().to_owned()
}

fn write_body(house: &House, id: InstanceId, body: &str) {
    let sql = "update incident set body = $2 where instance_id = $1";
    house.outside().write(|tx| tx.run(sql, &[id.0.into(), Value::from(body)])).unwrap();
}

#[test]
fn a_broken_incident_is_put_aside_and_the_rest_goes_on() {
    in_both(|house| {
        let ids: Vec<_> = (0..3).map(|number| house.trigger(&format!("Disk {number} full"))).collect();
        assert_eq!(house.messages().len(), 3);
        let sound = body_of(house, ids[1]);
        write_body(house, ids[1], "{ \"half");
        house.advance(5);
        assert_eq!(house.told(), ["5:00 ben webhook page 2"; 2]);
        assert!(matches!(house.act(ids[1], Command::Resolve), Err(Failure::Broken(_))));
        house.act(ids[0], Command::Resolve).unwrap();
        assert!(house.engine().metrics_text().contains("reveille_quarantined_total 1"));
        write_body(house, ids[1], &sound);
        house.advance(5);
        let over = ["5:00 ana email resolved", "5:00 ben webhook resolved"];
        assert_eq!(house.told(), [over[0], over[1], "10:00 ben webhook page 2"]);
    });
}

#[test]
fn an_alert_whose_incident_is_broken_begins_a_new_one() {
    in_both(|house| {
        let order = || Order { dedup_key: Some("disk".to_owned()), ..house.organization.order("Disk full") };
        let counted_on = || match house.run(house.engine().act(house.order(order()))).unwrap() {
            Outcome::Deduplicated { instance_id, .. } => instance_id,
            other => panic!("{other:?}"),
        };
        let broken = house.trigger_order(order());
        let sound = body_of(house, broken);
        write_body(house, broken, "{ \"half");
        let new = house.trigger_order(order());
        assert!(new != broken && house.engine().metrics_text().contains("reveille_quarantined_total 1"));
        assert_eq!(counted_on(), new);
        assert_eq!(house.told(), ["0:00 ana email page 1"; 2]);
        write_body(house, broken, &sound);
        assert_eq!(counted_on(), new);
        house.act(broken, Command::Resolve).unwrap();
        assert_eq!(counted_on(), new);
        house.act(new, Command::Resolve).unwrap();
        assert_eq!(house.told(), ["0:00 ana email resolved"; 2]);
    });
}

#[test]
fn a_broken_notification_is_ended_and_the_rest_goes_on() {
    in_both(|house| {
        let orders = [house.order(house.organization.order("One")), house.order(house.organization.order("Two"))];
        for order in orders {
            house.run(house.engine().act(order)).unwrap();
        }
        let sql = "update notification set body = 'half' where instance_id = (select min(instance_id) from incident)";
        house.outside().write(|tx| tx.run(sql, &[])).unwrap();
        house.advance(1);
        assert_eq!(house.told(), ["0:00 ana email page 1"]);
    });
}

#[test]
fn an_incident_whose_due_time_disagrees_with_its_state_does_not_keep_the_engine_busy() {
    in_both(|house| {
        house.trigger("Disk full");
        let sql = "update incident set due_at = 1";
        house.outside().write(|tx| tx.run(sql, &[])).unwrap();
        house.advance(5);
        assert_eq!(house.told(), ["0:00 ana email page 1", "5:00 ben webhook page 2"]);
    });
}
