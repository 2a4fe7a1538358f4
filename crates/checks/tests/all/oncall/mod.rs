//! Who is on call: held against a slow, obvious oracle, and against calendar programs of others.

mod oracle;
mod properties;
mod random;
