//! Rules about documents: decision notes are numbered, dependencies have reasons, links lead somewhere.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::nothing_breaks;
use super::tree::{File, files, root, rust_files};

const DECISIONS: &str = "docs/decisions/";
const DEPENDENCIES: &str = "docs/decisions/0004-dependencies.md";

#[test]
fn decision_notes_are_numbered_without_gaps() {
    let files = files();
    let notes = files.iter().filter_map(|file| Some((file, file.path.strip_prefix(DECISIONS)?)));
    let mut violations = Vec::new();
    for (expected, (file, name)) in (1..).zip(notes) {
        if !name.starts_with(&format!("{expected:04}-")) || !name.ends_with(".md") {
            violations.push(format!("{}:1: expected {expected:04}-TITLE.md", file.path));
        }
    }
    nothing_breaks("notes are numbered 0001, 0002, 0003 and on", &violations);
}

#[test]
fn every_dependency_has_a_reason_and_every_reason_a_dependency() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).expect("the workspace's manifest");
    let manifest: toml::Table = manifest.parse().expect("a manifest is TOML");
    let named = manifest["workspace"]["dependencies"].as_table().expect("a table");
    // Crates of ours are given by a path.
    let named = named.iter().filter(|(_, value)| value.get("path").is_none());
    let named: BTreeSet<&str> = named.map(|(name, _)| name.as_str()).collect();
    let note = fs::read_to_string(root().join(DEPENDENCIES)).expect("the note of dependencies");
    let reasons: BTreeSet<&str> = note.lines().filter_map(reason_for).collect();
    let without = named.difference(&reasons).map(|name| format!("Cargo.toml: {name}: no reason"));
    let gone = reasons.difference(&named).map(|name| format!("{DEPENDENCIES}: {name}: not used"));
    nothing_breaks("a dependency wants a reason", &without.chain(gone).collect::<Vec<_>>());
}

#[test]
fn links_between_documents_lead_somewhere() {
    let mut violations = Vec::new();
    for file in files().iter().filter(|file| file.is(&["md"])) {
        for (line, target) in links(file) {
            let folder = Path::new(&file.path).parent().unwrap_or(Path::new(""));
            if !root().join(folder).join(&target).exists() {
                violations.push(format!("{}:{line}: {target}", file.path));
            }
        }
    }
    nothing_breaks("a relative link names a file or folder that is there", &violations);
}

#[test]
fn tests_that_a_document_says_watch_over_something_exist() {
    let known: BTreeSet<String> = rust_files().iter().flat_map(|file| tests_of(&file.text)).collect();
    let mut violations = Vec::new();
    for file in files().iter().filter(|file| file.is(&["md"])) {
        let unknown = watchers(&file.text).into_iter().filter(|name| !known.contains(name));
        violations.extend(unknown.map(|name| format!("{}: `{name}`", file.path)));
    }
    nothing_breaks("`Watched by` names tests that are there", &violations);
}

/// The names of all tests in a text: functions below an attribute that ends in `test`.
pub(super) fn tests_of(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut is_test = false;
    for line in text.lines().map(str::trim_start) {
        let name = line.strip_prefix("fn ").or_else(|| line.strip_prefix("async fn "));
        if let Some(name) = name.filter(|_| is_test) {
            names.extend(name.split(['(', '<']).next().map(str::to_owned));
        }
        is_test = line.starts_with("#[test]") || line.starts_with("#[tokio::test") || is_test && line.starts_with("#[");
    }
    names
}

/// The names in code after `Watched by`, to the end of the paragraph.
pub(super) fn watchers(text: &str) -> Vec<String> {
    let paragraphs = text.split("\nWatched by ").skip(1).map(|rest| rest.split("\n\n").next().unwrap_or(rest));
    let is_letter = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_';
    let is_name = |word: &&str| word.contains('_') && word.chars().all(is_letter);
    paragraphs
        .flat_map(|paragraph| paragraph.split('`').skip(1).step_by(2))
        .filter(is_name)
        .map(str::to_owned)
        .collect()
}

#[test]
fn watchers_are_read_to_the_end_of_their_paragraph() {
    let text = "One `thing`.\nWatched by `a_b`,\n`c_9`; [`e.rs`](e.rs).\n\nAnother `f_g`.";
    assert_eq!(watchers(text), ["a_b", "c_9"]);
    let text = "fn no() {}\n#[test]\nfn one() {}\n    #[tokio::test]\n    async fn two() {}\nfn nor() {}\n\
        #[test]\n#[cfg(unix)]\nfn three() {}";
    assert_eq!(tests_of(text), ["one", "two", "three"]);
}

/// The crate that a row of the table gives a reason for: a row begins with the name as code.
fn reason_for(line: &str) -> Option<&str> {
    line.strip_prefix("| `")?.split_once("` | ").map(|(name, _)| name)
}

/// The targets of relative links with their lines, without anchors; code blocks do not count.
fn links(file: &File) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut in_code = false;
    for (number, line) in file.lines() {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        }
        if in_code {
            continue;
        }
        for rest in line.split("](").skip(1) {
            let target = rest.split([')', ' ']).next().unwrap_or(rest);
            let path = target.split('#').next().unwrap_or(target);
            let leads_away = ["http:", "https:", "mailto:"].iter().any(|to| path.starts_with(to));
            if !path.is_empty() && !leads_away {
                found.push((number, path.to_owned()));
            }
        }
    }
    found
}

#[test]
fn relative_links_are_found_and_others_left_alone() {
    let text = "[a](b.md#c) ![d](e.png)\n```\n[f](g)\n```\n[h](https://i) [j](#k)";
    let file = File { path: "x.md".to_owned(), text: text.to_owned() };
    assert_eq!(links(&file), [(1, "b.md".to_owned()), (1, "e.png".to_owned())]);
}
