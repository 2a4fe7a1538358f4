//! What came to integrations and was turned away: counted in memory, and written down at the next beat, so that whoever goes on
//! sending what is refused costs no transaction each time.

use crate::administration::Administration;
use crate::turned_away_count::TurnedAwayFor;
use domain::directory::key_digits;
use domain::{Instant, OrganizationId, RefId};
use engine::{Batch, Failure, Reader, snapshot};
use std::net::IpAddr;
use store::TurnedAwayRow;

impl Administration {
    /// Something that came to an integration was turned away.
    pub fn turned_away(&self, of: (OrganizationId, &RefId), why: TurnedAwayFor, from: Option<IpAddr>) {
        self.0.turned_away.count(why);
        self.0.turned_away.note(of, why, from, self.engine().now());
    }

    /// Something came with a key that no integration has, or has no more.
    ///
    /// # Errors
    /// As the store says; it is counted as unknown then.
    pub async fn turned_away_by_key(&self, key: &str, from: Option<IpAddr>) -> Result<(), Failure> {
        let Some(digits) = key_digits(key) else {
            self.0.turned_away.count(TurnedAwayFor::UnknownKey);
            return Ok(());
        };
        let read = self.engine().read(move |tx, shared| {
            let Some(row) = store::integration_key_by_digits(tx, &digits)? else { return Ok(None) };
            let snapshot = shared.directories.current(tx, row.organization)?;
            let integrations = snapshot.as_ref().map(|snapshot| &snapshot.directory.integrations);
            // That of a heartbeat, or of what is gone, is told of nobody.
            let is_there = integrations.is_some_and(|all| all.with_ref(row.integration.as_str()).is_some());
            Ok(Some((row, is_there)))
        });
        let found = read.await;
        match &found {
            Ok(Some((row, true))) => {
                self.turned_away((row.organization, &row.integration), TurnedAwayFor::EndedKey, from);
            }
            Ok(Some(_)) => self.0.turned_away.count(TurnedAwayFor::EndedKey),
            _ => self.0.turned_away.count(TurnedAwayFor::UnknownKey),
        }
        found.map(drop)
    }

    /// Writes down what was turned away since the last time; to be called at each beat.
    ///
    /// # Errors
    /// As the store says; what was counted is lost then.
    pub async fn record_turned_away(&self) -> Result<(), Failure> {
        for (organization, rows) in self.0.turned_away.take() {
            let record = move |batch: &mut Batch<'_>| {
                for row in &rows {
                    store::turned_away_add(batch.tx, organization, row)?;
                }
                Ok(())
            };
            self.engine().desk().submit_own(organization, record).await?;
        }
        Ok(())
    }

    /// What integrations turned away since `since` that are seen, with their names, the last first: of at most so much.
    ///
    /// # Errors
    /// `Refused(KeyRevoked)`; otherwise see [`Failure`].
    pub async fn turned_away_since(
        &self,
        reader: Reader,
        since: Instant,
        most: u32,
    ) -> Result<Vec<(String, TurnedAwayRow)>, Failure> {
        let read = self.engine().read(move |tx, shared| {
            let snapshot = snapshot(tx, shared, &reader)?;
            let rows = store::turned_away_since(tx, reader.organization, since, most)?;
            let rights = reader.rights(&snapshot);
            let named = |row: TurnedAwayRow| {
                let entry = snapshot.directory.integrations.with_ref(row.integration.as_str())?;
                let is_seen = rights.sees(entry.component.team.as_deref());
                is_seen.then(|| (entry.component.name.clone(), row))
            };
            Ok(rows.into_iter().filter_map(named).collect())
        });
        read.await
    }
}
