//! The delivery ledger: every notification with its attempts and its fate, and sending one again.

use super::{column, events, keys};
use checks::{Answer, Api, Call, Database, START, number};
use domain::permission::Scope;
use serde_json::{Value, json};

fn ledger(api: &Api, id: i64) -> Value {
    api.get(&format!("/v1/incidents/{id}/notifications"))
}

fn resend(api: &Api, id: i64, delivery_id: &Value, body: &Value) -> Answer {
    let delivery_id = delivery_id.as_str().expect("an id");
    let path = format!("/v1/incidents/{id}/notifications/{delivery_id}/resend");
    api.send(Call::post(&path).key(&api.key).json(body))
}

#[test]
fn what_became_of_each_notification_is_told_with_its_attempts() {
    for database in [Database::Sqlite, Database::Postgresql] {
        let api = Api::on(database);
        let id = api.incident("Down");
        let waiting = &ledger(&api, id)[0];
        let example = web::operation::operations().find(|operation| operation.name == "notifications");
        assert_eq!(keys(waiting), keys(&example.expect("it").example_answer()[0]));
        assert_eq!((&waiting["state"], &waiting["attempts"]), (&json!("waiting"), &json!([])));
        api.clock.advance(1_500_000);
        api.beat();
        let sent = &ledger(&api, id)[0];
        let at = api.clock.now();
        let at = domain::Instant(at).wire();
        let expect = json!({
            "delivery_id": waiting["delivery_id"],
            "instance_id": id,
            "preferred_username": "ana",
            "channel": "email",
            "kind": "page",
            "level": 1,
            "due": START.wire(),
            "state": "sent",
            "reason": null,
            "next_at": null,
            "finished_at": at,
            "sent_at": at,
            "confirmed_at": null,
            "message_id": sent["message_id"],
            "bundled_with": null,
            "skipped": sent["skipped"],
            "attempts": [{
                "attempt": 1, "timestamp": at, "elapsed_ms": 0, "outcome": "delivered", "answer": "250 OK",
            }],
        });
        assert_eq!(sent.to_string(), expect.to_string());
        assert_eq!(sent["message_id"], api.sent.lock().expect("no panic")[0].delivery_id);
    }
}

#[test]
fn what_is_called_off_is_told_with_the_reason() {
    let api = Api::new();
    let id = api.incident("Down");
    api.ok("acknowledge", &json!({"instance_id": id}));
    let dropped = &ledger(&api, id)[0];
    assert_eq!((&dropped["state"], &dropped["reason"]), (&json!("dropped"), &json!("somebody acted")));
    assert_eq!((&dropped["sent_at"], &dropped["finished_at"]), (&json!(null), &json!(START.wire())));
}

#[test]
fn kinds_are_told_apart_and_pages_of_the_ledger_lead_to_its_end() {
    let api = Api::new();
    let id = api.incident("Down");
    let asked = json!({"instance_id": id});
    api.ok("add-subscribers", &json!({"instance_id": id, "subscribers": ["eva", "adsmi"]}));
    api.ok("update-status", &json!({"instance_id": id, "status_update": "Soon"}));
    api.ok("resolve", &asked);
    let all = ledger(&api, id);
    let kinds = column(&all, "kind");
    for kind in ["page", "status_update", "resolved"] {
        assert!(kinds.contains(&json!(kind)), "{kind}: {kinds:?}");
    }
    let levels: Vec<_> = all.as_array().expect("a list").iter().filter(|one| one["kind"] != "page").collect();
    assert!(levels.iter().all(|one| one["level"].is_null()));
    let ids = column(&all, "delivery_id");
    for limit in 1..=ids.len() + 1 {
        let mut seen = Vec::new();
        let mut next = Some(format!("/v1/incidents/{id}/notifications?limit={limit}"));
        while let Some(path) = next {
            let answer = api.send(Call::get(&path).key(&api.key));
            seen.extend(column(&answer.ok(), "delivery_id"));
            let link = answer.header("link");
            next = link.strip_prefix('<').and_then(|link| link.strip_suffix(">; rel=\"next\"")).map(str::to_owned);
        }
        assert_eq!(seen, ids, "{limit}");
    }
}

#[test]
fn a_notification_is_sent_again_as_a_new_one_and_the_log_says_so() {
    for database in [Database::Sqlite, Database::Postgresql] {
        let api = Api::on(database);
        let id = api.incident("Down");
        api.beat();
        let first = ledger(&api, id)[0].clone();
        api.pass_minutes(1);
        assert_eq!(resend(&api, id, &first["delivery_id"], &json!({"by": "ben"})).ok(), json!("Success"));
        api.beat();
        let all = ledger(&api, id);
        let again = &all[1];
        assert_eq!(all.as_array().map(Vec::len), Some(2));
        for same in ["preferred_username", "channel", "kind", "level"] {
            assert_eq!(again[same], first[same], "{same}");
        }
        assert_ne!(again["delivery_id"], first["delivery_id"]);
        let told = (&again["state"], &again["due"]);
        assert_eq!(told, (&json!("sent"), &json!(START.plus_minutes(1).wire())));
        assert_eq!(all[0], first);
        let paged = api.details(id)["last_alert_timestamp"].clone();
        assert_eq!(paged, json!(START.plus_minutes(1).wire()), "people were notified then, and not before");
        let (kind, log) = events(&api, id).pop().expect("an event");
        assert_eq!(kind, "DISPATCH");
        assert!(log.to_string().contains("ana"), "{log}");
        assert_eq!(
            api.details(id)["events"].as_array().and_then(|events| events.last()).expect("one")["event_by"],
            "Ben Bauer"
        );
    }
}

#[test]
fn of_a_resolved_incident_only_notices_are_sent_again() {
    let api = Api::new();
    let id = api.incident("Down");
    api.ok("add-subscribers", &json!({"instance_id": id, "subscribers": ["eva"]}));
    api.ok("resolve", &json!({"instance_id": id}));
    api.beat();
    let all = ledger(&api, id);
    let of = |kind: &str| {
        let found = all.as_array().expect("a list").iter().find(|one| one["kind"] == kind);
        found.expect("one of this kind")["delivery_id"].clone()
    };
    resend(&api, id, &of("page"), &json!({})).refused(409, "already_resolved");
    assert_eq!(ledger(&api, id), all);
    resend(&api, id, &of("resolved"), &json!({})).ok();
    api.beat();
    assert_eq!(ledger(&api, id).as_array().map(Vec::len), all.as_array().map(|all| all.len() + 1));
}

#[test]
fn a_notification_is_known_by_its_incident_only() {
    let api = Api::new();
    let (id, other) = (api.incident("Down"), api.incident("Up"));
    let own = ledger(&api, id)[0]["delivery_id"].clone();
    let said = own.as_str().expect("an id").to_owned();
    let error = resend(&api, other, &own, &json!({})).first_error(404, "unknown_notification");
    assert_eq!(error, format!("delivery_id: the incident has no notification `{said}`"));
    for wrong in
        ["x", "ntf_", "ntf_1", "ntf_1_zz", &format!("{said}0"), &said.to_uppercase(), &said.replace("ntf_", "ntf_0")]
    {
        resend(&api, id, &json!(wrong), &json!({})).refused(404, "unknown_notification");
    }
    let after = |id: i64, after: &str| {
        api.send(Call::get(&format!("/v1/incidents/{id}/notifications?after={after}")).key(&api.key))
    };
    after(other, &said).refused(404, "unknown_notification");
    assert_eq!(after(id, &said).ok(), json!([]));
    assert_eq!(after(id, &format!("ntf_{id}_7fffffffffffffff")).ok(), json!([]));
    for path in [
        format!("/v1/incidents/{}/notifications", other + 1),
        "/v1/incidents/9223372036854775807/notifications".to_owned(),
    ] {
        api.send(Call::get(&path).key(&api.key)).refused(404, "unknown_incident");
    }
    for bad in ["0", "x", "-1", "1.5"] {
        let answer = api.send(Call::get(&format!("/v1/incidents/{bad}/notifications")).key(&api.key));
        assert!(answer.first_error(400, "invalid_fields").starts_with("instance_id: must be a whole number"));
    }
}

#[test]
fn a_repeated_request_sends_once_and_whoever_may_only_read_sends_nothing() {
    let api = Api::new();
    let id = number(&api.ok("create", &json!({"title": "x", "users": ["ana"]})));
    let delivery_id = ledger(&api, id)[0]["delivery_id"].as_str().expect("an id").to_owned();
    let path = format!("/v1/incidents/{id}/notifications/{delivery_id}/resend");
    for _ in 0..2 {
        api.send(Call::post(&path).key(&api.key).header("idempotency-key", "k")).ok();
    }
    assert_eq!(ledger(&api, id).as_array().map(Vec::len), Some(2));
    let reader = api.new_key("demo", "reader", Scope::Read);
    api.send(Call::post(&path).key(&reader)).refused(403, "scope_too_small");
    api.send(Call::get(&format!("/v1/incidents/{id}/notifications")).key(&reader)).ok();
}

#[test]
fn notices_to_a_person_are_told_newest_first_and_page_by_page() {
    for database in [Database::Sqlite, Database::Postgresql] {
        let api = Api::on(database);
        api.beat();
        for _ in 0..4 {
            api.pass_minutes(7 * 24 * 60);
            api.beat();
        }
        let all = api.get("/v1/users/ana/notices");
        let example = web::operation::operations().find(|operation| operation.name == "notices");
        assert_eq!(keys(&all[0]), keys(&example.expect("it").example_answer()[0]));
        let of = |key: &str| column(&all, key);
        let titles = ["You are off call: payments", "You are on call: payments"];
        assert_eq!(of("title"), [titles, titles].concat());
        assert_eq!((of("kind"), of("state")), (vec![json!("handover"); 4], vec![json!("sent"); 4]));
        assert_eq!(all[0]["attempts"].as_array().map(Vec::len), Some(1));
        let mut path = "/v1/users/ana/notices?limit=1".to_owned();
        let mut walked = Vec::new();
        while walked.len() < 9 {
            let page = api.send(Call::get(&path).key(&api.key));
            walked.extend(page.json().as_array().expect("a list").clone());
            let Some((next, _)) = page.header("link").split_once('>') else { break };
            path = next.trim_start_matches('<').to_owned();
        }
        assert_eq!(json!(walked), all);
        let refused = |path: &str, code| api.send(Call::get(path).key(&api.key)).refused(404, code);
        refused("/v1/users/nobody/notices", "unknown_component");
        refused("/v1/users/ana/notices?after=ntf_0_1", "unknown_notification");
        let of_another = format!("/v1/users/ben/notices?after={}", all[0]["delivery_id"].as_str().expect("an id"));
        refused(&of_another, "unknown_notification");
    }
}
