//! Sign-in as rows: what people sign in with and by whom, their sessions, links that work once, failed attempts, and views
//! that they saved.

pub(crate) mod credential;
pub(crate) mod erasure;
pub(crate) mod failure;
pub(crate) mod former;
pub(crate) mod identity;
pub(crate) mod link;
pub(crate) mod passkey;
pub(crate) mod provider;
pub(crate) mod recovery_code;
pub(crate) mod saved_view;
pub(crate) mod session;
