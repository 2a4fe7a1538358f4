//! `POST /users/list` and `POST /users/details`.

use super::{column, keys};
use checks::{Api, Call};
use serde_json::{Value, json};

fn post(api: &Api, path: &str, body: &Value) -> checks::Answer {
    api.send(Call::post(path).key(&api.key).json(body))
}

#[test]
fn people_are_found_by_any_of_their_words() {
    let api = Api::new();
    let table = [
        (json!({}), vec!["adsmi", "ana", "ben", "cho", "dee", "eva", "gil", "mofab", "pia"]),
        (json!({"keywords": "ENGINEER"}), vec!["ana", "ben", "cho", "gil"]),
        (json!({"keywords": "engineer  cho"}), vec!["cho"]),
        (json!({"keywords": "%"}), vec![]),
        (json!({"keywords": ""}), vec!["adsmi", "ana", "ben", "cho", "dee", "eva", "gil", "mofab", "pia"]),
    ];
    for (body, expect) in table {
        let found = post(&api, "/users/list", &body).ok();
        assert_eq!(column(&found, "preferred_username"), expect, "{body}");
        for user in found.as_array().expect("a list") {
            let expect = ["preferred_username", "display_name", "email", "user_role", "job_title", "is_locked"];
            assert_eq!(keys(user), expect);
        }
    }
    let unknown = post(&api, "/users/list", &json!({"team_ref_id": "x"}));
    assert_eq!(unknown.first_error(404, "unknown_component"), "team_ref_id: there is no team `x`");
}

#[test]
fn a_person_is_told_with_every_documented_key() {
    let api = Api::new();
    let eva = post(&api, "/users/details", &json!({"preferred_username": "eva"})).ok();
    let expect = [
        "email",
        "first_name",
        "last_name",
        "iso_country_code",
        "country_code",
        "phone",
        "preferred_username",
        "taskcall_email",
        "timezone",
        "language",
        "profile_picture",
        "user_role",
        "job_title",
        "tags",
    ];
    assert_eq!(keys(&eva), expect);
    assert_eq!(
        (&eva["user_role"], &eva["timezone"], &eva["tags"]),
        (&json!("stakeholder"), &json!("Europe/Oslo"), &json!([]))
    );
    let unknown = post(&api, "/users/details", &json!({"preferred_username": "Eva"}));
    assert_eq!(unknown.first_error(404, "unknown_component"), "preferred_username: there is no user `Eva`");
}
