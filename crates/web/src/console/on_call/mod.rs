//! Pages about who is on call: the board of all policies, routines as time lines, one's own shifts, and ladders.

mod address;
mod board;
mod calendar;
mod level;
#[cfg(test)]
mod made_up;
mod who;
mod work;

use super::form::Form;
use super::visit::Visit;
use axum::response::Response;

/// A GET of one of these pages.
pub(super) async fn show(visit: &Visit, path: &[&str]) -> Response {
    match path {
        ["on-call"] => board::show(visit).await,
        _ => visit.nothing_here().await,
    }
}

/// A POST to one of these pages.
pub(super) async fn act(visit: &Visit, _path: &[&str], _form: &Form) -> Response {
    visit.nothing_here().await
}
