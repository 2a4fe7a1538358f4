//! Mail that monitoring tools send, taken in by SMTP (intake §5). In the order in which a mail meets the files:
//!
//! 1. `listen` accepts connections up to bounds, and `talk` moves bytes between one of them and
//! 2. `protocol`, which is pure: bytes go in, replies and questions come out. It reads commands with `command`, the text of a
//!    mail with `text`, and keeps to `bounds`.
//! 3. `address` finds the key in a recipient, and `deliver` asks whose it is, lets `senders` read the mail, and takes it in.
//!
//! `certificate` is for STARTTLS. Nothing is ever sent from here, nor passed on.

mod address;
mod bounds;
mod certificate;
mod command;
mod deliver;
mod listen;
mod protocol;
mod reply;
mod settings;
mod talk;
mod text;

pub use certificate::{Certificate, CertificateError};
pub use listen::serve;
pub use settings::Settings;
