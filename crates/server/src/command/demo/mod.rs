//! `demo`: everything on one embedded database, with an organization, incidents, a key and lines to paste.
//!
//! The first start also plays two days of incidents, so that there is something to look at. Who counts incidents from 1, or
//! wants to see the clock climb one policy and hear of nothing else, starts with `--without-incidents`: the open ones page on
//! like any others, at a high speed many times a minute. With `--empty` there is nothing to look at but the way in.

mod greeting;
mod incidents;
mod past;
mod payload;

use super::directory::not_applied;
use super::integration::integrations;
use super::say;
use super::setup_link::no_link;
use crate::carriers::{Carriers, carriers};
use crate::configuration::Configuration;
use crate::exit::WrongInput;
use crate::house::{House, bind, configure, log, open_store};
use crate::line::Demo;
use anyhow::Context;
use directory::{NewKey, TrustError, Wanted, file, make_link};
use domain::Instant;
use domain::directory::{ComponentKind, Definition, ManagedBy, dashed_key};
use domain::intake::SenderKind;
use domain::notification::Channel;
use domain::permission::Scope;
use domain::sign_in::LinkPurpose;
use engine::{Clock, Ids};
use greeting::{Greeting, Keys};
use notify::carrier::{Address, BoxFuture, Carrier, Message, Report, TerminalCarrier};
use past::Past;
use std::sync::Arc;
use store::{OrganizationRow, Store};

/// The demo organization, which is also an example to copy.
const ORGANIZATION: &str = include_str!("../../../../../examples/demo.toml");
/// What `--empty` begins with.
const EMPTY: &str = "[organization]\nname = \"demo\"\n\n\
                     [[user]]\nusername = \"ana\"\ndisplay_name = \"Ana Alves\"\nrole = \"owner\"\n";
const NAME: &str = "demo";
/// Whom the demo's link lets in: in `demo.toml` and in what `--empty` begins with.
const OWNER: &str = "ana";
/// Where a link goes on to while there is nothing but the owner.
const TO_THE_WIZARD: &str = "?next=/app/welcome";
/// The service that the printed lines use.
const SERVICE: &str = "checkout";

/// Serves the demo until it is told to stop.
pub(crate) fn demo(line: &Demo) -> anyhow::Result<()> {
    let mut configuration = configure(None)?;
    configuration.server.listen = line.listen.unwrap_or(configuration.server.listen);
    // Before anything is made: a key that is made is shown once, and only to whom the demo serves.
    let socket = bind(&configuration)?;
    std::fs::create_dir_all(&line.data).with_context(|| format!("--data: {} cannot be made", line.data.display()))?;
    let file = line.data.join("demo.db");
    configuration.database.url = format!("sqlite:{}", file.display()).into();
    configuration.limits.rate = None;
    if configuration.server.public_url.is_none() {
        configuration.server.public_url = Some(format!("http://{}", socket.local_addr()?));
    }
    log(&configuration);
    let store = open_store(&configuration, &Clock::system())?;
    let ids = Ids::system();
    let key = first_start(line, &configuration, &store, &ids)?;
    let clock = clock(&store, line.speed)?;
    let mut greeting = greeting(&store, key, line.speed)?;
    greeting.file = file.display().to_string();
    let purpose = if greeting.is_set_up { LinkPurpose::SignIn } else { LinkPurpose::Setup };
    // A clock that runs faster leaves the person who reads the terminal as long as any other.
    let link = make_link(&store, (&clock, &ids), (Some(NAME), Some(OWNER)), purpose, line.speed);
    let mut link = link.map_err(no_link)?.path;
    if greeting.is_empty {
        link.push_str(TO_THE_WIZARD);
    }
    let carriers = demo_carriers(carriers(&configuration, &clock)?, &clock, line);
    let house = House { configuration, socket, store, clock, ids, carriers };
    house.run(|address| {
        let link = format!("{}{link}", web::for_browsers(&format!("http://{address}")));
        // Whoever closed stdout does not want to be greeted.
        let _ = say(&greeting.text(address, &link));
    })
}

/// A clock that is never behind what an earlier, faster run has stored.
fn clock(store: &Store, speed: u32) -> anyhow::Result<Clock> {
    let latest = store.read(store::event_latest)?.map_or(i64::MIN, |at| at.0);
    Ok(Clock::scaled(speed, Clock::system().now().max(latest)))
}

/// What would go to people is shown on the terminal, unless the environment says how to send e-mail, text messages and
/// calls. Chats and topics of the demo do not exist, so nothing is sent there; those that somebody makes who began with
/// nothing do. Webhooks are called, and browsers pushed to: that can be tried.
fn demo_carriers(mut carriers: Carriers, clock: &Clock, line: &Demo) -> Carriers {
    carriers.retain(|channel, _| line.empty || *channel != Channel::Chat);
    let terminal = Arc::new(TerminalCarrier::new(Box::new(std::io::stdout()), clock.clone()));
    if !line.empty
        && let Some(push) = carriers.remove(&Channel::Push)
    {
        let terminal = Arc::clone(&terminal) as Arc<dyn Carrier>;
        carriers.insert(Channel::Push, Arc::new(ToBrowsers { push, terminal }));
    }
    for channel in Channel::ALL {
        carriers.entry(channel).or_insert_with(|| Arc::clone(&terminal) as Arc<dyn Carrier>);
    }
    carriers
}

/// Pushes to browsers, and shows what would go to topics.
struct ToBrowsers {
    push: Arc<dyn Carrier>,
    terminal: Arc<dyn Carrier>,
}

impl Carrier for ToBrowsers {
    fn send<'a>(&'a self, message: &'a Message) -> BoxFuture<'a, Report> {
        match &message.address {
            Address::Device { .. } => self.push.send(message),
            _ => self.terminal.send(message),
        }
    }
}

/// On the first start, makes what the line asks for. A key is seen this once only.
fn first_start(line: &Demo, configuration: &Configuration, store: &Store, ids: &Ids) -> anyhow::Result<Option<String>> {
    if store.read(|tx| store::organization_by_name(tx, NAME))?.is_some() {
        return Ok(None);
    }
    let now = Clock::system();
    if line.empty {
        make(store, &now, ids, EMPTY)?;
        return Ok(None);
    }
    if line.without_incidents {
        return organization_with_key(store, &now, ids);
    }
    // What happened before now happened by a clock that stood there, the making of the organization included.
    let (end, clock) = (Instant(now.now()), Clock::held(incidents::begin(now.now())));
    let key = organization_with_key(store, &clock, ids)?;
    let past = Past::of(configuration, (&clock, ids), end)?;
    past.play(incidents::play(&past))?;
    Ok(key)
}

fn organization_with_key(store: &Store, clock: &Clock, ids: &Ids) -> anyhow::Result<Option<String>> {
    let definition = make(store, clock, ids, ORGANIZATION)?;
    // Nobody could type the codes that would be sent to them.
    for user in &definition.users {
        for channel in Channel::ALL {
            if channel.needs_verification() && user.has_contact(channel) {
                let contact = (user.username.as_str(), channel);
                directory::contact_trust(store, clock, ids, NAME, contact).map_err(untrusted)?;
            }
        }
    }
    let new = NewKey::of(NAME, Scope::Admin);
    Ok(directory::key_create(store, clock, ids, NAME, &new)?)
}

/// Makes an organization of the API, so that everything in it can be changed there and tried.
fn make(store: &Store, clock: &Clock, ids: &Ids, text: &str) -> anyhow::Result<Definition> {
    let definition = file::read_text("demo.toml", text).map_err(WrongInput::all)?;
    let wanted = Wanted { managed_by: ManagedBy::Api, ..Wanted::of(&definition) };
    directory::apply_file(store, ids, Instant(clock.now()), &wanted).map_err(not_applied)?;
    Ok(definition)
}

fn untrusted(error: TrustError) -> anyhow::Error {
    match error {
        TrustError::Store(error) => error.into(),
        other => anyhow::anyhow!("a contact of the demo cannot be verified: {other:?}"),
    }
}

/// What there is to say of what is stored, whichever start made it.
fn greeting(store: &Store, key: Option<String>, speed: u32) -> anyhow::Result<Greeting> {
    let organization =
        store.read(|tx| store::organization_by_name(tx, NAME))?.context("the demo has no organization")?;
    let (rows, keys, password, last) = store.read(|tx| {
        let rows = store::component_list(tx, organization.id)?;
        let keys = store::key_list(tx, organization.id)?;
        let password = store::credential_exists(tx, organization.id)?;
        Ok::<_, store::Error>((rows, keys, password, store::number_last(tx, organization.id)?))
    })?;
    let service = rows.iter().find(|row| row.kind == ComponentKind::Service && row.name == SERVICE);
    let keys = match (key, keys.is_empty()) {
        (Some(key), _) => Keys::New(key),
        (None, false) => Keys::NotShownAgain,
        (None, true) => Keys::NoneYet,
    };
    Ok(Greeting {
        speed,
        // Whoever has a key or a password has begun.
        is_set_up: password || !matches!(keys, Keys::NoneYet),
        is_empty: rows.len() == 1,
        keys,
        service: service.map(|row| row.ref_id.0.clone()),
        integration: generic_key(store, &organization)?,
        next_incident: last + 1,
        file: String::new(),
    })
}

/// The key of the integration that the printed lines use.
fn generic_key(store: &Store, organization: &OrganizationRow) -> anyhow::Result<Option<String>> {
    let found = integrations(store, organization)?;
    let found = found.into_iter().find(|(component, _)| component.kind == SenderKind::Generic);
    Ok(found.and_then(|(_, digits)| digits).map(|digits| dashed_key(&digits)))
}
