//! What a payload says about what, read only after its signature was checked.

use crate::statement::Descriptor;
use serde::{Deserialize, Serialize};
use shipworthy_model::Digest;
use std::collections::BTreeMap;

/// What is said about what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// What the payload is.
    pub payload_type: String,
    /// Its bytes, exactly as signed. Not stored with the rest: the document has them.
    #[serde(skip)]
    pub payload: Vec<u8>,
    /// Their SHA-256.
    pub payload_digest: Digest,
    /// The sort of statement, for a statement of in-toto.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statement_type: Option<String>,
    /// The sort of thing it says, for a statement of in-toto.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub predicate_type: Option<String>,
    /// What it is about.
    pub subjects: Vec<SaidSubject>,
}

/// Something that is spoken about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaidSubject {
    /// Its name, or its address. Names never match anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its digests in hexadecimal digits, by algorithm.
    pub digests: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct Outline {
    #[serde(rename = "_type")]
    kind: Option<String>,
    #[serde(rename = "predicateType")]
    predicate_type: Option<String>,
    #[serde(default)]
    subject: Vec<Descriptor>,
}

impl Said {
    /// Reads what a payload is about. One that is no statement has no subjects.
    #[must_use]
    pub fn from_payload(payload_type: &str, payload: Vec<u8>) -> Self {
        let outline: Option<Outline> = serde_json::from_slice(&payload).ok();
        let payload_digest = Digest::of(&payload);
        let (statement_type, predicate_type, subjects) = outline.map_or((None, None, Vec::new()), |outline| {
            let subjects = outline.subject.into_iter().map(SaidSubject::from).collect();
            (outline.kind, outline.predicate_type, subjects)
        });
        Self {
            payload_type: payload_type.to_owned(),
            payload,
            payload_digest,
            statement_type,
            predicate_type,
            subjects,
        }
    }
}

impl From<Descriptor> for SaidSubject {
    fn from(descriptor: Descriptor) -> Self {
        Self { name: descriptor.name.or(descriptor.uri), digests: descriptor.digest }
    }
}
