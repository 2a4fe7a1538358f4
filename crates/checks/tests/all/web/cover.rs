//! Cover: a person asks others to take a shift, who answer by a link or a token, and the first yes makes the swap.

use super::column;
use checks::{Answer, Api, Call, PUBLIC_URL};
use directory::{NewKey, Owner};
use domain::permission::Scope;
use notify::carrier::{Address, Message};
use serde_json::{Value, json};

/// Ben and Max take turns by the week from Monday the 3rd of May 2021 on; it is Wednesday evening of Ben's week.
fn with_week(api: &Api) {
    api.send(Call::post("/v1/users").key(&api.key).json(&json!({"username": "max", "email": "max@example.org"}))).ok();
    let routine = json!({"name": "week", "timezone": "UTC", "routine_layers": [{"valid_start": "2021-05-03",
        "rotation_frequency": 7, "rotations": [["ben"], ["max"]]}]});
    api.send(Call::post("/v1/routines").key(&api.key).json(&routine)).ok();
}

/// Friday of Ben's week.
fn friday(people: &[&str]) -> Value {
    json!({"routine_ref_id": "week", "from": "2021-05-07T00:00:00", "until": "2021-05-08T00:00:00", "people": people})
}

const REQUESTS: &str = "/v1/me/cover-requests";

fn ask(api: &Api, token: &str, body: &Value) -> Answer {
    api.send(Call::post(REQUESTS).key(token).json(body))
}

fn say(api: &Api, token: &str, cover: &Value, answer: &str) -> Answer {
    let id = cover["cover_ref_id"].as_str().expect("an id");
    api.send(Call::post(&format!("{REQUESTS}/{id}/answer")).key(token).json(&json!({"answer": answer})))
}

fn withdraw(api: &Api, token: &str, cover: &Value) -> Answer {
    let id = cover["cover_ref_id"].as_str().expect("an id");
    api.send(Call::new("DELETE", &format!("{REQUESTS}/{id}")).key(token))
}

fn listed(api: &Api, token: &str) -> Value {
    api.send(Call::get(REQUESTS).key(token)).ok()
}

/// Who is on call on that Friday.
fn on_friday(api: &Api) -> Vec<Value> {
    column(&api.get("/v1/routines/week/schedule?from=2021-05-07&until=2021-05-08")["intervals"], "on_call")
}

/// What was mailed to this address since the last look at it.
fn mails(api: &Api, to: &str) -> Vec<Message> {
    api.beat();
    let mut sent = api.sent.lock().expect("no panic");
    let is_theirs = |message: &Message| matches!(&message.address, Address::Email(address) if address == to);
    let (theirs, others) = sent.drain(..).partition(is_theirs);
    *sent = others;
    theirs
}

/// The subjects of those about the routine.
fn subjects(api: &Api, to: &str) -> Vec<String> {
    let subjects = mails(api, to).into_iter().map(|message| message.subject);
    subjects.filter(|subject| subject.ends_with(": week")).collect()
}

/// Where the link with this label leads, as a path.
fn path(message: &Message, label: &str) -> String {
    let link = message.actions.iter().find(|link| link.label == label).expect("a link");
    link.url.strip_prefix(PUBLIC_URL).expect("it leads to us").to_owned()
}

#[track_caller]
fn says(answer: &Answer, status: u16, words: &str) {
    assert_eq!(answer.status, status, "{}", answer.text());
    assert!(answer.text().contains(words), "{words}: {}", answer.text());
    answer.guarded();
}

#[test]
fn the_first_yes_by_a_link_makes_the_swap_and_a_look_at_it_changes_nothing() {
    Api::reached_on_both(|api| {
        with_week(api);
        let ben = api.token_of("ben", Scope::Incidents);
        let made = ask(api, &ben, &friday(&["max", "cho", "max"])).ok();
        assert_eq!(column(&made["asked"], "preferred_username"), ["max", "cho"]);
        assert_eq!(
            (&made["state"], &made["is_own"], on_friday(api)),
            (&json!("open"), &json!(true), vec![json!(["ben"])])
        );
        let mail = mails(api, "max@example.org").remove(0);
        assert_eq!(mail.subject, "Ben Bauer asks you to take a shift: week");
        assert!(mail.text.contains("From 2021-05-07 00:00 UTC until 2021-05-08 00:00 UTC."), "{}", mail.text);
        let (yes, no) = (path(&mail, "Yes, I take it"), path(&mail, "No, I cannot"));
        let of_cho = path(&mails(api, "cho@example.com").remove(0), "Yes, I take it");
        for link in [&yes, &no, &yes] {
            says(&api.send(Call::get(link)), 200, "It is done in the name of max.");
            assert_eq!(api.send(Call::new("HEAD", link)).status, 200);
        }
        api.send(Call::new("PUT", &yes)).refused(405, "method_not_allowed");
        assert_eq!(listed(api, &ben)[0], made);
        says(&api.send(Call::post(&no)), 200, "You said no: week");
        says(&api.send(Call::post(&yes)), 200, "You take the shift: week");
        assert_eq!(on_friday(api), [json!(["max"])]);
        says(&api.send(Call::post(&yes)), 200, "You take the shift: week");
        says(&api.send(Call::get(&of_cho)), 409, "max takes the shift. Nothing was changed.");
        says(&api.send(Call::post(&of_cho)), 409, "max takes the shift. Nothing was changed.");
        says(&api.send(Call::post(&no)), 409, "max takes the shift.");
        assert_eq!(on_friday(api), [json!(["max"])]);
        let swaps = api.get("/v1/routines/week/swaps");
        assert_eq!((swaps.as_array().map(Vec::len), &swaps[0]["by"]), (Some(1), &json!("max")));
        let settled = listed(api, &ben)[0].clone();
        assert_eq!((&settled["taken_by"], &settled["swap_ref_id"]), (&json!("max"), &swaps[0]["swap_ref_id"]));
        assert_eq!(subjects(api, "ben@example.com"), ["max takes your shift: week"]);
        assert_eq!(subjects(api, "cho@example.com"), ["You need not take the shift, max does: week"]);
        let rows = api.get("/v1/audit?limit=4");
        assert_eq!(column(&rows, "action")[..3], ["swap.create", "cover.answer", "cover.answer"]);
        assert_eq!((&rows[0]["actor"]["kind"], &rows[0]["actor"]["name"]), (&json!("person"), &json!("max")));
        says(&api.send(Call::get("/cover/nonsense")), 404, "This is not known here");
    });
}

#[test]
fn whoever_asked_hears_that_everybody_said_no_and_somebody_may_say_yes_all_the_same() {
    Api::reached_on_both(|api| {
        with_week(api);
        let [ben, max, cho] = ["ben", "max", "cho"].map(|name| api.token_of(name, Scope::Incidents));
        let cover = ask(api, &ben, &friday(&["max", "cho"])).ok();
        say(api, &max, &cover, "no").ok();
        assert_eq!(subjects(api, "ben@example.com"), [""; 0]);
        say(api, &cho, &cover, "no").ok();
        say(api, &cho, &cover, "no").ok();
        assert_eq!(subjects(api, "ben@example.com"), ["Nobody of those you asked takes your shift: week"]);
        // That was told; half a day before nothing is added to it.
        api.pass_minutes(20 * 60);
        assert_eq!(subjects(api, "ben@example.com"), [""; 0]);
        let taken = say(api, &cho, &cover, "yes").ok();
        assert_eq!((&taken["state"], &taken["is_own"]), (&json!("settled"), &json!(false)));
        assert_eq!(on_friday(api), [json!(["cho"])]);
        assert_eq!(say(api, &cho, &cover, "yes").ok(), taken, "to say it again changes nothing");
        let error = say(api, &max, &cover, "yes").first_error(409, "cover_closed");
        assert_eq!(error, "cover_ref_id: Cho Min-seo takes the shift");
        withdraw(api, &ben, &cover).refused(409, "cover_closed");
    });
}

#[test]
fn a_request_that_is_taken_back_over_or_about_another_shift_meanwhile_is_refused_with_the_reason() {
    Api::reached_on_both(|api| {
        with_week(api);
        let [ben, max] = ["ben", "max"].map(|name| api.token_of(name, Scope::Incidents));
        let why = |cover: &Value| say(api, &max, cover, "yes").first_error(409, "cover_closed");
        let cover = ask(api, &ben, &friday(&["max"])).ok();
        assert_eq!(subjects(api, "max@example.org").len(), 1);
        assert_eq!(withdraw(api, &ben, &cover).ok(), json!("Success"));
        assert_eq!(withdraw(api, &ben, &cover).ok(), json!("Success"));
        assert_eq!(why(&cover), "cover_ref_id: whoever asked needs nobody any more");
        assert_eq!(subjects(api, "max@example.org"), ["Ben Bauer needs nobody for the shift any more: week"]);
        // Ben finds somebody for a part of it himself.
        let cover = ask(api, &ben, &friday(&["max"])).ok();
        let swap = json!({"out": "ben", "in": "dee", "from": "2021-05-07T06:00:00", "until": "2021-05-07T07:00:00"});
        let made = api.send(Call::post("/v1/routines/week/swaps").key(&ben).json(&swap)).ok();
        assert_eq!(why(&cover), "cover_ref_id: the shift is not what it was when it was asked for");
        // Nobody is asked for it by a message that was not sent yet.
        assert_eq!(subjects(api, "max@example.org"), [""; 0]);
        let id = made["swap_ref_id"].as_str().expect("an id");
        api.send(Call::new("DELETE", &format!("/v1/routines/week/swaps/{id}")).key(&ben)).ok();
        api.pass_minutes(31 * 60);
        assert_eq!(why(&cover), "cover_ref_id: the shift has begun");
        assert_eq!(on_friday(api), [json!(["ben"])]);
        assert_eq!(subjects(api, "ben@example.com"), ["You are on call, nobody took your shift: week"]);
        let states = column(&listed(api, &ben), "state");
        assert!(states.contains(&json!("over")) && states.contains(&json!("withdrawn")), "{states:?}");
        assert_eq!(why(&cover), "cover_ref_id: the shift has begun");
    });
}

#[test]
fn a_link_counts_until_the_shift_begins_and_whoever_is_locked_drops_out() {
    let api = Api::reachable(checks::Database::Sqlite);
    with_week(&api);
    let ben = api.token_of("ben", Scope::Incidents);
    ask(&api, &ben, &friday(&["max"])).ok();
    let yes = path(&mails(&api, "max@example.org").remove(0), "Yes, I take it");
    let lock = |is_locked: bool| {
        let patch = Call::new("PATCH", "/v1/users/max").key(&api.key).header("if-match", "*");
        api.send(patch.json(&json!({"locked": is_locked}))).ok();
    };
    lock(true);
    says(&api.send(Call::post(&yes)), 404, "This is not known here");
    let error = ask(&api, &ben, &friday(&["max"])).first_error(400, "invalid_fields");
    assert_eq!(error, "people: `max` cannot be asked to take it");
    lock(false);
    says(&api.send(Call::get(&yes)), 200, "Take a shift of Ben Bauer: week?");
    api.pass_minutes(31 * 60);
    says(&api.send(Call::post(&yes)), 410, "The shift has begun. Nothing was changed.");
    assert_eq!(on_friday(&api), [json!(["ben"])]);
}

#[test]
fn what_is_wrong_with_a_request_is_told_by_its_field_and_nobody_is_asked() {
    let api = Api::reachable(checks::Database::Sqlite);
    with_week(&api);
    let ben = api.token_of("ben", Scope::Incidents);
    let valid = friday(&["max"]);
    for (field, value, status, code, expect) in [
        ("people", json!(["ben"]), 400, "invalid_fields", "people: `ben` cannot be asked to take it"),
        ("people", json!(["nobody"]), 404, "unknown_component", "people: there is no user `nobody`"),
        ("people", json!([]), 400, "invalid_fields", "people: must have at least 1 entry"),
        ("routine_ref_id", json!("none"), 404, "unknown_component", "routine_ref_id: there is no routine `none`"),
        ("from", json!("2021-05-04"), 400, "invalid_fields", "from: must be in the future"),
        (
            "until",
            json!("2021-05-11"),
            400,
            "invalid_fields",
            "from: you are not on call by the routine in the whole time",
        ),
        ("until", json!("2021-07-01"), 400, "invalid_fields", "until: must be at most 31 days after from"),
    ] {
        let mut body = valid.clone();
        body[field] = value;
        let error = ask(&api, &ben, &body).first_error(status, code);
        assert!(error.starts_with(expect), "{expect}: {error}");
    }
    ask(&api, &api.key, &valid).refused(403, "not_allowed");
    assert_eq!((listed(&api, &ben), listed(&api, &api.key)), (json!([]), json!([])));
    let cover = ask(&api, &ben, &valid).ok();
    let cho = api.token_of("cho", Scope::Incidents);
    say(&api, &cho, &cover, "yes").refused(404, "unknown_cover");
    say(&api, &ben, &cover, "yes").refused(404, "unknown_cover");
    withdraw(&api, &cho, &cover).refused(404, "unknown_cover");
    withdraw(&api, &api.token_of("max", Scope::Read), &cover).refused(403, "scope_too_small");
    assert_eq!(listed(&api, &cho), json!([]), "what others ask of others is not told");
    (1..20).for_each(|_| drop(ask(&api, &ben, &valid).ok()));
    ask(&api, &ben, &valid).refused(400, "too_many");
}

#[test]
fn who_could_take_it_is_told_with_the_reason_the_best_first_and_only_to_whose_shift_it_is() {
    let api = Api::reachable(checks::Database::Sqlite);
    with_week(&api);
    let asked = |token: &str, time: &str| {
        api.send(Call::get(&format!("/v1/me/cover-candidates?routine_ref_id=week&{time}")).key(token))
    };
    let ben = api.token_of("ben", Scope::Read);
    let found = asked(&ben, "from=2021-05-07T00:00:00&until=2021-05-08T00:00:00").ok();
    assert_eq!(found[0]["preferred_username"], "max", "{found}");
    assert_eq!((&found[0]["could"], &found[0]["is_of_routine"]), (&json!(true), &json!(true)));
    assert_eq!(
        found[0]["reason"],
        "takes turns in the routine; 168 h and 8 nights on call in the two weeks before and after"
    );
    assert!(!column(&found, "preferred_username").contains(&json!("ben")), "{found}");
    assert!(
        !column(&found, "preferred_username").contains(&json!("eva")),
        "who only looks on is not suggested: {found}"
    );
    // The evening before Max begins.
    let found = asked(&ben, "from=2021-05-09T12:00:00&until=2021-05-10T00:00:00").ok();
    let max = found.as_array().expect("a list").iter().find(|one| one["preferred_username"] == "max").expect("max");
    assert_eq!((&max["could"], &max["objections"]), (&json!(false), &json!(["night_after"])));
    let friday = "from=2021-05-07T00:00:00&until=2021-05-08T00:00:00";
    asked(&api.token_of("max", Scope::Read), friday).refused(400, "invalid_fields");
    asked(&api.key, friday).refused(403, "not_allowed");
}

#[test]
fn nobody_hears_of_a_routine_of_a_private_team_by_being_asked_or_by_asking() {
    let api = Api::reachable(checks::Database::Sqlite);
    let made = |plural: &str, body: &Value| {
        api.send(Call::post(&format!("/v1/{plural}")).key(&api.key).json(body)).ok();
    };
    made("teams", &json!({"name": "covert", "private": true, "members": ["cho", "dee"]}));
    let layers = json!([{"valid_start": "2021-05-03", "rotations": [["cho"]]}]);
    made("routines", &json!({"name": "watch", "team": "covert", "timezone": "UTC", "routine_layers": layers}));
    let [ben, cho] = ["ben", "cho"].map(|name| api.token_of(name, Scope::Incidents));
    let wish = |people: &[&str]| {
        let mut body = friday(people);
        body["routine_ref_id"] = json!("watch");
        body
    };
    ask(&api, &ben, &wish(&["dee"])).refused(404, "unknown_component");
    ask(&api, &cho, &wish(&["ben"])).refused(400, "invalid_fields");
    let time = "routine_ref_id=watch&from=2021-05-07T00:00:00&until=2021-05-08T00:00:00";
    let found = api.send(Call::get(&format!("/v1/me/cover-candidates?{time}")).key(&cho)).ok();
    let names = column(&found, "preferred_username");
    assert!(names.contains(&json!("dee")) && !names.contains(&json!("ben")), "{found}");
    ask(&api, &cho, &wish(&["dee"])).ok();
}

#[test]
fn another_organization_is_neither_asked_nor_answers() {
    let api = Api::reachable(checks::Database::Sqlite);
    with_week(&api);
    let theirs = api.new_key("other", "spy", Scope::Admin);
    let olga = Call::post("/v1/users").key(&theirs).json(&json!({"username": "olga", "email": "olga@example.org"}));
    let olga = Owner::Person(api.send(olga).ok()["ref_id"].as_str().expect("an id").into());
    let olga = api.key_as("other", NewKey { owner: olga, ..NewKey::of("laptop", Scope::Incidents) });
    let ben = api.token_of("ben", Scope::Incidents);
    let [known, unknown] = ["olga", "nobody"].map(|name| {
        let answer = ask(&api, &ben, &friday(&[name]));
        (answer.status, answer.text().replace(name, "NAME").replace(answer.header("x-request-id"), "ID"))
    });
    assert_eq!(known, unknown);
    assert!((400..500).contains(&known.0), "{known:?}");
    assert_eq!(listed(&api, &ben), json!([]), "nobody was asked");

    let cover = ask(&api, &ben, &friday(&["max"])).ok();
    for cover in [&cover, &json!({"cover_ref_id": "x"})] {
        say(&api, &olga, cover, "yes").refused(404, "unknown_cover");
        withdraw(&api, &olga, cover).refused(404, "unknown_cover");
    }
    assert_eq!(listed(&api, &ben)[0], cover);
}
