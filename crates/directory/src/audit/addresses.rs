//! Reads of whole addresses of others: noted where it happens, written down at the next beat.

use super::entry::{Entry, Object};
use crate::administration::Administration;
use crate::noted::{AddressRead, network};
use domain::directory::Directory;
use engine::{Asker, Batch, ChangeContext, Failure};

impl Administration {
    /// Whole addresses were told to who asked: those of the person of this id or name, or of a list of people. Who reads the same
    /// from the same network again within an hour is not noted again.
    pub fn note_address_read(&self, asker: Asker, whose: Option<&str>) {
        let address = asker.origin.address.as_deref().and_then(|address| address.parse().ok());
        self.0.address_reads.note(asker, address.map(network), whose, self.engine().now());
    }

    /// Writes down what was noted for the log since the last time: reads of whole addresses, and refusals of the minutes that are
    /// over. To be called at each beat.
    ///
    /// # Errors
    /// As the store says; what was noted is lost then, as it is when the server stops.
    pub async fn record_noted(&self) -> Result<(), Failure> {
        for (organization, reads) in self.0.address_reads.take() {
            let ids = self.engine().ids().clone();
            let record = move |batch: &mut Batch<'_>| {
                let snapshot = batch.snapshot(organization)?;
                let context = ChangeContext { snapshot, by: None, now: batch.now() };
                let entries: Vec<Entry> = reads.iter().map(|read| entry(read, &context)).collect();
                super::record_all(batch.tx, &ids, organization, context.now, &entries)?;
                Ok(())
            };
            self.engine().desk().submit_own(organization, record).await?;
        }
        self.record_refusals().await
    }
}

fn entry(read: &AddressRead, context: &ChangeContext) -> Entry {
    let directory = &context.snapshot.directory;
    let object = read.whose.as_deref().and_then(|whose| person(directory, whose));
    let object = object.unwrap_or_else(|| Object::new("organization", None, &directory.name));
    Entry::of_asker(&read.asker, context, "address.read", object, Vec::new())
}

fn person(directory: &Directory, whose: &str) -> Option<Object> {
    let entry = directory.users.known(whose)?;
    Some(Object::new("user", Some(entry.ref_id.as_str()), entry.component.username.as_str()))
}
