//! Notes in Markdown: how they are shown, how they are looked at before, and what stays text.

use super::{says, welcomed};
use checks::{Api, Browser};
use serde_json::json;

const NOTE: &str = "**Found it**: see [the runbook](https://wiki.example/disk)\n<img src=x onerror=alert(1)>";
const SHOWN: &str = "<p><strong>Found it</strong>: see <a href=\"https://wiki.example/disk\" rel=\"noopener noreferrer\">\
    <bdi>the runbook</bdi> (wiki.example) ↗</a><br>&#60;img src=x onerror=alert(1)&#62;</p>";

/// What subscribers were told and alerts say is text, and so is what a monitoring tool noted.
#[test]
fn a_note_is_shown_as_it_was_meant_and_what_came_from_elsewhere_as_text() {
    Api::reached_on_both(|api| {
        let ana = welcomed(api, "ana", "192.0.2.1");
        let made =
            api.ok("create", &json!({"title": "**Disk**", "description": "a *b* https://a.example", "users": ["ana"]}));
        api.ok("update-status", &json!({"instance_id": made["instance_id"], "status_update": "we **look**"}));
        says(&ana.post("/app/incidents/1/notate", &[("notes", NOTE), ("idempotency_key", "n")]), 200, SHOWN);
        let page = ana.get("/app/incidents/1");
        says(&page, 200, SHOWN);
        says(&page, 200, "<bdi>we **look**</bdi>");
        says(&page, 200, "<bdi>a *b* https://a.example</bdi>");
        says(&page, 200, "<h1><bdi>**Disk**</bdi></h1>");
    });
}

#[test]
fn a_note_is_looked_at_before_it_is_written_down_and_stays_typed() {
    let api = Api::reachable(checks::Database::Sqlite);
    let ana = welcomed(&api, "ana", "192.0.2.1");
    api.incident("Disk full");
    let look = |browser: &Browser<'_>| {
        browser.post("/app/incidents/1/notate", &[("notes", NOTE), ("preview", "yes"), ("idempotency_key", "n")])
    };
    let page = look(&ana);
    says(&page, 200, SHOWN);
    assert!(page.text().contains("<section id=\"preview\""), "{}", page.text());
    says(&page, 200, "name=\"notes\" aria-describedby=\"notate-notes-hint\">**Found it**: see [the runbook]");
    assert!(!ana.get("/app/incidents/1").text().contains("Found it"), "nothing was written down");
    let empty = ana.post("/app/incidents/1/notate", &[("notes", " "), ("preview", "yes")]);
    assert!(!empty.text().contains("id=\"preview\""), "{}", empty.text());
}
