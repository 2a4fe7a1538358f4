//! `GET /list/{type}`: the components by name and the incidents, page by page.

use super::{column, keys};
use checks::{Api, Call, Database};
use serde_json::json;

/// Follows the `Link`s from `path` to the end; every item once, in order, by `key`.
fn follow(api: &Api, path: &str, key: &str) -> Vec<serde_json::Value> {
    let mut seen = Vec::new();
    let mut next = Some(path.to_owned());
    while let Some(path) = next {
        let answer = api.send(Call::get(&path).key(&api.key));
        let page = column(&answer.ok(), key);
        assert!(!page.is_empty() && page.iter().all(|item| !seen.contains(item)), "{path}");
        seen.extend(page);
        let link = answer.header("link");
        let target = link.strip_prefix('<').and_then(|link| link.strip_suffix(">; rel=\"next\""));
        assert_eq!(link.is_empty(), target.is_none(), "{link}");
        next = target.map(str::to_owned);
    }
    seen
}

#[test]
fn every_component_carries_its_name_and_its_id_under_both_names() {
    let api = Api::new();
    let table = [
        (
            "escalation-policies",
            "policy_ref_id",
            vec!["everyone", "management", "partners", "payments", "primary", "test cover"],
        ),
        ("services", "service_ref_id", vec!["checkout", "partners", "payments", "reports"]),
        ("business-services", "business_service_ref_id", vec!["trading", "web shop"]),
        ("response-sets", "response_set_ref_id", vec!["major incident"]),
        ("workflows", "workflow_ref_id", vec!["open a war room"]),
        ("routines", "routine_ref_id", vec!["partners", "payments", "test nights", "test turns"]),
        ("heartbeats", "heartbeat_ref_id", vec![]),
        ("maintenance-windows", "maintenance_window_ref_id", vec![]),
        ("integrations", "integration_ref_id", {
            let apis = ["anything with Opsgenie's API", "anything with PagerDuty's API"];
            let tools = ["datadog", "grafana", "icinga", "nagios", "prometheus", "scripts", "zabbix"];
            apis.into_iter().chain(tools).collect()
        }),
    ];
    for (kind, id, names) in table {
        let listed = api.get(&format!("/list/{kind}"));
        assert_eq!(column(&listed, "name"), names, "{kind}");
        assert_eq!(column(&listed, id), column(&listed, "ref_id"), "{kind}");
        assert!(column(&listed, id).iter().all(|id| id.as_str().is_some_and(|id| id.len() == 22)), "{kind}");
        assert_eq!(api.get(&format!("/list/{kind}/")), listed);
    }
    let users = api.get("/list/users");
    assert_eq!(users[0]["name"], "Adrian Smith");
    let expect =
        ["name", "ref_id", "user_ref_id", "display_name", "preferred_username", "email", "user_role", "policy_ref_id"];
    assert_eq!(keys(&users[0]), expect);
    let services = api.get("/list/services");
    assert_eq!(services[0]["policy_ref_id"], json!(api.ref_id("escalation-policies", "primary")));
}

#[test]
fn pages_of_components_lead_to_the_end_and_show_each_once() {
    let api = Api::new();
    let all = column(&api.get("/list/users"), "ref_id");
    assert_eq!(all.len(), 9);
    for limit in 1..=10 {
        assert_eq!(follow(&api, &format!("/list/users?limit={limit}"), "ref_id"), all, "{limit}");
    }
    for bad in ["limit=0", "limit=5001", "limit=x", "limit="] {
        api.send(Call::get(&format!("/list/users?{bad}")).key(&api.key)).refused(400, "invalid_fields");
    }
    api.send(Call::get("/list/users?after=gone").key(&api.key)).refused(404, "unknown_component");
}

#[test]
fn pages_of_incidents_lead_to_the_end_and_keep_their_filter() {
    for database in [Database::Sqlite, Database::Postgresql] {
        let api = Api::on(database);
        let ids: Vec<i64> = (0..7).map(|number| api.incident(&format!("number {number}"))).collect();
        for (id, operation) in [(ids[1], "resolve"), (ids[3], "resolve"), (ids[4], "acknowledge")] {
            api.ok(operation, &json!({"instance_id": id}));
        }
        let of = |places: &[usize]| places.iter().map(|place| json!(ids[*place])).collect::<Vec<_>>();
        let table = [
            ("", of(&[6, 5, 4, 2, 0])),
            ("&status=RESOLVED", of(&[3, 1])),
            ("&status=ACKNOWLEDGED&status=RESOLVED", of(&[4, 3, 1])),
            ("&status=OPEN&status=ACKNOWLEDGED&status=RESOLVED", of(&[6, 5, 4, 3, 2, 1, 0])),
        ];
        for (filter, expect) in table {
            for limit in [1, 2, 3, 100] {
                let found = follow(&api, &format!("/list/incidents?limit={limit}{filter}"), "instance_id");
                assert_eq!(found, expect, "{filter} by {limit}");
            }
        }
        let item = &api.get("/list/incidents")[0];
        assert_eq!((&item["name"], &item["ref_id"]), (&json!("number 6"), &item["task_ref_id"]));
        api.send(Call::get("/list/incidents?status=open").key(&api.key)).refused(400, "invalid_fields");
    }
}
