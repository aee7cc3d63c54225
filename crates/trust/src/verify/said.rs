//! What a payload says about what, read only after its signature was checked.

use crate::statement::Descriptor;
use serde::{Deserialize, Serialize};
use serde_json::Value;
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

/// As much of a statement as it takes to know what it is about.
#[derive(Deserialize)]
struct Outline {
    #[serde(rename = "_type")]
    kind: Option<String>,
    #[serde(rename = "predicateType")]
    predicate_type: Option<String>,
    #[serde(default)]
    subject: Vec<Descriptor>,
    critical: Option<Critical>,
}

/// What cosign signs about an image.
/// <https://github.com/sigstore/cosign/blob/main/specs/SIGNATURE_SPEC.md#simple-signing>
#[derive(Deserialize)]
struct Critical {
    #[serde(rename = "type")]
    kind: String,
    image: BTreeMap<String, String>,
    #[serde(default)]
    identity: BTreeMap<String, Value>,
}

impl Said {
    /// Reads what a payload is about. One that is no statement has no subjects.
    #[must_use]
    pub fn from_payload(payload_type: &str, payload: Vec<u8>) -> Self {
        let outline: Option<Outline> = serde_json::from_slice(&payload).ok();
        let mut said = Self::of(payload_type, payload);
        if let Some(outline) = outline {
            let image = outline.critical.and_then(Critical::into_subject);
            said.subjects = outline.subject.into_iter().map(SaidSubject::from).chain(image).collect();
            (said.statement_type, said.predicate_type) = (outline.kind, outline.predicate_type);
        }
        said
    }

    /// What a layout or a link of in-toto is about: a link is about its products.
    pub(super) fn from_metadata(signed: &Value, payload: Vec<u8>) -> Self {
        let mut said = Self::of("application/vnd.in-toto.metadata+json", payload);
        said.statement_type = signed.get("_type").and_then(Value::as_str).map(str::to_owned);
        let products = signed.get("products").and_then(Value::as_object);
        let subject = |(name, digests): (&String, &Value)| {
            let digests = serde_json::from_value(digests.clone()).ok()?;
            Some(SaidSubject { name: Some(name.clone()), digests })
        };
        said.subjects = products.into_iter().flatten().filter_map(subject).collect();
        said
    }

    /// What a signature over an artifact says: that it is this artifact. `sha256` is what the signature claims to be over,
    /// which whoever verifies it compares.
    pub(super) fn of_message(artifact: Option<&[u8]>, sha256: Option<&[u8]>) -> Option<Self> {
        if let Some(said) = artifact.map(|bytes| Self::from_payload(MESSAGE, bytes.to_vec()))
            && !said.subjects.is_empty()
        {
            return Some(said);
        }
        let digest = artifact.map(Digest::of).or_else(|| Some(Digest::from_sha256(sha256?.try_into().ok()?)))?;
        let digests = BTreeMap::from([("sha256".to_owned(), digest.hex().to_owned())]);
        Some(Self {
            payload_type: MESSAGE.to_owned(),
            payload: Vec::new(),
            payload_digest: digest,
            statement_type: None,
            predicate_type: None,
            subjects: vec![SaidSubject { name: None, digests }],
        })
    }

    fn of(payload_type: &str, payload: Vec<u8>) -> Self {
        Self {
            payload_type: payload_type.to_owned(),
            payload_digest: Digest::of(&payload),
            payload,
            statement_type: None,
            predicate_type: None,
            subjects: Vec::new(),
        }
    }
}

/// The type of a payload of which nothing is known but its bytes.
const MESSAGE: &str = "application/octet-stream";

impl Critical {
    fn into_subject(self) -> Option<SaidSubject> {
        if self.kind != "cosign container image signature" {
            return None;
        }
        // Both spellings are met.
        let mut named = self.image.iter().filter(|(name, _)| name.eq_ignore_ascii_case("docker-manifest-digest"));
        let (algorithm, hex) = named.next()?.1.split_once(':')?;
        let name = self.identity.get("docker-reference").and_then(Value::as_str).map(str::to_owned);
        Some(SaidSubject { name, digests: BTreeMap::from([(algorithm.to_owned(), hex.to_owned())]) })
    }
}

impl From<Descriptor> for SaidSubject {
    fn from(descriptor: Descriptor) -> Self {
        Self { name: descriptor.name.or(descriptor.uri), digests: descriptor.digest }
    }
}
