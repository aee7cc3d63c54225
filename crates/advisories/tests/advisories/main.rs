//! What is known of vulnerabilities, seen from outside.

mod aliases;
mod identities;
mod laws;
mod oracle;
mod ranges;
mod readers;
mod versions;
mod vex;
