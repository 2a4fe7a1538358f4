//! `setup-link`: the way in for the first person of an organization, and back in for anybody, for who runs the server.

use super::opened::{Opened, refused};
use super::say;
use crate::configuration::Configuration;
use crate::exit::WrongInput;
use crate::house::{configure, open_store};
use crate::line::{Settings, SetupLink};
use directory::{LinkError, LinkMade, make_link, make_owner};
use domain::sign_in::LinkPurpose;
use engine::{Clock, Ids};
use store::Store;

/// Makes a link and prints it, which is the only time it is shown. Makes an owner of the person before, where that is asked.
pub(crate) fn setup_link(line: &SetupLink) -> anyhow::Result<()> {
    if let Some(user) = line.user.as_ref().filter(|_| line.owner) {
        let Opened { store, organization, now } = Opened::named(&line.settings, line.organization.as_deref())?;
        make_owner(&store, &Ids::system(), now, organization.id, user).map_err(refused)?;
    }
    let named = (line.organization.as_deref(), line.user.as_deref());
    print_link(&line.settings, named, LinkPurpose::Setup)
}

/// Makes a link for this purpose and prints it alone on stdout; whom it is for and until when stands on no line that a
/// program reads.
pub(super) fn print_link(
    settings: &Settings,
    named: (Option<&str>, Option<&str>),
    purpose: LinkPurpose,
) -> anyhow::Result<()> {
    let configuration = configure(settings.config.as_deref())?;
    let link = new_link(&configuration, &Clock::system(), named, purpose)?;
    say(&format!("{}\n", url(&configuration, &link)))
}

/// Makes a link in the configured database.
pub(super) fn new_link(
    configuration: &Configuration,
    clock: &Clock,
    named: (Option<&str>, Option<&str>),
    purpose: LinkPurpose,
) -> anyhow::Result<LinkMade> {
    let store = open_store(configuration, clock)?;
    make_link(&store, (clock, &Ids::system()), named, purpose, 1).map_err(no_link)
}

/// The link for the first person, where nobody has a password yet and it is clear whom it is for.
pub(super) fn first_link(
    configuration: &Configuration,
    store: &Store,
    clock: &Clock,
) -> anyhow::Result<Option<String>> {
    let anybody = store.read(|tx| {
        let mut anybody = false;
        for organization in store::organization_list(tx)? {
            anybody = anybody || store::credential_exists(tx, organization.id)?;
        }
        Ok::<_, store::Error>(anybody)
    })?;
    if anybody {
        return Ok(None);
    }
    match make_link(store, (clock, &Ids::system()), (None, None), LinkPurpose::Setup, 1) {
        Ok(link) => Ok(Some(url(configuration, &link))),
        Err(LinkError::Store(error)) => Err(error.into()),
        Err(_) => Ok(None),
    }
}

/// Where the link leads, by the name that browsers on the machine itself are to use.
fn url(configuration: &Configuration, link: &LinkMade) -> String {
    let server = &configuration.server;
    let address = server.public_url.clone().unwrap_or_else(|| format!("http://{}", server.listen));
    format!("{}{}", web::for_browsers(&address), link.path)
}

/// What to do where there is no link.
pub(super) fn no_link(error: LinkError) -> anyhow::Error {
    let listed = |names: &[String]| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    match error {
        LinkError::Store(error) => error.into(),
        LinkError::UnknownOrganization(name) => {
            WrongInput::one(format!("no organization is named `{name}`; `reveille apply` makes one"))
        }
        LinkError::WhichOrganization(names) if names.is_empty() => {
            WrongInput::one("there is no organization yet; `reveille apply` makes one")
        }
        LinkError::WhichOrganization(names) => {
            WrongInput::one(format!("--organization: name one of {}", listed(&names)))
        }
        LinkError::UnknownUser(name) => WrongInput::one(format!("--user: the organization has no user `{name}`")),
        LinkError::WhichUser(names) if names.is_empty() => {
            WrongInput::one("--user: nobody of the organization has the role `admin`; name who is to be let in")
        }
        LinkError::WhichUser(names) => WrongInput::one(format!("--user: name one of {}", listed(&names))),
        LinkError::Locked(name) => {
            WrongInput::one(format!("--user: `{name}` is locked; take `locked` out of the directory file first"))
        }
    }
}
