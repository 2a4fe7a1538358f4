//! What people of three roles are offered and do in a real browser, on a desk and on a phone: each command of an incident by its
//! button, and what is not theirs refused in words.

use super::chromium::Window;
use super::escalation::reference;
use checks::{Client, Database, Home};
use serde_json::{Value, json};

/// The screens: wide, and a phone.
const WIDTHS: [u32; 2] = [1280, 390];

/// How a form is filled in before its button is pressed.
#[derive(Clone, Copy)]
enum Filled {
    /// It is, or has a choice that stands already.
    Already,
    /// These words into its field.
    With(&'static str),
    /// The first of its boxes is ticked.
    Ticked,
}

use Filled::{Already, Ticked, With};

/// What is done to an incident by the forms of its page, in this order, and what the page says then.
const COMMANDS: [(&str, Filled, &str); 18] = [
    ("notate", With("It was the disk."), "Written down."),
    ("unacknowledge", Already, "The acknowledgement is taken back."),
    ("escalate", Already, "The next level is asked."),
    ("snooze", Already, "Snoozed."),
    ("reassign", Ticked, "Done."),
    ("add-responders", Ticked, "Done."),
    ("update-status", With("We are on it."), "Subscribers are told."),
    ("add-subscribers", Ticked, "Done."),
    ("remove-subscribers", Ticked, "Done."),
    ("add-impact", Already, "Done."),
    ("remove-impact", Already, "Done."),
    ("run-response-set", Already, "Done."),
    ("run-workflow", Already, "Done."),
    ("amend-urgency", Already, "Done."),
    ("edit-title", With("Checkout stands still"), "Done."),
    ("update-tags", With("disk, night"), "Done."),
    ("merge", Already, "Merged."),
    ("resolve", Already, "Resolved."),
];

/// Signs somebody in by a link that asks for a password, whoever was signed in before.
async fn enter(window: &Window, link: &str) {
    window.command("Network.clearBrowserCookies", json!({})).await;
    window.open(link).await;
    window.fill("//input[@id='password']", "eleven lazy otters knit").await;
    window.fill("//input[@id='again']", "eleven lazy otters knit").await;
    window.press("//button[.='Set the password']").await;
    window.see("//h1[.='Now']").await;
}

/// Opens the form of a command, fills it in, and presses its button.
async fn give(window: &Window, (operation, filled, words): (&str, Filled, &str)) {
    let form = format!("//details[@id='{operation}']");
    let folded = format!("return !document.getElementById('{operation}').open;");
    window.see(&form).await;
    if window.ask(&folded).await == true {
        window.press(&format!("{form}/summary")).await;
    }
    match filled {
        Already => {}
        With(text) => window.fill(&format!("({form}//input[not(@type='hidden')] | {form}//textarea)[1]"), text).await,
        Ticked => window.press(&format!("({form}//label)[1]")).await,
    }
    let sent = window.ask("return Number(document.body.dataset.sent ?? 0) + 1;").await;
    window.press(&format!("{form}//button")).await;
    window.see(&format!("//body[@data-sent='{sent}']")).await;
    window.see(&format!("//p[@role='status' and contains(@class, 'good') and .='{words}']")).await;
}

fn create(client: &mut Client, order: &Value) -> i64 {
    client.done("/incidents/create", order)["instance_id"].as_i64().expect("a number")
}

/// Who is asked, takes it from the first page; then all else is done from the incident's own.
async fn works(window: &Window, client: &mut Client, (site, who): (&str, &str)) {
    let service = reference(client, "services", "checkout");
    let own = create(client, &json!({"title": format!("For {who}"), "users": who}));
    window.open(&format!("{site}/app/now")).await;
    window.press(&format!("//article[@id='i{own}']//button[contains(., 'Acknowledge')]")).await;
    window.see("//*[.='Acknowledged: it is yours.']").await;
    assert_eq!(client.details(own)["status"], "ACKNOWLEDGED");

    let id = create(client, &json!({"title": "Checkout is slow", "service_ref_id": service}));
    window.open(&format!("{site}/app/incidents/{id}")).await;
    window.press("//div[@class='bar']//button[.='Acknowledge']").await;
    window.see("//*[.='Acknowledged: it is yours.']").await;
    for command in &COMMANDS[..17] {
        give(window, *command).await;
    }
    assert!(client.details(id)["merged_into"].is_i64());
    window.open(&format!("{site}/app/incidents/{own}")).await;
    give(window, COMMANDS[17]).await;
    assert_eq!(client.details(own)["status"], "RESOLVED");

    window.open(&format!("{site}/app/incidents/new")).await;
    window.fill("//input[@name='title']", "Cards are refused").await;
    window.press("//fieldset[@id='users']//label[.//input[@value='ben']]").await;
    window.press("//button[.='Who would be asked?']").await;
    window.see("//*[@role='status' and contains(., 'Ben Bauer')]").await;
    window.press("//button[.='Make it']").await;
    window.see("//h1[.='Cards are refused']").await;
    let made = client.details(own)["instance_id"].as_i64().expect("a number") + 2;

    window.open(&format!("{site}/app/incidents")).await;
    window.press(&format!("//tr[@id='i{made}']//label")).await;
    window.press("//button[.='Acknowledge']").await;
    window.see("//*[@role='status' and contains(., 'Done: 1')]").await;
    assert_eq!(client.details(made)["status"], "ACKNOWLEDGED");
}

/// What is posted to a path of the site as a form of its own would, and what is answered: the status, and the page's words.
const POSTED: &str = "const answer = await fetch('PATH', {method: 'POST', body: new URLSearchParams(FIELDS)}); \
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html'); \
    return [answer.status, page.querySelector('main').textContent];";

/// Posts it all the same; what is said then.
async fn refused(window: &Window, path: &str, fields: &Value) -> String {
    let script = POSTED.replace("PATH", path).replace("FIELDS", &fields.to_string());
    let told = window.ask(&script).await;
    assert_eq!(told[0], 403, "{path}: {told}");
    told[1].as_str().expect("words").to_owned()
}

/// Forms by which something is done, on a page.
const FORMS: &str = "//main//form[@method='post']";

/// Sees everything, is offered nothing, and is told why not.
async fn looks_on(window: &Window, client: &mut Client, site: &str) {
    let id = create(client, &json!({"title": "Disk full", "users": "ben"}));
    for width in WIDTHS {
        window.look_as(width, "light").await;
        for page in ["now", "incidents", "services/checkout", "routines/payments", "policies/primary", "people/ben"] {
            window.open(&format!("{site}/app/{page}")).await;
            window.see("//h1").await;
            let saves = "[not(contains(@action, '/incidents/views'))]";
            assert_eq!(window.count(&format!("{FORMS}{saves}")).await, 0, "{page} at {width}");
            assert_eq!(
                window.count("//main//a[starts-with(@href, '/app/edit/') or @href='/app/incidents/new']").await,
                0
            );
        }
        window.open(&format!("{site}/app/incidents/{id}")).await;
        window.see("//h1[.='Disk full']").await;
        assert_eq!(window.count(FORMS).await, 0);
    }
    let [business, set, workflow] =
        [("business-services", "trading"), ("response-sets", "major incident"), ("workflows", "open a war room")]
            .map(|(kind, name)| reference(client, kind, name));
    let fields = json!({"status": "OPEN", "notes": "x", "title": "x", "related_instance_id": id, "snooze_for": 30, "reassign_to": "ben",
        "assignees": "ben", "status_update": "x", "subscribers": "ben", "urgency_level": 5, "tags": "x",
        "business_service_ref_id": business, "response_set_ref_id": set, "workflow_ref_id": workflow});
    for operation in ["acknowledge"].into_iter().chain(COMMANDS.map(|(operation, ..)| operation)) {
        let words = refused(window, &format!("/app/incidents/{id}/{operation}"), &fields).await;
        assert!(words.contains("Needs responder"), "{operation}: {words}");
    }
    let after = client.details(id);
    let kept = [&after["status"], &after["task"]["task_title"], &after["notes"]];
    assert_eq!(kept, [&json!("OPEN"), &json!("Disk full"), &json!([])]);
    assert!(!after["events"].to_string().contains("\"WEB\""), "{after}");
}

/// What managers do beside: a service is changed and put into maintenance.
async fn arranges(window: &Window, client: &mut Client, (site, width): (&str, u32)) {
    window.open(&format!("{site}/app/services/checkout")).await;
    window.press("//a[starts-with(@href, '/app/edit/services/checkout')]").await;
    let said = format!("Carts, seen at {width}");
    window.fill("//*[@name='description']", &said).await;
    window.press("//main//button[.='Save']").await;
    window.see("//*[@role='status']").await;
    let id = reference(client, "services", "checkout");
    assert_eq!(client.get(&format!("/v1/services/{id}")).json()["description"], said);
}

#[test]
fn responders_and_managers_give_each_command_by_its_button_and_observers_are_offered_none_and_refused_in_words() {
    let mut home = Home::new(Database::Sqlite);
    let mut server = home.demo(&["--without-incidents"]);
    let key = server.printed(|line| line.strip_prefix("api key: ").map(str::to_owned));
    let site = format!("http://localhost:{}", server.address.port());
    home.set("database.url", &format!("sqlite:{}", home.path("demo/demo.db").display()));
    let mut client = server.client(&key);
    let links = ["responder", "manager", "observer"].map(|role| {
        client.done("/v1/users", &json!({"username": role, "role": role, "email": format!("{role}@example.com")}));
        let told = home.succeed(&["user", "invite", "--organization", "demo", role]);
        format!(
            "{site}{}",
            told[told.find("/app/invite/").expect("a path")..].split_whitespace().next().expect("a link")
        )
    });
    let body = async move |window: Window| {
        let [responder, manager, observer] = &links;
        for (who, link) in [("responder", responder), ("manager", manager)] {
            enter(&window, link).await;
            for width in WIDTHS {
                window.look_as(width, "light").await;
                // What both do has the same forms; on the desk it is walked once.
                if who == "responder" || width < 500 {
                    works(&window, &mut client, (&site, who)).await;
                }
                if who == "manager" {
                    arranges(&window, &mut client, (&site, width)).await;
                }
            }
        }
        enter(&window, observer).await;
        looks_on(&window, &mut client, &site).await;
    };
    Window::run(&home.path("chromium"), body);
}
