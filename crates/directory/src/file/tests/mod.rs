//! What the directory file promises to the person who writes it.

mod generated;
mod on_call;
mod planning;
mod reading;
mod sources;
mod united;
mod words;
mod writing;

use super::read_text;
use domain::directory::Definition;

/// The smallest organization that has someone to call.
const BASE: &str = r#"[organization]
name = "demo"

[[user]]
username = "ana"

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 5, users = ["ana"] }]
"#;

/// What a text without mistakes says.
#[track_caller]
fn definition(text: &str) -> Definition {
    read_text("d.toml", text).unwrap_or_else(|mistakes| panic!("{mistakes:#?}"))
}

/// Checks the mistakes of `BASE` with `text` after it; lines are counted from the first line of `text`.
#[track_caller]
fn check(text: &str, expected: &[&str]) {
    let whole = format!("{BASE}{text}");
    let offset = BASE.lines().count();
    let mistakes = read_text("d.toml", &whole).err().unwrap_or_default();
    let told: Vec<_> = mistakes
        .into_iter()
        .map(|mistake| format!("{}: {}", mistake.line.map_or(0, |line| line - offset), mistake.text))
        .collect();
    assert_eq!(told, expected, "for\n{text}");
}
