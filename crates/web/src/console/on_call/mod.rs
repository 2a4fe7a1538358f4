//! Pages about who is on call: the board of all policies, routines as time lines, one's own shifts, cover, and ladders.

mod board;
mod calendar;
mod cover;
mod empty;
mod level;
#[cfg(test)]
mod made_up;
mod policy;
mod routine;
mod routine_list;
mod take;
mod when;
mod who;
mod work;

use super::form::Form;
use super::visit::Visit;
use axum::response::Response;

pub(super) use calendar::Calendar;

/// A GET of one of these pages.
pub(super) async fn show(visit: &Visit, path: &[&str]) -> Response {
    match path {
        ["on-call"] => board::show(visit).await,
        ["me", "when"] => when::show(visit).await,
        ["me", "cover"] => cover::show(visit).await,
        ["policies"] => policy::list(visit).await,
        ["policies", name] => policy::show(visit, name).await,
        ["routines"] => routine_list::show(visit).await,
        ["routines", name] => routine::show(visit, name).await,
        ["routines", name, "edit"] => routine::edit_show(visit, name).await,
        _ => visit.nothing_here().await,
    }
}

/// A POST to one of these pages.
pub(super) async fn act(visit: &Visit, path: &[&str], form: &Form) -> Response {
    match path {
        ["on-call"] => board::act(visit, form).await,
        ["me", "when"] => when::act(visit, form).await,
        ["me", "cover"] => cover::act(visit, form).await,
        ["routines", name] => routine::act(visit, name, form).await,
        ["routines", name, "edit"] => routine::edit_act(visit, name, form).await,
        _ => visit.nothing_here().await,
    }
}
