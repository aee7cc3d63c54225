//! Verified evidence: what verification says of the attestations in a document, whose word counts for which release, and
//! the administration of both. Signatures are checked when a document comes and again when the roots change; whether a
//! signer may say what he says is looked up each time somebody asks, so that a revoked rule excuses nobody.

mod administer;
mod check;
mod judge;
mod known_roots;

pub use administer::{
    NewBuilder, NewSigner, NewTrustRoot, Who, add_builder, add_root, add_signer, expect, replace_root, revoke_builder,
    revoke_root, revoke_signer, seed,
};
pub(crate) use check::{Content, catch_up, checked};
pub(crate) use judge::{Judged, of_release, outcomes, predicate, read, shown, stated, together};
pub(crate) use known_roots::KnownRoots;

/// What is known of a signature, in the words that policies, the DBOM and the API share.
pub(crate) mod word {
    /// Signed by somebody who may.
    pub(crate) const VERIFIED: &str = "verified";
    /// Not signed.
    pub(crate) const UNSIGNED: &str = "unsigned";
    /// Changed, damaged or signed in a way that proves nothing.
    pub(crate) const INVALID: &str = "invalid";
    /// Signed by nobody who may.
    pub(crate) const UNKNOWN_SIGNER: &str = "unknown-signer";
    /// Not to be checked here, which is not the evidence's fault.
    pub(crate) const UNCHECKED: &str = "unchecked";
}
