//! What decisions about trust need to know of a statement: what it is about, and what sort of thing it says. The content
//! of reports is read elsewhere; here only what somebody relies on, strictly, out of bytes whose signature was checked.
//! <https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md>

mod provenance;
mod publication;
mod repository;
mod result;
mod source;
mod subject;

pub use provenance::{Provenance, ProvenanceVersion, Resource};
pub use publication::Publication;
pub use repository::canonical_repository;
pub use result::{Judge, SIMPLE_VERIFICATION_RESULT, SimpleVerificationResult};
pub use source::Source;
pub use subject::{InvalidNamedDigest, NamedDigest, is_about};

use crate::verify::SaidSubject;
use serde_json::Value;

/// The types of statements that are understood.
pub const STATEMENTS: [&str; 2] = ["https://in-toto.io/Statement/v1", "https://in-toto.io/Statement/v0.1"];

/// A statement as it came in.
#[derive(Clone, Debug, PartialEq)]
pub struct Incoming {
    /// Its own type, one of [`STATEMENTS`].
    pub kind: String,
    /// What it is about.
    pub subjects: Vec<SaidSubject>,
    /// What sort of thing it says.
    pub predicate_type: String,
    /// What it says.
    pub predicate: Value,
    /// The branches and tags that its one subject is said to be on, for summaries of source. Of several subjects none,
    /// because what is said of one would be taken for another.
    pub source_refs: Vec<String>,
}

/// Why a payload is no statement, or its predicate not what its type promises.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// The payload is not JSON.
    #[error("it is not JSON: {0}")]
    NotJson(String),
    /// Its type is another.
    #[error("its type is {0}: expected a statement of in-toto, version 1 or 0.1")]
    NoStatement(String),
    /// It does not say what sort of thing it says.
    #[error("it has no predicate type")]
    NoPredicateType,
    /// The predicate is of another sort.
    #[error("it is a statement of the type {found}: expected {expected}")]
    OtherPredicate {
        /// What it is.
        found: String,
        /// What was looked for.
        expected: &'static str,
    },
    /// The predicate is not an object.
    #[error("its predicate is not an object")]
    NoObject,
}

/// Reads a statement out of the payload of an envelope.
///
/// # Errors
/// When the payload is no statement of a known version, or names no predicate type.
pub fn read(payload: &[u8]) -> Result<Incoming, Unreadable> {
    let document: Value = serde_json::from_slice(payload).map_err(|error| Unreadable::NotJson(error.to_string()))?;
    let kind = text(&document, "/_type").unwrap_or_default();
    if !STATEMENTS.contains(&kind.as_str()) {
        let found = if kind.is_empty() { "not stated".to_owned() } else { format!("`{kind}`") };
        return Err(Unreadable::NoStatement(found));
    }
    let predicate_type = text(&document, "/predicateType").ok_or(Unreadable::NoPredicateType)?;
    let entries: &[Value] = document.get("subject").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let subjects = entries.iter().map(subject::read).collect();
    let source_refs = if let [entry] = entries { subject::source_refs(entry).collect() } else { Vec::new() };
    let predicate = document.get("predicate").cloned().unwrap_or_default();
    Ok(Incoming { kind, subjects, predicate_type, predicate, source_refs })
}

/// The text at a place of a document. Nothing and an empty text are the same (SLSA 1.2, "unset, null, and empty").
fn text(document: &Value, pointer: &str) -> Option<String> {
    document.pointer(pointer).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned)
}
