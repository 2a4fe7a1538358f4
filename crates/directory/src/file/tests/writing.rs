//! What is written reads back to what it was, and is pleasant to read.

use super::super::{plan, read_text, write};
use super::{definition, generated};
use proptest::prelude::{ProptestConfig, proptest};
use proptest::prop_assert_eq;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn what_is_written_reads_back_equal(made in generated::definition()) {
        let text = write(&made);
        let back = read_text("written.toml", &text);
        prop_assert_eq!(back.as_ref(), Ok(&made), "from\n{}", text);
        let nothing = plan(&made, &made);
        prop_assert_eq!(nothing.to_string(), "nothing to change");
    }
}

#[test]
fn a_file_is_written_as_a_person_would_write_it() {
    let text = r#"[organization]
name = "demo"
[[user]]
username = "ana"
role = "responder"
locked = false
[[user]]
username = "ben"
role = "admin"
[[team]]
name = "empty"
members = []
[[escalation_policy]]
name = "short"
levels = [{ minutes = 15, users = ["ana"] }]
[[escalation_policy]]
name = "long"
when_exhausted = "repeat_last"
levels = [{ minutes = 5, users = ["ana"] }, { minutes = 10, users = ["ana", "ben"] }]
[[routing_rule]]
name = "loud"
conditions = [{ field = "urgency_level", gte = 4.0 }]
actions = { add_tags = ["one", "two"], add_note = "a note of such a length that the table of actions gets a header, because nobody likes to read lines that go on for ever" }
"#;
    let expected = r#"# The directory of one organization: who there is, who is called when, and what alerts come in on.
# Components refer to each other by name. What is not written has its default.

[organization]
name = "demo"

# People. Without a contact nobody can reach them.
[[user]]
username = "ana"

[[user]]
username = "ben"
role = "admin"

# Groups of people, by which lists can be narrowed.
[[team]]
name = "empty"

# Who is notified, level by level, and how many minutes each level has.
[[escalation_policy]]
name = "short"
levels = [{ minutes = 15, users = ["ana"] }]

[[escalation_policy]]
name = "long"
levels = [
  { minutes = 5, users = ["ana"] },
  { minutes = 10, users = ["ana", "ben"] },
]

# Rules for new alerts, tried in this order; the first that fits is applied, alone.
[[routing_rule]]
name = "loud"
conditions = [{ field = "urgency_level", gte = 4 }]
[routing_rule.actions]
add_tags = ["one", "two"]
add_note = "a note of such a length that the table of actions gets a header, because nobody likes to read lines that go on for ever"
"#;
    assert_eq!(write(&definition(text)), expected);
}
