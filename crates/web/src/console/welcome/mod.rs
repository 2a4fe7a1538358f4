//! The first run: from an empty organization to a page that rings. Every step makes what it makes by the operations that
//! other pages ask for, and is done when that is there; it can be left, and is found again.

mod contact;
mod field;
mod integration;
mod page;
mod part;
mod pattern;
mod people;
mod policy;
mod progress;
mod ring;
mod routine;
mod service;
mod standing;
mod zone;

pub(super) use progress::{SetUp, set_up};

use super::again;
use super::form::Form;
use super::page as pages;
use super::seen::Seen;
use super::visit::Visit;
use crate::gate::Problem;
use axum::http::StatusCode;
use axum::response::Response;
use domain::permission::Action;
use page::{Page, Told};
use progress::{Progress, Step};

/// What came of a form that was taken.
struct Done {
    /// What to say.
    notice: String,
    /// Whether the step goes on.
    stays: bool,
}

impl Done {
    /// The step is done, and the next one follows.
    fn on(notice: impl Into<String>) -> Self {
        Self { notice: notice.into(), stays: false }
    }

    /// There is more to do on this step.
    fn here(notice: impl Into<String>) -> Self {
        Self { notice: notice.into(), stays: true }
    }
}

/// Shows a step; where none is named, the first that is not done.
pub(super) async fn show(visit: &Visit, path: &[&str]) -> Response {
    let seen = match visit.seen(Action::ChangeComponents).await {
        Ok(seen) => seen,
        Err(page) => return page,
    };
    let named = match path {
        [] => None,
        [word] if let Some(step) = Step::from_word(word) => Some(step),
        _ => return visit.nothing_here().await,
    };
    answer(&seen, named, Told::default()).await
}

/// Does what a step asks for, and shows the next one.
pub(super) async fn act(visit: &Visit, path: &[&str], form: &Form) -> Response {
    let [word] = path else { return visit.nothing_here().await };
    let Some(step) = Step::from_word(word) else { return visit.nothing_here().await };
    let seen = match visit.seen(Action::ChangeComponents).await {
        Ok(seen) => seen,
        Err(page) => return page,
    };
    if step == Step::Contact && contact::is_dangerous(&seen, form) && !seen.session.is_fresh(seen.now) {
        return again::needed(visit, seen.session, &format!("/app/welcome/{word}")).await;
    }
    let done = match step {
        Step::Zone => zone::act(&seen, form).await,
        Step::Contact => contact::act(&seen, form).await,
        Step::People => people::act(&seen, form).await,
        Step::Routine => routine::act(&seen, form).await,
        Step::Policy => policy::act(&seen, form).await,
        Step::Service => service::act(&seen, form).await,
        Step::Integration => integration::act(&seen, form).await,
        Step::Page => ring::act(&seen, form).await,
    };
    // What is shown afterwards is what is so afterwards.
    let seen = match visit.seen(Action::ChangeComponents).await {
        Ok(seen) => seen,
        Err(page) => return page,
    };
    match done {
        Ok(Done { notice, stays }) => {
            let next = if stays { step } else { step.after().unwrap_or(step) };
            answer(&seen, Some(next), Told { notice: Some(notice), refused: None, sent: Some(form) }).await
        }
        Err(problem) => {
            answer(&seen, Some(step), Told { notice: None, refused: Some(&problem), sent: Some(form) }).await
        }
    }
}

async fn answer(seen: &Seen<'_>, step: Option<Step>, told: Told<'_>) -> Response {
    let refused = told.refused.cloned();
    match compose(seen, step, told).await {
        Ok(page) => match refused {
            Some(problem) => seen.visit.refuse_on(&problem, &page),
            None => pages::show(&seen.visit.app, StatusCode::OK, &page),
        },
        Err(problem) => seen.visit.refuse(&problem),
    }
}

async fn compose(seen: &Seen<'_>, step: Option<Step>, told: Told<'_>) -> Result<Page, Problem> {
    let progress = Progress::of(seen).await?;
    let step = step.or(progress.first()).unwrap_or(Step::Page);
    let parts = match step {
        Step::Zone => zone::parts(seen),
        Step::Contact => contact::parts(seen, told.sent).await?,
        Step::People => people::parts(seen),
        Step::Routine => routine::parts(seen, told.sent.filter(|_| told.refused.is_some())),
        Step::Policy => policy::parts(seen),
        Step::Service => service::parts(seen),
        Step::Integration => integration::parts(seen).await?,
        Step::Page => ring::parts(seen).await?,
    };
    Ok(Page::of(seen, step, progress, parts, told))
}
