//! The policy crate seen from outside.

mod cases;
mod engine;
mod facts;
mod input;
mod policies;
mod verdict;
mod worker;
