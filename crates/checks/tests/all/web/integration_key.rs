//! Keys of integrations that are renewed: the one before counts for as long as is said, and both are where they are looked up.

use checks::{Api, Call, Database};
use directory::{Drift, Wanted};
use domain::directory::dashed_key;
use serde_json::{Value, json};

const HOUR: i64 = 3_600_000_000;
const GIVEN: &str = "0b8f6d7a-53c1-4e0e-9a55-0d2f3c4b5a69";

fn on_both(body: impl Fn(&Api)) {
    for database in [Database::Sqlite, Database::Postgresql] {
        body(&Api::on(database));
    }
}

fn rotated(api: &Api, body: &Value) -> Value {
    api.send(Call::post("/v1/integrations/scripts/rotate-key").key(&api.key).json(body)).ok()
}

fn patched(api: &Api, path: &str, body: &Value) -> Value {
    api.send(Call::new("PATCH", path).key(&api.key).header("if-match", "*").json(body)).ok()
}

#[test]
fn a_renewed_key_leaves_the_one_before_as_long_as_is_asked_for() {
    on_both(|api| {
        let old = api.intake_path("scripts");
        assert_eq!(api.get("/v1/integrations/scripts")["key_before_ends_at"], Value::Null);
        let made = rotated(api, &json!({}));
        let new = api.intake_path("scripts");
        assert_ne!(new, old);
        assert_eq!(made["url"], new);
        assert!(new.ends_with(made["integration_key"].as_str().expect("a key")), "{made}");
        assert_eq!(api.get("/v1/integrations/scripts")["key_before_ends_at"], made["key_before_ends_at"]);
        for path in [&old, &new] {
            api.send(Call::post(path).json(&json!({"title": path}))).ok();
        }
        let kept = api.get("/v1/alerts");
        let repairs = kept.as_array().expect("a list").iter().map(|alert| alert["repairs"].to_string());
        assert_eq!(repairs.filter(|repairs| repairs.contains("a newer one was made")).count(), 1, "{kept}");
        api.clock.advance(24 * HOUR);
        api.send(Call::post(&old).json(&json!({"title": "late"}))).refused(401, "unknown_integration_key");
        api.send(Call::post(&new).json(&json!({"title": "in time"}))).ok();
        assert_eq!(api.get("/v1/integrations/scripts")["key_before_ends_at"], Value::Null);
        let longer = rotated(api, &json!({"overlap_hours": 720}));
        api.clock.advance(719 * HOUR);
        api.send(Call::post(&new).json(&json!({"title": "still in time"}))).ok();
        rotated(api, &json!({"overlap_hours": 0}));
        api.clock.advance(1_000_000);
        let second = longer["url"].as_str().expect("a URL");
        for path in [new.as_str(), second] {
            api.send(Call::post(path).json(&json!({"title": "leaked"}))).refused(401, "unknown_integration_key");
        }
        let wrong = Call::post("/v1/integrations/scripts/rotate-key").key(&api.key);
        let wrong = api.send(wrong.json(&json!({"overlap_hours": 721}))).refused(400, "invalid_fields");
        assert!(wrong["errors"][0].as_str().is_some_and(|error| error.contains("720")), "{wrong}");
        let audit = api.get("/v1/audit?action=integration.rotate_key");
        assert_eq!(audit.as_array().map(Vec::len), Some(3), "{audit}");
        assert!(!audit.to_string().contains(made["integration_key"].as_str().expect("a key")), "{audit}");
    });
}

#[test]
fn a_key_that_the_integration_says_itself_is_replaced_where_it_stands() {
    on_both(|api| {
        patched(api, "/v1/organization", &json!({"file_lock": "drift"}));
        patched(api, "/v1/integrations/scripts", &json!({"key": GIVEN}));
        let made = rotated(api, &json!({"overlap_hours": 48}));
        let new = made["integration_key"].as_str().expect("a key");
        api.send(Call::post(&format!("/generic/{GIVEN}")).json(&json!({"title": "x"}))).ok();
        // What is exported keeps the key, and takes none of the hours of the one before.
        let file = directory::export(api.test.store(), "demo", &directory::Part::default())
            .expect("it is read")
            .expect("it is there");
        let scripts = file.integrations.iter().find(|one| one.name == "scripts").expect("it is there");
        assert_eq!(scripts.key.as_deref(), Some(new));
        let (ids, now) = (engine::Ids::system(), api.administration.engine().now());
        let wanted = Wanted { drift: Drift::Overwrite, ..Wanted::of(&file) };
        assert!(directory::apply_file(api.test.store(), &ids, now, &wanted).expect("it is applied").plan.is_empty());
        patched(api, "/v1/integrations/scripts", &json!({"default_urgency": 2}));
        assert!(api.intake_path("scripts").ends_with(new));
        assert_eq!(api.get("/v1/integrations/scripts")["key_before_ends_at"], made["key_before_ends_at"]);
    });
}

#[test]
fn a_key_that_a_directory_file_gives_is_renewed_in_the_file() {
    on_both(|api| {
        let mut file = directory::export(api.test.store(), "demo", &directory::Part::default())
            .expect("it is read")
            .expect("it is there");
        let scripts = file.integrations.iter_mut().find(|one| one.name == "scripts").expect("it is there");
        scripts.key = Some(GIVEN.to_owned());
        let (ids, now) = (engine::Ids::system(), api.administration.engine().now());
        directory::apply(api.test.store(), &ids, now, &file).expect("it is applied");
        let call = Call::post("/v1/integrations/scripts/rotate-key").key(&api.key);
        api.send(call.json(&json!({}))).refused(409, "managed_by_file");
        let path = api.intake_path("scripts");
        assert!(path.ends_with(GIVEN), "nothing was made: {path}");
        let another = ids.uuid();
        let scripts = file.integrations.iter_mut().find(|one| one.name == "scripts").expect("it is there");
        scripts.key = Some(another.clone());
        directory::apply(api.test.store(), &ids, now, &file).expect("it is applied");
        for key in [GIVEN, &dashed_key(&another.replace('-', ""))] {
            api.send(Call::post(&format!("/generic/{key}")).json(&json!({"title": key}))).ok();
        }
    });
}
