//! `demo`: everything on one embedded database, with an organization, a key and lines to paste.

use super::directory::not_applied;
use super::integration::integrations;
use super::say;
use super::setup_link::no_link;
use crate::carriers::{Carriers, carriers};
use crate::exit::WrongInput;
use crate::house::{House, configure, log, open_store};
use crate::line::Demo;
use anyhow::Context;
use directory::{NewKey, TrustError, Wanted, file, make_link};
use domain::Instant;
use domain::directory::{ComponentKind, ManagedBy, dashed_key};
use domain::intake::SenderKind;
use domain::notification::Channel;
use domain::permission::Scope;
use domain::sign_in::LinkPurpose;
use engine::{Clock, Ids};
use notify::carrier::{Carrier, TerminalCarrier};
use std::net::SocketAddr;
use std::sync::Arc;
use store::Store;

/// The demo organization, which is also an example to copy.
const ORGANIZATION: &str = include_str!("../../../../examples/demo.toml");
const NAME: &str = "demo";
/// The demo's owner, as whom its link signs in.
const OWNER: &str = "ana";
/// The service that the printed lines use.
const SERVICE: &str = "checkout";

/// Serves the demo until it is told to stop.
pub(crate) fn demo(line: &Demo) -> anyhow::Result<()> {
    let mut configuration = configure(None)?;
    std::fs::create_dir_all(&line.data).with_context(|| format!("--data: {} cannot be made", line.data.display()))?;
    let file = line.data.join("demo.db");
    configuration.database.url = format!("sqlite:{}", file.display()).into();
    configuration.server.listen = line.listen;
    configuration.limits.rate = None;
    if line.listen.port() != 0 && configuration.server.public_url.is_none() {
        configuration.server.public_url = Some(format!("http://{}", line.listen));
    }
    log(&configuration);
    let store = open_store(&configuration, &Clock::system())?;
    let clock = clock(&store, line.speed)?;
    let ids = Ids::system();
    let key = first_start(&store, &clock, &ids)?;
    let (service, integration) = (service_ref(&store)?, integration_key(&store)?);
    // A clock that runs faster leaves the person who reads the terminal as long as any other.
    let sign_in = make_link(&store, (&clock, &ids), (Some(NAME), Some(OWNER)), LinkPurpose::SignIn, line.speed);
    let sign_in = sign_in.map_err(no_link)?.path;
    let carriers = demo_carriers(carriers(&configuration, &clock)?, &clock);
    let house = House { configuration, store, clock, ids, carriers };
    house.run(|address| {
        // Whoever closed stdout does not want to be greeted.
        let sign_in = format!("{}{sign_in}", web::for_browsers(&format!("http://{address}")));
        let file = file.display().to_string();
        let _ = say(&greeting(address, line.speed, (key.as_deref(), &sign_in), (&service, &integration), &file));
    })
}

/// A clock that is never behind what an earlier, faster run has stored.
fn clock(store: &Store, speed: u32) -> anyhow::Result<Clock> {
    let latest = store.read(store::event_latest)?.map_or(i64::MIN, |at| at.0);
    Ok(Clock::scaled(speed, Clock::system().now().max(latest)))
}

/// What would go to people is shown on the terminal, unless the environment says how to send e-mail, text messages and
/// calls. Chats and topics of the demo do not exist, so nothing is sent there. Webhooks are called: that can be tried.
fn demo_carriers(mut carriers: Carriers, clock: &Clock) -> Carriers {
    carriers.retain(|channel, _| !matches!(channel, Channel::Chat | Channel::Push));
    let terminal = Arc::new(TerminalCarrier::new(Box::new(std::io::stdout()), clock.clone()));
    for channel in Channel::ALL {
        carriers.entry(channel).or_insert_with(|| Arc::clone(&terminal) as Arc<dyn Carrier>);
    }
    carriers
}

/// On the first start, makes the organization and a key; the key is seen this once only.
fn first_start(store: &Store, clock: &Clock, ids: &Ids) -> anyhow::Result<Option<String>> {
    if store.read(|tx| store::organization_by_name(tx, NAME))?.is_some() {
        return Ok(None);
    }
    let definition = file::read_text("demo.toml", ORGANIZATION).map_err(WrongInput::all)?;
    // Everything in it can be changed by the API, so that it can be tried.
    let wanted = Wanted { managed_by: ManagedBy::Api, ..Wanted::of(&definition) };
    directory::apply_file(store, ids, Instant(clock.now()), &wanted).map_err(not_applied)?;
    // Nobody could type the codes that would be sent to them.
    for user in &definition.users {
        for channel in Channel::ALL {
            if channel.needs_verification() && user.has_contact(channel) {
                let contact = (user.username.as_str(), channel);
                directory::contact_trust(store, clock, ids, NAME, contact).map_err(untrusted)?;
            }
        }
    }
    let new = NewKey { name: NAME.to_owned(), scope: Scope::Admin, allow: Vec::new(), expires_at: None };
    Ok(directory::key_create(store, clock, ids, NAME, &new)?)
}

fn untrusted(error: TrustError) -> anyhow::Error {
    match error {
        TrustError::Store(error) => error.into(),
        other => anyhow::anyhow!("a contact of the demo cannot be verified: {other:?}"),
    }
}

fn greeting(
    address: SocketAddr,
    speed: u32,
    (key, sign_in): (Option<&str>, &str),
    (service, integration): (&str, &str),
    file: &str,
) -> String {
    let address = format!("http://{address}");
    let speed = match speed {
        1 => String::new(),
        speed => format!(" The clock runs {speed} times as fast as real time."),
    };
    let key_lines = match key {
        Some(key) => format!("api key: {key}\n"),
        None => format!(
            "The key of the first start is not shown again; make another, while this runs, with\n  \
             REVEILLE__DATABASE__URL=sqlite:{file} reveille key create --organization {NAME} --name me --scope admin\n"
        ),
    };
    let shown = key.unwrap_or("KEY");
    let post = |operation: &str, body: &str| {
        format!("curl -s -H 'Authorization: token {shown}' -d '{body}' {address}/incidents/{operation}\n")
    };
    let send = |body: &str| format!("curl -s -d '{body}' {address}/generic/{integration}\n");
    let create = format!(r#"{{"title": "Checkout is slow", "service_ref_id": "{service}"}}"#);
    format!(
        "Reveille's demo listens on {address}.{speed} People are paged on this terminal.\n{key_lines}sign in: {sign_in}\n\n\
         Trigger an incident, look at it, acknowledge it, resolve it (its instance_id is in the first answer):\n\n\
         {}{}{}{}\nSend an alert as a monitoring tool does, then say that it is over (other tools: `reveille integration list`):\n\n\
         {}{}\nSee who is on call:\n\n\
         curl -s -H 'Authorization: token {shown}' {address}/v1/on-call\n\nWhat the API can do: {address}/docs\n\n",
        post("create", &create),
        post("details", r#"{"instance_id": 1}"#),
        post("acknowledge", r#"{"instance_id": 1}"#),
        post("resolve", r#"{"instance_id": 1}"#),
        send(r#"{"id": "disk-db-1", "title": "Disk of db-1 is full", "severity": "critical"}"#),
        send(r#"{"id": "disk-db-1", "status": "resolved"}"#),
    )
}

/// The key of the integration that the printed lines use.
fn integration_key(store: &Store) -> anyhow::Result<String> {
    let Some(organization) = store.read(|tx| store::organization_by_name(tx, NAME))? else { return Ok(String::new()) };
    let all = integrations(store, &organization)?;
    let found = all.into_iter().find(|(component, _)| component.kind == SenderKind::Generic);
    Ok(found.and_then(|(_, digits)| digits).map_or("KEY".to_owned(), |digits| dashed_key(&digits)))
}

fn service_ref(store: &Store) -> anyhow::Result<String> {
    store.read(|tx| {
        let organization = store::organization_by_name(tx, NAME)?;
        let rows = match organization {
            Some(organization) => store::component_list(tx, organization.id)?,
            None => Vec::new(),
        };
        let service = rows.into_iter().find(|row| row.kind == ComponentKind::Service && row.name == SERVICE);
        Ok(service.map_or("SERVICE_REF_ID".to_owned(), |row| row.ref_id.0))
    })
}
