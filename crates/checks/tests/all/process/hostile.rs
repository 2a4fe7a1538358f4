//! Pages full of what nobody would wish for: titles and names of one long word, from right to left, of emoji, with markup; read on
//! the narrowest screens without moving sideways, and shown as the text that they are.

use super::chromium::Window;
use checks::{Client, Database, Home};
use serde_json::json;

/// Screens: the narrowest there are, a small window at twice the size of text, a desk.
const WIDTHS: [u32; 4] = [320, 390, 640, 1280];

/// What is wrong with the page that is open: it goes beyond its side, it made elements of somebody's text, or asked for what it may not.
const WRONG: &str = "const page = document.documentElement, wrong = []; \
    if (page.scrollWidth > page.clientWidth) { \
        const beyond = [...document.querySelectorAll('body *')].filter((it) => it.getBoundingClientRect().right > page.clientWidth + 1 \
            && it.checkVisibility() && !it.closest('.scrolls')); \
        wrong.push(`${page.scrollWidth} wide, for ${beyond.slice(-2).map((it) => it.outerHTML.slice(0, 160)).join(' and ')}`); } \
    if (/[\\u202a-\\u202e]/.test([...document.querySelectorAll('main td, main p')].filter((it) => !it.querySelector('bdi')) \
        .map((it) => it.textContent).join(''))) wrong.push('a name turns the words around it'); \
    if (document.querySelector('#injected, img')) wrong.push('somebody made an element of it'); \
    return wrong.concat(window.forbidden);";

const WATCH: &str = "window.forbidden = []; document.addEventListener('securitypolicyviolation', \
    (event) => window.forbidden.push(event.violatedDirective + ' ' + event.blockedURI));";

/// What somebody may call anything, at most so long.
fn names(most: usize) -> [String; 4] {
    let long = "x".repeat(most);
    let emoji: String = "🔥👩‍🚒".chars().cycle().take(most / 2).collect();
    let markup = "<b id=\"injected\" onclick=\"x()\">bold</b><img src=x onerror=x()>".to_owned();
    // Words of a language from the right, and marks that turn the direction of all that follows.
    let turned = format!("חירום \u{202e}{} مرحبا", "ש".repeat(most / 4));
    [long, emoji, markup, turned]
}

/// Puts what is called so into the organization; the names of the pages to look at.
fn fill(client: &mut Client) -> Vec<String> {
    let mut pages: Vec<String> = [
        "now",
        "incidents",
        "incidents/new",
        "on-call",
        "routines",
        "policies",
        "services",
        "integrations",
        "people",
        "teams",
        "rules",
        "maintenance",
        "search?q=x",
        "me",
        "me/when",
        "me/cover",
        "audit",
        "history",
        "edit/services",
    ]
    .map(str::to_owned)
    .into();
    for (number, name) in names(255).iter().enumerate() {
        let person = format!("p{number}");
        let user = json!({"username": person, "display_name": name, "email": format!("{person}@example.com"), "role": "responder"});
        client.done("/v1/users", &user);
        let layer = json!({"valid_start": "2026-01-01", "rotations": [[person], ["ana"]]});
        let level = json!({"minutes": 5, "routines": [name]});
        let text = format!("{name} and {name}");
        for (kind, page, body) in [
            ("routines", "routines", json!({"name": name, "timezone": "Europe/Berlin", "routine_layers": [layer]})),
            ("escalation-policies", "policies", json!({"name": name, "levels": [level]})),
            ("services", "services", json!({"name": name, "description": text, "escalation_policy": name})),
            ("integrations", "integrations", json!({"name": name, "kind": "generic", "service": name})),
            ("teams", "teams", json!({"name": name, "members": [person]})),
        ] {
            let made = client.done(&format!("/v1/{kind}"), &body);
            pages.push(format!("{page}/{}", made["ref_id"].as_str().expect("an id")));
        }
        pages.push(format!("people/{person}"));
        let title = &names(512)[number];
        let tags = [&names(50)[number]];
        let order =
            json!({"title": title, "users": [person, "ana"], "tags": tags, "description": text, "urgency_level": 5});
        let id = client.done("/incidents/create", &order)["instance_id"].as_i64().expect("a number");
        client.done("/incidents/notate", &json!({"instance_id": id, "notes": title}));
        pages.push(format!("incidents/{id}"));
    }
    pages
}

#[test]
fn whatever_things_are_called_every_page_stays_within_the_narrowest_screen_and_shows_it_as_text() {
    let home = Home::new(Database::Sqlite);
    let mut server = home.demo(&["--without-incidents"]);
    let key = server.printed(|line| line.strip_prefix("api key: ").map(str::to_owned));
    let link = server.printed(|line| line.strip_prefix("sign in: ").map(str::to_owned));
    let site = format!("http://localhost:{}", server.address.port());
    let pages = fill(&mut server.client(&key));
    let (told, hears) = std::sync::mpsc::channel();
    let body = async move |window: Window| {
        window.begin_with(WATCH).await;
        window.open(&link).await;
        window.see("//h1[.='Now']").await;
        for page in pages {
            window.open(&format!("{site}/app/{page}")).await;
            window.see("//h1").await;
            for width in WIDTHS {
                window.look_at_width(width).await;
                for wrong in window.ask(WRONG).await.as_array().expect("a list") {
                    told.send(format!("{page} at {width}: {wrong}")).expect("it is heard");
                }
            }
        }
    };
    Window::run(&home.path("chromium"), body);
    let wrong: Vec<String> = hears.iter().collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
