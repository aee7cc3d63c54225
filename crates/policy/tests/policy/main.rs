//! The policy crate seen from outside.

mod input;
