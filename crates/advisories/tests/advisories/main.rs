//! What is known of vulnerabilities, seen from outside.

mod readers;
mod versions;
