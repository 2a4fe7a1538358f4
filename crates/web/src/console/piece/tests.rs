//! Every piece, drawn.

use super::{Empty, FieldProblem, Managed, Pager, StateBadge, Tab, UrgencyBadge};
use crate::console::time::{Clock, Moment};
use askama::Template;
use domain::incident::Status;
use domain::{Instant, Urgency};

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"{% import "console/pieces.html" as pieces %}
{% call pieces::time(moment) %}{% endcall %}
{% for badge in urgencies %}{% call pieces::urgency(badge) %}{% endcall %}{% endfor %}
{% for badge in states %}{% call pieces::state(badge) %}{% endcall %}{% endfor %}
{% call pieces::empty(empty) %}{% endcall %}
{% call pieces::pager(pager) %}{% endcall %}
{% call pieces::tabs("State", tabs) %}{% endcall %}
{% call pieces::problems(problems) %}{% endcall %}
{% for problem in problems %}{% call pieces::field_problem(problem) %}{% endcall %}{% endfor %}
{% call pieces::managed(managed) %}{% endcall %}"#
)]
struct Pieces {
    moment: Moment,
    urgencies: Vec<UrgencyBadge>,
    states: Vec<StateBadge>,
    empty: Empty,
    pager: Pager,
    tabs: Vec<Tab>,
    problems: Vec<FieldProblem>,
    managed: Managed,
}

fn pieces() -> Pieces {
    let tab = |title: &str, count, is_current| Tab {
        address: "?tab=x".to_owned(),
        title: title.to_owned(),
        count,
        name: "",
        is_current,
    };
    let problem = |field: &str, words: &str| FieldProblem {
        field: field.to_owned(),
        label: "Name".to_owned(),
        words: words.to_owned(),
    };
    let clock = Clock::of([Some("Europe/Berlin")], Instant::parse("2026-11-29T11:12:30Z").unwrap());
    Pieces {
        moment: clock.moment(Instant::parse("2026-11-29T11:07:28Z").unwrap()),
        urgencies: Urgency::ALL.into_iter().rev().map(UrgencyBadge::from).collect(),
        states: Status::ALL.into_iter().map(StateBadge::from).collect(),
        empty: Empty {
            what: "No routines yet".to_owned(),
            why: "A routine says who is on call.".to_owned(),
            button: Some(("/app/routines/new".to_owned(), "New routine".to_owned())),
            command: Some("reveille apply acme.toml".to_owned()),
            docs: Some("/docs".to_owned()),
        },
        pager: Pager {
            from: 51,
            to: 100,
            total: Some(132),
            before: Some("?".to_owned()),
            after: Some("?a=1&b=2".to_owned()),
        },
        tabs: vec![tab("OPEN", Some(4), true), tab("resolved", None, false)],
        problems: vec![problem("name", "must not be empty"), problem("to", "<script> is no name")],
        managed: Managed::by_file(Some("acme.toml:41")),
    }
}

#[test]
fn every_piece_is_drawn_by_word_and_shape_with_what_a_reader_without_eyes_or_script_needs() {
    let page = pieces().render().unwrap();
    for piece in [
        "<time datetime=\"2026-11-29T11:07:28Z\">12:07 today · <span data-far>5 min ago</span></time>",
        "<span class=\"urgency u5\"><span class=\"shape\" aria-hidden=\"true\">▲▲</span> Critical</span>",
        "▲</span> High",
        "●</span> Medium",
        "▽</span> Low",
        "·</span> Minor",
        "<span class=\"state open\">OPEN</span>",
        "<span class=\"state taken\">ACK</span>",
        "<span class=\"state over\">resolved</span>",
        "<a class=\"button primary\" href=\"/app/routines/new\">New routine</a>",
        "<code>reveille apply acme.toml</code>",
        "<span>51–100 of 132</span>",
        "rel=\"next\">After ›</a>",
        "aria-current=\"page\">OPEN <span class=\"count\">4</span></a>",
        "2 things are wrong",
        "<a href=\"#name\">Name must not be empty</a>",
        "<p class=\"problem\" id=\"name-problem\">Name must not be empty.</p>",
        "Managed by <code>acme.toml:41</code>. Change it there, and run <code>reveille apply</code>.</p>",
    ] {
        assert!(page.contains(piece), "{piece}: {page}");
    }
    assert!(!page.contains("<script>") && page.contains("#60;script"), "text from outside is text: {page}");
}

#[test]
fn what_is_not_there_is_not_drawn() {
    let empty = Empty { button: None, command: None, docs: None, ..pieces().empty };
    let pager = Pager { total: None, before: None, after: None, ..pieces().pager };
    let page = Pieces { empty, pager, problems: Vec::new(), ..pieces() }.render().unwrap();
    for none in ["class=\"button", "command line", " of 132", "role=\"alert\"", "Read about it"] {
        assert!(!page.contains(none), "{none}: {page}");
    }
}
