//! What is known of vulnerabilities, seen from outside.

mod identities;
mod oracle;
mod readers;
mod versions;
