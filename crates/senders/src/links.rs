//! Links and pictures: only what a responder can open is kept.

use crate::remarks::say_once;
use domain::intake::{Link, Received};
use domain::limits;

const SCHEMES: [&str; 3] = ["http://", "https://", "mailto:"];

/// The address, if it can be opened: `http`, `https` or `mailto`, and something behind it.
pub(crate) fn address(text: &str) -> Option<String> {
    let text = text.trim();
    let fits = SCHEMES.iter().any(|scheme| {
        let head = text.get(..scheme.len()).is_some_and(|head| head.eq_ignore_ascii_case(scheme));
        head && text.len() > scheme.len()
    });
    (fits && !text.contains(char::is_control)).then(|| text.replace(' ', "%20"))
}

/// Whether a whole text is nothing but an address of the web.
pub(crate) fn is_address(text: &str) -> bool {
    !text.contains(char::is_whitespace) && !text.starts_with("mailto:") && address(text).is_some()
}

/// Adds a link that can be opened and is not there yet; of others it is said that they were left out. One more is taken
/// than is kept, so that it is told; a sender can give very many, and each is compared with those before it.
pub(crate) fn add(received: &mut Received, text: &str, url: Option<String>) {
    let Some(written) = url.filter(|_| received.links.len() <= limits::LINKS) else { return };
    let Some(url) = address(&written) else {
        return say_once(received, "a link that is neither http, https nor mailto was left out");
    };
    if received.links.iter().all(|link| link.url != url) {
        received.links.push(Link { text: text.to_owned(), url });
    }
}

/// Adds the address of a picture, under the same rules.
pub(crate) fn add_image(received: &mut Received, url: Option<String>) {
    let Some(written) = url.filter(|_| received.images.len() <= limits::IMAGES) else { return };
    let Some(url) = address(&written).filter(|_| is_address(&written)) else {
        return say_once(received, "the address of a picture that is neither http nor https was left out");
    };
    if !received.images.contains(&url) {
        received.images.push(url);
    }
}

/// `runbook_url` as "Runbook", `dashboardURL` as "Dashboard": the name of a member as the text of a link.
pub(crate) fn caption(name: &str) -> String {
    let bare = ["_url", "URL", "Url", "_link", "_uri", "url"].iter().find_map(|end| name.strip_suffix(end));
    let bare = bare.filter(|bare| !bare.is_empty()).unwrap_or(name).replace(['_', '-', '.'], " ");
    let bare = bare.trim();
    let mut characters = bare.chars();
    let head = characters.next().map(|first| first.to_uppercase().collect::<String>());
    head.unwrap_or_else(|| "Link".to_owned()) + characters.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::intake::State;

    #[test]
    fn only_what_can_be_opened_is_kept_once() {
        let mut received = Received::of(State::Firing);
        for url in ["https://a.example/x y", "HTTPS://b.example", "mailto:ops@a.example", "https://a.example/x y"] {
            add(&mut received, "Link", Some(url.to_owned()));
        }
        assert_eq!(received.links.len(), 3);
        assert_eq!(received.repairs, Vec::<String>::new());
        for url in ["javascript:alert(1)", "https://", "/graph", "http://a\nb", "ftp://a", "é"] {
            add(&mut received, "Link", Some(url.to_owned()));
        }
        assert_eq!((received.links.len(), received.repairs.len()), (3, 1));
    }

    #[test]
    fn of_very_many_links_and_pictures_one_more_is_taken_than_is_kept() {
        let mut received = Received::of(State::Firing);
        for number in 0..1_000 {
            let url = Some(format!("https://a.example/{number}"));
            add(&mut received, "Link", url.clone());
            add_image(&mut received, url);
        }
        assert_eq!((received.links.len(), received.images.len()), (limits::LINKS + 1, limits::IMAGES + 1));
    }

    #[test]
    fn names_become_captions() {
        let table = [
            ("runbook_url", "Runbook"),
            ("dashboardURL", "Dashboard"),
            ("url", "Url"),
            ("grafana_panel", "Grafana panel"),
            ("", "Link"),
            ("_url", "Url"),
        ];
        for (name, expect) in table {
            assert_eq!(caption(name), expect, "{name}");
        }
    }
}
