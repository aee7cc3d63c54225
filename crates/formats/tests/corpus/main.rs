//! Thousands of public documents, which are not part of the project: no panic, no refusal without a reason, and counts
//! that agree with what others counted. They are looked for in `../shared/samples` beside the project, or in the absolute
//! path `SHIPWORTHY_SAMPLES`:
//!
//! ```sh
//! cargo test -p shipworthy-formats --features corpus --test corpus
//! ```

mod counts;
mod documents;
mod everything;
mod fields;
mod lines;
mod malformed;
mod pairs;
mod values;
