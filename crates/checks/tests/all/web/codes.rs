//! Every documented code of an error can really be met, and this is how.

use super::Scene;
use checks::{Answer, Api, Browser, Call, Database, START, TestStore, settings};
use directory::NewKey;
use domain::permission::Scope;
use domain::sign_in::LinkPurpose;
use engine::DeskLimits;
use serde_json::json;
use std::num::NonZeroU32;
use web::gate::status;
use web::operation::Code;

/// Nothing that can be sent leads here: a create that names nobody is refused by its form before, and thirty-four sign-ins at
/// once are a matter of threads (`two_are_hashed_at_once_thirty_two_wait_and_the_next_is_turned_away`).
const UNREACHABLE: [Code; 2] = [Code::NobodyNamed, Code::SignInBusy];

#[test]
fn every_documented_code_can_be_met_and_has_its_status() {
    let api = Api::new();
    for code in Code::ALL.iter().filter(|code| !UNREACHABLE.contains(code)) {
        let answer = provoke(&api, *code);
        answer.refused(status(*code).as_u16(), code.word());
        let waits = [Code::RateLimited, Code::TooManyCodes, Code::TooManySignIns, Code::Busy, Code::Unavailable];
        let waits = waits.contains(code);
        assert_eq!(!answer.header("retry-after").is_empty(), waits, "{}", code.word());
    }
}

fn provoke(api: &Api, code: Code) -> Answer {
    match code {
        Code::MissingKey | Code::UnknownKey | Code::ExpiredKey | Code::RevokedKey => refuse_the_key(api, code),
        Code::AddressNotAllowed | Code::ScopeTooSmall => refuse_the_key(api, code),
        Code::Internal | Code::Busy | Code::Unavailable | Code::RateLimited => fail(code),
        Code::AlreadyResolved
        | Code::NotAcknowledged
        | Code::NoFurtherLevel
        | Code::OnlyAlert
        | Code::MergedWithItself
        | Code::TooMany => refuse_by_rule(api, code),
        Code::UnknownContact | Code::NothingToVerify | Code::NoCode | Code::WrongCode | Code::TooManyCodes => {
            refuse_the_contact(api, code)
        }
        Code::SignedOut
        | Code::SignInRefused
        | Code::CrossSite
        | Code::NotAllowed
        | Code::FreshSignInNeeded
        | Code::NotInYourName
        | Code::SecondFactorNeeded
        | Code::UnknownToken
        | Code::UnknownSession
        | Code::TooManySignIns => refuse_the_person(code),
        Code::UnknownVersion
        | Code::UnknownApiKey
        | Code::NameTaken
        | Code::AlreadyInvited
        | Code::UnknownInvitation
        | Code::LastOwner
        | Code::StillNamed
        | Code::ManagedByFile
        | Code::ManagedByProvider
        | Code::IfMatchMissing
        | Code::ChangedMeanwhile
        | Code::LintFailed => refuse_the_change(api, code),
        Code::UnknownCover | Code::CoverClosed => refuse_the_cover(code),
        _ => refuse_the_form(api, code),
    }
}

fn refuse_the_change(api: &Api, code: Code) -> Answer {
    let send = |method: &str, path: &str, only_if: &str, body: &serde_json::Value| {
        api.send(Call::new(method, path).key(&api.key).header("if-match", only_if).json(body))
    };
    let team = json!({"name": "network", "members": ["ana"]});
    // It may be there already.
    send("POST", "/v1/teams", "*", &team);
    let none = json!({});
    match code {
        Code::UnknownVersion => send("POST", "/v1/directory/restore", "*", &json!({"version": 99})),
        Code::UnknownApiKey => api.send(Call::new("DELETE", "/v1/keys/99").key(&api.key)),
        Code::AlreadyInvited => send("POST", "/v1/invitations", "*", &json!({"email": "ana@example.com"})),
        Code::UnknownInvitation => send("DELETE", "/v1/invitations/ana", "*", &none),
        Code::LastOwner => {
            api.new_owner("noa");
            let lock = Call::new("PATCH", "/v1/users/noa").key(&api.token_of("noa", Scope::Admin));
            api.send(lock.header("if-match", "*").json(&json!({"locked": true})))
        }
        Code::NameTaken => send("POST", "/v1/teams", "*", &team),
        Code::StillNamed => {
            send("POST", "/v1/users", "*", &json!({"username": "lou"}));
            send("PATCH", "/v1/teams/network", "*", &json!({"members": ["lou"]})).ok();
            send("DELETE", "/v1/users/lou", "*", &none)
        }
        Code::ManagedByProvider => {
            let acme = json!({"name": "acme", "issuer": "https://login.example.com", "client_id": "x"});
            send("POST", "/v1/sign-in-providers", "*", &acme).ok();
            send("POST", "/v1/users", "*", &json!({"username": "zed"}));
            let person = api.get("/v1/users/zed")["ref_id"].as_str().expect("an id").into();
            let (issuer, given) =
                ("https://login.example.com".to_owned(), r#"{"role": "manager", "teams": {}}"#.to_owned());
            let row = store::IdentityRow { issuer, subject: "zed".to_owned(), person, linked_at: START, given };
            let organization =
                |tx: &mut dyn store::Tx| Ok(store::organization_by_name(tx, "demo")?.expect("the demo").id);
            let kept = api.test.store().write(|tx| {
                let demo = organization(tx)?;
                store::identity_insert(tx, demo, &row)
            });
            kept.expect("it is kept");
            send("PATCH", "/v1/users/zed", "*", &json!({"role": "observer"}))
        }
        Code::ManagedByFile => send("PATCH", "/v1/services/checkout", "*", &json!({"description": "x"})),
        Code::IfMatchMissing => api.send(Call::new("PATCH", "/v1/teams/network").key(&api.key).json(&none)),
        Code::ChangedMeanwhile => send("PATCH", "/v1/teams/network", "\"9\"", &none),
        Code::LintFailed => {
            let nobody = json!({"name": "lonely", "levels": [{"minutes": 5, "users": ["lou"]}]});
            send("POST", "/v1/users", "*", &json!({"username": "lou"}));
            send("POST", "/v1/escalation-policies?fail_on=warning", "*", &nobody)
        }
        other => panic!("nothing here provokes {other:?}"),
    }
}

/// The console tells programs its problems as the API does.
fn refuse_the_person(code: Code) -> Answer {
    let api = Api::reachable(Database::Sqlite);
    let ana = Browser::new(&api, "192.0.2.1");
    ana.get(&api.link(LinkPurpose::SignIn, "ana"));
    let post = |path: &str, body: &str| {
        let call = Call::post(path).header("accept", "application/json").header("sec-fetch-site", "same-origin");
        ana.send(call.body(body))
    };
    match code {
        Code::SignedOut => api.browse(Call::get("/app/now").header("accept", "application/json")),
        Code::SignInRefused => post("/app/sign-in", "name=ana&password=x&organization=demo"),
        Code::CrossSite => ana.send(Call::post("/app/sign-out").header("accept", "application/json")),
        Code::UnknownSession => post("/app/me/security/sessions", "which=x"),
        Code::NotAllowed => {
            let eva = Browser::new(&api, "192.0.2.2");
            eva.get(&api.link(LinkPurpose::SignIn, "eva"));
            eva.send(Call::get("/app/incidents").header("accept", "application/json"))
        }
        Code::NotInYourName => {
            let body = json!({"instance_id": 1, "by": "ben"});
            api.send(Call::post("/acknowledge").key(&api.token_of("ana", Scope::Incidents)).json(&body))
        }
        Code::SecondFactorNeeded => {
            let wanted = Call::new("PATCH", "/v1/organization")
                .key(&api.key)
                .header("if-match", "*")
                .json(&json!({"second_factor_for": ["admin"]}));
            api.send(wanted).ok();
            ana.send(Call::get("/app/now").header("accept", "application/json"))
        }
        Code::UnknownToken => {
            api.send(Call::new("DELETE", "/v1/me/tokens/99").key(&api.token_of("ana", Scope::Incidents)))
        }
        Code::FreshSignInNeeded => {
            api.pass_minutes(10);
            post("/app/me/security/factor", "")
        }
        Code::TooManySignIns => {
            (0..5).for_each(|_| drop(post("/app/sign-in", "name=ben&password=x&organization=demo")));
            post("/app/sign-in", "name=ben&password=x&organization=demo")
        }
        other => panic!("nothing here provokes {other:?}"),
    }
}

fn refuse_the_form(api: &Api, code: Code) -> Answer {
    let create = |body: &str| Call::post("/create").key(&api.key).body(body);
    let valid = json!({"title": "x", "users": ["ana"]}).to_string();
    let incident = api.incident("x");
    match code {
        Code::MalformedJson => api.send(create("{title")),
        Code::InvalidFields => api.send(create("{}")),
        Code::UnsupportedEncoding => api.send(create(&valid).header("content-encoding", "br")),
        Code::BodyTooLarge => api.send(create(&" ".repeat(1024 * 1024 + 1))),
        Code::InvalidIdempotencyKey => api.send(create(&valid).header("idempotency-key", "")),
        Code::IdempotencyKeyReused => {
            api.send(create(&valid).header("idempotency-key", "k")).ok();
            api.send(create(&valid.replace('x', "y")).header("idempotency-key", "k"))
        }
        Code::ToldOnce => {
            let made = || Call::post("/v1/keys").key(&api.key).header("idempotency-key", "once");
            let answers = [(); 2].map(|()| api.send(made().json(&json!({"name": "deploy", "scope": "read"}))));
            let [_, again] = answers;
            again
        }
        Code::UnknownIntegrationKey => api.send(Call::post("/generic/x")),
        Code::UnknownPath => api.send(Call::get("/nothing")),
        Code::InvalidSignature => api.send(Call::post("/v1/carrier/twilio/sms").body("From=%2B49301234567")),
        Code::MethodNotAllowed => api.send(Call::get("/create")),
        Code::UnknownIncident => api.ask("details", &json!({"instance_id": incident + 1})),
        Code::UnknownAlert => api.ask("unmerge", &json!({"instance_id": incident, "task_ref_id": "x"})),
        Code::UnknownNotification => {
            api.send(Call::post(&format!("/v1/incidents/{incident}/notifications/x/resend")).key(&api.key))
        }
        Code::UnknownLayer => api.send(Call::get("/v1/routines/test%20turns/layers/9").key(&api.key)),
        Code::UnknownSwap => api.send(Call::new("DELETE", "/v1/routines/test%20turns/swaps/x").key(&api.key)),
        Code::UnknownComponent => api.ask("create", &json!({"title": "x", "users": ["nobody"]})),
        other => panic!("nothing here provokes {other:?}"),
    }
}

fn refuse_the_cover(code: Code) -> Answer {
    let api = Api::reachable(Database::Sqlite);
    let [ana, ben] = ["ana", "ben"].map(|name| api.token_of(name, Scope::Incidents));
    let send = |method: &str, path: &str, key: &str, body: &serde_json::Value| {
        api.send(Call::new(method, &format!("/v1{path}")).key(key).json(body))
    };
    let routine = json!({"name": "nights", "timezone": "UTC", "routine_layers": [{"valid_start": "2021-05-03",
        "rotation_frequency": 7, "rotations": [["ben"]]}]});
    send("POST", "/routines", &api.key, &routine).ok();
    let shift = json!({"routine_ref_id": "nights", "from": "2021-05-07T00:00:00", "until": "2021-05-08T00:00:00",
        "people": ["ana"]});
    let cover = send("POST", "/me/cover-requests", &ben, &shift).ok();
    let path = format!("/me/cover-requests/{}", cover["cover_ref_id"].as_str().expect("an id"));
    match code {
        Code::UnknownCover => send("DELETE", "/me/cover-requests/x", &ben, &json!({})),
        Code::CoverClosed => {
            send("DELETE", &path, &ben, &json!({})).ok();
            send("POST", &format!("{path}/answer"), &ana, &json!({"answer": "yes"}))
        }
        other => panic!("nothing here provokes {other:?}"),
    }
}

fn refuse_the_contact(api: &Api, code: Code) -> Answer {
    let post = |path: &str, body| api.send(Call::post(&format!("/v1/users/{path}")).key(&api.key).json(&body));
    match code {
        Code::UnknownContact => post("eva/contacts/sms/code", json!({})),
        Code::NothingToVerify => post("pia/contacts/email/code", json!({})),
        Code::NoCode => post("pia/contacts/chat/verify", json!({"code": "493027"})),
        Code::WrongCode => {
            post("pia/contacts/sms/code", json!({})).ok();
            post("pia/contacts/sms/verify", json!({"code": "no"}))
        }
        Code::TooManyCodes => {
            (0..5).for_each(|_| drop(post("pia/contacts/push/code", json!({})).ok()));
            post("pia/contacts/push/code", json!({}))
        }
        other => panic!("nothing here provokes {other:?}"),
    }
}

fn refuse_by_rule(api: &Api, code: Code) -> Answer {
    let incident = api.incident("x");
    let asked = json!({"instance_id": incident});
    match code {
        Code::AlreadyResolved => {
            api.ok("resolve", &asked);
            api.ask("resolve", &asked)
        }
        Code::NotAcknowledged => api.ask("unacknowledge", &asked),
        Code::NoFurtherLevel => {
            api.ok("reassign", &json!({"instance_id": incident, "reassign_to": "ana"}));
            api.ask("escalate", &asked)
        }
        Code::OnlyAlert => {
            let alert = api.details(incident)["task"]["task_ref_id"].clone();
            api.ask("unmerge", &json!({"instance_id": incident, "task_ref_id": alert}))
        }
        Code::MergedWithItself => api.ask("merge", &json!({"instance_id": incident, "related_instance_id": incident})),
        Code::TooMany => {
            let scene = Scene::set(api);
            let tags: Vec<String> = (0..50).map(|number| format!("tag {number}")).collect();
            api.ok("update-tags", &json!({"instance_id": scene.incident, "tags": tags}));
            let workflow = api.ref_id("workflows", "open a war room");
            let before = super::everything(api);
            let answer = api.ask("run-workflow", &json!({"instance_id": scene.incident, "workflow_ref_id": workflow}));
            assert_eq!(super::everything(api), before);
            answer
        }
        other => panic!("nothing here provokes {other:?}"),
    }
}

fn refuse_the_key(api: &Api, code: Code) -> Answer {
    let new = NewKey::of("k", Scope::Read);
    let list = |key: &str| api.send(Call::post("/users/list").key(key));
    match code {
        Code::MissingKey => api.send(Call::post("/users/list")),
        Code::UnknownKey => list("reveille_nobody"),
        Code::ExpiredKey => list(&api.key_as("demo", NewKey { expires_at: Some(START), ..new })),
        Code::RevokedKey => {
            let key = api.key_as("demo", new);
            list(&key).ok();
            super::caller::revoke_last(api);
            list(&key)
        }
        Code::AddressNotAllowed => list(&api.key_as("demo", NewKey { allow: vec!["10.0.0.0/8".to_owned()], ..new })),
        Code::ScopeTooSmall => {
            let key = api.key_as("demo", new);
            api.send(Call::post("/create").key(&key))
        }
        other => panic!("nothing here provokes {other:?}"),
    }
}

fn fail(code: Code) -> Answer {
    match code {
        Code::Internal => {
            let api = Api::new();
            let incident = api.incident("x");
            let break_it = |tx: &mut dyn store::Tx| tx.run("update incident set body = '{'", &[]);
            api.test.store().write(break_it).expect("it is broken");
            let answer = api.ask("details", &json!({"instance_id": incident}));
            assert!(!answer.text().contains("body"), "what broke is for the log: {}", answer.text());
            answer
        }
        Code::Busy => super::overload::refused_answers().remove(0),
        Code::RateLimited => {
            let one = NonZeroU32::MIN;
            let rate = Some(web::Rate { per_second: one, burst: one });
            let desk = DeskLimits { queue: 10, batch: 10, writers: 1 };
            let api = Api::with(Database::Sqlite, web::Settings { rate, ..settings() }, desk);
            super::rate::first_refused(&api).1
        }
        Code::Unavailable => {
            let api = Api::on(Database::Postgresql);
            let incident = api.incident("x");
            shut(&api);
            api.ask("details", &json!({"instance_id": incident}))
        }
        other => panic!("nothing here provokes {other:?}"),
    }
}

/// Lets nobody connect to the database any more, and ends the connections that there are. From outside: a database
/// cannot be shut by somebody who is in it.
fn shut(api: &Api) {
    let name =
        |tx: &mut dyn store::Tx| tx.one("select current_database()", &[])?.expect("a row").text(0).map(str::to_owned);
    let name = api.test.store().read(name).expect("the database's name");
    let outside = TestStore::new(Database::Postgresql);
    let shut = |tx: &mut dyn store::Tx| tx.run(&format!("alter database {name} with allow_connections false"), &[]);
    outside.store().write(shut).expect("it is shut");
    let end = |tx: &mut dyn store::Tx| {
        let all = format!("select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = '{name}'");
        tx.all(&all, &[])
    };
    assert!(!outside.store().write(end).expect("they are ended").is_empty());
}
