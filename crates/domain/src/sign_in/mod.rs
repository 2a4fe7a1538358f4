//! Signing in: the rules of passwords, waits, sessions, links that work once, and codes (administration §5).

mod code;
mod link;
mod passkey;
mod password;
mod provider;
mod recovery;
mod session;
mod wait;

pub use code::{STEP_SECONDS, counts, steps};
pub use link::LinkPurpose;
pub use passkey::{PasskeyNameFault, passkey_name};
pub use password::{Alone, PasswordFault, is_made_of, password_fault};
pub use provider::{Given, GroupRule, IssuerFault, Provider, SIGN_UP_ROLES, SignUp, issuer_fault};
pub use recovery::{RecoveryCode, recovery_code_text};
pub use session::{Means, is_fresh, is_over};
pub use wait::wait_seconds;
