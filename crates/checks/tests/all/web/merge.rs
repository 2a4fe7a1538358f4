//! Two incidents into one, and one into two.

use super::{Scene, column, everything};
use checks::{Api, Database, START, number};
use serde_json::json;

#[test]
fn the_survivor_has_it_all_and_nobody_is_told_twice() {
    for database in [Database::Sqlite, Database::Postgresql] {
        let api = Api::on(database);
        let survivor = api.incident("survivor");
        let body = json!({"title": "absorbed", "users": ["ben"], "dedup_key": "k"});
        let absorbed = number(&api.ok("create", &body));
        let business = api.ref_id("business-services", "trading");
        api.ok("add-subscribers", &json!({"instance_id": absorbed, "subscribers": ["eva"]}));
        api.ok("add-impact", &json!({"instance_id": absorbed, "business_service_ref_id": business}));
        api.beat();
        let sent = api.sent.lock().expect("no panic").len();
        api.ok("merge", &json!({"instance_id": absorbed, "related_instance_id": survivor}));
        api.beat();
        assert_eq!(api.sent.lock().expect("no panic").len(), sent);
        let details = api.details(survivor);
        assert_eq!(details["subscribers"], json!([["Eva Eriksen", "eva"]]));
        assert_eq!(details["impacted_business_services"][0]["name"], "trading");
        assert_eq!(details["assignees"], json!([["Ana Alves", "ana", null]]));
        // The absorbed incident's key goes on pointing to the survivor.
        let again = api.ok("create", &body);
        assert_eq!((&again["instance_id"], &again["deduplicated"]), (&json!(survivor), &json!(true)));
    }
}

#[test]
fn an_alert_leaves_as_an_incident_of_its_own() {
    let api = Api::new();
    let scene = Scene::set(&api);
    let both = api.ok("alerts", &json!({"instance_id": scene.incident}));
    let leaving = both.as_array().expect("a list").iter().find(|alert| alert["task_ref_id"] == scene.alert.as_str());
    let title = leaving.expect("the alert")["task_title"].clone();
    api.pass_minutes(1);
    let body = json!({"instance_id": scene.incident, "task_ref_id": scene.alert});
    let answer = api.ok("unmerge", &body);
    assert_eq!(answer["timestamp"], START.plus_minutes(1).wire());
    let new = api.details(number(&answer));
    assert_eq!((&new["task"]["task_title"], &new["task"]["task_ref_id"]), (&title, &json!(scene.alert)));
    assert_eq!((&new["status"], &new["organization_instance_id"]), (&json!("OPEN"), &json!(4)));
    let alerts = |id: i64| api.ok("alerts", &json!({"instance_id": id}));
    assert_eq!(column(&alerts(number(&answer)), "status"), ["TRIGGERED"]);
    assert_eq!(column(&alerts(scene.incident), "task_title"), ["the one"]);
    // It has moved, so that the old incident does not know it any more.
    api.ask("unmerge", &body).refused(404, "unknown_alert");
}

#[test]
fn what_cannot_be_merged_stays_as_it_is() {
    let api = Api::new();
    let scene = Scene::set(&api);
    let done = api.incident("done");
    api.ok("resolve", &json!({"instance_id": done}));
    let before = everything(&api);
    let table = [
        (scene.incident, scene.incident, 409, "merged_with_itself"),
        (scene.incident, done, 409, "already_resolved"),
        (done, scene.incident, 409, "already_resolved"),
        (scene.incident, 999_999, 404, "unknown_incident"),
        (999_999, scene.incident, 404, "unknown_incident"),
    ];
    for (from, into, status, code) in table {
        let answer = api.ask("merge", &json!({"instance_id": from, "related_instance_id": into}));
        answer.refused(status, code);
    }
    assert_eq!(everything(&api), before);
}
