//! What is known of vulnerabilities, seen from outside.

mod algorithm;
mod aliases;
mod csaf;
mod damage;
mod due;
mod fixes;
mod identities;
mod laws;
mod names;
mod oracle;
mod patch_status;
mod products;
mod ranges;
mod readers;
mod risk;
mod scores;
mod source;
mod upgrades;
mod versions;
mod vex;
