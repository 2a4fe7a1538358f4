//! What is seldom: a day of 25 hours, one of 23, and ten thousand of a kind; read on a phone and on a desk.

use super::chromium::Window;
use checks::{Database, Home};
use serde_json::{Value, json};

/// A telephone, and a desk.
const WIDTHS: [u32; 2] = [360, 1280];
/// Of so many services the list is turned over, and a thousand are made at a time.
const SERVICES: usize = 10_000;
const AT_ONCE: usize = 1_000;

/// How far the page goes beyond its side.
const BEYOND: &str = "const page = document.documentElement; return page.scrollWidth - page.clientWidth;";

#[test]
fn a_day_of_25_hours_and_one_of_23_are_told_and_covered_on_the_page_of_a_routine() {
    let home = Home::new(Database::Sqlite);
    let mut server = home.demo(&["--without-incidents"]);
    let key = server.printed(|line| line.strip_prefix("api key: ").map(str::to_owned));
    let link = server.printed(|line| line.strip_prefix("sign in: ").map(str::to_owned));
    let site = format!("http://localhost:{}", server.address.port());
    let layer = json!({"valid_start": "2027-01-01", "rotations": [["ana"], ["ben"]]});
    let routine = json!({"name": "always", "timezone": "Europe/Berlin", "routine_layers": [layer]});
    server.client(&key).done("/v1/routines", &routine);
    let body = async move |window: Window| {
        window.open(&link).await;
        window.see("//h1[.='Now']").await;
        for (from, day, hours) in [("2027-10-25", "Sun 31 Oct", "25 h"), ("2027-03-22", "Sun 28 Mar", "23 h")] {
            for width in WIDTHS {
                window.look_at_width(width).await;
                let zone = "zone=Europe%2FBerlin";
                window.open(&format!("{site}/app/routines/always?from={from}&days=14&{zone}")).await;
                window.see(&format!("//p[contains(., 'Clocks are changed on {day} ({hours})')]")).await;
                window.see(&format!("//*[self::h2 or self::h3 or self::dt][contains(., '{day} ({hours})')]")).await;
                // Whoever is on call goes on through the hour that comes twice, and the one that is left out.
                assert_eq!(window.count("//*[contains(., 'nobody') or contains(., 'Nobody:')][self::li]").await, 0);
                assert_eq!(window.ask(BEYOND).await, json!(0), "{from} at {width}");
            }
        }
    };
    Window::run(&home.path("chromium"), body);
}

#[test]
fn ten_thousand_of_a_kind_are_listed_a_page_at_a_time_and_searched_on_a_phone() {
    let home = Home::new(Database::Sqlite);
    let mut server = home.demo(&["--without-incidents"]);
    let key = server.printed(|line| line.strip_prefix("api key: ").map(str::to_owned));
    let link = server.printed(|line| line.strip_prefix("sign in: ").map(str::to_owned));
    let site = format!("http://localhost:{}", server.address.port());
    let mut client = server.client(&key);
    for begin in (0..SERVICES).step_by(AT_ONCE) {
        let service = |number: usize| {
            let body = json!({"name": format!("service {number:05}"), "escalation_policy": "primary"});
            json!({"do": "create", "kind": "service", "body": body})
        };
        let changes: Vec<Value> = (begin..begin + AT_ONCE).map(service).collect();
        client.done("/v1/directory/changes", &json!({"changes": changes}));
    }
    let order = json!({"title": "One of many", "users": ["ana"]});
    client.done("/incidents/create", &order);
    let body = async move |window: Window| {
        window.open(&link).await;
        window.see("//h1[.='Now']").await;
        for width in WIDTHS {
            window.look_at_width(width).await;
            window.open(&format!("{site}/app/services")).await;
            window.see("//h1").await;
            assert_eq!(window.count("//tbody/tr").await, 50, "a page at a time");
            assert_eq!(window.ask(BEYOND).await, json!(0), "the list at {width}");
            window.open(&format!("{site}/app/services?q=09999")).await;
            window.see("//tbody/tr//a[contains(., 'service 09999')]").await;
            // The list of incidents offers them as filters.
            window.open(&format!("{site}/app/incidents?service=service+09999")).await;
            window.see("//*[contains(., 'No incident is like this')]").await;
            assert_eq!(window.ask(BEYOND).await, json!(0), "the filters at {width}");
        }
    };
    Window::run(&home.path("chromium"), body);
}
