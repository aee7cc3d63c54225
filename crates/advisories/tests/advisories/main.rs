//! What is known of vulnerabilities, seen from outside.

mod algorithm;
mod aliases;
mod damage;
mod fixes;
mod identities;
mod laws;
mod names;
mod oracle;
mod products;
mod ranges;
mod readers;
mod scores;
mod source;
mod versions;
mod vex;
