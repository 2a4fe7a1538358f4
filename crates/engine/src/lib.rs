//! placeholder
pub mod carrier;
pub mod clock;
pub mod egress;
pub mod ids;
pub mod signature;
