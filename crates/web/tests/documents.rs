//! The generated documents in `docs/` are those that the table makes now, and the page holds together.
#![cfg(test)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Compares a document with what stands in the tree, or writes it there when `REVEILLE_WRITE_DOCS` is 1.
fn check(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(name);
    if std::env::var("REVEILLE_WRITE_DOCS").is_ok_and(|value| value == "1") {
        assert!(fs::write(&path, text).is_ok(), "docs/{name} cannot be written");
    }
    let there = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        there == text,
        "docs/{name} is out of date: run `REVEILLE_WRITE_DOCS=1 cargo test --workspace --test documents`"
    );
}

#[test]
fn the_list_of_errors_is_fresh() {
    check("errors.md", &web::docs::errors_markdown());
}

#[test]
fn the_page_about_senders_is_fresh() {
    check("integrations.md", &web::docs::integrations_markdown());
}

#[test]
fn the_openapi_document_is_fresh() {
    let text = serde_json::to_string_pretty(&web::openapi::document()).expect("it is JSON");
    check("openapi.json", &(text + "\n"));
}

#[test]
fn the_page_has_every_operation_and_error_and_its_anchors_lead_somewhere() {
    let page = web::docs::page().expect("the template renders");
    let ids: Vec<_> = attributes(&page, "id=\"");
    let known: BTreeSet<_> = ids.iter().collect();
    assert_eq!(ids.len(), known.len(), "an id stands twice");
    for target in attributes(&page, "href=\"#") {
        assert!(known.contains(&target), "#{target} leads nowhere");
    }
    for operation in web::operation::operations() {
        assert!(known.contains(&operation.name.to_owned()), "{}", operation.name);
    }
    for code in web::operation::Code::ALL {
        assert!(known.contains(&format!("error-{}", code.word())), "{}", code.word());
    }
}

#[test]
fn the_page_needs_nothing_that_a_strict_policy_forbids() {
    let page = web::docs::page().expect("the template renders");
    for forbidden in ["<script", "<style", " style=", " onclick", "src=", "@import"] {
        assert!(!page.contains(forbidden), "{forbidden}");
    }
    assert!(!web::docs::STYLE.contains("url("));
    let links = attributes(&page, "href=\"");
    assert!(links.iter().all(|link| link.starts_with('#') || link.starts_with('/')), "{links:?}");
}

fn attributes(page: &str, opening: &str) -> Vec<String> {
    page.split(opening).skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect()
}
