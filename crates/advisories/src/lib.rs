//! Vulnerability knowledge from outside, read and checked before it replaces what is there, and what it says of components.

pub mod advisory;
pub mod alias;
mod bounds;
pub mod configuration;
pub mod correlation;
pub mod cpe;
pub mod csaf;
pub mod cve;
mod cve_products;
pub mod cvss;
pub mod due;
pub mod ecosystem;
pub mod end_of_life;
pub mod epss;
pub mod fixes;
pub mod github;
pub mod knowledge;
pub mod known_exploited;
pub mod lifecycle;
pub mod matching;
pub mod nvd;
pub mod osv;
pub mod patch_status;
pub mod products;
mod range;
mod reading;
mod release;
pub mod risk;
pub mod source;
pub mod upgrades;
pub mod vers;
pub mod version;
pub mod vex;

pub use reading::Unreadable;
