//! Signing in to the real program, by curl as by a browser.

use checks::{Database, Home, PUBLIC_URL, Peer};
use serde_json::json;
use std::path::Path;
use std::process::Command;

use super::ACME;

/// What curl says of an address: the page, and the status with where it ended.
fn curl(jar: &Path, arguments: &[&str], url: &str) -> (String, String) {
    let mut curl = Command::new("curl");
    curl.args(["-s", "-L", "--max-time", "60", "-w", "\n%{http_code} %{url_effective}", "-b"])
        .arg(jar)
        .arg("-c")
        .arg(jar);
    let output = curl.args(arguments).arg(url).output().expect("curl runs");
    let told = String::from_utf8(output.stdout).expect("UTF-8");
    let (page, end) = told.rsplit_once('\n').expect("an end");
    (page.to_owned(), end.to_owned())
}

#[test]
fn the_demo_prints_a_link_at_each_start_that_signs_its_owner_in() {
    let home = Home::new(Database::Sqlite);
    let mut before = String::new();
    for start in 0..2 {
        let mut server = home.demo(&[]);
        let link = server.printed(|line| line.strip_prefix("sign in: ").map(str::to_owned));
        let site = format!("http://localhost:{}", server.address.port());
        assert!(link.starts_with(&format!("{site}/app/enter/")) && link != before, "{link}");
        let jar = home.path(&format!("jar {start}"));
        let (page, end) = curl(&jar, &[], &link);
        assert_eq!(end, format!("200 {site}/app/now"));
        assert!(page.contains("title=\"Ana Alves\""), "{page}");
        let (me, end) = curl(&jar, &[], &format!("{site}/v1/me"));
        assert!(end.starts_with("200 ") && me.contains("\"preferred_username\":\"ana\""), "{me}");
        let (page, end) = curl(&home.path("another jar"), &[], &link);
        assert!(end.starts_with("404 ") && page.contains("This link does not count"), "{end}");
        let (_, secret) = link.rsplit_once('.').expect("a secret");
        let log = server.last_words();
        assert!(!log.contains(secret), "{log}");
        before = link;
    }
}

#[test]
fn a_setup_link_lets_the_first_person_in_on_both_databases_and_sessions_outlive_the_server() {
    const CHOSEN: [&str; 4] =
        ["--data-urlencode", "password=eleven lazy otters knit", "--data-urlencode", "again=eleven lazy otters knit"];
    for database in [Database::Sqlite, Database::Postgresql] {
        let home = Home::with(database, ACME);
        let refused = home.run(&["setup-link"]);
        assert_eq!((refused.code, refused.stdout.as_str()), (2, ""), "{refused:?}");
        assert!(refused.stderr.contains("nobody of the organization has the role `admin`"), "{refused:?}");
        assert_eq!(home.run(&["setup-link", "--user", "noa"]).code, 2);
        let server = home.serve();
        let link = home.succeed(&["setup-link", "--user", "ana"]);
        let path = &link[link.find("/app/setup/").expect("a path")..].trim();
        let site = format!("http://localhost:{}", server.address.port());
        let jar = home.path("jar");
        let (page, _) = curl(&jar, &[], &site);
        assert!(page.contains("Nobody can sign in yet."), "{page}");
        let (page, end) = curl(&jar, &[], &format!("{site}{path}"));
        assert!(end.starts_with("200 ") && page.contains("For ana (ana), in acme."), "{end}: {page}");
        let (_, end) = curl(&jar, &CHOSEN, &format!("{site}{path}"));
        assert!(end.starts_with("403 "), "curl says nothing of where it comes from: {end}");
        let origin = format!("Origin: {site}");
        let (page, end) = curl(&jar, &[&CHOSEN[..], &["-H", &origin]].concat(), &format!("{site}{path}"));
        assert_eq!(end, format!("200 {site}/app/now"), "{page}");
        let log = server.last_words();
        assert!(!log.contains(path.rsplit_once('.').expect("a secret").1) && !log.contains("otters"), "{log}");
        let server = home.serve();
        let again = format!("http://localhost:{}/app/now", server.address.port());
        let (page, end) = curl(&jar, &[], &again);
        assert!(end.starts_with("200 ") && page.contains("title=\"ana\""), "{end}");
        let invited = home.succeed(&["user", "invite", "ana"]);
        assert!(invited.contains("/app/invite/"), "{invited}");
        let recovered = home.succeed(&["user", "recover", "--organization", "acme", "ana"]);
        assert!(recovered.contains("/app/enrol/"), "{recovered}");
    }
}

#[test]
fn an_invitation_goes_out_by_mail_where_there_is_a_mail_server_and_an_address_to_lead_to() {
    let mut home = Home::with(Database::Sqlite, ACME);
    let refused = |home: &Home, words: &str| {
        let refused = home.run(&["user", "invite", "--mail", "ana"]);
        assert_eq!(refused.code, 2, "{refused:?}");
        assert!(refused.stderr.contains(words), "{refused:?}");
    };
    refused(&home, "smtp.host is empty");
    let mut mailbox = Peer::mailbox();
    home.send_mail_to(&mailbox);
    refused(&home, "server.public_url is empty");
    home.set("server.public_url", PUBLIC_URL);
    let told = home.succeed(&["user", "invite", "--mail", "ana"]);
    assert_eq!(told, "ana was sent a link that works once, within three days\n");
    let mail = mailbox.wait_for_one();
    assert_eq!(mail["recipients"], json!(["ana@example.com"]));
    assert_eq!(mail["subject"], "You are asked in to Reveille by acme");
    let body = mail["body"].as_str().expect("a text");
    assert!(body.contains(&format!("{PUBLIC_URL}/app/invite/")), "{body}");
}
