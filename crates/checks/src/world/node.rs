//! A node: one engine and its router, on a runtime of its own without further threads.

use std::sync::Arc;

use crate::Parts;
use axum::Router;
use axum::body::to_bytes;
use directory::Administration;
use domain::Instant;
use engine::Clock;
use notify::BeatReport;
use store::Store;
use tokio::runtime::Runtime;
use tower::ServiceExt;

use super::carriers::Carriers;
use super::chance::ids_of;
use super::faults::{Line, SharedDatabase};
use super::ground::Ground;
use crate::{Answer, Call, DESK, PUBLIC_URL, TOKEN, settings, usual_pace};

/// Beats after which an engine that always finds something to do is stuck.
const BEATS: usize = 2_000;

/// One process of a world.
pub(super) struct Node {
    pub(super) number: usize,
    pub(super) line: Arc<Line>,
    pub(super) clock: Clock,
    /// By how much its clock is ahead, microseconds.
    pub(super) ahead: i64,
    /// When it wants to beat next, by its own clock.
    pub(super) next_at: Option<i64>,
    carriers: Carriers,
    // The order of these two: tasks end before the engine that they hold.
    runtime: Runtime,
    administration: Administration,
    router: Router,
}

/// What nodes are made of.
pub(super) struct Kit<'a> {
    pub(super) seed: u64,
    pub(super) ground: &'a Ground,
    pub(super) carriers: &'a Carriers,
    pub(super) database: &'a Arc<SharedDatabase>,
    pub(super) now: i64,
}

impl Node {
    /// Starts a node; `life` counts how often the world started one with this number.
    pub(super) fn start(kit: &Kit<'_>, number: usize, life: u32) -> Self {
        let (clock, line) = (Clock::held(kit.now), Line::new(kit.database));
        let faults: Arc<dyn store::Faults> = Arc::clone(&line) as Arc<dyn store::Faults>;
        let store = Store::open(&kit.ground.url).expect("the store opens once more").with_faults(&faults);
        let parts = Parts {
            store,
            clock: clock.clone(),
            ids: ids_of(kit.seed, &format!("node {number} life {life}")),
            carriers: kit.carriers.of_node(number, &clock, &line),
            desk: DESK,
            public_url: Some(PUBLIC_URL.to_owned()),
            pacing: usual_pace(),
            twilio_auth_token: Some(TOKEN.to_owned()),
            fetch: None,
        };
        let administration = parts.start_threadless();
        let router = web::router(administration.clone(), settings());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
        let carriers = kit.carriers.clone();
        Self { number, line, clock, ahead: 0, next_at: None, carriers, runtime, administration, router }
    }

    /// Moves its clock with the world's.
    pub(super) fn pass(&self, now: i64) {
        self.clock.set(now + self.ahead);
    }

    /// Asks its API; `None` when it died of the request.
    pub(super) fn ask(&self, call: Call) -> Option<Answer> {
        let router = self.router.clone();
        let answer = self.runtime.block_on(async move {
            let response = router.oneshot(call.into_request()).await.expect("a router always answers");
            let (parts, body) = response.into_parts();
            let body = to_bytes(body, usize::MAX).await.expect("a whole body");
            Answer { status: parts.status.as_u16(), headers: parts.headers, body: body.to_vec() }
        });
        (!self.line.is_dead()).then_some(answer)
    }

    /// Takes over what a server that died was sending, as a server does that runs alone.
    pub(super) fn take_over(&self) {
        // A failure leaves it to the leases.
        let _ = self.runtime.block_on(self.administration.notifier().take_over());
    }

    /// Beats until there is nothing to do but what carriers have not answered; how much was done.
    pub(super) fn settle(&mut self) -> usize {
        let (mut done, mut next_at) = (0, None);
        let Self { administration, carriers, number, line, .. } = &*self;
        let (engine, notifier) = (administration.engine(), administration.notifier());
        self.runtime.block_on(async {
            for beat in 0..=BEATS {
                assert!(beat < BEATS, "node {number} finds something to do for ever: promise `engines come to rest`");
                let was_sending = notifier.sending() > carriers.held_by(*number);
                let report = notifier.beat().await;
                while notifier.sending() > carriers.held_by(*number) && !line.is_dead() {
                    tokio::task::yield_now().await;
                }
                // A store that fails now is asked again with the next beat.
                let Ok(report) = report else { return };
                next_at = report.next_at.map(|at| at.0);
                let count = work(&report);
                done += count;
                let is_due = report.next_at.is_some_and(|at| at <= Instant(engine.clock().now()));
                if line.is_dead() || (count == 0 && !was_sending && !is_due) {
                    return;
                }
            }
        });
        self.next_at = next_at;
        done
    }
}

fn work(report: &BeatReport) -> usize {
    report.claimed + report.tick.told + report.tick.quarantined
}
