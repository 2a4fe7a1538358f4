//! The page of a routine, drawn.

use super::{Page, Shown, View, shown};
use crate::console::form::Form;
use crate::console::frame::Frame;
use crate::console::on_call::made_up::{add_payments, add_policy, add_routine, add_user, clock, directory};
use crate::console::on_call::routine::period::Period;
use crate::console::on_call::routine::swap::{Coming, SwapForm, Typed, problems};
use crate::gate::Problem;
use askama::Template;
use domain::directory::Directory;
use serde_json::{Value, json};

fn seen(directory: &Directory, query: &str) -> Shown {
    let entry = directory.routines.named("payments").unwrap();
    let period = Period::of(&Form::read(query.as_bytes()), &clock(), 3660);
    shown(directory, entry, &View { clock: clock(), period, path: "/app/routines/payments".to_owned() })
}

fn page(shown: Shown) -> Page {
    Page {
        frame: Frame::closed(),
        shown,
        address: "/app/routines/payments".to_owned(),
        edit: None,
        form: None,
        except: None,
        may_take_back: false,
        coming: Vec::new(),
        exceptions: Vec::new(),
        wants: None,
        notice: None,
        refused: Vec::new(),
        preview: None,
        keeping: crate::console::set_up::Keeping::default(),
    }
}

fn form() -> SwapForm {
    let person = |username: &str, name: &str| (username.to_owned(), name.to_owned());
    SwapForm {
        key: "key".to_owned(),
        typed: Typed { out: "ana".to_owned(), from: "2026-11-29T18:00".to_owned(), ..Typed::default() },
        outs: vec![person("ana", "Ana Alves")],
        ins: vec![person("ben", "<b>Ben</b>")],
        zone: "Europe/Berlin".to_owned(),
        problems: Vec::new(),
        cover: None,
        is_asked_for: false,
    }
}

#[track_caller]
fn has(page: &str, words: &[&str]) {
    for words in words {
        assert!(page.contains(words), "{words}: {page}");
    }
}

#[test]
fn the_drawing_the_list_and_the_figures_tell_the_same() {
    let mut directory = directory();
    add_payments(&mut directory);
    add_policy(&mut directory, "p", &json!([{"minutes": 5, "routines": ["payments"]}]));
    let page = page(seen(&directory, "days=14")).render().unwrap();
    has(
        &page,
        &[
            "<svg class=\"drawing timeline-drawing\" viewBox=\"0 0 1200",
            "role=\"img\" aria-label=\"Time line",
            "FINAL",
            "class=\"gap\"",
            "<strong>Nobody is on call</strong> at these times:",
            "<li>09:00–18:00 today, 9 h</li>",
            "Mon 23 Nov 2026 – Sun 6 Dec 2026",
            "<a class=\"hit\" href=\"/app/policies/p\"><bdi>p</bdi> level 1</a>",
            "aria-current=\"page\">2 weeks</a>",
            "href=\"/app/routines/payments?days=42\">6 weeks</a>",
            "href=\"/app/routines/payments?from=2026-12-07\" rel=\"next\"",
            "<td class=\"number\" data-label=\"Hours\">105</td>",
            "<td class=\"number\" data-label=\"Nights\">7</td>",
        ],
    );
    for none in ["style=", "<script", "Swap a shift", "#swap"] {
        assert!(!page.contains(none), "{none}: {page}");
    }
}

#[test]
fn whoever_may_swap_has_a_form_and_links_that_prefill_it() {
    let mut directory = directory();
    add_payments(&mut directory);
    let shown = seen(&directory, "");
    let mut page = page(shown);
    page.form = Some(form());
    let coming = |id: Option<&str>| Coming {
        out: "Ana Alves".to_owned(),
        stand_in: None,
        span: "tomorrow".to_owned(),
        by: Some("<i>".to_owned()),
        id: id.map(str::to_owned),
        is_own: false,
    };
    page.coming = vec![coming(Some("zB5")), coming(None)];
    page.may_take_back = true;
    has(
        &page.render().unwrap(),
        &[
            "href=\"/app/routines/payments?swap=ana%7E2026-11-29T17%3A00%3A00.000000Z%7E2026-11-30T08%3A00%3A00.000000Z#swap\"",
            "aria-label=\"Swap Ana Alves, 18:00 today",
            "Times are those of the routine, Europe/Berlin.",
            "<option value=\"ana\" selected>Ana Alves</option>",
            "<option value=\"ben\">&#60;b&#62;Ben&#60;/b&#62;</option>",
            "name=\"idempotency_key\" value=\"key\"",
            "name=\"swap_ref_id\" value=\"zB5\"",
            "It stands in the routine itself, and is removed there.",
            "<bdi>&#60;i&#62;</bdi>",
        ],
    );
    page.may_take_back = false;
    assert!(!page.render().unwrap().contains("take-back"));
}

#[test]
fn what_is_refused_stands_beside_its_field_and_what_was_typed_is_kept() {
    let mut directory = directory();
    add_payments(&mut directory);
    let problem = Problem::invalid(vec!["until: must be in the future".to_owned(), "swaps: too many".to_owned()]);
    let mut page = page(seen(&directory, ""));
    page.form = Some(SwapForm { problems: problems(&problem), is_asked_for: true, ..form() });
    has(
        &page.render().unwrap(),
        &[
            "2 things are wrong",
            "<a href=\"#until\">Until must be in the future</a>",
            "<p class=\"problem\" id=\"until-problem\">Until must be in the future.</p>",
            "aria-describedby=\"until-problem\"",
            "<a href=\"#swap\"> swaps: too many</a>",
            "value=\"2026-11-29T18:00\"",
        ],
    );
}

#[test]
fn a_routine_without_layers_is_a_gap_and_no_table() {
    let mut directory = directory();
    add_routine(&mut directory, "payments", "Europe/Berlin", &json!([]));
    let page = page(seen(&directory, "days=1")).render().unwrap();
    has(&page, &["Nobody is on call in these days.", "00:00–24:00", "No level of a policy names it"]);
}

#[test]
fn hostile_names_many_layers_and_many_people_are_drawn_as_text() {
    let mut directory = directory();
    let mut people: Vec<String> = (0..300).map(|number| format!("user{number}")).collect();
    add_user(&mut directory, &json!({"username": "evil", "display_name": "</text><script>alert(1)</script>"}));
    add_user(&mut directory, &json!({"username": "rtl", "display_name": "\u{202e}نوبة".repeat(40)}));
    people.extend(["evil".to_owned(), "rtl".to_owned()]);
    let layer = |number: usize| -> Value {
        json!({"layer_name": format!("</text><b>{number}{}", "W".repeat(400)), "valid_start": "2026-01-01",
            "rotations": people.iter().map(|user| vec![user]).collect::<Vec<_>>()})
    };
    let layers: Vec<Value> = (0..100).map(layer).collect();
    add_routine(&mut directory, "payments", "Europe/Berlin", &json!(layers));
    let page = page(seen(&directory, "days=42")).render().unwrap();
    for markup in ["<script", "<b>", "</text></"] {
        assert!(!page.contains(markup), "{markup}");
    }
    assert!(page.matches("<title>&#60;/text&#62;&#60;b&#62;").count() == 100, "every layer has a row");
}
