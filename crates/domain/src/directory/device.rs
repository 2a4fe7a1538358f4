//! Devices: browsers that their owners allowed to be pushed to. They are no part of the directory file, since only the
//! browser itself can make one.

/// A browser in which somebody who was signed in allowed it to be pushed to (console §7). Whoever knows it can push there, so
/// its `Debug` shows no more than its name.
#[derive(Clone, PartialEq, Eq)]
pub struct PushDevice {
    /// Digest of its endpoint, by which it is removed.
    pub id: String,
    /// What its owner calls it.
    pub name: String,
    /// The URL at which the push service of its maker takes messages to it.
    pub endpoint: String,
    /// Its public key on P-256, in base64 of URLs.
    pub p256dh: String,
    /// The secret that it made beside, in base64 of URLs.
    pub auth: String,
}

impl std::fmt::Debug for PushDevice {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "PushDevice({:?}, subscription hidden)", self.name)
    }
}
