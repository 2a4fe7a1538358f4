//! What each role is shown and may do: every page that the owner has, and behind every form that the owner is shown and a role is
//! not, a refusal.

use super::{PASSWORD, attribute, filled, says, welcomed};
use checks::{Api, Browser, Database};
use std::collections::{BTreeMap, BTreeSet};

const PEOPLE: &str = r#"
[[user]]
username = "w-owner"
role = "owner"
[[user]]
username = "w-admin"
role = "admin"
[[user]]
username = "w-manager"
role = "manager"
[[user]]
username = "w-responder"
role = "responder"
[[user]]
username = "w-observer"
role = "observer"
[[user]]
username = "w-restricted"
role = "restricted"
[[user]]
username = "w-stakeholder"
role = "stakeholder"
"#;

/// One page of each kind.
const PAGES: [&str; 36] = [
    "me/tokens",
    "invitations",
    "now",
    "incidents",
    "incidents/1",
    "incidents/2",
    "incidents/new",
    "on-call",
    "routines",
    "routines/test%20turns",
    "policies",
    "policies/primary",
    "services",
    "services/checkout",
    "integrations",
    "integrations/prometheus",
    "rules",
    "business-services",
    "response-sets",
    "workflows",
    "heartbeats",
    "maintenance",
    "teams",
    "people",
    "people/ben",
    "edit/services/checkout",
    "edit/teams",
    "edit/services/checkout/remove",
    "keys",
    "audit",
    "history",
    "settings",
    "search?q=checkout",
    "me",
    "me/when",
    "me/cover",
];

/// The forms of a page: where each is sent to.
fn forms(page: &str) -> BTreeSet<String> {
    let forms = page.split("<form").skip(1).map(|form| form.split_once('>').expect("a tag").0);
    let posted = forms.filter(|tag| tag.contains("method=\"post\""));
    posted.map(|tag| tag.split_once("action=\"").expect("an action").1.split('"').next().unwrap().to_owned()).collect()
}

/// Where the links of a page lead to in the console, without the place on the page.
fn links(page: &str) -> BTreeSet<String> {
    let links = page.split('<').filter(|tag| tag.starts_with("a ")).filter_map(|tag| attribute(tag, "href"));
    links
        .map(|link| link.split('#').next().expect("a path").to_owned())
        .filter(|link| link.starts_with("/app/"))
        .collect()
}

/// The pages that somebody may see, each with its forms. No link on them leads to nothing, or to what they may not see.
fn walked(browser: &Browser<'_>) -> BTreeMap<&'static str, BTreeSet<String>> {
    let (mut seen, mut followed, mut nowhere) = (BTreeMap::new(), BTreeSet::new(), Vec::new());
    for page in PAGES {
        let answer = browser.get(&format!("/app/{page}"));
        match answer.status {
            200 => {
                for link in links(answer.text()).into_iter().filter(|link| followed.insert(link.clone())) {
                    let status = browser.get(&link).status;
                    if status != 200 {
                        nowhere.push(format!("{page} leads to {link}: {status}"));
                    }
                }
                seen.insert(page, forms(answer.text()));
            }
            // Of an incident that they are not asked about they hear nothing.
            403 | 404 => assert!(forms(answer.text()).is_subset(&["/app/sign-out".to_owned()].into()), "{page}"),
            status => panic!("{page}: {status}: {}", answer.text()),
        }
    }
    assert_eq!(nowhere, Vec::<String>::new());
    seen
}

#[test]
fn the_owner_sees_every_page_and_behind_what_a_role_is_not_shown_is_a_refusal_that_changes_nothing() {
    let api = Api::reachable(Database::Sqlite);
    api.extend(PEOPLE);
    api.incident("Checkout is slow");
    let other = api.incident("Search is slow");
    api.ok("acknowledge", &serde_json::json!({"instance_id": other}));
    let owner = walked(&welcomed(&api, "w-owner", "192.0.2.9"));
    assert_eq!(owner.keys().copied().collect::<BTreeSet<_>>(), PAGES.into());
    let everything: BTreeSet<&String> = owner.values().flatten().collect();
    assert!(everything.len() > 40, "{everything:?}");
    let counted = |role: &str, address: &str| {
        let browser = welcomed(&api, role, address);
        let shown = walked(&browser);
        let drawn: BTreeSet<&String> = shown.values().flatten().collect();
        assert!(drawn.is_subset(&everything), "{role}: {:?}", drawn.difference(&everything));
        let before = (api.details(1), api.details(2), api.get("/list/services"));
        for form in everything.difference(&drawn) {
            let key =
                [("idempotency_key", "the-same-for-all"), ("do", "save"), ("operation", "resolve"), ("number", "1")];
            let answer = browser.post(form, &key);
            // What is not even a request of its kind, or names what is not there, is told so first.
            assert!(matches!(answer.status, 400 | 403 | 404), "{role} sends {form}: {}", answer.text());
        }
        assert_eq!((api.details(1), api.details(2), api.get("/list/services")), before, "{role}");
        (shown.len(), drawn.len())
    };
    let admin = counted("w-admin", "192.0.2.10");
    let manager = counted("w-manager", "192.0.2.11");
    let responder = counted("w-responder", "192.0.2.12");
    let observer = counted("w-observer", "192.0.2.13");
    let stakeholder = counted("w-stakeholder", "192.0.2.14");
    let restricted = counted("w-restricted", "192.0.2.15");
    let fewer = [admin, manager, responder, observer, stakeholder];
    assert!(fewer.is_sorted_by(|more, less| more.0 >= less.0 && more.1 > less.1), "{fewer:?}");
    assert_eq!(
        restricted,
        (stakeholder.0 - 1, stakeholder.1),
        "without a team, somebody restricted has their own things alone"
    );
}

#[test]
fn whoever_reads_no_technical_detail_changes_what_is_their_own_all_the_same() {
    let api = Api::reachable(Database::Sqlite);
    api.extend(PEOPLE);
    let browser = welcomed(&api, "w-stakeholder", "192.0.2.9");
    let page = browser.get("/app/edit/users/w-stakeholder");
    says(&page, 200, "Change <bdi>w-stakeholder</bdi>");
    let (path, mut fields) = filled(&page, "/app/edit/users/w-stakeholder");
    fields.retain(|(name, _)| name != "email");
    fields
        .extend([("email", "s@example.com"), ("do", "save")].map(|(name, value)| (name.to_owned(), value.to_owned())));
    let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let proof = browser.post("/app/again", &[("password", PASSWORD)]);
    assert_eq!(proof.status, 303);
    says(&browser.post(&path, &fields), 200, "w-stakeholder is saved.");
    assert_eq!(api.get("/v1/users/w-stakeholder")["email"], "s@example.com");
    assert_eq!(browser.get("/app/edit/users/ben").status, 403);
}

#[test]
fn whoever_is_asked_about_an_incident_finds_it_and_answers_whatever_their_role() {
    Api::reached_on_both(|api| {
        api.extend("[[user]]\nusername = \"rex\"\nrole = \"restricted\"\nemail = \"rex@example.com\"");
        for username in ["eva", "rex"] {
            let person = welcomed(api, username, "192.0.2.9");
            let title = format!("For {username}");
            let body = serde_json::json!({"title": title, "users": [username]});
            let number = api.ok("create", &body)["instance_id"].as_i64().expect("a number");
            let others = api.incident("For others");
            let now = person.get("/app/now");
            says(&now, 200, &title);
            assert!(!now.text().contains("For others"), "{}", now.text());
            for path in [format!("/app/incidents/{number}"), format!("/app/i/{number}")] {
                says(&person.get(&path), 200, &title);
            }
            says(&person.get(&format!("/app/incidents/{others}")), 404, "There is no such incident");
            let page = person.get(&format!("/app/incidents/{number}"));
            let key = super::hidden(&page, "idempotency_key");
            let fields = [("idempotency_key", key.as_str()), ("status", "OPEN")];
            says(
                &person.post(&format!("/app/incidents/{number}/acknowledge"), &fields),
                200,
                "Acknowledged: it is yours.",
            );
        }
    });
}
