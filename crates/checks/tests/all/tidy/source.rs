//! Rules about lines of source: words that stand nowhere, and words that stand in one file.

use super::nothing_breaks;
use super::tree::{File, files, rust_files};

const CLOCK: &str = "crates/engine/src/clock.rs";
const CHANCE: &str = "crates/engine/src/ids.rs";
const BEAT: &str = "crates/server/src/beat.rs";

#[test]
fn the_clock_and_chance_are_asked_in_one_file_each() {
    let homes = [
        ("Timestamp::now", CLOCK),
        ("Zoned::now", CLOCK),
        ("SystemTime::now", CLOCK),
        ("Instant::now", CLOCK),
        ("Uuid::new_v4", CHANCE),
        ("getrandom::", CHANCE),
    ];
    let mut violations = Vec::new();
    for (word, home) in homes {
        let elsewhere = |file: &File| file.path != home;
        violations.extend(rust_lines(elsewhere, |line| stands_in(line, word), word));
    }
    nothing_breaks("time and chance are inputs; only clock.rs and ids.rs ask for them", &violations);
}

#[test]
fn only_the_beat_sleeps() {
    let mut violations = Vec::new();
    for word in ["sleep(", "sleep_until(", "sleep_ms("] {
        let elsewhere = |file: &File| file.path != BEAT;
        violations.extend(rust_lines(elsewhere, |line| stands_in(line, word), word));
    }
    nothing_breaks("nobody sleeps but crates/server/src/beat.rs", &violations);
}

#[test]
fn nothing_is_left_for_later() {
    let mut violations = Vec::new();
    for word in ["todo!", "unimplemented!", "dbg!", "#[ignore"] {
        violations.extend(rust_lines(|_| true, |line| stands_in(line, word), word));
    }
    for file in files().iter().filter(|file| !file.is_tidy() && !file.path.contains("/vendor/")) {
        if !file.is(&["rs", "sql", "css", "html", "js", "toml", "sh", "py", "yml", "story"]) {
            continue;
        }
        for (number, line) in file.lines() {
            let word = ["TODO", "FIXME", "XXX"].into_iter().find(|word| stands_in(line, word));
            violations.extend(word.map(|word| format!("{}:{number}: {word}", file.path)));
        }
    }
    nothing_breaks("do it now, or write down that it is not done", &violations);
}

#[test]
fn only_the_store_speaks_sql() {
    let elsewhere = |file: &File| !matches!(file.room(), Some("store" | "checks"));
    let mut violations = Vec::new();
    for file in rust_files().iter().filter(|file| elsewhere(file)) {
        let lines: Vec<_> = file.text.lines().collect();
        for (index, line) in lines.iter().enumerate() {
            if is_sql(line, &lines[index..lines.len().min(index + 3)]) {
                violations.push(format!("{}:{}: {}", file.path, index + 1, line.trim()));
            }
        }
    }
    nothing_breaks("SQL stands in crates/store", &violations);
}

#[test]
fn no_file_names_a_path_of_somebodys_machine() {
    let mut violations = Vec::new();
    for file in files().iter().filter(|file| !file.is_tidy()) {
        for (number, line) in file.lines() {
            let path = ["/work/", "/root/", "/home/"].into_iter().find(|path| begins_at(line, path));
            violations.extend(path.map(|path| format!("{}:{number}: {path}", file.path)));
        }
    }
    nothing_breaks("a path of one machine means nothing on another", &violations);
}

fn rust_lines(file_counts: impl Fn(&File) -> bool, line_counts: impl Fn(&str) -> bool, word: &str) -> Vec<String> {
    let mut found = Vec::new();
    for file in rust_files().iter().filter(|file| !file.is_tidy() && file_counts(file)) {
        let lines = file.lines().filter(|(_, line)| line_counts(line));
        found.extend(lines.map(|(number, _)| format!("{}:{number}: {word}", file.path)));
    }
    found
}

/// Whether `word` stands in the line and is not the tail of a longer name.
fn stands_in(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + word.len()..].chars().next();
        let open_ended = !word.ends_with(char::is_alphanumeric);
        !before.is_some_and(is_part_of_name) && (open_ended || !after.is_some_and(is_part_of_name))
    })
}

/// Whether an absolute path stands in the line; `docs/work/` and `example.org/home/` are none.
fn begins_at(line: &str, path: &str) -> bool {
    line.match_indices(path).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !before.is_some_and(|before| is_part_of_name(before) || ".-}*".contains(before))
    })
}

fn is_part_of_name(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// Whether a statement begins on the line: at the opening of a literal, or as a line within one. `update` is an
/// English word as well, so it counts only with a `set` soon after.
fn is_sql(line: &str, soon: &[&str]) -> bool {
    let statement = |text: &str| {
        let text = text.to_lowercase();
        ["select ", "insert into ", "delete from "].iter().any(|verb| text.starts_with(verb))
            || text.starts_with("update ")
                && soon.iter().any(|line| line.to_lowercase().split_whitespace().any(|word| word == "set"))
    };
    let literals = line.match_indices('"').map(|(at, _)| &line[at + 1..]);
    let trimmed = line.trim_start();
    literals.into_iter().any(|text| text.starts_with(char::is_lowercase) && statement(text))
        || literal_in_capitals(line, soon)
        || trimmed.starts_with(char::is_lowercase) && statement(trimmed)
}

fn literal_in_capitals(line: &str, soon: &[&str]) -> bool {
    let verbs = ["\"SELECT ", "\"INSERT INTO ", "\"DELETE FROM "];
    let updates = line.contains("\"UPDATE ") && soon.iter().any(|line| line.contains(" SET "));
    updates || verbs.iter().any(|verb| line.contains(verb))
}

#[test]
fn sql_is_told_from_english() {
    let table = [
        (vec!["one(\"select id from incident\")"], true),
        (vec!["    select id,"], true),
        (vec!["run(\"update incident\"", "  set version = $1\")"], true),
        (vec!["\"DELETE FROM incident\""], true),
        (vec!["\"update the status\""], false),
        (vec!["\"Select a person\""], false),
        (vec!["// select the first"], false),
        (vec!["tokio::select! {"], false),
    ];
    for (lines, expected) in table {
        assert_eq!(is_sql(lines[0], &lines), expected, "{lines:?}");
    }
}

#[test]
fn words_are_told_from_the_tails_of_longer_names() {
    assert!(stands_in("tokio::time::sleep(x)", "sleep("));
    assert!(!stands_in("oversleep(x)", "sleep("));
    assert!(!stands_in("TODOS", "TODO"));
    assert!(begins_at("cd /root/x", "/root/"));
    assert!(!begins_at("https://example.org/home/x", "/home/"));
}
