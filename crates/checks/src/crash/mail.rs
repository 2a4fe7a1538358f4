//! The mails that a mail server took: which incidents they tell of, and by which connection they came.

use std::collections::{BTreeSet, HashMap};
use std::net::SocketAddr;

use serde_json::Value;

use crate::{connect, numbers_in_mail};

/// Mails, as far as they were read.
#[derive(Debug, Default)]
pub(super) struct Mails {
    /// Connections by the ids of the mails that came by them.
    pub(super) receipts: HashMap<String, Vec<u64>>,
    /// The ids of the mails that tell of an incident, by its number in the organization.
    told: HashMap<i64, BTreeSet<String>>,
}

impl Mails {
    /// Reads what has arrived since.
    pub(super) fn read(&mut self, mails: &[Value]) {
        for mail in mails {
            let id = mail["message_id"].as_str().expect("an id").trim_matches(['<', '>']);
            let id = id.split('@').next().unwrap_or_default().to_owned();
            for number in numbers_in_mail(mail) {
                self.told.entry(number).or_default().insert(id.clone());
            }
            self.receipts.entry(id).or_default().push(connection(&mail["connection"]));
        }
    }

    /// Whether a mail of this id told of this incident.
    pub(super) fn tells(&self, number: i64, message_id: &str) -> bool {
        self.told.get(&number).is_some_and(|ids| ids.contains(message_id))
    }
}

fn connection(number: &Value) -> u64 {
    number.as_u64().expect("a number")
}

/// The number of a connection that is opened now: those before it are of servers that are dead.
pub(super) fn mark(port: u16) -> u64 {
    let mut connection = connect(SocketAddr::from(([127, 0, 0, 1], port))).expect("it listens");
    let mut greeting = String::new();
    std::io::BufRead::read_line(&mut connection, &mut greeting).expect("a greeting");
    greeting.trim_end().rsplit(' ').next().and_then(|word| word.parse().ok()).expect("a number")
}
