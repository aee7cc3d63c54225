//! Public attestations and what others say of them, which are not part of the project. They are looked for in
//! `../shared/samples` beside the project, or in the absolute path `SHIPWORTHY_SAMPLES`:
//!
//! ```sh
//! cargo test -p shipworthy-trust --features corpus --test corpus
//! ```

mod builds;
mod cloud_build;
mod packages;
mod samples;
mod signatures;
mod summaries;
