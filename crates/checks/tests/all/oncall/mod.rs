//! Who is on call: held against a slow, obvious oracle, and against calendar programs of others.

mod feed;
mod oracle;
mod properties;
mod random;
