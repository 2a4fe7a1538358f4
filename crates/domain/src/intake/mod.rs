//! Intake: what monitoring tools say, and what becomes of it (intake §1 and §2).

mod asked;
mod change_event;
mod cut;
mod decide;
mod enrich;
mod fate;
mod flaps;
mod group;
mod meter;
mod received;
mod turn;

pub use crate::directory::SenderKind;
pub use asked::{Asked, Responder, SenderCommand};
pub use change_event::{ChangeEvent, ChangeSaid};
pub use cut::shown_identity;
pub use decide::{Problem, Question, Standing, Verdict, Waiting};
pub use fate::{AlertFate, Fate, Judged};
pub use flaps::{FlapLimits, Flaps};
pub use group::{Group, Since, group_key};
pub use meter::{Meter, Pace, Storm};
pub use received::{Delivery, Link, MailOrigin, Received, State, Unreadable};
pub use turn::{Turn, Turned, Worked, turn};
