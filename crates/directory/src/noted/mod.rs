//! What is noted in memory for the audit log until a beat writes it down.

mod address_reads;
mod refusal_count;

pub(crate) use address_reads::{AddressRead, AddressReads};
pub(crate) use refusal_count::{RefusalCount, Refusals, Refused, network};
