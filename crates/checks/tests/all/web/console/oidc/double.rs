//! A provider of OpenID Connect that a test holds in its hand: honest until it is told to lie, in one thing at a time.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use checks::{Answer, Api, Browser, Call, Database};
use engine::Clock;
use notify::carrier::BoxFuture;
use notify::{Fetch, FormPost};
use ring::digest::{SHA256, SHA512, digest};
use ring::signature::{Ed25519KeyPair, KeyPair as _};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, OnceLock};

/// The issuer of the double.
pub(super) const ISSUER: &str = "https://id.example.com/acme";
/// What the double calls this server, and by what that proves who it is.
pub(super) const CLIENT: &str = "reveille";
pub(super) const SECRET: &str = "a secret of twenty-odd letters";
/// The access token that it hands out.
const ACCESS: &str = "an access token";

/// What the double lies in.
#[derive(Clone, Debug, Default)]
pub(super) enum Lie {
    #[default]
    None,
    /// A claim of the id token is another one; null takes it away.
    Claim(&'static str, Value),
    /// The header of the id token is another one, and it has no signature.
    Unsigned,
    /// It is signed with the public key as a secret.
    HmacOfPublicKey,
    /// It is signed with the client's secret.
    HmacOfSecret,
    /// It is signed by a key that is not published, under the name of one that is.
    StrangersKey,
    /// It is signed by a key under a name that is not published.
    UnknownKid,
    /// The payload was changed after it was signed.
    Changed,
    /// A code is taken as often as it comes.
    CodeReplay,
    /// Discovery tells another issuer.
    OtherIssuer,
    /// An endpoint is told that is not encrypted.
    PlainEndpoint,
}

/// What a code stands for.
#[derive(Clone)]
struct Grant {
    challenge: String,
    redirect_uri: String,
    claims: Map<String, Value>,
}

#[derive(Default)]
struct State {
    lie: Lie,
    is_away: bool,
    says_iss: bool,
    codes: HashMap<String, Grant>,
    made: usize,
    /// The generation of the key that signs, and that of what is published.
    signs_with: u8,
    published: u8,
    asked: Vec<String>,
}

/// The double.
#[derive(Default)]
pub(super) struct Double {
    state: Mutex<State>,
    /// That of the server.
    clock: OnceLock<Clock>,
}

fn key(generation: u8) -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(&[generation + 1; 32]).expect("a key")
}

fn kid(generation: u8) -> String {
    format!("key {generation}")
}

fn encoded(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// A token with this header and these claims, signed by the key of this generation.
fn signed(header: &Value, claims: &Value, generation: u8) -> String {
    let message = format!("{}.{}", encoded(header.to_string()), encoded(claims.to_string()));
    format!("{message}.{}", encoded(key(generation).sign(message.as_bytes())))
}

fn hmac(claims: &Value, secret: &[u8]) -> String {
    let header = json!({"alg": "HS256", "typ": "JWT"});
    let message = format!("{}.{}", encoded(header.to_string()), encoded(claims.to_string()));
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, secret);
    format!("{message}.{}", encoded(ring::hmac::sign(&key, message.as_bytes())))
}

impl Double {
    /// A server that people reach, with the double as its provider `acme`, changed by `fields`.
    pub(super) fn at(database: Database, fields: &Value) -> (Api, Arc<Self>) {
        let double = Arc::new(Self::default());
        let api = Api::fetching(database, Arc::clone(&double) as Arc<dyn Fetch>);
        double.clock.set(api.clock.clone()).expect("set once");
        let mut body = json!({"name": "acme", "issuer": ISSUER, "client_id": CLIENT, "client_secret": SECRET});
        for (field, value) in fields.as_object().expect("fields") {
            body[field] = value.clone();
        }
        api.send(Call::post("/v1/sign-in-providers").key(&api.key).json(&body)).ok();
        (api, double)
    }

    /// The same on each database.
    pub(super) fn on_both(fields: &Value, body: impl Fn(&Api, &Self)) {
        for database in [Database::Sqlite, Database::Postgresql] {
            let (api, double) = Self::at(database, fields);
            body(&api, &double);
        }
    }

    /// From now on it lies in this.
    pub(super) fn lies(&self, lie: Lie) {
        self.state.lock().expect("no panic").lie = lie;
    }

    /// Whether it answers.
    pub(super) fn is_away(&self, is_away: bool) {
        self.state.lock().expect("no panic").is_away = is_away;
    }

    /// From now on it says whose answer it is.
    pub(super) fn says_iss(&self) {
        self.state.lock().expect("no panic").says_iss = true;
    }

    /// From now on it signs with this key; what it publishes is said by [`Double::publishes`].
    pub(super) fn signs_with(&self, generation: u8) {
        self.state.lock().expect("no panic").signs_with = generation;
    }

    pub(super) fn publishes(&self, generation: u8) {
        self.state.lock().expect("no panic").published = generation;
    }

    /// How often it was asked at this end of an address, since the last time.
    pub(super) fn asked(&self, end: &str) -> usize {
        let mut state = self.state.lock().expect("no panic");
        let before = state.asked.len();
        state.asked.retain(|url| !url.ends_with(end));
        before - state.asked.len()
    }

    /// Somebody signs in there whom a browser was sent with this address; where the browser is sent back to. `auth_time` is told
    /// where it is asked for.
    pub(super) fn lets_in(&self, location: &str, subject: &str, claims: &Value) -> String {
        let (endpoint, query) = location.split_once('?').expect("a query");
        assert_eq!(endpoint, "https://id.example.com/authorize");
        let query: BTreeMap<_, _> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        assert_eq!((query["response_type"].as_str(), query["code_challenge_method"].as_str()), ("code", "S256"));
        assert!(query["scope"].split(' ').any(|scope| scope == "openid") && query["client_id"] == CLIENT);
        let mut all = json!({"sub": subject, "nonce": query["nonce"]});
        if query.contains_key("max_age") {
            all["auth_time"] = json!("now");
        }
        for (claim, value) in claims.as_object().expect("claims") {
            all[claim] = value.clone();
        }
        let mut state = self.state.lock().expect("no panic");
        state.made += 1;
        let code = format!("code {}", state.made);
        let grant = Grant {
            challenge: query["code_challenge"].clone(),
            redirect_uri: query["redirect_uri"].clone(),
            claims: all.as_object().cloned().expect("claims"),
        };
        state.codes.insert(code.clone(), grant);
        let mut back = form_urlencoded::Serializer::new(String::new());
        back.append_pair("code", &code).append_pair("state", &query["state"]);
        if state.says_iss {
            back.append_pair("iss", ISSUER);
        }
        let path = query["redirect_uri"].strip_prefix(checks::PUBLIC_URL).expect("an address of ours");
        format!("{path}?{}", back.finish())
    }

    /// A token by which it ends sessions.
    pub(super) fn logout_token(&self, api: &Api, claims: &Value) -> String {
        let now = api.clock.now() / 1_000_000;
        let mut all = json!({"iss": ISSUER, "aud": CLIENT, "iat": now, "exp": now + 120, "jti": "1",
            "events": {"http://schemas.openid.net/event/backchannel-logout": {}}});
        for (claim, value) in claims.as_object().expect("claims") {
            match value {
                Value::Null => drop(all.as_object_mut().expect("claims").remove(claim)),
                value => all[claim] = value.clone(),
            }
        }
        signed(&json!({"alg": "EdDSA", "kid": kid(0), "typ": "logout+jwt"}), &all, 0)
    }

    fn get(&self, url: &str) -> Result<Value, String> {
        let mut state = self.state.lock().expect("no panic");
        state.asked.push(url.to_owned());
        if state.is_away {
            return Err("no answer in time".to_owned());
        }
        match url {
            "https://id.example.com/acme/.well-known/openid-configuration" => {
                let issuer = if matches!(state.lie, Lie::OtherIssuer) { "https://other.example" } else { ISSUER };
                let scheme = if matches!(state.lie, Lie::PlainEndpoint) { "http" } else { "https" };
                Ok(json!({
                    "issuer": issuer,
                    "authorization_endpoint": "https://id.example.com/authorize",
                    "token_endpoint": format!("{scheme}://id.example.com/token"),
                    "jwks_uri": "https://id.example.com/keys",
                    "id_token_signing_alg_values_supported": ["EdDSA", "HS256"],
                    "code_challenge_methods_supported": ["S256"],
                    "authorization_response_iss_parameter_supported": state.says_iss,
                }))
            }
            "https://id.example.com/keys" => {
                let public = encoded(key(state.published).public_key());
                let kid = kid(state.published);
                let own =
                    json!({"kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": kid, "x": public});
                Ok(json!({"keys": [{"kty": "new", "kid": "of tomorrow"}, own]}))
            }
            other => panic!("asked for {other}"),
        }
    }

    fn tokens(&self, post: FormPost<'_>, now: i64) -> (u16, Value) {
        let mut state = self.state.lock().expect("no panic");
        let form: BTreeMap<_, _> = form_urlencoded::parse(post.form.as_bytes()).into_owned().collect();
        let shown = format!("{CLIENT}:{}", SECRET.replace(' ', "+"));
        let refused = |error: &str| (400, json!({"error": error}));
        if post.authorization != Some(&*format!("Basic {}", STANDARD.encode(shown))) {
            return refused("invalid_client");
        }
        let found = match state.lie {
            Lie::CodeReplay => state.codes.get(&form["code"]).cloned(),
            _ => state.codes.remove(&form["code"]),
        };
        let Some(grant) = found else { return refused("invalid_grant") };
        if encoded(digest(&SHA256, form["code_verifier"].as_bytes())) != grant.challenge
            || form["redirect_uri"] != grant.redirect_uri
            || form["grant_type"] != "authorization_code"
        {
            return refused("invalid_grant");
        }
        let token = id_token(&state, grant.claims, now);
        (200, json!({"access_token": ACCESS, "token_type": "Bearer", "expires_in": 60, "id_token": token}))
    }
}

fn id_token(state: &State, grant: Map<String, Value>, now: i64) -> String {
    let at_hash = encoded(&digest(&SHA512, ACCESS.as_bytes()).as_ref()[..32]);
    let mut claims = json!({"iss": ISSUER, "aud": CLIENT, "iat": now, "exp": now + 300, "at_hash": at_hash});
    for (claim, value) in grant {
        claims[claim] = value;
    }
    if claims["auth_time"] == "now" {
        claims["auth_time"] = json!(now);
    }
    if let Lie::Claim(claim, value) = &state.lie {
        match value {
            Value::Null => drop(claims.as_object_mut().expect("claims").remove(*claim)),
            value => claims[*claim] = value.clone(),
        }
    }
    let generation = state.signs_with;
    let header = json!({"alg": "EdDSA", "kid": kid(generation), "typ": "JWT"});
    match state.lie {
        Lie::Unsigned => {
            let header = json!({"alg": "none", "typ": "JWT"});
            format!("{}.{}.", encoded(header.to_string()), encoded(claims.to_string()))
        }
        Lie::HmacOfPublicKey => hmac(&claims, key(generation).public_key().as_ref()),
        Lie::HmacOfSecret => hmac(&claims, SECRET.as_bytes()),
        Lie::StrangersKey => signed(&header, &claims, 99),
        Lie::UnknownKid => signed(&json!({"alg": "EdDSA", "kid": "another", "typ": "JWT"}), &claims, 99),
        Lie::Changed => {
            let token = signed(&header, &claims, generation);
            let parts: Vec<_> = token.split('.').collect();
            claims["sub"] = json!("somebody else");
            format!("{}.{}.{}", parts[0], encoded(claims.to_string()), parts[2])
        }
        _ => signed(&header, &claims, generation),
    }
}

impl Fetch for Double {
    fn get<'a>(&'a self, url: &'a str) -> BoxFuture<'a, Result<Vec<u8>, String>> {
        let answer = Double::get(self, url).map(|answer| answer.to_string().into_bytes());
        Box::pin(async move { answer })
    }

    fn post<'a>(&'a self, post: FormPost<'a>) -> BoxFuture<'a, Result<(u16, Vec<u8>), String>> {
        assert_eq!(post.url, "https://id.example.com/token");
        let now = self.clock.get().expect("a clock").now() / 1_000_000;
        let (status, answer) = self.tokens(post, now);
        Box::pin(async move { Ok((status, answer.to_string().into_bytes())) })
    }
}

/// Where a browser is sent by a provider's link.
#[track_caller]
pub(super) fn sent(answer: &Answer) -> String {
    assert_eq!(answer.status, 303, "{}", answer.text());
    answer.header("location").to_owned()
}

/// The link of the provider `acme` on the sign-in page.
pub(super) const LINK: &str = "/app/sign-in/oidc/acme?organization=demo";

/// Walks the whole way: to the provider, in there as this subject with these claims, and back.
pub(super) fn walk(browser: &Browser<'_>, double: &Double, subject: &str, claims: &Value) -> Answer {
    let location = sent(&browser.get(LINK));
    browser.get(&double.lets_in(&location, subject, claims))
}
