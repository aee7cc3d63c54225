//! What is known of vulnerabilities, seen from outside.

mod versions;
