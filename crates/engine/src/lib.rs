//! placeholder
pub mod carrier;
pub mod clock;
pub mod directory_file;
pub mod egress;
pub mod ids;
pub mod signature;
