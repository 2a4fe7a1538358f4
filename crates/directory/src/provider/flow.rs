//! The way to a provider and back: authorization code with PKCE (RFC 7636), bound to the browser by a signed cookie of ten
//! minutes that holds state, nonce and verifier.

use super::account::Account;
use super::discovery::shortened;
use super::settings::{Stored, stored};
use super::token::{Expected, TokenFault, id_token};
use crate::administration::Administration;
use crate::known_provider::KnownProvider;
use crate::sign_in::{Session, SignInError, organization_meant};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::sign_in::Provider;
use domain::{Instant, OrganizationId, RefId, limits};
use engine::{Batch, Failure, Undo, digest};
use notify::{FormPost, Purpose};
use openidconnect::{PkceCodeChallenge, PkceCodeVerifier};
use serde::{Deserialize, Serialize};

/// Bytes of a code that is taken back.
const CODE_BYTES: usize = 4096;

/// What somebody goes to a provider for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Aim {
    /// To sign in.
    SignIn,
    /// To prove once more who they are, who are signed in as this person.
    Again(RefId),
    /// To link the account there to this person.
    Link(RefId),
}

/// Where a browser is sent, and what it holds until it comes back.
#[derive(Clone, PartialEq, Eq)]
pub struct Begun {
    /// The address at the provider.
    pub url: String,
    /// A secret of this browser.
    pub cookie: String,
}

/// Shows no secret.
impl std::fmt::Debug for Begun {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Begun(hidden)")
    }
}

/// What a browser brings back from a provider.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// The parameter `state`.
    pub state: String,
    /// The parameter `code`.
    pub code: Option<String>,
    /// The parameter `iss` (RFC 9207).
    pub issuer: Option<String>,
    /// The parameter `error`.
    pub error: Option<String>,
}

/// Why nobody is signed in by a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProviderError {
    /// There is no such provider.
    Unknown,
    /// The provider, or what it said of itself, is not to be had: in words for the log.
    Away(String),
    /// Nobody is signed in.
    Refused(Why),
    /// It wants a sign-in of the last minutes.
    NotFresh,
    /// Sign-ins from there failed too often; nothing was looked at.
    TooMany {
        /// Seconds until it may be tried again.
        retry_after_seconds: u32,
    },
    /// Something is wrong that is nobody's fault here.
    Failed(Failure),
}

/// Why nobody is signed in whom a provider sends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// What came back is not believed: in words for the log.
    Answer(String),
    /// The account belongs to nobody here, who may sign in: in words for the log.
    Nobody(String),
}

impl From<Failure> for ProviderError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Refused(refusal) => Self::Refused(Why::Nobody(format!("the directory refuses: {refusal:?}"))),
            failure => Self::Failed(failure),
        }
    }
}

impl From<SignInError> for ProviderError {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::Failed(failure) => failure.into(),
            SignInError::TooMany { retry_after_seconds } => Self::TooMany { retry_after_seconds },
            other => Self::Refused(Why::Answer(format!("{other:?}"))),
        }
    }
}

/// What came back is not believed.
pub(super) fn unbelieved(words: impl Into<String>) -> ProviderError {
    ProviderError::Refused(Why::Answer(words.into()))
}

/// What the browser holds until it comes back.
#[derive(Serialize, Deserialize)]
pub(super) struct Underway {
    organization: i64,
    provider: RefId,
    /// Digest of issuer and client: it came back to another one where either was changed meanwhile. In full, they might be
    /// longer than a browser holds.
    client: String,
    state: String,
    nonce: String,
    verifier: String,
    redirect_uri: String,
    pub(super) next: String,
    pub(super) aim: Aim,
    pub(super) begun_at: Instant,
}

/// Somebody who came back, and all that was verified of them.
pub(super) struct Arrived {
    pub(super) organization: OrganizationId,
    pub(super) stored: Stored,
    pub(super) account: Account,
    pub(super) underway: Underway,
}

fn client(provider: &Provider) -> String {
    digest(&format!("{}\n{}", provider.issuer, provider.client_id))
}

/// Where a provider sends browsers back to, at a server of this address.
pub(super) fn callback(origin: &str, name: &str) -> String {
    format!("{origin}/app/sign-in/oidc/{name}/callback")
}

impl Underway {
    /// Whose provider the browser was sent to.
    pub(super) fn organization(&self) -> OrganizationId {
        OrganizationId(self.organization)
    }
}

impl Administration {
    /// Sends a browser to a provider; `origin` is the address by which it reaches this server, `next` where it goes on to
    /// afterwards. Where somebody is signed in, the provider is one of their organization.
    ///
    /// # Errors
    /// `Unknown`, `Away`, or see [`Failure`].
    pub async fn go_to_provider(
        &self,
        (organization, name): (Option<&str>, &str),
        (origin, next): (&str, &str),
        aim: Aim,
        session: Option<&Session>,
    ) -> Result<Begun, ProviderError> {
        let organization = match session {
            Some(session) => Some(session.person.organization),
            None => {
                let meant = organization.map(str::to_owned);
                self.engine().read(move |tx, _| Ok(organization_meant(tx, meant.as_deref())?)).await?
            }
        };
        let organization = organization.ok_or(ProviderError::Unknown)?;
        let found = self.provider_known_as(organization, name).await?;
        let Stored { ref_id, provider, .. } = found.ok_or(ProviderError::Unknown)?;
        let known = self.known_provider(&provider).await.map_err(ProviderError::Away)?;
        let ids = self.engine().ids();
        let now = self.engine().now();
        let underway = Underway {
            organization: organization.0,
            provider: ref_id,
            client: client(&provider),
            state: ids.secret(""),
            nonce: ids.secret(""),
            verifier: ids.secret(""),
            redirect_uri: callback(origin, &provider.name),
            next: next.to_owned(),
            aim,
            begun_at: now,
        };
        let url = address(&known.metadata.authorization_endpoint, &provider, &underway);
        let ends_at = now.plus_minutes(limits::PROVIDER_SIGN_IN_MINUTES);
        let cookie = self.notifier().token(Purpose::Provider, &underway, Some(ends_at)).await?;
        Ok(Begun { url, cookie })
    }

    /// What a browser that was sent to a provider was sent with.
    pub(super) async fn underway(&self, cookie: &str) -> Result<Underway, ProviderError> {
        let opened = self.notifier().open_token::<Underway>(Purpose::Provider, cookie).await?;
        opened.map_err(|_| unbelieved("the browser was not sent there within ten minutes"))
    }

    /// Takes what a browser brings back: whether it is the one that was sent, whether the provider knows the code, and
    /// whether what it says of the person is true.
    pub(super) async fn arrive(
        &self,
        name: &str,
        underway: Underway,
        answer: &Answer,
    ) -> Result<Arrived, ProviderError> {
        if digest(&underway.state) != digest(&answer.state) {
            return Err(unbelieved("state: is not that of this browser"));
        }
        let organization = underway.organization();
        let ref_id = underway.provider.clone();
        let read = self.engine().read(move |tx, _| {
            Ok(store::provider_load(tx, organization, &ref_id)?.map(|row| stored(&row)).transpose()?)
        });
        let stored = read.await?.ok_or(ProviderError::Unknown)?;
        let provider = &stored.provider;
        let is_same = provider.name == name && client(provider) == underway.client;
        if !is_same {
            return Err(unbelieved("the provider is not the one that the browser was sent to"));
        }
        let known = self.known_provider(provider).await.map_err(ProviderError::Away)?;
        match &answer.issuer {
            Some(issuer) if *issuer != provider.issuer => {
                return Err(unbelieved(format!("iss: is `{}`, another provider's", shortened(issuer))));
            }
            None if known.metadata.authorization_response_iss_parameter_supported => {
                return Err(unbelieved("iss: is missing, though the provider says that it sends it"));
            }
            _ => {}
        }
        self.take_once(organization, &underway).await?;
        if let Some(error) = &answer.error {
            return Err(unbelieved(format!("the provider says: {}", shortened(error))));
        }
        let code = answer.code.as_deref().filter(|code| code.len() <= CODE_BYTES);
        let code = code.ok_or_else(|| unbelieved("code: is missing or too long"))?;
        let (id_token, access_token) = self.exchange(provider, &known, &underway, code).await?;
        let expected = Expected {
            issuer: &provider.issuer,
            client_id: &provider.client_id,
            nonce: &underway.nonce,
            access_token: &access_token,
        };
        let account = self.verified(provider, &known, &id_token, &expected).await?;
        Ok(Arrived { organization, stored, account, underway })
    }

    /// Nobody comes back twice with the same state, whatever the provider makes of the code.
    async fn take_once(&self, organization: OrganizationId, underway: &Underway) -> Result<(), ProviderError> {
        let state = digest(&underway.state);
        let ends_at = underway.begun_at.plus_minutes(limits::PROVIDER_SIGN_IN_MINUTES);
        let take = move |batch: &mut Batch<'_>| {
            Ok::<_, Undo>(store::provider_answer_take(batch.tx, organization, &state, ends_at)?)
        };
        match self.engine().desk().submit(organization, take).await? {
            true => Ok(()),
            false => Err(unbelieved("state: came back before")),
        }
    }

    /// Gives the code for the tokens: the id token and the access token.
    async fn exchange(
        &self,
        provider: &Provider,
        known: &KnownProvider,
        underway: &Underway,
        code: &str,
    ) -> Result<(String, String), ProviderError> {
        let (form, authorization) = code_form(provider, known, underway, code);
        let url = &known.metadata.token_endpoint;
        let post = FormPost { url, form: &form, authorization: authorization.as_deref() };
        let (status, body) = self.notifier().post_form(post).await.map_err(ProviderError::Away)?;
        if status != 200 {
            let told: TokenError = serde_json::from_slice(&body).unwrap_or_default();
            return Err(unbelieved(format!("the code was not taken: HTTP {status} {}", shortened(&told.error))));
        }
        let tokens: Tokens =
            serde_json::from_slice(&body).map_err(|error| unbelieved(format!("the answer to the code: {error}")))?;
        Ok((tokens.id_token, tokens.access_token))
    }

    async fn verified(
        &self,
        provider: &Provider,
        known: &KnownProvider,
        jwt: &str,
        expected: &Expected<'_>,
    ) -> Result<Account, ProviderError> {
        let words = |fault| match fault {
            TokenFault::UnknownKey => unbelieved("the id token is signed by an unknown key"),
            TokenFault::Wrong(words) => unbelieved(words),
        };
        let now = self.engine().now();
        let claims = match id_token(jwt, expected, &known.keys, now) {
            Err(TokenFault::UnknownKey) => match self.with_new_keys(provider).await {
                Some(known) => id_token(jwt, expected, &known.keys, now),
                None => Err(TokenFault::UnknownKey),
            },
            result => result,
        };
        Account::read(provider, &claims.map_err(words)?).map_err(words)
    }
}

/// What a code is given with: the form, and what is shown beside it.
fn code_form(provider: &Provider, known: &KnownProvider, underway: &Underway, code: &str) -> (String, Option<String>) {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("grant_type", "authorization_code")
        .append_pair("code", code)
        .append_pair("redirect_uri", &underway.redirect_uri)
        .append_pair("code_verifier", &underway.verifier);
    match &provider.client_secret {
        Some(secret) if known.metadata.takes_basic() => (form.finish(), Some(basic(&provider.client_id, secret))),
        Some(secret) => {
            form.append_pair("client_id", &provider.client_id).append_pair("client_secret", secret);
            (form.finish(), None)
        }
        None => (form.append_pair("client_id", &provider.client_id).finish(), None),
    }
}

/// What a provider answers to a code.
#[derive(Deserialize)]
struct Tokens {
    id_token: String,
    access_token: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct TokenError {
    error: String,
}

/// The address that a browser is sent to.
fn address(endpoint: &str, provider: &Provider, underway: &Underway) -> String {
    let verifier = PkceCodeVerifier::new(underway.verifier.clone());
    let challenge = PkceCodeChallenge::from_code_verifier_sha256(&verifier);
    let mut query = form_urlencoded::Serializer::new(String::new());
    query
        .append_pair("response_type", "code")
        .append_pair("client_id", &provider.client_id)
        .append_pair("redirect_uri", &underway.redirect_uri)
        .append_pair("scope", &provider.scopes.join(" "))
        .append_pair("state", &underway.state)
        .append_pair("nonce", &underway.nonce)
        .append_pair("code_challenge", challenge.as_str())
        .append_pair("code_challenge_method", "S256");
    if let Aim::Again(_) = underway.aim {
        // The provider asks anew, and says when it did.
        query.append_pair("max_age", "0").append_pair("prompt", "login");
    }
    let mark = if endpoint.contains('?') { '&' } else { '?' };
    format!("{endpoint}{mark}{}", query.finish())
}

/// How a client shows its secret (RFC 6749 §2.3.1): both parts as in a form, so that a colon stays one.
fn basic(client_id: &str, secret: &str) -> String {
    let written = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    format!("Basic {}", STANDARD.encode(format!("{}:{}", written(client_id), written(secret))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_shown_so_that_a_colon_stays_one() {
        let shown = STANDARD.decode(basic("a:b", "c d%").strip_prefix("Basic ").unwrap()).unwrap();
        assert_eq!(String::from_utf8(shown).unwrap(), "a%3Ab:c+d%25");
    }
}
