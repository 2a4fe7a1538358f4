//! Signing in by a provider of OpenID Connect: a file for each of what is lied in, whose an account is, what groups give,
//! what the provider ends, what is set of it; and a provider that others wrote.

mod account;
mod alone;
mod double;
mod given;
mod lies;
mod logout;
mod page;
mod real;
mod settings;
