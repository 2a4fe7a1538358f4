//! Rules about `docs/security.md`: each claim names tests, and each path that wants no key is told.

use std::fs;

use super::documents::{tests_of, watchers};
use super::nothing_breaks;
use super::tree::{files, root, rust_files};

const DOCUMENT: &str = "docs/security.md";
const ROUTER: &str = "crates/web/src/router.rs";

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).expect("it is there")
}

/// The claims: the entries of lists below the headings between `## What is defended` and `## What is not defended`, with
/// their lines.
fn claims(text: &str) -> Vec<(usize, String)> {
    let mut claims: Vec<(usize, String)> = Vec::new();
    let (mut is_within, mut is_open) = (false, false);
    for (number, line) in (1..).zip(text.lines()) {
        if let Some(heading) = line.strip_prefix("## ") {
            is_within = heading == "What is defended" || is_within && heading != "What is not defended";
        }
        if is_within && line.starts_with("- ") {
            claims.push((number, line.to_owned()));
            is_open = true;
        } else if line.starts_with("  ") && is_open {
            if let Some((_, claim)) = claims.last_mut() {
                claim.push('\n');
                claim.push_str(line.trim_start());
            }
        } else {
            is_open = false;
        }
    }
    claims
}

#[test]
fn every_claim_about_security_names_tests_that_are_there() {
    let known: Vec<String> = rust_files().iter().flat_map(|file| tests_of(&file.text)).collect();
    let claims = claims(&read(DOCUMENT));
    assert!(claims.len() > 30, "{}", claims.len());
    let mut violations = Vec::new();
    for (line, claim) in claims {
        let named = watchers(&claim);
        if named.is_empty() {
            violations.push(format!("{DOCUMENT}:{line}: no test watches over it"));
        }
        let unknown = named.into_iter().filter(|name| !known.contains(name));
        violations.extend(unknown.map(|name| format!("{DOCUMENT}:{line}: `{name}` is no test")));
    }
    nothing_breaks("a claim ends with `Watched by` and the names of tests", &violations);
}

#[test]
fn claims_are_read_with_all_their_lines() {
    let text = "## Trust\n- a\n## What is defended\n### Keys\n- b\n  Watched by `c_d`,\n  `e_f`.\n\ng\n- h\n\
        ## What is not defended\n- i\n";
    assert_eq!(claims(text), [(5, "- b\nWatched by `c_d`,\n`e_f`.".to_owned()), (10, "- h".to_owned())]);
    assert_eq!(watchers("- b\nWatched by `c_d`,\n`e_f`."), ["c_d", "e_f"]);
}

#[test]
fn every_path_that_wants_no_key_is_told() {
    let (router, document) = (read(ROUTER), read(DOCUMENT));
    let mut paths = Vec::new();
    for rest in router.split(".route(").skip(1) {
        // What the table of operations brings has no literal, and wants a key.
        let literal = rest.trim_start().trim_start_matches("&format!(");
        let path = literal.strip_prefix('"').and_then(|literal| literal.split('"').next());
        paths.extend(path.map(|path| path.replace("{slash}", "").replace("{{", "{").replace("}}", "}")));
    }
    assert!(paths.len() >= 12, "{paths:?}");
    let untold: Vec<_> = paths.into_iter().filter(|path| !document.contains(&format!("`{path}`"))).collect();
    nothing_breaks("docs/security.md names each path that is served without a key", &untold);
}

#[test]
fn one_template_alone_shows_what_is_not_escaped() {
    const WRITTEN: &str = "crates/web/templates/console/written.html";
    let files = files();
    let saying = |ending: &str, words: &[&str]| {
        let of_web = files.iter().filter(|file| file.path.starts_with("crates/web/") && file.path.ends_with(ending));
        let saying = of_web.filter(|file| words.iter().any(|word| file.text.contains(word)));
        saying.map(|file| file.path.clone()).collect::<Vec<_>>()
    };
    assert_eq!(saying(".html", &["|safe", "| safe", "|escape", "| escape"]), [WRITTEN]);
    let in_code = saying(".rs", &["escape = \"none\"", "HtmlSafe", "filters::Safe"]);
    nothing_breaks("what pages show is escaped", &in_code);
}
