//! Saved views of the list of incidents: one's own and shared ones, by forms alone.

use super::{says, welcomed};
use checks::{Answer, Api, Browser, Call, Database};
use serde_json::{Value, json};

const LIST: &str = "/app/incidents";

/// Ana owns the organization, Ben and Cho respond; these may share views, and see no technical detail.
const MORE: &str = r#"
[[user]]
username = "max"
display_name = "Max Manages"
role = "manager"

[[user]]
username = "sue"
role = "stakeholder"
"#;

fn save(browser: &Browser<'_>, query: &str, name: &str, shared: &str) -> Answer {
    browser.post(&format!("{LIST}/views?{query}"), &[("do", "save"), ("name", name), ("shared", shared)])
}

fn remove(browser: &Browser<'_>, name: &str, shared: &str) -> Answer {
    browser.post(&format!("{LIST}/views"), &[("do", "remove"), ("name", name), ("shared", shared)])
}

/// The views above the list: where each leads to, and its name.
fn views(page: &Answer) -> Vec<(String, String)> {
    let Some((_, nav)) = page.text().split_once("<nav class=\"tabs\" aria-label=\"Saved views\">") else {
        return Vec::new();
    };
    let nav = nav.split("</nav>").next().expect("its end");
    let link = |link: &str| {
        let (address, rest) = link.split_once('"').expect("an address");
        let name = rest.split_once("<bdi>").expect("a name").1.split("</bdi>").next().expect("its end").to_owned();
        (address.replace("&#38;", "&"), if rest.contains(">shared<") { format!("{name}, shared") } else { name })
    };
    nav.split("<a href=\"").skip(1).map(link).collect()
}

fn names(browser: &Browser<'_>) -> Vec<String> {
    views(&browser.get(LIST)).into_iter().map(|(_, name)| name).collect()
}

#[test]
fn a_view_is_saved_under_a_name_shown_as_a_link_and_removed_and_is_nobody_elses() {
    Api::reached_on_both(|api| {
        api.incident("Disk full");
        let (ana, ben) = (welcomed(api, "ana", "192.0.2.1"), welcomed(api, "ben", "192.0.2.2"));
        says(&ana.get(LIST), 200, "Save view");
        // What the list makes nothing of is not kept, nor how far one has turned its pages.
        let said =
            save(&ana, "state=all&urgency=4&q=disk+full&before=9&since=3&urgency=x&foo=bar", " <b>Disks</b> ", "");
        says(&said, 200, "The view &#60;b&#62;Disks&#60;/b&#62; is saved.");
        let disks =
            ("/app/incidents?state=all&urgency=4&q=disk+full".to_owned(), "&#60;b&#62;Disks&#60;/b&#62;".to_owned());
        assert_eq!(views(&ana.get(LIST)), std::slice::from_ref(&disks));
        let shown = ana.get(&disks.0);
        says(&shown, 200, "Disk full");
        assert!(shown.text().contains("aria-current=\"page\"><bdi>&#60;b&#62;Disks"), "{}", shown.text());
        assert_eq!(names(&ben), [""; 0]);
        // A second tap saves nothing else, and another list does not take the name.
        says(&save(&ana, "state=all&urgency=4&q=disk+full", "<b>Disks</b>", ""), 200, "is saved");
        says(&save(&ana, "state=open", "<b>Disks</b>", ""), 400, "id=\"view-name-problem\"");
        assert_eq!(views(&ana.get(LIST)), [disks]);
        says(&save(&ben, "assignee=me", "<b>Disks</b>", ""), 200, "is saved");
        says(&remove(&ana, "<b>Disks</b>", ""), 200, "was removed");
        says(&remove(&ana, "<b>Disks</b>", ""), 200, "was removed");
        assert_eq!((names(&ana).len(), names(&ben).len()), (0, 1));
    });
}

#[test]
fn a_view_is_shared_and_taken_away_by_those_who_change_what_is_nobodys() {
    Api::reached_on_both(|api| {
        api.extend(MORE);
        let (max, ben) = (welcomed(api, "max", "192.0.2.1"), welcomed(api, "ben", "192.0.2.2"));
        says(&max.get(LIST), 200, "for everybody");
        says(&save(&max, "state=open", "night", "yes"), 200, "is saved");
        says(&save(&ben, "assignee=me", "night", ""), 200, "is saved");
        assert_eq!(names(&ben), ["night", "night, shared"]);
        let page = ben.get(LIST);
        assert!(!page.text().contains("for everybody") && !page.text().contains("Remove the view night, shared"));
        says(&save(&ben, "state=ack", "day", "yes"), 403, "needs");
        says(&remove(&ben, "night", "yes"), 403, "needs");
        assert_eq!(names(&max), ["night, shared"]);
        says(&remove(&max, "night", "yes"), 200, "was removed");
        assert_eq!((names(&max), names(&ben)), (vec![], vec!["night".to_owned()]));
        let rows = api.get("/v1/audit?limit=9");
        let told: Vec<_> = rows.as_array().expect("a list").iter().map(|row| &row["action"]).collect();
        let of_views = told.iter().filter(|action| action.to_string().contains("saved_view")).count();
        assert_eq!(of_views, 2, "what everybody has is written down: {told:?}");
    });
}

#[test]
fn whoever_does_not_see_the_list_has_no_views_and_no_other_site_saves_one() {
    let api = Api::reachable(Database::Sqlite);
    api.extend(MORE);
    let sue = welcomed(&api, "sue", "192.0.2.1");
    says(&save(&sue, "", "mine", ""), 403, "</h1>");
    says(&api.browse(Call::get(&format!("{LIST}/views"))), 401, "<h1>Sign in</h1>");
    let ana = welcomed(&api, "ana", "192.0.2.2");
    let call = Call::post(&format!("{LIST}/views")).header("sec-fetch-site", "cross-site").body("do=save&name=theirs");
    says(&ana.send(call), 403, "</h1>");
    assert_eq!(names(&ana), [""; 0]);
    // What is answered to a form can be asked for again.
    says(&ana.get(&format!("{LIST}/views?state=open")), 200, "Save view");
}

#[test]
fn a_name_and_the_number_of_views_are_bounded_and_what_was_typed_stays() {
    let api = Api::reachable(Database::Sqlite);
    let ana = welcomed(&api, "ana", "192.0.2.1");
    for wrong in [" ", &"x".repeat(101), "a\u{7}b"] {
        says(&save(&ana, "", wrong, ""), 400, "must have 1 to 100 characters");
    }
    let refused = save(&ana, &format!("q={}", "x".repeat(2_001)), "long", "yes");
    says(&refused, 400, "must have at most 2000 bytes");
    says(&refused, 400, "name=\"name\" value=\"long\"");
    says(&refused, 400, "name=\"shared\" value=\"yes\" checked");
    let ana_is = domain::RefId::from(api.get("/v1/users/ana")["ref_id"].as_str().expect("an id"));
    for (person, count) in [(Some(&ana_is), 50), (None, 100)] {
        for number in 1..count {
            let (name, query) = (format!("view {number}"), "state=open".to_owned());
            let (made_by, made_at) = (ana_is.clone(), domain::Instant(1));
            let row = store::SavedViewRow { person: person.cloned(), name, query, made_by, made_at };
            let written = api.test.store().write(|tx| store::saved_view_insert(tx, domain::OrganizationId(1), &row));
            written.expect("the store answers");
        }
        let shared = if person.is_none() { "yes" } else { "" };
        says(&save(&ana, "state=open", &"é".repeat(100), shared), 200, "is saved");
        says(&save(&ana, "state=open", "one more", shared), 400, &format!("{count}"));
    }
    assert_eq!(names(&ana).len(), 150);
}

#[test]
fn views_are_told_with_what_is_held_about_a_person_and_leave_with_them() {
    Api::reached_on_both(|api| {
        api.send(Call::post("/v1/users").key(&api.key).json(&json!({"username": "lou", "role": "manager"}))).ok();
        let (lou, ana) = (welcomed(api, "lou", "192.0.2.1"), welcomed(api, "ana", "192.0.2.2"));
        save(&lou, "state=ack", "mine", "");
        save(&lou, "urgency=5", "loud", "yes");
        let views = |api: &Api, person: &str| -> Vec<(Value, Value, Value)> {
            let told = api.get(&format!("/v1/users/{person}/data"))["saved_views"].clone();
            let told = told.as_array().expect("a list").clone();
            told.iter().map(|view| (view["name"].clone(), view["query"].clone(), view["is_shared"].clone())).collect()
        };
        let loud = (json!("loud"), json!("urgency=5"), json!(true));
        assert_eq!(views(api, "lou"), [loud.clone(), (json!("mine"), json!("state=ack"), json!(false))]);
        assert_eq!(views(api, "ana"), []);
        let id = api.get("/v1/users/lou")["ref_id"].as_str().expect("an id").to_owned();
        let leave = Call::new("DELETE", "/v1/users/lou").key(&api.key).header("if-match", "*");
        api.send(leave.json(&json!({}))).ok();
        assert_eq!(views(api, &id), [loud], "what everybody has stays");
        assert_eq!(names(&ana), ["loud, shared"]);
    });
}
