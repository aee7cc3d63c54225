//! in-toto statements with a verification summary inside (SLSA VSA v1): how a decision leaves the house.
//! <https://slsa.dev/spec/v1.2/verification_summary>
//!
//! What the standard has no field for is in fields that begin with `shipworthy_`, as it asks of extensions.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The type of a statement.
pub const STATEMENT: &str = "https://in-toto.io/Statement/v1";
/// The type of its predicate.
pub const VERIFICATION_SUMMARY: &str = "https://slsa.dev/verification_summary/v1";
/// The type of its predicate about what is no artifact.
pub const SIMPLE_VERIFICATION: &str = "https://in-toto.io/attestation/svr/v0.2";

/// A statement that says something about its subjects.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement<P> {
    /// Always [`STATEMENT`].
    #[serde(rename = "_type")]
    pub kind: String,
    /// What it is about.
    pub subject: Vec<Descriptor>,
    /// What sort of thing it says.
    #[serde(rename = "predicateType")]
    pub predicate_type: String,
    /// What it says.
    pub predicate: P,
}

/// Something named by its digest.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Descriptor {
    /// Its name. Names never match anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uri: Option<String>,
    /// Its digests in hexadecimal digits, by algorithm.
    pub digest: BTreeMap<String, String>,
}

impl Descriptor {
    /// Something with an address and one digest.
    #[must_use]
    pub fn at(uri: String, algorithm: &str, hex: &str) -> Self {
        Self { name: None, uri: Some(uri), digest: BTreeMap::from([(algorithm.to_owned(), hex.to_owned())]) }
    }

    /// Something with a name and one digest.
    #[must_use]
    pub fn named(name: String, algorithm: &str, hex: &str) -> Self {
        Self { name: Some(name), uri: None, digest: BTreeMap::from([(algorithm.to_owned(), hex.to_owned())]) }
    }
}

/// The word of a verifier that something was looked at, by which policy, with which result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VerificationSummary {
    /// Who verified.
    pub verifier: Verifier,
    /// When, RFC 3339.
    pub time_verified: String,
    /// What was verified.
    pub resource_uri: String,
    /// By which policy.
    pub policy: Descriptor,
    /// Everything that went into it.
    pub input_attestations: Vec<Descriptor>,
    /// `PASSED` or `FAILED`.
    pub verification_result: String,
    /// What is reached.
    pub verified_levels: Vec<String>,
    /// The version of SLSA by which this is to be read.
    pub slsa_version: String,
    /// The decision in our own words.
    #[serde(rename = "shipworthy_decision")]
    pub decision: DecisionClaims,
}

/// The word of a verifier about something that is no artifact: which properties were found to hold.
/// <https://github.com/in-toto/attestation/blob/main/spec/predicates/svr.md>
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SimpleVerification {
    /// Who verified, by which policies.
    pub verifier: PolicyVerifier,
    /// When, RFC 3339.
    pub time_created: String,
    /// What holds.
    pub properties: Vec<String>,
    /// The decision in our own words.
    #[serde(rename = "shipworthy_decision")]
    pub decision: DecisionClaims,
}

/// Who verified, by which policies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyVerifier {
    /// Its identity.
    pub id: String,
    /// The policies.
    pub policies: Vec<Descriptor>,
}

/// Who verified.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verifier {
    /// Its identity.
    pub id: String,
    /// Its parts with their versions.
    pub version: BTreeMap<String, String>,
}

/// The decision in our own words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DecisionClaims {
    /// Its id, which is never used twice.
    pub id: String,
    /// `allow`, `warn` or `deny`.
    pub verdict: String,
    /// Where the release wants to go.
    pub environment: String,
    /// Digest of the whole record of the decision.
    pub record: String,
    /// Digest of the facts that the policies saw.
    pub facts: String,
    /// When it was made.
    pub decided_at: String,
    /// The instant from which it holds no more, where time alone can end it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<String>,
    /// The policies that were asked, by their names and the digests of their sources.
    pub policies: Vec<Descriptor>,
    /// The exceptions that were used.
    pub exceptions: Vec<ExceptionClaim>,
}

/// An exception that a decision used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExceptionClaim {
    /// Its id.
    pub id: String,
    /// First instant at which it holds.
    pub from: String,
    /// First instant at which it holds no more.
    pub until: String,
}

impl Statement<VerificationSummary> {
    /// A statement with a verification summary about `subject`.
    #[must_use]
    pub fn of(subject: Vec<Descriptor>, predicate: VerificationSummary) -> Self {
        Self::new(subject, VERIFICATION_SUMMARY, predicate)
    }
}

impl<P> Statement<P> {
    /// A statement of any sort about `subject`.
    #[must_use]
    pub fn new(subject: Vec<Descriptor>, predicate_type: &str, predicate: P) -> Self {
        let (kind, predicate_type) = (STATEMENT.to_owned(), predicate_type.to_owned());
        Self { kind, subject, predicate_type, predicate }
    }
}
