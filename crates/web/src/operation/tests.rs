//! The table keeps its own promises: names, paths, links and examples fit together.

use super::{Does, Method, Operation, Presence, Served, example_value, operations, routes};
use domain::permission::Scope;
use std::collections::BTreeSet;

fn named(name: &str) -> &'static Operation {
    operations().find(|operation| operation.name == name).unwrap_or_else(|| panic!("no operation `{name}`"))
}

#[test]
fn every_operation_has_a_name_and_paths_of_its_own() {
    let mut names = BTreeSet::new();
    for operation in operations() {
        assert!(names.insert(operation.name), "{} twice", operation.name);
        assert!(operation.paths().contains(&operation.documented_path()));
        assert!(!operation.summary.is_empty() && !operation.description.is_empty());
    }
    assert_eq!(names.len(), 194);
}

#[test]
fn the_scope_that_the_documents_name_is_the_one_that_the_action_needs() {
    for operation in operations() {
        let needed = operation.does.action().key_scope();
        assert_eq!(needed, Some(operation.scope), "{}", operation.name);
    }
}

#[test]
fn every_verb_has_a_path_at_the_root_and_below_incidents_with_and_without_a_slash() {
    for operation in operations().filter(|operation| matches!(operation.does, Does::Command(_))) {
        let name = operation.name;
        let expect =
            [format!("/{name}/"), format!("/{name}"), format!("/incidents/{name}/"), format!("/incidents/{name}")];
        assert_eq!(operation.paths(), expect);
        assert_eq!(operation.scope, Scope::Incidents, "{name}");
    }
    assert_eq!(named("list").paths(), ["/incidents/list/", "/incidents/list"]);
    assert_eq!(named("list-components").paths(), ["/list/{type}/", "/list/{type}"]);
    assert_eq!(named("users-list").served, Served::EverywhereKnownAtRoot);
}

#[test]
fn every_example_is_json_and_every_required_field_has_one() {
    for operation in operations() {
        // The docs page puts the request between single quotes for a shell.
        assert!(!serde_json::to_string(&operation.example_request()).expect("JSON").contains('\''));
        assert_ne!(operation.example_answer(), serde_json::Value::Null, "{}", operation.name);
        for field in operation.fields {
            let name = field.name;
            assert!(field.example.is_empty() || !example_value(field.example).is_null(), "{name}");
            assert!(field.presence == Presence::Optional || !field.example.is_empty(), "{name}");
        }
    }
}

#[test]
fn every_link_takes_from_the_answer_what_the_next_operation_asks_for() {
    for operation in operations() {
        for link in operation.links {
            let next = named(link.to);
            for (field, pointer) in link.takes {
                assert!(
                    next.field(field).or(next.parameter(field)).is_some(),
                    "{} -> {}: {field}",
                    operation.name,
                    link.to
                );
                let found = operation.example_answer().pointer(pointer).cloned();
                assert!(found.is_some(), "{} -> {}: {pointer}", operation.name, link.to);
            }
        }
    }
}

#[test]
fn a_field_of_which_one_is_needed_is_a_field() {
    for operation in operations() {
        for name in operation.alternatives().into_iter().flatten() {
            assert!(operation.field(name).is_some(), "{}: {name}", operation.name);
        }
    }
}

#[test]
fn every_variable_part_of_a_path_is_described_in_its_order() {
    for operation in operations() {
        let parts: Vec<_> = operation.path.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect();
        let described: Vec<_> = operation.parameters.iter().map(|field| field.name).collect();
        assert_eq!(parts, described, "{}", operation.name);
        assert!(!operation.example_path().contains('{'), "{}", operation.name);
        for field in operation.parameters {
            assert_eq!(field.presence, Presence::Required, "{}", operation.name);
            // Fields of path, query and body are read as one.
            assert!(operation.field(field.name).is_none(), "{}: {}", operation.name, field.name);
        }
    }
}

#[test]
fn a_route_has_one_operation_for_each_method() {
    for (path, operations) in routes() {
        let methods: BTreeSet<_> = operations.iter().map(|operation| operation.method).collect();
        assert_eq!(methods.len(), operations.len(), "{path}");
    }
}

#[test]
fn what_the_original_has_is_a_post_but_for_lists_by_name() {
    let original = operations().filter(|operation| operation.served != Served::V1);
    let others = original.filter(|operation| operation.method != Method::Post);
    assert_eq!(others.map(|operation| operation.name).collect::<Vec<_>>(), ["list-components", "list-incidents"]);
}
