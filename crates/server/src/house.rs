//! The house put together: store, clock, carriers, engine and web, run until a signal, then stopped in order.

use crate::beat::{Kept, beat};
use crate::carriers::{Carriers, outgoing};
use crate::configuration::{Configuration, LogFormat};
use crate::exit::WrongInput;
use anyhow::Context;
use directory::Administration;
use directory::audit::{self, Actor, Changed, Entry, Object, Value, Way};
use domain::Instant;
use engine::{Clock, DeskLimits, Engine, Ids, follow_database};
use intake::Reception;
use notify::{Notifier, Watchdog, WatchdogSettings};
use std::io::IsTerminal;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use store::Store;
use tokio::net::{TcpListener, TcpSocket};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Reads the configuration file, if there is to be one, and the environment.
pub(crate) fn configure(path: Option<&Path>) -> anyhow::Result<Configuration> {
    let environment =
        std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    Configuration::load(path, environment).map_err(WrongInput::all)
}

/// Takes the configured address, so that nobody else can; nobody is answered there yet. With port 0 the system chooses one.
pub(crate) fn bind(configuration: &Configuration) -> anyhow::Result<TcpSocket> {
    let listen = configuration.server.listen;
    let bind = || {
        let socket = if listen.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
        socket.set_reuseaddr(true)?;
        socket.bind(listen)?;
        Ok::<_, std::io::Error>(socket)
    };
    bind().with_context(|| cannot_listen(listen))
}

fn cannot_listen(listen: SocketAddr) -> String {
    format!("server.listen: {listen} cannot be listened on")
}

/// Connections that wait to be taken; one more is turned away by the system.
const BACKLOG: u32 = 1024;

/// Opens the configured database and brings its schema up to date. On PostgreSQL the clock goes by the server's from then
/// on.
pub(crate) fn open_store(configuration: &Configuration, clock: &Clock) -> anyhow::Result<Store> {
    open_and_migrate(configuration, clock).map(|(store, _)| store)
}

/// The same, with the names of the migrations that were applied.
pub(crate) fn open_and_migrate(
    configuration: &Configuration,
    clock: &Clock,
) -> anyhow::Result<(Store, Vec<&'static str>)> {
    let store = open(configuration, clock)?;
    let applied = store::migrate(&store, clock.now()).context(NOT_MIGRATED)?;
    note_upgrade(&store, clock, &applied)?;
    Ok((store, applied))
}

/// The same for a server, which does not fail when a newer version of this program has migrated the database: it says so,
/// answers that it is not ready, and looks again at every beat.
pub(crate) fn open_to_serve(configuration: &Configuration, clock: &Clock) -> anyhow::Result<Store> {
    let store = open(configuration, clock)?;
    match store::migrate(&store, clock.now()) {
        // Which the store remembers once it was found, and says in the log.
        Err(store::Error::OtherSchema(_)) => drop(store.check()),
        result => note_upgrade(&store, clock, &result.context(NOT_MIGRATED)?)?,
    }
    Ok(store)
}

/// Writes into each organization's audit log that the schema was brought up to date, if it was.
fn note_upgrade(store: &Store, clock: &Clock, applied: &[&'static str]) -> anyhow::Result<()> {
    if applied.is_empty() {
        return Ok(());
    }
    let object = Object::new("installation", None, env!("CARGO_PKG_VERSION"));
    let changes = vec![Changed::set("migrations", Value::Plain(applied.iter().copied().collect()))];
    let entry = Entry::new(Actor::system(), Way::System, "installation.upgrade", object, changes);
    for organization in store.read(store::organization_list)? {
        let now = Instant(clock.now());
        store.write(|tx| audit::record(tx, &Ids::system(), organization.id, now, &entry))?;
    }
    Ok(())
}

const NOT_MIGRATED: &str = "the database's schema cannot be brought up to date";

fn open(configuration: &Configuration, clock: &Clock) -> anyhow::Result<Store> {
    let url = database_url(configuration)?;
    let cannot = || format!("the database {url} cannot be opened");
    let store = Store::open_with(&url, configuration.database.readers).with_context(cannot)?;
    follow_database(&store, clock).with_context(cannot)?;
    Ok(store)
}

/// The configured database.
pub(crate) fn database_url(configuration: &Configuration) -> anyhow::Result<store::Url> {
    let url = configuration.database.url.reveal();
    let url: store::Url = url.parse().map_err(|error| WrongInput::one(format!("database.url: {error}")))?;
    Ok(url.trusting(&configuration.tls.authorities))
}

/// Our crates, as the targets of log lines name them; the program's own name is the first.
const OURS: [&str; 9] = ["reveille", "web", "smtp", "intake", "directory", "notify", "engine", "store", "domain"];

/// Writes log lines to stderr, as the configuration says. Libraries are heard from a warning on, whatever it says: below
/// that they tell of headers and of the values of statements, which are secrets.
pub(crate) fn log(configuration: &Configuration) {
    let level = configuration.log.level;
    let ours = OURS.map(|name| (name, level));
    let told = Targets::new().with_default(level.min(tracing::Level::WARN)).with_targets(ours);
    let lines =
        tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_ansi(std::io::stderr().is_terminal());
    let registry = tracing_subscriber::registry();
    match configuration.log.format {
        LogFormat::Text => registry.with(lines.with_filter(told)).init(),
        LogFormat::Json => registry.with(lines.json().with_filter(told)).init(),
    }
}

/// What a house is put together of.
pub(crate) struct House {
    pub(crate) configuration: Configuration,
    /// Bound to the configured address.
    pub(crate) socket: TcpSocket,
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    pub(crate) ids: Ids,
    pub(crate) carriers: Carriers,
}

impl House {
    /// Serves until SIGTERM or SIGINT, then lets what is under way finish within the configured time. `ready` is
    /// called with the address once the server listens on it.
    pub(crate) fn run(self, ready: impl FnOnce(SocketAddr)) -> anyhow::Result<()> {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        runtime.block_on(self.serve(ready))
    }

    async fn serve(self, ready: impl FnOnce(SocketAddr)) -> anyhow::Result<()> {
        let Self { configuration, socket, store, clock, ids, carriers } = self;
        let listen = socket.local_addr()?;
        let listener = socket.listen(BACKLOG).with_context(|| cannot_listen(listen))?;
        // Before anybody is told that it serves: who then asks it to stop at once is to be heard.
        let signals = Signals::catch()?;
        let mail = MailListener::bind(&configuration).await?;
        let watchdog = watchdog(&configuration)?;
        let engine = Engine::start(engine_parts(&configuration, store, clock, ids, &carriers))?;
        let notifier = Notifier::new(engine, notify_parts(&configuration, carriers)?);
        let administration = Administration::new(notifier.clone());
        if let Err(failure) = notifier.take_over().await {
            // The leases run out by themselves.
            tracing::warn!(?failure, "what the last server was sending could not be taken over at once");
        }
        let (stop, stopped) = watch::channel(false);
        let kept = Kept { alert_days: configuration.keep_days, audit_days: configuration.audit_days };
        let beating = tokio::spawn(beat(administration.clone(), watchdog, kept, stopped.clone()));
        let settings = web_settings(&configuration);
        let reception = Reception::new(administration.clone());
        let telling = administration.clone();
        let serving = tokio::spawn(web::serve(listener, administration, settings, stopped.clone()));
        let mail_listen = mail.as_ref().map(|mail| mail.listener.local_addr()).transpose()?;
        let taking_mail = mail.map(|mail| tokio::spawn(mail.serve(reception, stopped)));
        ready(listen);
        // Without a service manager there is nobody to tell.
        let _ = sd_notify::notify(&[sd_notify::NotifyState::Ready]);
        tracing::info!(%listen, "listening");
        if let Some(listen) = mail_listen {
            tracing::info!(%listen, "listening for mail");
        }
        signals.come().await;
        tracing::info!("stopping: requests and messages under way are finished");
        let _ = sd_notify::notify(&[sd_notify::NotifyState::Stopping]);
        stop.send_replace(true);
        let sent = async {
            let _ = beating.await;
            notifier.all_sent().await;
            telling.all_told().await;
        };
        let mail_taken = async {
            if let Some(taking) = taking_mail {
                let _ = taking.await;
            }
        };
        let finish = async { tokio::join!(serving, mail_taken, sent) };
        if tokio::time::timeout(configuration.server.shutdown, finish).await.is_err() {
            tracing::warn!("not everything was finished in time; what was not sent is sent after the next start");
        }
        Ok(())
    }
}

/// The listener for mail, before it is listened on.
struct MailListener {
    listener: TcpListener,
    settings: smtp::Settings,
}

impl MailListener {
    /// `None` where no mail is to be taken in.
    async fn bind(configuration: &Configuration) -> anyhow::Result<Option<Self>> {
        let Some(intake) = &configuration.mail_intake else { return Ok(None) };
        let listen = intake.listen;
        let cannot = || format!("intake.smtp.listen: {listen} cannot be listened on");
        let listener = TcpListener::bind(listen).await.with_context(cannot)?;
        let certificate = intake.certificate.as_ref().map(|(chain, key)| smtp::Certificate::read(chain, key));
        let settings = smtp::Settings {
            host: intake.host.clone(),
            domains: intake.domains.clone(),
            certificate: certificate.transpose().context("intake.smtp")?,
            own_address: configuration.smtp.as_ref().map(|smtp| address_of(&smtp.from).to_owned()),
            shutdown: configuration.server.shutdown,
        };
        Ok(Some(Self { listener, settings }))
    }

    async fn serve(self, reception: Reception, stop: watch::Receiver<bool>) {
        smtp::serve(self.listener, reception, self.settings, stop).await;
    }
}

/// `a@b` of `Name <a@b>`.
fn address_of(from: &str) -> &str {
    from.rsplit_once('<').map_or(from, |(_, rest)| rest.trim_end_matches('>')).trim()
}

/// What watches over the beat, as the configuration says.
pub(crate) fn watchdog(configuration: &Configuration) -> anyhow::Result<Watchdog> {
    let settings = WatchdogSettings {
        heartbeat_url: configuration.watchdog.heartbeat_url.as_ref().map(|url| url.reveal().to_owned()),
        heartbeat: configuration.watchdog.heartbeat,
        authorities: configuration.tls.authorities.clone(),
    };
    Watchdog::new(&settings).context("watchdog")
}

/// The engine's parts, as the configuration says.
pub(crate) fn engine_parts(
    configuration: &Configuration,
    store: Store,
    clock: Clock,
    ids: Ids,
    carriers: &Carriers,
) -> engine::Parts {
    let limits = &configuration.limits;
    engine::Parts {
        store: Arc::new(store),
        clock,
        ids,
        channels: carriers.keys().copied().collect(),
        desk: DeskLimits { queue: limits.queue, batch: limits.batch, writers: configuration.database.writers },
    }
}

/// The notifier's parts, as the configuration says.
pub(crate) fn notify_parts(configuration: &Configuration, carriers: Carriers) -> anyhow::Result<notify::Parts> {
    Ok(notify::Parts {
        carriers,
        sends_at_once: u32::try_from(configuration.limits.sends_at_once).unwrap_or(u32::MAX),
        public_url: configuration.server.public_url.clone(),
        pacing: configuration.storm.pacing.clone(),
        twilio_auth_token: configuration.twilio.as_ref().map(|twilio| twilio.auth_token.reveal().to_owned()),
        fetch: Arc::new(outgoing(configuration)?),
    })
}

fn web_settings(configuration: &Configuration) -> web::Settings {
    let limits = &configuration.limits;
    web::Settings {
        body_bytes: limits.body_bytes,
        rate: limits.rate.map(|rate| web::Rate { per_second: rate.per_second, burst: rate.burst }),
        trusted_proxies: configuration.server.trusted_proxies.clone(),
        connections: limits.connections,
        header: limits.header,
        idle: limits.idle,
        mail_domain: configuration.mail_intake.as_ref().and_then(|intake| intake.domains.first().cloned()),
        shutdown: configuration.server.shutdown,
    }
}

/// SIGTERM and SIGINT, which from now on end nothing by themselves.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    fn catch() -> std::io::Result<Self> {
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    /// Ends when one of them has come since they are caught.
    async fn come(mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}
