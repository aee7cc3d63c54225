//! What is known of vulnerabilities, seen from outside.

mod algorithm;
mod aliases;
mod damage;
mod due;
mod fixes;
mod identities;
mod laws;
mod names;
mod oracle;
mod products;
mod ranges;
mod readers;
mod risk;
mod scores;
mod source;
mod versions;
mod vex;
