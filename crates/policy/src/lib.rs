//! Facts in, verdict out: what policies see, how they are evaluated, what exceptions excuse, and what it all means.
//!
//! No files, network, database or clock: all of it is given by the caller. Hostile policies can still eat memory or
//! abort the process, so the server runs the worker of this crate in a child process with limits.

pub mod input;

pub use input::{Input, input_schema};
