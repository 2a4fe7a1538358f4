//! The beat: the one loop that sleeps. It calls the engine when something is due, when it is woken, and every second, and
//! lets the watchdog look at it each time.

use directory::Administration;
use engine::Engine;
use notify::Watchdog;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// The longest sleep: what another node or process stored is seen within it.
const LONGEST_SLEEP: Duration = Duration::from_secs(1);
/// The shortest rest between two beats: under load every request wakes the beat, and what comes within this time is
/// served by one. A beat rests as long as it took, so that on a busy machine it takes half of one core at most.
const SHORTEST_SLEEP: Duration = Duration::from_millis(2);
/// The longest that it rests before it can be woken.
const LONGEST_REST: Duration = Duration::from_millis(20);
/// Between two looks for what other nodes changed, while somebody has a page open that shows it.
const LOOK_FOR_CHANGES: Duration = Duration::from_millis(250);
/// Between two looks for incidents whose words are not known yet.
const LOOK_FOR_WORDS: i64 = 1_000_000;
/// Beats between two tidyings; a beat takes at most a second, so this is a few minutes at rest.
const BEATS_BETWEEN_TIDYINGS: u32 = 300;

/// For how long is kept what nobody works on any more.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kept {
    /// Days for what became of alerts.
    pub(crate) alert_days: u32,
    /// Days for audit logs.
    pub(crate) audit_days: u32,
}

/// Beats until told to stop. What a beat could not do, the next one does.
#[expect(clippy::disallowed_methods, reason = "this is the one loop that sleeps")]
pub(crate) async fn beat(
    administration: Administration,
    mut watchdog: Watchdog,
    kept: Kept,
    mut stop: watch::Receiver<bool>,
) {
    let (engine, notifier) = (administration.engine(), administration.notifier());
    let (mut beats, mut looked_at) = (0_u32, 0);
    let mut words = Words::default();
    while !*stop.borrow_and_update() {
        let began = engine.clock().real_now();
        let sleep = match notifier.beat().await {
            Ok(report) => report.next_at.map_or(LONGEST_SLEEP, |at| {
                engine.clock().real_wait(at.0 - engine.now().0).clamp(SHORTEST_SLEEP, LONGEST_SLEEP)
            }),
            Err(failure) => {
                tracing::warn!(?failure, "a beat failed; the next one goes on");
                LONGEST_SLEEP
            }
        };
        if let Err(failure) = administration.record_key_uses().await {
            tracing::warn!(?failure, "the last uses of keys could not be recorded");
        }
        if let Err(failure) = administration.record_noted().await {
            tracing::warn!(?failure, "refusals, and reads of addresses, could not be written down");
        }
        if let Err(failure) = administration.record_turned_away().await {
            tracing::warn!(?failure, "what integrations turned away could not be written down");
        }
        if let Err(failure) = administration.note_audit_heads().await {
            tracing::warn!(?failure, "the heads of audit logs could not be read");
        }
        if let Err(failure) = administration.note_drift().await {
            tracing::warn!(?failure, "what was changed beside directory files could not be counted");
        }
        if let Err(failure) = administration.tell_reports().await {
            tracing::warn!(?failure, "nobody could be told by mail what it is time to tell");
        }
        words.look(engine);
        let longest = look_for_changes(engine, &mut looked_at).await;
        // In this loop and no other: if it stands still, so does the heartbeat.
        watchdog.look(notifier).await;
        beats = beats.wrapping_add(1);
        if beats.is_multiple_of(BEATS_BETWEEN_TIDYINGS) {
            tidy_up(&administration, kept).await;
        }
        let took = Duration::from_micros((engine.clock().real_now() - began).unsigned_abs());
        let rest = took.clamp(SHORTEST_SLEEP, LONGEST_REST);
        tokio::time::sleep(rest).await;
        tokio::select! {
            () = tokio::time::sleep(sleep.min(longest).saturating_sub(rest)) => {}
            () = engine.woken() => {}
            _ = stop.changed() => {}
        }
    }
}

/// Words of titles are noted beside the beat, which waits for nothing that has time.
#[derive(Default)]
struct Words {
    looked_at: i64,
    noting: Option<JoinHandle<()>>,
}

impl Words {
    fn look(&mut self, engine: &Engine) {
        let now = engine.clock().real_now();
        let is_noting = self.noting.as_ref().is_some_and(|noting| !noting.is_finished());
        if is_noting || now - self.looked_at < LOOK_FOR_WORDS {
            return;
        }
        self.looked_at = now;
        let engine = engine.clone();
        self.noting = Some(tokio::spawn(async move {
            if let Err(failure) = engine.note_words().await {
                tracing::warn!(?failure, "words of titles could not be noted");
            }
        }));
    }
}

/// Looks for what other nodes changed, where somebody wants to see it and it is time to; until when the beat may sleep.
async fn look_for_changes(engine: &Engine, looked_at: &mut i64) -> Duration {
    if !engine.is_watching() {
        return LONGEST_SLEEP;
    }
    let waited = Duration::from_micros((engine.clock().real_now() - *looked_at).unsigned_abs());
    if waited < LOOK_FOR_CHANGES {
        return (LOOK_FOR_CHANGES - waited).max(SHORTEST_SLEEP);
    }
    *looked_at = engine.clock().real_now();
    if let Err(failure) = engine.look_for_changes().await {
        tracing::warn!(?failure, "what other nodes changed could not be read");
    }
    LOOK_FOR_CHANGES
}

async fn tidy_up(administration: &Administration, kept: Kept) {
    if let Err(failure) = administration.engine().tidy_up(kept.alert_days).await {
        tracing::warn!(?failure, "what is over could not be forgotten");
    }
    if let Err(failure) = administration.cut_audit(kept.audit_days).await {
        tracing::warn!(?failure, "audit logs could not be cut");
    }
    if let Err(failure) = administration.cut_versions().await {
        tracing::warn!(?failure, "old versions of directories could not be forgotten");
    }
}
