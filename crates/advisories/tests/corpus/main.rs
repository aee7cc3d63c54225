//! Public advisories and known answers of other matchers, which are not part of the project. They are looked for in
//! `../shared/samples` beside the project, or in the absolute path `SHIPWORTHY_SAMPLES`:
//!
//! ```sh
//! cargo test -p shipworthy-advisories --features corpus --test corpus
//! ```

#[path = "../advisories/algorithm.rs"]
mod algorithm;
mod csaf;
mod documents;
mod grype;
mod names;
mod oracle;
mod purls;
mod samples;
mod scores;
mod trivy;
mod vers;
mod versions;
