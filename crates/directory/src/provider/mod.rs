//! Signing in by a provider of OpenID Connect (administration §5): what is set of providers, discovery, the way there and
//! back, whose account it is here, what groups give, and sessions that the provider ends.

mod discovery;
mod token;

mod settings;

mod account;
mod given;

mod enter;
mod flow;
mod link;
mod logout;

pub use discovery::Finding;
pub use enter::Answered;
pub use flow::{Aim, Answer, Begun, ProviderError, Why};
pub use link::{LinkOffer, ListedIdentity};
