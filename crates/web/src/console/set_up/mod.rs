//! What an organization is set up of: its components in lists and on pages of their own, and one editor for all of them.

mod cell;
mod component;
mod edit;
mod fact;
mod keeping;
mod kind;
mod list;
mod name;
mod office;
mod rule;
mod search;
mod words;

pub(super) use component::{Away, Snippet, snippet};
pub(super) use edit::{Differing, Gap, Meanwhile, Outlook, is_strict};
pub(super) use keeping::{Keeping, managed_by_files};
pub(super) use kind::Kind;
pub(super) use list::managed;

use super::form::Form;
use super::visit::Visit;
use axum::response::Response;
use domain::directory::ComponentKind;

/// A page of these.
pub(super) async fn show(visit: &Visit, path: &[&str]) -> Response {
    match path {
        ["edit", collection] if let Some(kind) = Kind::of_collection(collection) => edit::show(visit, kind, None).await,
        ["edit", collection, name] if let (Some(kind), Some(name)) = named(collection, name) => {
            edit::show(visit, kind, Some(&name)).await
        }
        ["edit", collection, name, "remove"] if let (Some(kind), Some(name)) = named(collection, name) => {
            edit::remove_show(visit, kind, &name).await
        }
        ["rules"] => rule::show(visit).await,
        [list] if let Some(kind) = page_of(list) => list::show(visit, kind).await,
        [list, name] if let (Some(kind), Some(name)) = (page_of(list), name::decoded(name)) => {
            component::show(visit, kind, &name).await
        }
        ["search"] => search::show(visit).await,
        _ => match office::show(visit, path).await {
            Some(page) => page,
            None => visit.nothing_here().await,
        },
    }
}

/// What is done on one of them.
pub(super) async fn act(visit: &Visit, path: &[&str], form: &Form) -> Response {
    match path {
        ["edit", collection] if let Some(kind) = Kind::of_collection(collection) => {
            edit::act(visit, kind, None, form).await
        }
        ["edit", collection, name] if let (Some(kind), Some(name)) = named(collection, name) => {
            edit::act(visit, kind, Some(&name), form).await
        }
        ["edit", collection, name, "remove"] if let (Some(kind), Some(name)) = named(collection, name) => {
            edit::remove_act(visit, kind, &name, form).await
        }
        ["rules"] => rule::act(visit, form).await,
        ["rules", "try"] => rule::try_out(visit, form).await,
        [list, name, "maintenance"]
            if let (Some(kind), Some(name)) = (Kind::at(list), name::decoded(name))
                && kind.kind == ComponentKind::Service =>
        {
            component::maintain(visit, kind, &name, form).await
        }
        [list, name, "rotate-key"]
            if let (Some(kind), Some(name)) = (Kind::at(list), name::decoded(name))
                && kind.kind == ComponentKind::Integration =>
        {
            component::renew_key(visit, kind, &name, form).await
        }
        [list, name, "contacts"]
            if let (Some(kind), Some(name)) = (Kind::at(list), name::decoded(name))
                && kind.kind == ComponentKind::User =>
        {
            component::vouch(visit, kind, &name, form).await
        }
        [list, name, "sessions"]
            if let (Some(kind), Some(name)) = (Kind::at(list), name::decoded(name))
                && kind.kind == ComponentKind::User =>
        {
            component::end_sessions(visit, kind, &name, form).await
        }
        [list, name, "try"]
            if let (Some(kind), Some(name)) = (Kind::at(list), name::decoded(name))
                && kind.kind == ComponentKind::Integration =>
        {
            match form.text("do") {
                "send" => component::send_test(visit, kind, &name, form).await,
                _ => component::try_out(visit, kind, &name, form).await,
            }
        }
        _ => match office::act(visit, path, form).await {
            Some(page) => page,
            None => visit.nothing_here().await,
        },
    }
}

fn named(collection: &str, name: &str) -> (Option<Kind>, Option<String>) {
    (Kind::of_collection(collection), name::decoded(name))
}

/// The kind whose components have their pages here; policies and routines have theirs elsewhere.
fn page_of(list: &str) -> Option<Kind> {
    Kind::at(list).filter(|kind| !matches!(kind.kind, ComponentKind::EscalationPolicy | ComponentKind::Routine))
}
