//! Hashing of passwords and recovery codes: argon2id, few at a time and a bounded number waiting, on threads that nobody
//! else needs and that give way to everything else: whoever guesses passwords has what processor is left.

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use domain::limits;
use engine::Failure;
use std::sync::{Arc, LazyLock};
use std::thread;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

/// KiB of memory that a hash takes (OWASP: 19 MiB, two passes, one lane).
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// The nice value of a thread that hashes, of 19 at most.
#[cfg(target_os = "linux")]
const HASHING_NICE: i32 = 15;

/// A salt is so many bytes.
pub(crate) const SALT_BYTES: usize = 16;

/// Where passwords are hashed.
#[derive(Debug)]
pub(crate) struct Hashing {
    places: Arc<Semaphore>,
    turns: Arc<Semaphore>,
}

/// A place among those who wait or are served; it ends when this is dropped.
#[derive(Debug)]
pub(crate) struct HashPlace {
    _place: OwnedSemaphorePermit,
    turns: Arc<Semaphore>,
}

impl Default for Hashing {
    fn default() -> Self {
        let places = Arc::new(Semaphore::new(limits::HASHES_AT_ONCE + limits::HASHES_WAITING));
        Self { places, turns: Arc::new(Semaphore::new(limits::HASHES_AT_ONCE)) }
    }
}

impl Hashing {
    /// A place, if there is one.
    pub(crate) fn place(&self) -> Option<HashPlace> {
        let place = Arc::clone(&self.places).try_acquire_owned().ok()?;
        Some(HashPlace { _place: place, turns: Arc::clone(&self.turns) })
    }
}

impl HashPlace {
    /// Runs what takes long, when it is this one's turn.
    pub(crate) async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Failure> {
        let broken = |error: &dyn std::fmt::Display| Failure::Broken(format!("a password was not looked at: {error}"));
        let turn = Arc::clone(&self.turns).acquire_owned().await.map_err(|error| broken(&error))?;
        let (done, told) = oneshot::channel();
        let run = move || {
            give_way();
            let result = work();
            drop(turn);
            // Whoever waited may have gone.
            drop(done.send(result));
        };
        thread::Builder::new().name("hashing".to_owned()).spawn(run).map_err(|error| broken(&error))?;
        told.await.map_err(|error| broken(&error))
    }
}

/// Lowers the priority of this thread, where the system has priorities of threads and lets it: about a fortieth of a core
/// while everything else wants both, and a whole one while nothing does.
fn give_way() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::setpriority_process(None, HASHING_NICE) {
        tracing::debug!(%error, "passwords are hashed at the priority of everything else");
    }
}

fn argon2() -> Option<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).ok()?;
    Some(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// The hash of a text, as a PHC string.
pub(crate) fn hash(text: &str, salt: &[u8; SALT_BYTES]) -> Result<String, Failure> {
    let hash = argon2().and_then(|argon2| argon2.hash_password_with_salt(text.as_bytes(), salt).ok());
    hash.map(|hash| hash.to_string()).ok_or_else(|| Failure::Broken("a password could not be hashed".to_owned()))
}

/// A hash that takes as long to try as anybody's, for people who are not there.
pub(crate) fn nobodys() -> &'static str {
    static HASH: LazyLock<String> = LazyLock::new(|| hash("", b"nobody has this.").unwrap_or_default());
    &HASH
}

/// Whether a hash is this text's. What is no hash is nothing's.
pub(crate) fn is_of(hash: &str, text: &str) -> bool {
    let Ok(hash) = PasswordHash::new(hash) else { return false };
    argon2().is_some_and(|argon2| argon2.verify_password(text.as_bytes(), &hash).is_ok())
}

/// Whether a hash was made with less work than is asked for today.
pub(crate) fn is_outdated(hash: &str) -> bool {
    let Ok(hash) = PasswordHash::new(hash) else { return true };
    let is = |name: &str, wanted: u32| hash.params.get_decimal(name) == Some(wanted);
    !(hash.algorithm.as_str() == "argon2id" && is("m", MEMORY_KIB) && is("t", PASSES) && is("p", LANES))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SALT: [u8; SALT_BYTES] = *b"sixteen bytes it";

    #[test]
    fn a_hash_is_of_its_text_alone_and_says_how_it_was_made() {
        let made = hash("correct horse", &SALT).unwrap();
        assert!(made.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{made}");
        assert!(is_of(&made, "correct horse"));
        for other in ["correct horsE", "correct horse ", ""] {
            assert!(!is_of(&made, other), "{other}");
        }
        assert!(!is_of("correct horse", "correct horse") && !is_of("", ""));
        assert_ne!(made, hash("correct horse", b"another sixteen!").unwrap());
    }

    #[test]
    fn a_hash_of_less_work_is_outdated_but_counts() {
        let weak = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(8, 1, 1, None).unwrap());
        let weak = weak.hash_password_with_salt(b"correct horse", &SALT).unwrap().to_string();
        assert!(is_of(&weak, "correct horse"));
        assert!(is_outdated(&weak));
        assert!(!is_outdated(&hash("correct horse", &SALT).unwrap()));
    }

    #[tokio::test]
    async fn two_are_hashed_at_once_thirty_two_wait_and_the_next_is_turned_away() {
        let hashing = Hashing::default();
        let mut places: Vec<_> = (0..34).map(|_| hashing.place().unwrap()).collect();
        assert!(hashing.place().is_none());
        places.pop();
        let place = hashing.place().unwrap();
        let at_work = Arc::clone(&hashing.turns);
        let seen = place.run(move || at_work.available_permits()).await.unwrap();
        assert_eq!(seen, limits::HASHES_AT_ONCE - 1);
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn who_hashes_gives_way_and_nobody_else_does() {
        let nice = || rustix::process::getpriority_process(None).unwrap();
        let own = nice();
        assert_eq!(Hashing::default().place().unwrap().run(nice).await.unwrap(), own.max(HASHING_NICE));
        assert_eq!(nice(), own);
    }
}
