//! Keys and sign-ins that were refused: counted where it happens, written down when the minute is over.

use super::entry::{Actor, Entry, From, Object, Outcome, Way};
use crate::administration::Administration;
use crate::noted::{Refusals, Refused};
use domain::directory::Directory;
use engine::{Batch, Failure};
use std::net::IpAddr;
use std::sync::Arc;
use store::KeyRow;

impl Administration {
    /// A key of an organization was refused with this code, from this address.
    pub fn note_refusal(&self, key: &Arc<KeyRow>, code: &'static str, address: Option<IpAddr>) {
        self.0.refusals.note(key, code, address, self.engine().now());
    }

    /// Writes down how often keys and sign-ins were refused in the minutes that are over: a row for each key or person, code
    /// and network. To be called at each beat.
    ///
    /// # Errors
    /// As the store says; what was counted is lost then, as it is when the server stops.
    pub(super) async fn record_refusals(&self) -> Result<(), Failure> {
        for (organization, refusals) in self.0.refusals.take(self.engine().now()) {
            let ids = self.engine().ids().clone();
            let record = move |batch: &mut Batch<'_>| {
                let now = batch.now();
                let snapshot = batch.snapshot(organization)?;
                let entries: Vec<Entry> = refusals.iter().map(|one| entry(one, &snapshot.directory)).collect();
                super::record_all(batch.tx, &ids, organization, now, &entries)?;
                Ok(())
            };
            self.engine().desk().submit_own(organization, record).await?;
        }
        Ok(())
    }
}

fn entry(refused: &Refusals, directory: &Directory) -> Entry {
    let (actor, way, action, object) = match &refused.who {
        Refused::Key(key) => {
            let object = Object::new("key", Some(&key.id.to_string()), &key.name);
            (Actor::key(key, directory), Way::Api, "key.use_refused", object)
        }
        // Who it was is just what is not known.
        Refused::SignIn(person) => {
            let person = person.as_ref();
            let name = person.map_or("unknown", |(_, username)| username.as_str());
            let object = Object::new("user", person.map(|(ref_id, _)| ref_id.as_str()), name);
            (Actor::system(), Way::Console, "user.sign_in_refused", object)
        }
    };
    Entry {
        from: From { address: refused.network.clone(), ..From::default() },
        outcome: Outcome::Refused(refused.code.to_owned()),
        count: Some(refused.count),
        ..Entry::new(actor, way, action, object, Vec::new())
    }
}
