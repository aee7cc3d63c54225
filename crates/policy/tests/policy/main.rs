//! The policy crate seen from outside.

mod engine;
mod input;
mod policies;
