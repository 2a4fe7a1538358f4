//! How the store is reached: its address, connections and their pool, transactions that read or write while the schema is
//! ours, and a copy of it all.

pub(crate) mod authorities;
pub(crate) mod backup;
pub(crate) mod connect;
pub(crate) mod faults;
pub(crate) mod open;
pub(crate) mod pool;
pub(crate) mod schema;
pub(crate) mod session;
pub(crate) mod url;
pub(crate) mod writer;
