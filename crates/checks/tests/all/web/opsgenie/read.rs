//! Lists of alerts, heartbeats, and how the API says no.

use super::Client;
use checks::{Answer, Api, Call};
use serde_json::json;

#[test]
fn the_alerts_of_an_integration_are_listed_and_counted_by_what_a_query_says() {
    Api::reached_on_both(|api| {
        let client = Client::of(api);
        assert_eq!(client.aliases(""), Vec::<String>::new());
        client.create("db-1", &json!({"tags": ["db", "Two Words"], "priority": "P3"}));
        client.create("db-2", &json!({"tags": ["db"], "details": {"region": "Oslo"}}));
        client.create("web-1", &json!({"message": "Checkout is slow"}));
        let elsewhere = api.deliver("scripts", &json!({"id": "other", "title": "Nobody else's"})).ok();
        assert_eq!(elsewhere["alerts"][0]["fate"], "opened");
        client.post("/v2/alerts/db-2/close?identifierType=alias", &json!({}));
        assert_eq!(client.aliases(""), ["web-1", "db-2", "db-1"], "what came through another integration is not told");
        let table = [
            ("status%3Aopen", &["web-1", "db-1"][..]),
            ("status: closed", &["db-2"]),
            ("alias:db-1", &["db-1"]),
            ("alias:db", &[]),
            ("tag:DB", &["db-2", "db-1"]),
            ("tag:\"two words\" AND status:open", &["db-1"]),
            ("priority:P2", &["web-1", "db-2"]),
            ("slow CHECKOUT", &["web-1"]),
            ("oslo", &["db-2"]),
            ("oslo AND status:open", &[]),
        ];
        for (query, expected) in table {
            let query = query.replace(' ', "%20").replace('"', "%22");
            assert_eq!(client.aliases(&format!("query={query}")), expected, "{query}");
            let count = client.get(&format!("/opsgenie/v2/alerts/count?query={query}"))["data"]["count"].clone();
            assert_eq!(count, expected.len(), "{query}");
        }
        assert_eq!(client.aliases("sort=message&order=asc"), ["web-1", "db-1", "db-2"]);
        assert_eq!(
            client.aliases("sort=priority&order=asc&limit=1"),
            ["db-2"],
            "of the same priority, which came first"
        );
        let page = client.get("/v2/alerts/?limit=1&offset=1&query=tag:db%20priority:P2%20OSLO%20status:closed");
        assert_eq!((&page["data"], page["paging"]["prev"].as_str().is_some()), (&json!([]), true));
        let page = client.get("/v2/alerts?limit=2");
        let next = page["paging"]["next"].as_str().expect("another page");
        assert_eq!(client.get(next)["data"][0]["alias"], "db-1", "{next}");
        assert!(client.get(next)["paging"].get("next").is_none());

        api.extend("\n[[integration]]\nname = \"late\"\nkind = \"opsgenie\"\nservice = \"checkout\"\n");
        let path = api.intake_path("late");
        let late = Client { api, key: format!("GenieKey {}", path.rsplit('/').next().expect("a key")) };
        assert_eq!(late.aliases(""), Vec::<String>::new());
    });
}

#[test]
fn a_list_that_is_asked_for_wrongly_names_what_is_wrong() {
    let api = Api::new();
    let client = Client::of(&api);
    let table = [
        ("query=a%20OR%20b", "query", "`OR`"),
        ("query=createdAt:1", "query", "`createdAt:`"),
        ("limit=0", "limit", "from 1 to 100"),
        ("limit=x", "limit", "from 1 to 100"),
        ("offset=19999&limit=2", "offset", "at most 20000"),
        ("sort=snoozed", "sort", "createdAt"),
        ("order=up", "order", "asc or desc"),
        ("searchIdentifier=x", "searchIdentifier", "not known here"),
    ];
    for (parameters, field, named) in table {
        let errors = client.unprocessable(Call::get(&format!("/v2/alerts?{parameters}")));
        assert!(errors[field].as_str().is_some_and(|error| error.contains(named)), "{parameters}: {errors}");
    }
}

#[test]
fn heartbeats_are_seen_with_the_key_of_an_integration_and_changed_in_the_directory_file() {
    let api = Api::new();
    let client = Client::of(&api);
    assert_eq!(client.get("/v2/heartbeats")["data"], json!({"heartbeats": []}));
    let by_cron = "name = \"report\"\nservice = \"payments\"\ncron = \"30 20 * * *\"\n";
    api.extend(&format!(
        "\n[[heartbeat]]\nname = \"backup\"\nservice = \"payments\"\nevery_seconds = 7200\n[[heartbeat]]\n{by_cron}"
    ));
    let backup = client.get("/v2/heartbeats/backup")["data"].clone();
    assert_eq!(
        (&backup["interval"], &backup["intervalUnit"], &backup["expired"]),
        (&json!(2), &json!("hours"), &json!(false))
    );
    assert!(backup.get("lastPingTime").is_none(), "{backup}");
    assert_eq!(client.send(Call::new("PATCH", "/opsgenie/v2/heartbeats/backup/ping")).status, 202);
    assert_eq!(client.get("/v2/heartbeats/backup")["data"]["lastPingTime"], "2021-05-05T17:20:14.343825Z");
    api.pass_minutes(122);
    api.beat();
    assert_eq!(client.get("/v2/heartbeats/backup")["data"]["expired"], true);
    let listed = client.get("/opsgenie/v2/heartbeats/")["data"]["heartbeats"].clone();
    let names: Vec<_> = listed.as_array().expect("a list").iter().map(|one| one["name"].clone()).collect();
    assert_eq!(names, ["backup", "report"]);
    assert!(
        listed[1].get("interval").is_none() && listed[1]["description"].to_string().contains("30 20 * * *"),
        "{listed}"
    );
    assert_eq!(client.send(Call::get("/v2/heartbeats/never")).status, 404);
    let changes = [
        Call::post("/v2/heartbeats").json(&json!({"name": "x"})),
        Call::new("PATCH", "/v2/heartbeats/backup").json(&json!({"interval": 1})),
        Call::new("DELETE", "/opsgenie/v2/heartbeats/backup"),
        Call::post("/v2/heartbeats/backup/enable"),
        Call::post("/v2/heartbeats/backup/disable"),
    ];
    for call in changes {
        let answer = client.send(call);
        assert_eq!(answer.status, 403);
        assert!(answer.json()["message"].as_str().expect("a message").contains("reveille apply"), "{}", answer.text());
    }
}

#[test]
fn what_is_refused_is_refused_in_the_shape_of_the_api() {
    let api = Api::new();
    let client = Client::of(&api);
    let shaped = |answer: &Answer| {
        let said = answer.json();
        assert!(said["message"].is_string() && said["took"].is_number(), "{said}");
        assert_eq!(said["requestId"], answer.header("x-request-id"));
        answer.status
    };
    let paths = [
        "/v2/alerts",
        "/v2/alerts/count",
        "/v2/alerts/x",
        "/v2/alerts/requests/x",
        "/v2/heartbeats",
        "/v2/heartbeats/x",
    ];
    for path in paths.iter().flat_map(|path| [(*path).to_owned(), format!("/opsgenie{path}/")]) {
        assert_eq!(shaped(&api.send(Call::get(&path))), 401, "{path}");
        assert_eq!(shaped(&api.send(Call::get(&path).header("authorization", "GenieKey x"))), 401, "{path}");
    }
    for path in ["/v2/alerts/x/close", "/v2/alerts/x/actions/y", "/v2/heartbeats"] {
        assert_eq!(shaped(&api.send(Call::post(path).json(&json!({})))), 401, "{path}");
    }
    assert_eq!(shaped(&client.send(Call::post("/v2/alerts").body("{\"message\": "))), 400);
    for path in [
        "/v2/alerts/x",
        "/v2/alerts/x/attachments",
        "/v2/alerts/requests/x",
        "/opsgenie/v1/incidents",
        "/v2/heartbeats/x",
    ] {
        assert_eq!(shaped(&client.send(Call::get(path))), 404, "{path}");
    }
    let answer = client.send(Call::new("PATCH", "/v2/alerts/x/tags"));
    assert_eq!((shaped(&answer), answer.header("allow")), (405, "POST, DELETE"));
    let answer = client.send(Call::new("DELETE", "/opsgenie/v2/alerts"));
    assert_eq!((shaped(&answer), answer.header("allow")), (405, "POST, GET, HEAD"));
    let packed = client.send(Call::post("/v2/alerts").body("{}").header("content-encoding", "br"));
    assert_eq!(shaped(&packed), 415);
}
