//! Sign-in as rows: what people sign in with, their sessions, links that work once, and failed attempts.

pub(crate) mod credential;
pub(crate) mod failure;
pub(crate) mod link;
pub(crate) mod passkey;
pub(crate) mod recovery_code;
pub(crate) mod session;
