//! What the directory file promises to the person who writes it.

mod generated;
mod planning;
mod reading;
mod united;
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
