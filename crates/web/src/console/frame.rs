//! What stands around every page: the head with the way to other pages, who is signed in, and what time it is for them.

use super::asset;
use super::menu::{self, MORE};
use super::theme::Theme;
use super::time::Clock;
use directory::Person;
use engine::Stamp;

/// What stands around a page.
#[derive(Clone, Debug)]
pub(super) struct Frame {
    /// What is drawn for who is signed in; nothing where nobody is.
    pub(super) head: Option<Head>,
    /// Where the style sheet is.
    pub(super) style: &'static str,
    /// Where the icon is.
    pub(super) icon: &'static str,
    /// Where the script is, for pages that have it.
    pub(super) script: &'static str,
    /// Where the script is that every page has.
    pub(super) keys: &'static str,
    /// Where the manifest is.
    pub(super) manifest: &'static str,
    /// Where the script is that turns push on, for the page that has it.
    pub(super) push: &'static str,
    /// In which light it is shown.
    pub(super) theme: Theme,
    /// The version of the server.
    pub(super) version: &'static str,
}

/// Whoever reads a page.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reader<'a> {
    /// Who is signed in.
    pub(super) person: &'a Person,
    /// What time it is for them.
    pub(super) clock: &'a Clock,
    /// The path of the page.
    pub(super) path: &'a str,
    /// The same with its query.
    pub(super) address: &'a str,
    /// How the page stands, for what changes afterwards.
    pub(super) stamp: Option<Stamp>,
    /// What was searched for.
    pub(super) searched: &'a str,
}

/// The head of a page for who is signed in.
#[derive(Clone, Debug)]
pub(super) struct Head {
    /// The name shown to people.
    pub(super) who: String,
    /// Where to go.
    pub(super) links: Vec<Link>,
    /// The zone as people call it: `Berlin`.
    pub(super) place: String,
    /// The zone by its IANA name.
    pub(super) zone: String,
    /// What time it is there: `03:02`.
    pub(super) minute: String,
    /// The same for programs.
    pub(super) datetime: String,
    /// Whether there is anything that they may search.
    pub(super) searches: bool,
    /// What was searched for.
    pub(super) searched: String,
    /// Where the page is: its path and query.
    pub(super) address: String,
    /// By what the page knows that it has seen all changes; empty where that is not known.
    pub(super) stamp: String,
}

/// A link of the head.
#[derive(Clone, Debug)]
pub(super) struct Link {
    pub(super) path: &'static str,
    pub(super) title: &'static str,
    /// The value of `aria-current`: `page` on the page itself, `true` on those below it.
    pub(super) current: Option<&'static str>,
    /// Whether a phone finds it in the list of all pages alone.
    pub(super) is_wide: bool,
}

/// How many links stand in the head on a phone.
const ON_A_PHONE: usize = 3;

impl Frame {
    /// Around a page for nobody in particular, such as the sign-in page.
    pub(super) fn closed() -> Self {
        Self::around(None)
    }

    /// Where the page is, for who is signed in.
    pub(super) fn address(&self) -> &str {
        self.head.as_ref().map_or("", |head| &head.address)
    }

    /// The same, by another clock.
    pub(super) fn at(self, clock: &Clock) -> Self {
        let head = self.head.map(|head| Head {
            place: clock.place(),
            zone: clock.zone().to_owned(),
            minute: clock.minute(),
            ..head
        });
        Self { head, ..self }
    }

    /// Around a page for whoever reads it.
    pub(super) fn around(reader: Option<Reader<'_>>) -> Self {
        let (style, icon, script) = (asset::style(), asset::icon(), asset::script());
        let (keys, push) = (asset::console_script(), asset::push_script());
        let (manifest, version) = (asset::MANIFEST, env!("CARGO_PKG_VERSION"));
        let theme = Theme::default();
        Self { head: reader.map(Head::of), theme, style, icon, script, keys, manifest, push, version }
    }
}

impl Head {
    fn of(reader: Reader<'_>) -> Self {
        let Reader { person, clock, path, address, stamp, searched } = reader;
        let entries = menu::head(person);
        let links = entries.iter().enumerate().map(|(place, entry)| Link {
            path: entry.path,
            title: entry.title,
            current: current(entry.path, path),
            is_wide: place >= ON_A_PHONE,
        });
        let more = Link { path: MORE, title: "More", current: current(MORE, path), is_wide: false };
        Self {
            who: person.name.clone(),
            links: links.chain([more]).collect(),
            place: clock.place(),
            zone: clock.zone().to_owned(),
            minute: clock.minute(),
            datetime: clock.moment(clock.now()).datetime,
            searches: menu::is_drawn(person, domain::permission::Action::Read),
            searched: searched.to_owned(),
            address: address.to_owned(),
            stamp: stamp.map(|stamp| stamp.to_string()).unwrap_or_default(),
        }
    }
}

/// How a link to `entry` stands to the page at `path`. The first page is what `/` and `/app` show.
fn current(entry: &str, path: &str) -> Option<&'static str> {
    let path = match path.trim_end_matches('/') {
        "" | "/app" => "/app/now",
        path => path,
    };
    match path.strip_prefix(entry)? {
        "" => Some("page"),
        below => below.starts_with('/').then_some("true"),
    }
}

#[cfg(test)]
mod tests;
