//! Those on the other side of the wire: a mail server, receivers of webhooks, calendar programs, and what they say.

mod alertmanager;
mod authenticator;
mod authority;
mod calendar;
pub(crate) mod form;
mod listed;
mod monitor;
mod nullmailer;
mod outside;
mod passkey;
mod peer;
mod poster;
mod prometheus;
mod provider;
mod script;
mod zabbix;

pub use alertmanager::Alertmanager;
pub use authenticator::shown_code;
pub use authority::Authority;
pub use calendar::read_calendar;
pub use form::{ACCOUNT, Dialled, Kind, NUMBER, TOKEN};
pub use listed::numbers_in_mail;
pub use monitor::Monitor;
pub use nullmailer::{Attempt, Nullmailer};
pub use outside::{Heard, Outside, Treatment};
pub use passkey::SoftPasskey;
pub use peer::{Peer, official_clients};
pub use poster::{Posted, post_mail, post_mail_by_tls, swaks};
pub use prometheus::Prometheus;
pub use provider::Provider;
pub use script::Script;
pub use zabbix::zabbix_notifies;
