//! Requests for cover: of a person, and by which they are asked.

use super::me::{organization, person};
use super::{App, Success};
use crate::gate::{Caller, Fields, Problem, failed, period};
use crate::operation::Change;
use crate::view;
use directory::CoverWish;
use domain::RefId;
use domain::cover::Reply;
use engine::Asker;

/// The requests that whoever asks made, and those by which they are asked; a key has none.
pub(super) async fn list(app: &App, caller: &Caller) -> Result<Success, Problem> {
    organization(app, caller).await?;
    let Some(person) = caller.person() else { return Success::json(&[(); 0]) };
    let covers = app.administration.covers(caller.reader(), person.ref_id.clone()).await.map_err(failed)?;
    let snapshot = app.engine.whole_directory(caller.reader()).await.map_err(failed)?;
    let told =
        covers.iter().map(|cover| view::administration::cover::cover(cover, &snapshot.directory, &person.ref_id));
    Success::json(&told.collect::<Vec<_>>())
}

/// Who could take a shift of whoever asks.
pub(super) async fn candidates(app: &App, caller: &Caller, fields: &Fields) -> Result<Success, Problem> {
    let (person, wish) = (person(caller)?, wish(app, fields)?);
    let found = app.administration.cover_candidates(caller.reader(), person.username.clone(), wish);
    let found = found.await.map_err(failed)?;
    let snapshot = app.engine.whole_directory(caller.reader()).await.map_err(failed)?;
    let told = found.iter().map(|candidate| view::administration::cover::candidate(candidate, &snapshot.directory));
    Success::json(&told.collect::<Vec<_>>())
}

fn wish(app: &App, fields: &Fields) -> Result<CoverWish, Problem> {
    let (from, until) = period(fields, app.engine.now())?;
    Ok(CoverWish { routine: fields.required_text("routine_ref_id"), from, until })
}

/// Asks for cover, answers, or takes a request back.
pub(super) async fn change(
    app: &App,
    change: Change,
    caller: &Caller,
    asker: Asker,
    fields: &Fields,
) -> Result<Success, Problem> {
    let person = person(caller)?;
    let own = person.ref_id.clone();
    let id = || RefId(fields.required_text("cover_ref_id"));
    let cover = match change {
        Change::AskForCover => {
            let (wish, people) = (wish(app, fields)?, fields.texts("people"));
            app.administration.ask_for_cover(asker, person.username.clone(), wish, people).await
        }
        Change::AnswerCover => {
            let said = Reply::from_word(&fields.required_text("answer"));
            let said = said.ok_or_else(|| Problem::internal("an answer is none of its words"))?;
            app.administration.answer_cover(asker, own, id(), said).await
        }
        _ => {
            app.administration.withdraw_cover(asker, own, id()).await.map_err(failed)?;
            return Success::json(&"Success");
        }
    };
    let cover = cover.map_err(failed)?;
    let snapshot = app.engine.whole_directory(caller.reader()).await.map_err(failed)?;
    Success::json(&view::administration::cover::cover(&cover, &snapshot.directory, &person.ref_id))
}
