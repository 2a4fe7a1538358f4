//! Incidents: the list, one of them with all that is known of it, and everything that is done to them.

mod act;
mod alerts;
mod bulk;
mod changes;
mod filter;
mod forms;
mod head;
mod list;
mod narrow;
mod new;
mod order;
mod outward;
mod page;
mod people;
mod row;
mod saved;
mod saving;
mod timeline;
mod typed;
mod written;

use super::form::Form;
use super::visit::Visit;
use axum::response::Response;

pub(super) use filter::filter;
pub(crate) use head::{Head, head};
pub(super) use narrow::Narrow;
pub(super) use row::{Row, RowPiece, Shape, rows};

/// Shows what is at this path below `/app/incidents`.
pub(super) async fn show(visit: &Visit, path: &[&str]) -> Response {
    match path {
        // What is answered to a form there is a list, too, and can be asked for again.
        [] | ["views"] => list::show(visit).await,
        ["new"] => new::show(visit).await,
        [number] => page::show(visit, number).await,
        _ => visit.nothing_here().await,
    }
}

/// Does what is posted there.
pub(super) async fn act(visit: &Visit, path: &[&str], form: &Form) -> Response {
    match path {
        [] => bulk::act(visit, form).await,
        ["views"] => saving::act(visit, form).await,
        ["new"] => new::act(visit, form).await,
        [number, "alerts", alert] => act::end_alert(visit, number, alert, form).await,
        [number, "notifications", delivery] => act::resend(visit, number, delivery, form).await,
        [number, operation] => act::act(visit, number, operation, form).await,
        _ => visit.nothing_here().await,
    }
}
