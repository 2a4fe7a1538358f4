//! Who is on call: held against a slow, obvious oracle, and against calendar programs of others.

mod feed;
mod properties;
mod random;
