//! Signatures and envelopes: what is signed says so in a form that others can verify without us.
//!
//! No files, network, database or clock: keys arrive as text, chance as bytes.

pub mod canonical;
pub mod checkpoint;
pub mod dsse;
pub mod key;
pub mod merkle;
pub mod note;
pub mod pkcs8;
pub mod predicate;
pub mod slsa;
pub mod statement;
pub mod tile;
pub mod verify;
pub mod vsa;

pub use key::{PublicKey, SigningKey};
