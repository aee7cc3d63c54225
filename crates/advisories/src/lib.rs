//! Vulnerability knowledge from outside, read and checked before it replaces what is there.

pub mod known_exploited;
pub mod version;
