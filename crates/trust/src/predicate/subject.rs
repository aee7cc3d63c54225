//! Whether a statement is about something: by its digest, and never by its name.
//! <https://github.com/in-toto/attestation/blob/main/spec/v1/digest_set.md>

use crate::verify::SaidSubject;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// A digest with the name of its algorithm: `sha512:…`, `gitCommit:…`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct NamedDigest {
    algorithm: String,
    value: String,
}

/// A text that names nothing beyond doubt.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` names nothing beyond doubt: expected an algorithm, a colon and the digest in lower-case hexadecimal digits; MD5 and SHA-1 are too weak"
)]
pub struct InvalidNamedDigest(String);

/// How many hexadecimal digits a digest of the algorithm has. Of other names nothing is known, and they are compared as
/// they are.
const LENGTHS: [(&str, usize); 4] = [("sha256", 64), ("sha384", 96), ("sha512", 128), ("gitCommit", 40)];
/// By these anybody can make two artifacts with one digest.
const WEAK: [&str; 3] = ["md5", "sha1", "sha224"];

impl NamedDigest {
    /// A digest by the name of its algorithm.
    ///
    /// # Errors
    /// When the algorithm is too weak, or the value is not what its algorithm gives.
    pub fn new(algorithm: &str, value: &str) -> Result<Self, InvalidNamedDigest> {
        let length = LENGTHS.iter().find(|(name, _)| *name == algorithm).map(|(_, length)| *length);
        let fits = match length {
            Some(length) => value.len() == length && value.bytes().all(is_digit),
            None => !value.is_empty() && !algorithm.is_empty(),
        };
        // A commit of a repository with SHA-256 has 64 digits.
        let long_commit = algorithm == "gitCommit" && value.len() == 64 && value.bytes().all(is_digit);
        if WEAK.contains(&algorithm) || !(fits || long_commit) {
            return Err(InvalidNamedDigest(format!("{algorithm}:{value}")));
        }
        Ok(Self { algorithm: algorithm.to_owned(), value: value.to_owned() })
    }

    /// The name of its algorithm.
    #[must_use]
    pub fn algorithm(&self) -> &str {
        &self.algorithm
    }

    /// Its digits.
    #[must_use]
    pub fn value(&self) -> &str {
        &self.value
    }
}

fn is_digit(byte: u8) -> bool {
    byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte)
}

impl From<&shipworthy_model::Digest> for NamedDigest {
    fn from(digest: &shipworthy_model::Digest) -> Self {
        Self { algorithm: "sha256".to_owned(), value: digest.hex().to_owned() }
    }
}

impl FromStr for NamedDigest {
    type Err = InvalidNamedDigest;

    fn from_str(text: &str) -> Result<Self, InvalidNamedDigest> {
        let (algorithm, value) = text.split_once(':').ok_or_else(|| InvalidNamedDigest(text.to_owned()))?;
        Self::new(algorithm, value)
    }
}

impl TryFrom<String> for NamedDigest {
    type Error = InvalidNamedDigest;

    fn try_from(text: String) -> Result<Self, InvalidNamedDigest> {
        text.parse()
    }
}

impl From<NamedDigest> for String {
    fn from(digest: NamedDigest) -> Self {
        digest.to_string()
    }
}

impl fmt::Display for NamedDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.algorithm, self.value)
    }
}

/// Whether one of the subjects is this, by its digest. A commit is also found under `sha1`, as it was called before.
/// Digits in upper case are not what the specification asks for, and match nothing.
#[must_use]
pub fn is_about(subjects: &[SaidSubject], digest: &NamedDigest) -> bool {
    let names = |name: &str| name == digest.algorithm || (digest.algorithm == "gitCommit" && name == "sha1");
    subjects.iter().any(|subject| subject.digests.iter().any(|(name, value)| names(name) && *value == digest.value))
}

/// Reads one entry of `subject`. What is odd about it is left out, and then it matches nothing.
pub(super) fn read(entry: &Value) -> SaidSubject {
    let name = super::text(entry, "/name").or_else(|| super::text(entry, "/uri"));
    SaidSubject { name, digests: digests(entry) }
}

/// The digests of a resource, those that are texts.
pub(super) fn digests(entry: &Value) -> BTreeMap<String, String> {
    let digests = entry.get("digest").and_then(Value::as_object).into_iter().flatten();
    digests.filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned()))).collect()
}

/// The branches and tags that a commit is said to be on. The specification changed the name of the annotation on the way.
pub(super) fn source_refs(entry: &Value) -> impl Iterator<Item = String> {
    let annotations = ["/annotations/sourceRefs", "/annotations/source_refs"].into_iter();
    let lists = annotations.filter_map(|pointer| entry.pointer(pointer)?.as_array());
    lists.flatten().filter_map(|reference| reference.as_str().map(str::to_owned))
}
