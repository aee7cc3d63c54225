//! What a signed statement says, as far as a verifier compares it: whose signature is good is known before this is read.

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use shipworthy_model::Digest;
use shipworthy_trust::verify::Said;
use std::collections::BTreeSet;

/// A statement that was signed.
#[derive(Clone, Debug, Default)]
pub(super) struct Signed {
    whole: Value,
    /// The bill of materials inside, byte for byte.
    dbom: Option<String>,
}

/// What a verification summary says, or a simple verification result.
#[derive(Clone, Copy, Debug)]
pub(super) struct Summary<'a> {
    pub(super) resource: &'a str,
    pub(super) environment: &'a str,
    pub(super) result: &'a str,
    pub(super) time: &'a str,
    pub(super) valid_until: Option<&'a str>,
}

#[derive(Deserialize)]
struct WithDbom {
    predicate: DbomPart,
}

#[derive(Deserialize)]
struct DbomPart {
    dbom: Box<RawValue>,
}

impl Signed {
    pub(super) fn read(said: Option<&Said>) -> Self {
        let Some(said) = said else { return Self::default() };
        let whole = serde_json::from_slice(&said.payload).unwrap_or_default();
        let dbom = serde_json::from_slice::<WithDbom>(&said.payload).ok();
        Self { whole, dbom: dbom.map(|with| with.predicate.dbom.get().to_owned()) }
    }

    fn text(&self, pointer: &str) -> Option<&str> {
        self.whole.pointer(pointer).and_then(Value::as_str)
    }

    /// When it says that it was made.
    pub(super) fn time(&self) -> Option<&str> {
        ["/predicate/timeVerified", "/predicate/timeCreated", "/predicate/issuedAt"]
            .iter()
            .find_map(|pointer| self.text(pointer))
    }

    /// The release that it is about.
    pub(super) fn resource(&self) -> Option<&str> {
        self.text("/predicate/resourceUri")
    }

    /// Its decision, if it is one.
    pub(super) fn summary(&self) -> Option<Summary<'_>> {
        let kind = self.text("/predicateType")?;
        let decision = "/predicate/shipworthy_decision";
        let of_decision = |field: &str| self.text(&format!("{decision}/{field}"));
        let result = if kind.starts_with("https://slsa.dev/verification_summary/") {
            self.text("/predicate/verificationResult")?
        } else if kind.starts_with("https://in-toto.io/attestation/svr/") && of_decision("verdict").is_some() {
            if of_decision("verdict") == Some("deny") { "FAILED" } else { "PASSED" }
        } else {
            return None;
        };
        Some(Summary {
            resource: self.resource().or_else(|| of_decision("record")).unwrap_or_default(),
            environment: of_decision("environment").unwrap_or_default(),
            result,
            time: self.time().unwrap_or_default(),
            valid_until: of_decision("validUntil"),
        })
    }

    /// The digest that a bill of materials states of itself, and the one that it has.
    pub(super) fn dbom_digests(&self) -> Option<(String, String)> {
        let text = self.dbom.as_deref()?;
        let (before, stated) = text.rsplit_once(",\"digest\":\"")?;
        let stated = stated.strip_suffix("\"}")?;
        Some((stated.to_owned(), Digest::of(format!("{before}}}").as_bytes()).to_string()))
    }

    /// Every document that it refers to, by its SHA-256 in hexadecimal digits.
    pub(super) fn documents(&self) -> BTreeSet<&str> {
        let lists = ["/predicate/evidence", "/predicate/inputAttestations"];
        let found = lists.iter().filter_map(|pointer| self.whole.pointer(pointer)?.as_array()).flatten();
        found.filter_map(|document| document.pointer("/digest/sha256")?.as_str()).collect()
    }
}
