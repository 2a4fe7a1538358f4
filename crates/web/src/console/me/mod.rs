//! What is one's own: by what one is reached, proving that it is, and being paged to see that it works.

mod away;
mod bar;
mod device;
mod page;

use super::form::Form;
use super::incident;
use super::seen::{Seen, wish};
use super::visit::Visit;
use crate::api::Wish;
use crate::gate::{Problem, failed};
use axum::response::Response;
use domain::InstanceId;
use domain::permission::Action;
use serde_json::Value;

pub(super) use page::show;

/// Sends a code to a contact, takes one, or pages oneself.
pub(super) async fn act(visit: &Visit, path: &[&str], form: &Form) -> Response {
    let seen = match visit.seen(Action::ChangeOwn).await {
        Ok(seen) => seen,
        Err(page) => return page,
    };
    match path {
        ["contacts", channel, "code"] => {
            let done = send_code(&seen, channel, form).await;
            page::answer(&seen, done).await
        }
        ["contacts", channel, "verify"] => {
            let asked = of_contact(&seen, channel, wish("verify-contact", form));
            let done =
                seen.ask("verify-contact", asked).await.map(|_| "It is yours: it is used from now on.".to_owned());
            page::answer(&seen, done).await
        }
        ["devices"] => {
            let done = device::add(&seen, form).await;
            page::answer(&seen, done).await
        }
        ["devices", id, "remove"] => {
            let done = device::remove(&seen, id, form).await;
            page::answer(&seen, done).await
        }
        ["away"] => {
            let (done, away) = away::act(&seen, form).await;
            page::answer_away(&seen, done, away).await
        }
        ["test"] => match page_oneself(&seen, form).await {
            Ok(number) => incident::show(visit, &[&number.to_string()]).await,
            Err(problem) => page::answer(&seen, Err(problem)).await,
        },
        _ => visit.nothing_here().await,
    }
}

fn of_contact(seen: &Seen<'_>, channel: &str, wish: Wish) -> Wish {
    wish.at("preferred_username", &seen.session.person.username).at("channel", channel)
}

async fn send_code(seen: &Seen<'_>, channel: &str, form: &Form) -> Result<String, Problem> {
    let answer = seen.answer("send-code", of_contact(seen, channel, wish("send-code", form))).await?;
    match answer.get("is_delivered") {
        Some(Value::Bool(true)) => Ok("A code is on its way. It counts for ten minutes.".to_owned()),
        _ => {
            let came_back = answer.get("answer").and_then(Value::as_str).unwrap_or_default();
            Err(Problem::invalid(vec![format!("{channel}: the code could not be sent: {came_back}")]))
        }
    }
}

/// Pages oneself; the number of the incident that does it.
async fn page_oneself(seen: &Seen<'_>, form: &Form) -> Result<i64, Problem> {
    let answer = seen.answer("test-page", wish("test-page", form)).await?;
    let id = InstanceId(answer.get("instance_id").and_then(Value::as_i64).unwrap_or_default());
    seen.visit.app.engine.number_of(seen.reader(), id).await.map_err(failed)
}
