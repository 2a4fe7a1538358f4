//! What was changed beside a directory file: told to whoever asks, and counted for whoever keeps the metrics.

use super::draft::{body_of, differing};
use super::kept::part_of_file;
use super::removed::missing;
use crate::administration::Administration;
use domain::{Instant, OrganizationId};
use engine::{Failure, Reader, snapshot};
use serde_json::{Value, json};
use store::{ComponentRow, Error, Tx};

impl Administration {
    /// What was changed beside the directory file that manages it: of each component its kind, name, and the fields that
    /// differ from what the file said last, or that it was removed.
    ///
    /// # Errors
    /// `Refused(KeyRevoked)`; otherwise see [`Failure`].
    pub async fn drift(&self, reader: Reader) -> Result<Vec<Value>, Failure> {
        let read = self.engine().read(move |tx, shared| {
            snapshot(tx, shared, &reader)?;
            Ok(drifted(tx, reader.organization)?)
        });
        read.await
    }

    /// Counts what was changed beside directory files, once a minute, where a directory changed since; to be called at each
    /// beat.
    ///
    /// # Errors
    /// As the store says; the metric stays as it was.
    pub async fn note_drift(&self) -> Result<(), Failure> {
        if !self.0.drift.is_due(self.engine().now()) {
            return Ok(());
        }
        let known = self.0.drift.versions();
        let look = move |tx: &mut dyn Tx, _: &engine::Shared| {
            let mut counts = Vec::new();
            for found in store::organization_list(tx)? {
                if known.get(&found.id.0) != Some(&found.version) {
                    let count = i64::try_from(drifted(tx, found.id)?.len()).unwrap_or(i64::MAX);
                    counts.push((found.id.0, found.version, count));
                }
            }
            Ok(counts)
        };
        self.0.drift.tell(self.engine().read(look).await?);
        Ok(())
    }
}

fn drifted(tx: &mut dyn Tx, organization: OrganizationId) -> Result<Vec<Value>, Error> {
    let mut drifted = Vec::new();
    let rows = store::component_list(tx, organization)?;
    let removed = missing(tx, organization, &rows)?;
    for row in rows {
        let Some(applied) = row.provenance.applied.clone() else { continue };
        let applied = body_of(&ComponentRow { body: applied, ..row.clone() })?;
        let present = part_of_file(row.kind, &body_of(&row)?, &applied);
        if present == applied {
            continue;
        }
        drifted.push(json!({
            "kind": row.kind.word(),
            "name": row.name,
            "fields": differing(&present, &applied),
            "removed": false,
            "source": row.provenance.source,
            "changed_by": row.provenance.updated_by,
            "changed_at": row.provenance.updated_at.map(Instant::wire),
        }));
    }
    drifted.extend(removed.into_iter().map(|row| {
        json!({
            "kind": row.kind.word(),
            "name": row.name_in_file,
            "fields": [],
            "removed": true,
            "source": row.source,
            "changed_by": row.removed_by,
            "changed_at": row.removed_at.wire(),
        })
    }));
    Ok(drifted)
}
