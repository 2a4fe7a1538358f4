//! Rules about files as a whole: their names, lengths and first lines.

use super::nothing_breaks;
use super::tree::{files, rust_files};

const MOST_LINES: usize = 400;

#[test]
fn no_file_is_longer_than_four_hundred_lines() {
    let mut violations = Vec::new();
    for file in files() {
        let ours = file.is(&["rs", "sql", "css", "html", "js", "toml", "md"]);
        let lines = file.text.lines().count();
        if ours && !file.path.contains("/vendor/") && lines > MOST_LINES {
            violations.push(format!("{}:{lines}: {lines} lines", file.path));
        }
    }
    nothing_breaks("a file has at most 400 lines; split it by what it is about", &violations);
}

#[test]
fn no_file_or_folder_has_a_name_that_says_nothing() {
    const EMPTY: [&str; 8] = ["util", "utils", "helper", "helpers", "common", "misc", "core", "manager"];
    let mut violations = Vec::new();
    for file in files() {
        let stems = file.path.split('/').map(|part| part.split('.').next().unwrap_or(part));
        let said = stems.into_iter().find(|stem| EMPTY.contains(stem));
        violations.extend(said.map(|stem| format!("{}:1: `{stem}`", file.path)));
    }
    nothing_breaks("a name says what is inside", &violations);
}

#[test]
fn every_rust_file_opens_with_one_sentence_about_itself() {
    let files = rust_files().into_iter().filter(|file| !file.text.starts_with("//! "));
    let violations: Vec<_> = files.map(|file| format!("{}:1", file.path)).collect();
    nothing_breaks("the first line is `//!` and a sentence: what is here", &violations);
}
