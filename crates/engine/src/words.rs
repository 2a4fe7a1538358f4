//! Words of titles: noted after incidents are there, when nothing else waits, and found by.

use crate::act::Reader;
use crate::engine::{Engine, snapshot};
use crate::failure::Failure;
use crate::read::listed;
use domain::incident::{Incident, Status, words};
use domain::limits;
use store::{Filter, Sorting};

/// Incidents whose words are noted in one transaction, and about how many rows that touches.
const AT_ONCE: u32 = 100;
const ROWS: u64 = 800;
/// Transactions for an organization before the others have their turn.
const IN_A_ROW: usize = 20;
/// Words of a search that are looked for, the rarest.
const LOOKED_FOR: usize = 8;

impl Engine {
    /// Notes the words of incidents that are new, of each organization that has some; to be called every second or so.
    ///
    /// # Errors
    /// As the store says; what was noted stays noted.
    pub async fn note_words(&self) -> Result<(), Failure> {
        for organization in self.read(|tx, _| Ok(store::word_unknown_where(tx)?)).await? {
            for _ in 0..IN_A_ROW {
                let note = self.desk().submit_behind((organization, ROWS), move |batch| {
                    Ok(store::word_note(batch.tx, organization, AT_ONCE)?)
                });
                if note.await? < AT_ONCE {
                    break;
                }
            }
        }
        Ok(())
    }

    /// The newest incidents in one of these states, however old, whose titles have all words of a text, at most `limit`; those
    /// of the last seconds are not found yet. A text without a word finds none.
    ///
    /// # Errors
    /// As [`Engine::details`].
    pub async fn incidents_by_words(
        &self,
        reader: Reader,
        text: &str,
        statuses: Vec<Status>,
        limit: u32,
    ) -> Result<Vec<Incident>, Failure> {
        let words: Vec<String> = words(text).into_iter().take(limits::WORDS_OF_TITLE).collect();
        if words.is_empty() {
            return Ok(Vec::new());
        }
        self.read(move |tx, shared| {
            let organization = reader.organization;
            let snapshot = snapshot(tx, shared, &reader)?;
            let mut words = store::word_rarest_first(tx, organization, words.clone())?;
            words.truncate(LOOKED_FOR);
            let filter = Filter { words, statuses: statuses.clone(), ..Filter::default() };
            listed(tx, &reader.rights(&snapshot), organization, (&filter, (Sorting::Newest, None)), limit)
        })
        .await
    }
}
