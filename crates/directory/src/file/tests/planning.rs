//! A plan says what would change, in order, and shows no secret.

use super::super::plan;
use super::{BASE, definition};
use domain::directory::{ComponentKind, Definition};

/// Checks how the plan from `BASE` and `current` to `BASE` and `wanted` reads.
#[track_caller]
fn check(current: &str, wanted: &str, expected: &str) {
    let plan = plan(&definition(&format!("{BASE}{current}")), &definition(&format!("{BASE}{wanted}")));
    assert_eq!(plan.to_string(), expected);
    assert_eq!(plan.is_empty(), expected == "nothing to change");
}

fn service(policy: &str) -> String {
    format!(
        "[[escalation_policy]]\nname = \"other\"\nlevels = [{{ minutes = 1, users = [\"ana\"] }}]\n\
         [[service]]\nname = \"api\"\nescalation_policy = \"{policy}\"\n"
    )
}

fn rule(name: &str) -> String {
    format!(
        "[[routing_rule]]\nname = \"{name}\"\nactions = {{ add_note = \"n\" }}\n\
         conditions = [{{ field = \"title\", contains = \"{name}\" }}]\n"
    )
}

#[test]
fn an_equal_definition_changes_nothing() {
    check("", "", "nothing to change");
    check(&service("primary"), &service("primary"), "nothing to change");
}

#[test]
fn what_is_new_is_made_first_and_what_is_gone_goes_last_and_backwards() {
    check(
        &format!("[[user]]\nusername = \"old\"\n{}", service("other")),
        "[[user]]\nusername = \"ben\"\n[[team]]\nname = \"x\"\nmembers = [\"ben\"]\n",
        "+ user `ben`\n+ team `x`\n- service `api`\n- escalation_policy `other`\n- user `old`\n\
         2 to create, 0 to update, 3 to remove",
    );
}

#[test]
fn an_update_shows_each_field_before_and_after() {
    check(
        &service("primary"),
        &service("other"),
        "~ service `api`: escalation_policy: \"primary\" -> \"other\"\n0 to create, 1 to update, 0 to remove",
    );
    check(
        &service("primary"),
        &service("other").replace("minutes = 1", "minutes = 2").replace("\"api\"\n", "\"api\"\ndescription = \"d\"\n"),
        "~ escalation_policy `other`: levels: [{ minutes = 1, users = [\"ana\"] }] -> [{ minutes = 2, users = [\"ana\"] }]\n\
         ~ service `api`:\n    escalation_policy: \"primary\" -> \"other\"\n    description: (not set) -> \"d\"\n\
         0 to create, 2 to update, 0 to remove",
    );
}

#[test]
fn settings_of_the_organization_are_shown_too() {
    let current = definition(BASE);
    let wanted = Definition { fallback_policy: Some("primary".to_owned()), ..current.clone() };
    assert_eq!(
        plan(&current, &wanted).to_string(),
        "~ organization `demo`: fallback_policy: (not set) -> \"primary\"\n0 to create, 1 to update, 0 to remove"
    );
    let first = plan(&Definition::default(), &current).to_string();
    assert!(first.starts_with("~ organization `demo`: name: (not set) -> \"demo\"\n+ user `ana`\n"), "{first}");
}

#[test]
fn the_order_of_rules_is_a_change() {
    let (a, b, c) = (rule("a"), rule("b"), rule("c"));
    check(
        &format!("{a}{b}"),
        &format!("{b}{a}"),
        "~ order of routing rules: `b`, `a`\n0 to create, 1 to update, 0 to remove",
    );
    check(&format!("{a}{b}"), &b, "- routing_rule `a`\n0 to create, 0 to update, 1 to remove");
    check(&a, &format!("{a}{c}"), "+ routing_rule `c`\n1 to create, 0 to update, 0 to remove");
    check(
        &a,
        &format!("{c}{a}"),
        "+ routing_rule `c`\n~ order of routing rules: `c`, `a`\n1 to create, 1 to update, 0 to remove",
    );
}

#[test]
fn secrets_are_hidden() {
    let user = |url: &str, secret: &str| {
        format!(
            "[[user]]\nusername = \"ben\"\nwebhook = {{ url = \"https://{url}.example.com\", secrets = [\"whsec_{secret}\"] }}\n"
        )
    };
    check(
        &user("a", "hunter2hunter2"),
        &user("a", "swordfish1234"),
        "~ user `ben`: webhook.secrets: (hidden) -> (hidden)\n0 to create, 1 to update, 0 to remove",
    );
    check(
        "[[user]]\nusername = \"ben\"\n",
        &user("a", "swordfish1234"),
        "~ user `ben`:\n    webhook.url: (not set) -> \"https://a.example.com\"\n    webhook.secrets: (not set) -> (hidden)\n\
         0 to create, 1 to update, 0 to remove",
    );
    let integration = |secret: &str| {
        format!("[[integration]]\nname = \"grafana\"\nkind = \"grafana\"\nusers = [\"ana\"]\nsecret = \"{secret}\"\n")
    };
    check(
        &integration("hunter2"),
        &integration("swordfish"),
        "~ integration `grafana`: secret: (hidden) -> (hidden)\n0 to create, 1 to update, 0 to remove",
    );
    let made = plan(&definition(BASE), &definition(&format!("{BASE}{}", user("a", "swordfish1234"))));
    assert!(!format!("{made:?}").contains("swordfish"));
}

#[test]
fn what_is_removed_can_be_asked_for() {
    let made = plan(&definition(&format!("{BASE}{}", service("other"))), &definition(BASE));
    let removed: Vec<_> = made.removed().collect();
    assert_eq!(removed, [(ComponentKind::Service, "api"), (ComponentKind::EscalationPolicy, "other")]);
}
