//! Vulnerability knowledge from outside, read and checked before it replaces what is there, and what it says of components.

pub mod advisory;
mod bounds;
pub mod configuration;
pub mod cve;
mod cve_products;
pub mod end_of_life;
pub mod epss;
pub mod github;
pub mod known_exploited;
pub mod nvd;
pub mod osv;
mod reading;
pub mod version;

pub use reading::Unreadable;
