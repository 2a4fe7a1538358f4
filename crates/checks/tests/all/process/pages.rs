//! Every page of the console in a real browser: on a phone and on a desk, by day and by night.

use super::chromium::Window;
use checks::{Database, Home};
use serde_json::Value;
use std::path::Path;
use thirtyfour::Key;

/// Pages of the demo: each kind of page, those of lists and of what stands in them.
const PAGES: [&str; 58] = [
    "invitations",
    "me/tokens",
    "now",
    "incidents",
    "incidents?state=resolved",
    "incidents?state=all&order=urgency&policy=primary",
    "incidents#view-name",
    "incidents/4",
    "incidents/7",
    "incidents/7?log=deeds",
    "incidents/new",
    "on-call",
    "routines",
    "routines/partners",
    "routines/payments?exception=2030-07-01T09:00:00Z~2030-07-02T12:00:00Z&person=ben",
    "policies",
    "policies/primary",
    "services",
    "services/checkout",
    "integrations",
    "integrations/prometheus",
    "rules",
    "business-services",
    "business-services/web%20shop",
    "response-sets",
    "workflows",
    "heartbeats",
    "maintenance",
    "teams",
    "teams/platform",
    "people",
    "people/ben",
    "edit/services/checkout",
    "edit/routines/payments",
    "edit/users/ben",
    "edit/escalation-policies/primary",
    "edit/routing-rules",
    "edit/integrations/prometheus",
    "keys",
    "audit",
    "history",
    "settings",
    "settings/providers",
    "search?q=pay",
    "me",
    "me/when",
    "me/cover?routine=payments&from=2030-07-01T09:00:00Z&until=2030-07-08T09:00:00Z",
    "me/security",
    "more",
    "routines/payments/edit",
    "welcome/zone",
    "welcome/contact",
    "welcome/people",
    "welcome/routine?pattern=follow-the-sun",
    "welcome/policy",
    "welcome/service",
    "welcome/integration",
    "welcome/page",
];

/// Further widths at which a page that is open must not go beyond its side: the narrowest there are, a desk at 200 %, a tablet.
const WIDTHS: [u32; 4] = [320, 390, 640, 768];

/// The size of text, in pixels, that browsers have unless somebody asks for another.
const NORMAL: u32 = 16;

/// What the page forbids, and the browser was asked for all the same.
const WATCH: &str = "window.forbidden = []; document.addEventListener('securitypolicyviolation', \
    (event) => window.forbidden.push(event.violatedDirective + ' ' + event.blockedURI));";

/// What is wrong with how the page can be read and used: each rule that is broken, with where.
const CHECK: &str = "return await axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', \
    'best-practice'], resultTypes: ['violations']}).then((found) => found.violations.map((rule) => \
    rule.id + ': ' + rule.nodes.slice(0, 3).map((node) => node.html).join(' | ')));";

/// All that the Tab key is to reach on a page, in the order in which it stands there: a group of choices is one stop.
const STOPS_OF_PAGE: &str = "const isThere = (it) => it.checkVisibility({visibilityProperty: true}) && it.tabIndex >= 0 && \
        it.type !== 'hidden' && !it.matches(':disabled'); \
    const all = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]')].filter(isThere); \
    const group = (it) => all.filter((other) => other.type === 'radio' && other.name === it.name && other.form === it.form); \
    const isStop = (it) => it.type !== 'radio' || it === (group(it).find((other) => other.checked) ?? group(it)[0]); \
    window.stops = all.filter(isStop); window.reached = []; window.unseen = []; \
    document.body.tabIndex = -1; document.body.focus(); \
    document.addEventListener('focusin', ({target}) => { \
        const place = window.stops.indexOf(target), style = getComputedStyle(target); \
        if (place < 0 || window.reached.length >= window.stops.length) return; \
        window.reached.push(place); \
        if (style.outlineStyle === 'none' && style.boxShadow === 'none') window.unseen.push(target.outerHTML.slice(0, 100)); }); \
    return window.stops.length;";

/// What was reached: stops that were left out or came in another order, and those whose focus nobody sees.
const REACHED: &str = "const {stops, reached, unseen} = window; \
    const name = (place) => stops[place]?.outerHTML.slice(0, 100) ?? 'nothing'; \
    const odd = stops.findIndex((stop, place) => reached[place] !== place); \
    const wrong = `stop ${odd} of ${stops.length} is ${name(reached[odd])} and not ${name(odd)}`; \
    return [...unseen.map((it) => 'the focus is not seen on ' + it), ...(odd < 0 ? [] : [wrong])];";
/// Presses of the Tab key at once, and how often they may come to nothing: a field for a time has many stops inside.
const AT_ONCE: usize = 40;
const IN_VAIN: usize = 3;

/// Walks a page by the Tab key alone; what is wrong with where it leads.
async fn walked(window: &Window) -> Vec<String> {
    let count = async |script: &str| window.ask(script).await.as_u64().expect("a number");
    let stops = count(STOPS_OF_PAGE).await;
    let (mut reached, mut in_vain) = (0, 0);
    while reached < stops && in_vain < IN_VAIN {
        window.keys(Key::Tab.value().to_string().repeat(AT_ONCE)).await;
        let now = count("return window.reached.length;").await;
        in_vain = if now == reached { in_vain + 1 } else { 0 };
        reached = now;
    }
    let wrong = window.ask(REACHED).await;
    window.ask("document.body.focus(); scrollTo(0, 0);").await;
    texts(&wrong)
}

/// The checker, which is run in the page and is no part of it.
fn checker() -> String {
    let python = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/python/lib");
    let of_version = std::fs::read_dir(&python).expect("Python packages: run `bash scripts/prepare.sh` once");
    let paths = of_version.map(|entry| entry.expect("an entry").path());
    let mut found = paths.map(|path| path.join("site-packages/axe_playwright_python/axe.min.js"));
    let path = found.find(|path| path.exists()).expect("the checker: run `bash scripts/prepare.sh` once");
    std::fs::read_to_string(path).expect("a script")
}

fn texts(value: &Value) -> Vec<String> {
    value.as_array().expect("a list").iter().map(|text| text.as_str().expect("a text").to_owned()).collect()
}

/// What is wrong with the pages of the demo on a screen so wide, in this light, with text of this size; also where the Tab key
/// leads on them, if that is asked.
fn wrong_with_pages(screens: &'static [(u32, &'static str, u32)], walks: bool) -> Vec<String> {
    let home = Home::new(Database::Sqlite);
    let mut server = home.demo(&[]);
    let link = server.printed(|line| line.strip_prefix("sign in: ").map(str::to_owned));
    let site = format!("http://localhost:{}", server.address.port());
    let (told, hears) = std::sync::mpsc::channel();
    let body = async move |window: Window| {
        let checker = checker();
        window.begin_with(WATCH).await;
        window.open(&link).await;
        window.see("//h1[.='Now']").await;
        window.open(&format!("{site}/app/incidents?state=open#view-name")).await;
        window.fill("//input[@id='view-name']", "What is open").await;
        window.press("//button[.='Save view']").await;
        window.see("//nav[@aria-label='Saved views']//a[contains(., 'What is open')]").await;
        window.ask(&checker).await;
        window.ask("document.querySelector('main').insertAdjacentHTML('beforeend', '<input><img src=\"/x\">');").await;
        assert!(texts(&window.ask(CHECK).await).len() >= 2, "the checker sees what nobody could use");
        for (width, theme, text) in screens {
            window.write_as(*text).await;
            window.look_as(*width, if *theme == "light" { "light" } else { "dark" }).await;
            window.open(&format!("{site}/app/help")).await;
            let chosen = if *theme == "night" { "night" } else { "system" };
            window.ask(&format!("document.getElementById('theme').value = '{chosen}';")).await;
            window.press("//button[.='Show so']").await;
            window.see("//*[contains(., 'Pages are shown so')]").await;
            for page in PAGES {
                window.open(&format!("{site}/app/{page}")).await;
                window.see("//h1").await;
                let shown = "return [document.documentElement.dataset.theme, getComputedStyle(document.documentElement).fontSize];";
                assert_eq!(window.ask(shown).await, serde_json::json!([chosen, format!("{text}px")]));
                let found = if walks { walked(&window).await } else { looked_at(&window, &checker, *width).await };
                found.into_iter().for_each(|found| {
                    told.send(format!("{page} at {width} {theme}, text of {text}: {found}")).expect("it is heard");
                });
            }
        }
    };
    Window::run(&home.path("chromium"), body);
    hears.iter().collect()
}

/// What is wrong with the page that is open.
async fn looked_at(window: &Window, checker: &str, width: u32) -> Vec<String> {
    let mut wrong = Vec::new();
    window.ask(checker).await;
    wrong.extend(texts(&window.ask(CHECK).await));
    let forbidden = texts(&window.ask("return window.forbidden;").await);
    wrong.extend(forbidden.into_iter().map(|found| format!("not allowed: {found}")));
    for other in WIDTHS.into_iter().chain([width]) {
        window.look_at_width(other).await;
        let wide = window.ask("return document.documentElement.scrollWidth;").await.as_u64().expect("a number");
        wrong.extend((wide > u64::from(other)).then(|| format!("{wide} wide at {other}")));
    }
    wrong
}

#[track_caller]
fn nothing_is_wrong(screens: &'static [(u32, &'static str, u32)], walks: bool) {
    let wrong = wrong_with_pages(screens, walks);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_page_can_be_read_and_used_by_everybody_on_a_phone_and_on_a_desk_by_day_and_by_night() {
    nothing_is_wrong(&[(360, "dark", NORMAL), (1280, "light", NORMAL)], false);
}

#[test]
fn every_control_of_every_page_is_reached_once_by_the_tab_key_in_its_order_and_the_focus_is_seen() {
    nothing_is_wrong(&[(1280, "light", NORMAL)], true);
}

#[test]
fn an_incident_is_answered_in_a_browser_and_whoever_looks_at_it_sees_so_without_doing_anything() {
    let home = Home::new(Database::Sqlite);
    let mut server = home.demo(&["--without-incidents"]);
    let key = server.printed(|line| line.strip_prefix("api key: ").map(str::to_owned));
    let link = server.printed(|line| line.strip_prefix("sign in: ").map(str::to_owned));
    let site = format!("http://localhost:{}", server.address.port());
    let mut client = server.client(&key);
    let services = client.get("/list/services").json();
    let checkout = services.as_array().unwrap().iter().find(|one| one["name"] == "checkout").expect("a service");
    let order = serde_json::json!({"title": "Checkout is slow", "service_ref_id": checkout["ref_id"]});
    let id = client.done("/incidents/create", &order)["instance_id"].as_i64().expect("a number");
    let body = async move |window: Window| {
        window.open(&link).await;
        window.press("//a[contains(., 'Checkout is slow')]").await;
        window.press("//div[@class='bar']//button[.='Acknowledge']").await;
        window.see("//*[contains(., 'Acknowledged: it is yours.')]").await;
        // Nothing was loaded anew, and what changes is seen while somebody types, who loses nothing.
        assert_eq!(window.ask("return document.body.dataset.sent;").await, "1");
        window.fill("//textarea[@name='notes']", "It was the").await;
        window.ask("document.getElementById('snooze').open = true; window.stays = true;").await;
        client.done("/incidents/edit-title", &serde_json::json!({"instance_id": id, "title": "Checkout stands still"}));
        window.see("//h1[contains(., 'Checkout stands still')]").await;
        let kept = "return [document.querySelector('textarea[name=notes]').value, document.activeElement.name, \
            document.getElementById('snooze').open, window.stays];";
        assert_eq!(window.ask(kept).await, serde_json::json!(["It was the", "notes", true, true]));
        // A button that has just changed is not pressed.
        let press = "document.addEventListener('htmx:after:swap', () => document.querySelector('.bar form').requestSubmit(), \
            {once: true});";
        window.ask(press).await;
        client.done("/incidents/unacknowledge", &serde_json::json!({"instance_id": id}));
        window.see("//*[contains(@class, 'live') and contains(., 'This has just changed.')]").await;
        let sent = window.ask("return document.body.dataset.sent;").await;
        assert_eq!((client.details(id)["status"].as_str(), sent), (Some("OPEN"), "1".into()));
        // Keys lead to the forms of the page.
        window.open(&format!("{site}/app/incidents/1")).await;
        window.ask("document.activeElement.blur(); document.dispatchEvent(new KeyboardEvent('keydown', {key: 's', bubbles: true}));").await;
        assert_eq!(window.ask("return document.activeElement.name;").await, "snooze_for");
    };
    Window::run(&home.path("chromium"), body);
}

/// What has the focus: the name of a field, or what a button does.
const FOCUSED: &str = "const it = document.activeElement; return (it.name === 'do' ? it.value : it.name) ?? '';";
/// Stops of the Tab key after which what is sought is not on a page.
const STOPS: usize = 80;

/// Goes on by the Tab key until this has the focus.
async fn tab_to(window: &Window, wanted: &str) {
    for _ in 0..STOPS {
        if window.ask(FOCUSED).await == wanted {
            return;
        }
        window.keys(Key::Tab).await;
    }
    panic!("the Tab key does not lead to {wanted}");
}

#[test]
fn an_empty_demo_leads_to_its_first_steps_which_are_gone_by_the_enter_key() {
    let home = Home::new(Database::Sqlite);
    let mut server = home.demo(&["--empty"]);
    let link = server.printed(|line| line.strip_prefix("set up: ").map(str::to_owned));
    let body = async move |window: Window| {
        window.open(&link).await;
        window.fill("//input[@id='password']", "eleven lazy otters knit").await;
        window.fill("//input[@id='again']", "eleven lazy otters knit").await;
        window.keys(Key::Enter).await;
        window.see("//h2[contains(., '1. Organization and zone')]").await;
        let zone =
            "return document.getElementById('timezone').value === Intl.DateTimeFormat().resolvedOptions().timeZone;";
        assert_eq!(window.ask(zone).await, true, "the zone of the device is filled in");
        window.keys(Key::Enter).await;
        window.see("//h2[contains(., '2. By what you are reached')]").await;
        window.fill("//input[@id='push']", "").await;
        window.fill("//input[@id='email']", "ana@example.com").await;
        for step in
            ["3. Who else", "4. Who is on call", "5. Who is asked first", "6. What can break", "7. Where alerts"]
        {
            window.keys(Key::Enter).await;
            window.see(&format!("//h2[contains(., '{step}')]")).await;
        }
        window.keys(Key::Enter).await;
        window.see("//h2[contains(., '8. A page that rings')]").await;
        window.keys(Key::Enter).await;
        window.see("//*[contains(., 'It is on its way.')]").await;
    };
    Window::run(&home.path("chromium"), body);
    let paged = server.printed(|line| line.contains("A first page, to see that it rings").then(|| line.to_owned()));
    assert!(paged.contains("ana@example.com"), "{paged}");
}

#[test]
fn a_routine_is_changed_by_the_keyboard_alone() {
    let home = Home::new(Database::Sqlite);
    let mut server = home.demo(&["--without-incidents"]);
    let link = server.printed(|line| line.strip_prefix("sign in: ").map(str::to_owned));
    let site = format!("http://localhost:{}", server.address.port());
    let body = async move |window: Window| {
        window.open(&link).await;
        window.see("//h1[.='Now']").await;
        window.open(&format!("{site}/app/routines/payments/edit")).await;
        window.see("//h1[contains(., 'Change routine')]").await;
        tab_to(&window, "l1-each").await;
        window.keys(Key::Control + "a").await;
        window.keys("14").await;
        // What it comes to is there without a button, and the cursor stays.
        window.see("//div[@id='result']//h2[.='What it comes to']").await;
        assert_eq!(window.ask(FOCUSED).await, "l1-each");
        assert_eq!(window.ask("return document.body.dataset.sent ?? '';").await, "");
        window.keys(Key::Enter).await;
        window.see("//main[//input[@id='l1-each' and @value='14']]//h2[.='What it comes to']").await;
        window.see("//li[contains(., ' instead of ')]").await;
        tab_to(&window, "save").await;
        window.keys(Key::Enter).await;
        window.see("//*[contains(., 'payments is saved.')]").await;
        window.see("//input[@id='l1-each' and @value='14']").await;
    };
    Window::run(&home.path("chromium"), body);
}
