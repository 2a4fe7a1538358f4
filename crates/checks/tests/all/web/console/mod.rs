//! The console and signing in: a file for each promise's subject, all by a browser that walks the pages.

mod audit;
mod cover;
mod device;
mod editor;
mod exception;
mod factor;
mod frame;
mod incident;
mod link;
mod live;
mod mail;
mod many;
mod me;
mod note;
mod now;
mod office;
mod oidc;
mod on_call;
mod order;
mod passkey;
mod password;
mod roles;
mod row;
mod rule;
mod saved_view;
mod service;
mod session;
mod set_up;
mod site;
mod welcome;

use checks::{Answer, Api, Browser};
use domain::sign_in::LinkPurpose;

/// What everybody in these tests chooses.
pub(super) const PASSWORD: &str = "eleven lazy otters knit";
/// What somebody chooses afterwards.
const ANOTHER: &str = "seven brass kettles sing";
/// The cookie by which somebody is signed in.
const SESSION: &str = "__Host-reveille";

/// The page says this, with this status, runs nothing, and has one heading.
#[track_caller]
pub(super) fn says(answer: &Answer, status: u16, words: &str) {
    assert_eq!(answer.status, status, "{}", answer.text());
    assert!(answer.text().contains(words), "{words}: {}", answer.text());
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
    // The scripts that there are, by their paths; nothing of them stands on a page.
    let page = answer.text().replace("<script src=\"/app/passkey-", "").replace("<script src=\"/app/console-", "");
    let page = page.replace("<script src=\"/app/push-", "");
    for none in ["<script", "style=\"", " onclick", "javascript:"] {
        assert!(!page.contains(none), "{none}: {page}");
    }
    assert_eq!(page.matches("<h1>").count(), 1, "{page}");
    let policy = answer.header("content-security-policy");
    assert!(
        policy.contains("script-src 'self'; style-src 'self'") && policy.contains("form-action 'self'"),
        "{policy}"
    );
    assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin");
}

/// The browser is sent there.
#[track_caller]
pub(super) fn goes_to(answer: &Answer, path: &str) {
    assert_eq!((answer.status, answer.header("location")), (303, path), "{}", answer.text());
}

/// What a form of the page sends without being asked.
pub(super) fn hidden(answer: &Answer, name: &str) -> String {
    let begin = format!("<input type=\"hidden\" name=\"{name}\" value=\"");
    let rest = answer.text().split_once(&begin).unwrap_or_else(|| panic!("no {name} on {}", answer.text())).1;
    rest.split('"').next().expect("a value").to_owned()
}

/// What an attribute of a tag says.
fn attribute(tag: &str, name: &str) -> Option<String> {
    Some(plain(tag.split_once(&format!(" {name}=\""))?.1.split('"').next()?))
}

/// A text of a page as it is read.
fn plain(text: &str) -> String {
    let text = text.replace("&#34;", "\"").replace("&#39;", "'").replace("&#60;", "<").replace("&#62;", ">");
    text.replace("&#38;", "&")
}

/// Where the first form of the page goes whose path begins so, and its fields as they are filled in.
pub(super) fn filled(page: &Answer, path: &str) -> (String, Vec<(String, String)>) {
    let begin = format!("<form method=\"post\" action=\"{path}");
    let form = page.text().split_once(&begin).unwrap_or_else(|| panic!("no form for {path}: {}", page.text())).1;
    let form = form.split("</form>").next().expect("its end");
    let action = format!("{path}{}", form.split(['"', '#']).next().expect("a path"));
    let mut fields = Vec::new();
    for tag in form.split('<').filter(|tag| tag.starts_with("input ")) {
        let is_box = tag.contains("type=\"checkbox\"") || tag.contains("type=\"radio\"");
        let name = attribute(tag, "name").expect("a name");
        if !is_box || tag.contains(" checked") {
            fields.push((name, attribute(tag, "value").unwrap_or_default()));
        }
    }
    for list in form.split("<select ").skip(1) {
        let list = list.split("</select>").next().expect("its end");
        let options: Vec<_> = list.split("<option").skip(1).collect();
        let chosen = options.iter().find(|option| option.contains(" selected")).or(options.first());
        let name = attribute(&format!(" {list}"), "name").expect("a name");
        fields.extend(chosen.map(|option| (name, attribute(option, "value").expect("a value"))));
    }
    for area in form.split("<textarea ").skip(1) {
        let (tag, text) = area.split_once('>').expect("a tag");
        let text = text.split("</textarea>").next().expect("its end").trim_start_matches('\n');
        fields.push((attribute(&format!(" {tag}"), "name").expect("a name"), plain(text)));
    }
    (action, fields)
}

/// Whether the browser is signed in.
pub(super) fn is_in(browser: &Browser<'_>) -> bool {
    browser.get("/app/now").status == 200
}

/// A browser at this address in which this person of the demo has chosen the password, and is signed in.
pub(super) fn welcomed<'a>(api: &'a Api, user: &str, address: &str) -> Browser<'a> {
    let browser = Browser::new(api, address);
    let link = api.link(LinkPurpose::Setup, user);
    goes_to(&browser.post(&link, &[("password", PASSWORD), ("again", PASSWORD)]), "/app/now");
    browser
}

/// Signs in by a password.
pub(super) fn sign_in(browser: &Browser<'_>, name: &str, password: &str) -> Answer {
    browser.post("/app/sign-in", &[("name", name), ("password", password), ("organization", "demo")])
}
