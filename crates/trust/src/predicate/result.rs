//! The simple verification result: that somebody checked something, without a policy that passed or failed.
//! <https://github.com/in-toto/attestation/blob/main/spec/predicates/svr.md>

use crate::statement::Descriptor;
use serde::{Deserialize, Serialize};

/// The type of its predicate.
pub const SIMPLE_VERIFICATION_RESULT: &str = "https://in-toto.io/attestation/svr/v0.2";

/// That somebody checked something, and which properties were found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SimpleVerificationResult {
    /// Who checked.
    pub verifier: Judge,
    /// When, RFC 3339.
    pub time_created: String,
    /// What was found to hold. What is not named here was not found, and no more is said of it.
    pub properties: Vec<String>,
}

/// Who checked, and by what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judge {
    /// Its identity.
    pub id: String,
    /// By which policies. Empty where there was none; never left out.
    #[serde(default)]
    pub policies: Vec<Descriptor>,
}
