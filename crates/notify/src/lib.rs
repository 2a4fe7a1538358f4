//! From a due notification to a person and back: delivery, messages, carriers, answers, handovers, and the ledger of all of
//! it. In the order in which a notification meets them:

mod notifier;

mod beat;

mod cover;
mod fetch;
mod handover;
mod next_handovers;

mod deliver;

mod message;

pub mod carrier;
pub mod egress;

mod answer;

mod failing;
mod ledger;
mod watchdog;

pub mod markup;
mod metrics;
mod token;
mod turn;

pub use answer::{About, Answered, LinkHead, LinkView, Pressed, Receipt, Reply};
pub use beat::BeatReport;
pub use cover::queue_notices;
pub use failing::Failing;
pub use fetch::{Fetch, FormPost};
pub use message::link::CoverSubject;
pub use notifier::{Notifier, Parts};
pub use store::{AttemptRow, NotificationRow};
pub use token::{Purpose, TokenFault};
pub use watchdog::{Look, Watchdog, WatchdogSettings, WatchdogSettingsError};
