//! Letting an engine do what is due, until nothing is.

use engine::{BeatReport, Engine};

use crate::post::Post;

/// One beat, and the end of all that it began to send but what a carrier keeps silent about; `true` when nothing is
/// left to do at this instant.
pub(crate) async fn beat(engine: &Engine, post: &Post) -> (BeatReport, bool) {
    let was_sending = engine.sending() > post.silent();
    let report = engine.beat().await.expect("a beat");
    while engine.sending() > post.silent() {
        tokio::select! {
            () = engine.woken() => {}
            () = post.falls_silent() => {}
        }
    }
    let did_nothing = report.claimed + report.tick.told + report.tick.quarantined == 0;
    let nothing_is_due = report.next_at.is_none_or(|at| at > engine.now());
    (report, did_nothing && !was_sending && nothing_is_due)
}
