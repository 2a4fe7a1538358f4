//! Letting an engine do what is due, until nothing is.

use directory::Administration;
use notify::BeatReport;

use super::post::Post;

/// One beat, and the end of all that it began to send but what a carrier keeps silent about; `true` when nothing is
/// left to do at this instant.
pub(crate) async fn beat(administration: &Administration, post: &Post) -> (BeatReport, bool) {
    let notifier = administration.notifier();
    let was_sending = notifier.sending() > post.silent();
    let report = notifier.beat().await.expect("a beat");
    administration.record_key_uses().await.expect("a beat");
    while notifier.sending() > post.silent() {
        tokio::select! {
            () = notifier.engine().woken() => {}
            () = post.falls_silent() => {}
        }
    }
    let did_nothing = report.claimed + report.tick.told + report.tick.quarantined == 0;
    let nothing_is_due = report.next_at.is_none_or(|at| at > notifier.engine().now());
    (report, did_nothing && !was_sending && nothing_is_due)
}
