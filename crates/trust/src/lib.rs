//! Signatures and envelopes: what is signed says so in a form that others can verify without us.
//!
//! No files, network, database or clock: keys arrive as text, chance as bytes.

pub mod dsse;
pub mod key;
pub mod pkcs8;
pub mod predicate;
pub mod slsa;
pub mod statement;
pub mod verify;
pub mod vsa;

pub use key::{PublicKey, SigningKey};
