//! Opsgenie's API beyond creating and closing alerts: lists, what is asked of an alert, heartbeats, and how it says no.

mod act;
mod read;

use checks::{Answer, Api, Call, number};
use serde_json::{Value, json};

const GENIE: &str = "anything with Opsgenie's API";

/// A client with the key of the demo's integration.
struct Client<'a> {
    api: &'a Api,
    key: String,
}

impl<'a> Client<'a> {
    fn of(api: &'a Api) -> Self {
        let path = api.intake_path(GENIE);
        Self { api, key: format!("GenieKey {}", path.rsplit('/').next().expect("a key")) }
    }

    fn send(&self, call: Call) -> Answer {
        self.api.send(call.header("authorization", &self.key))
    }

    fn get(&self, path: &str) -> Value {
        self.send(Call::get(path)).ok()
    }

    /// What became of a request, which was answered with 202: whether it succeeded, and the status.
    fn done(&self, call: Call) -> (bool, String) {
        self.api.clock.advance(1);
        let answer = self.send(call);
        assert_eq!((answer.status, &answer.json()["result"]), (202, &json!("Request will be processed")));
        let data = self.get(&format!("/v2/alerts/requests/{}", answer.header("x-request-id")))["data"].clone();
        assert_eq!(data["success"], data["isSuccess"]);
        (data["success"] == true, data["status"].as_str().expect("a status").to_owned())
    }

    fn post(&self, path: &str, body: &Value) -> (bool, String) {
        self.done(Call::post(path).json(body))
    }

    /// Creates an alert with this alias; its incident.
    fn create(&self, alias: &str, body: &Value) -> i64 {
        let mut alert = json!({"message": format!("{alias} is down"), "alias": alias, "priority": "P2"});
        alert.as_object_mut().expect("an object").extend(body.as_object().expect("an object").clone());
        assert_eq!(self.post("/v2/alerts", &alert), (true, "Created alert".to_owned()));
        let fates = self.api.get(&format!("/v1/alerts?identity={alias}&fate=opened"));
        number(&fates[0])
    }

    /// The aliases of a list.
    fn aliases(&self, parameters: &str) -> Vec<String> {
        let listed = self.get(&format!("/v2/alerts?{parameters}"));
        let data = listed["data"].as_array().expect("a list");
        data.iter().map(|alert| alert["alias"].as_str().expect("an alias").to_owned()).collect()
    }

    /// The errors of a 422.
    fn unprocessable(&self, call: Call) -> Value {
        let answer = self.send(call);
        assert_eq!(answer.status, 422, "{}", answer.text());
        let said = answer.json();
        assert_eq!(said["requestId"], answer.header("x-request-id"));
        said["errors"].clone()
    }
}
