//! Bounds of the protocol (intake §5); the largest mail is in `domain::limits`.

use std::time::Duration;

/// Recipients of a mail.
pub(crate) const RECIPIENTS: usize = 10;
/// Bytes of a command with its end.
pub(crate) const COMMAND_BYTES: usize = 1_000;
/// Bytes in a line of a mail.
pub(crate) const LINE_BYTES: usize = 100_000;
/// Mails that one connection may bring.
pub(crate) const MAILS: usize = 100;
/// Commands that are wrong, or that name nobody, after which a connection ends.
pub(crate) const MISTAKES: usize = 20;
/// Servers that a mail may have passed.
pub(crate) const HOPS: usize = 50;
/// Connections at the same time.
pub(crate) const CONNECTIONS: usize = 100;
/// Those from one address, or one network of IPv6.
pub(crate) const CONNECTIONS_OF_ONE: usize = 10;
/// Bytes above which a mail is large.
pub(crate) const LARGE_BYTES: usize = 1024 * 1024;
/// Large mails that are in work at the same time.
pub(crate) const LARGE_MAILS: usize = 8;
/// Within which a client says who it is.
pub(crate) const TO_GREETING: Duration = Duration::from_secs(30);
/// Within which it sends or takes something.
pub(crate) const TO_NEXT: Duration = Duration::from_secs(300);
/// Within which TLS is agreed on.
pub(crate) const TO_TLS: Duration = Duration::from_secs(30);
/// Within which a connection is over.
pub(crate) const WHOLE: Duration = Duration::from_secs(600);
/// Within which whoever is turned away takes the reply.
pub(crate) const TO_FAREWELL: Duration = Duration::from_secs(5);
