//! The demo's past: a server without sockets, whose clock stands where it is put and is moved on as things happen. All that
//! comes of it is the engine's own: levels climb, people are paged and told, each at its time. What was printed then was
//! printed then, so that nobody is shown it now.

use super::{NAME, integrations};
use crate::carriers::Carriers;
use crate::configuration::Configuration;
use crate::house::{engine_parts, notify_parts, open_store};
use anyhow::{Context, anyhow};
use directory::Administration;
use domain::directory::ComponentKind;
use domain::incident::{Command, Method, Outcome};
use domain::notification::Channel;
use domain::{InstanceId, Instant, OrganizationId, RefId};
use engine::{Clock, Engine, Ids, Request};
use intake::Reception;
use notify::Notifier;
use notify::carrier::{Carrier, TerminalCarrier};
use senders::{Input, Options};
use serde_json::Value;
use std::collections::HashMap;
use std::sync::Arc;

/// Microseconds that the clock is moved by at least, so that it gets on whatever is said to be due.
const LEAST_STEP: i64 = 1_000_000;

/// A server of the time before now.
pub(super) struct Past {
    administration: Administration,
    reception: Reception,
    clock: Clock,
    ids: Ids,
    organization: OrganizationId,
    components: HashMap<(ComponentKind, String), RefId>,
    /// Keys of integrations, by their names.
    keys: HashMap<String, String>,
    end: Instant,
}

impl Past {
    /// One that goes on until `end`, over the demo that is stored.
    pub(super) fn of(
        configuration: &Configuration,
        (clock, ids): (&Clock, &Ids),
        end: Instant,
    ) -> anyhow::Result<Self> {
        let store = open_store(configuration, &Clock::system())?;
        let row = store.read(|tx| store::organization_by_name(tx, NAME))?.context("the demo has no organization")?;
        let rows = store.read(|tx| store::component_list(tx, row.id))?;
        let components = rows.into_iter().map(|row| ((row.kind, row.name), row.ref_id)).collect();
        let keys = integrations(&store, &row)?;
        let keys = keys.into_iter().filter_map(|(integration, key)| Some((integration.name, key?))).collect();
        let carriers = unseen(clock);
        let engine =
            Engine::start_threadless(engine_parts(configuration, store, clock.clone(), ids.clone(), &carriers));
        let administration = Administration::new(Notifier::new(engine, notify_parts(configuration, carriers)?));
        let reception = Reception::new(administration.clone());
        let (clock, ids) = (clock.clone(), ids.clone());
        Ok(Self { administration, reception, clock, ids, organization: row.id, components, keys, end })
    }

    /// Lets it happen, and time pass until the end.
    pub(super) fn play(&self, story: impl Future<Output = anyhow::Result<()>>) -> anyhow::Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            story.await?;
            self.until(self.end).await
        })
    }

    /// So many minutes before the end.
    pub(super) fn before_end(&self, minutes: u32) -> Instant {
        self.end.plus_micros(-i64::from(minutes) * 60_000_000)
    }

    /// The time.
    pub(super) fn now(&self) -> Instant {
        Instant(self.clock.now())
    }

    /// Lets time pass until so many minutes before the end, and all happen that is due by then.
    pub(super) async fn at(&self, minutes: u32) -> anyhow::Result<()> {
        self.until(self.before_end(minutes)).await
    }

    async fn until(&self, at: Instant) -> anyhow::Result<()> {
        let notifier = self.administration.notifier();
        loop {
            let beat = notifier.beat().await.map_err(failed)?;
            notifier.all_sent().await;
            let now = self.clock.now();
            match beat.next_at.map(|next| next.0.max(now + LEAST_STEP)) {
                Some(next) if next < at.0 => self.clock.set(next),
                _ if now < at.0 => self.clock.set(at.0),
                _ => return Ok(()),
            }
        }
    }

    /// Takes in what a monitoring tool sent to this integration; the incident that its first alert came to.
    pub(super) async fn receive(&self, integration: &str, body: &Value) -> anyhow::Result<InstanceId> {
        let key = self.keys.get(integration).with_context(|| format!("no integration `{integration}`"))?;
        let known = self.administration.integration(key).await.map_err(failed)?;
        let known = known.with_context(|| format!("the key of `{integration}` is not known"))?;
        let bytes = body.to_string().into_bytes();
        let input = Input { headers: &[], query: &[], content_type: Some("application/json"), body: &bytes };
        let read = senders::read(known.integration.kind, &input, &Options::default());
        let taken = self.reception.take(&known, read, &bytes, None).await;
        let taken = taken.map_err(|why| anyhow!("the demo's past: {integration}: {why:?}"))?;
        let first = taken.first().and_then(|taken| taken.judged.instance_id);
        first.with_context(|| format!("the demo's past: {integration}: no incident came of {taken:?}"))
    }

    /// Does what a person asks in the console.
    pub(super) async fn act(&self, by: &str, incident: InstanceId, command: Command) -> anyhow::Result<()> {
        self.ask(by, Some(incident), command).await.map(drop)
    }

    /// Makes the incident that a person orders in the console.
    pub(super) async fn order(&self, by: &str, command: Command) -> anyhow::Result<InstanceId> {
        match self.ask(by, None, command).await? {
            Outcome::Created { instance_id, .. } => Ok(instance_id),
            other => Err(anyhow!("the demo's past: no incident was made: {other:?}")),
        }
    }

    async fn ask(&self, by: &str, instance_id: Option<InstanceId>, command: Command) -> anyhow::Result<Outcome> {
        let asked = format!("{by} asks for {command:?}");
        let request = Request {
            organization: self.organization,
            credential: None,
            method: Method::Web,
            by: Some(by.to_owned()),
            integration: None,
            instance_id,
            command,
            idempotency: None,
        };
        let done = self.administration.engine().act(request).await;
        done.map_err(|failure| anyhow!("the demo's past: {asked}: {failure:?}"))
    }

    /// Id of a component.
    pub(super) fn id_of(&self, kind: ComponentKind, name: &str) -> anyhow::Result<RefId> {
        let found = self.components.get(&(kind, name.to_owned())).cloned();
        found.with_context(|| format!("the demo has no {kind:?} `{name}`"))
    }

    /// A new id.
    pub(super) fn new_id(&self) -> RefId {
        RefId(self.ids.ref_id())
    }
}

fn failed(failure: engine::Failure) -> anyhow::Error {
    anyhow!("the demo's past: {failure:?}")
}

/// For each channel, a terminal that nobody looks at.
fn unseen(clock: &Clock) -> Carriers {
    let terminal = Arc::new(TerminalCarrier::new(Box::new(std::io::sink()), clock.clone()));
    Channel::ALL.into_iter().map(|channel| (channel, Arc::clone(&terminal) as Arc<dyn Carrier>)).collect()
}
