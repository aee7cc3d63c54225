//! JSON in its one canonical form (RFC 8785): no spaces, members sorted by UTF-16, numbers as ECMAScript writes them. What
//! is hashed or signed has this form, so that everybody comes to the same bytes.

use serde::Serialize;
use shipworthy_model::Digest;

/// A value that has no canonical form, such as a number that is not finite.
#[derive(Debug, thiserror::Error)]
#[error("it has no canonical JSON: {0}")]
pub struct NotCanonical(#[from] serde_json::Error);

/// The canonical JSON of a value.
///
/// # Errors
/// When it has none.
pub fn to_string(value: &impl Serialize) -> Result<String, NotCanonical> {
    Ok(serde_json_canonicalizer::to_string(value)?)
}

/// The SHA-256 of the canonical JSON of a value.
///
/// # Errors
/// When it has none.
pub fn digest(value: &impl Serialize) -> Result<Digest, NotCanonical> {
    Ok(Digest::of(&serde_json_canonicalizer::to_vec(value)?))
}
