//! Who signed a document, and whether that can be believed: every attestation in the bytes, checked against the keys and
//! the Sigstore roots that the caller trusts, with each step and its result.
//!
//! Whether a signer *may* say what he says is not decided here but by administered rules; [`identity`] matches them.

mod bundle;
mod certificate;
mod checks;
mod cloud_build;
mod envelope;
mod found;
pub mod identity;
mod layout;
mod library;
mod metadata;
mod roots;
mod said;
mod signature;

pub use roots::{Demands, InvalidRoot, Roots, SigstoreRoot, TrustedKey};
pub use said::{Said, SaidSubject};

use checks::{Budget, Checks};
use found::{Found, Material};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use signature::Court;
use std::borrow::Cow;

/// One attestation of a document, and what verification says of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attested {
    /// Which of the document's attestations this is, from zero.
    pub position: usize,
    /// What carries it, in a word or two: `DSSE envelope`, `Sigstore bundle 0.3`, `cosign signature`.
    pub form: String,
    /// What is said about what, exactly as signed. Absent where nothing readable was inside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said: Option<Said>,
    /// The conclusion.
    pub outcome: Outcome,
    /// Whose signatures were verified, each once. Empty unless the outcome is [`Outcome::Verified`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub signers: Vec<Signer>,
    /// Who is named as signer without being believed: for people, never for a decision.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub claimed: Vec<Signer>,
    /// When it was signed at the latest, where a trusted log or timestamp authority says so. The earliest of several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed_at: Option<Timestamp>,
    /// Every check with its result, in the order in which they were made.
    pub steps: Vec<Step>,
}

/// What verification concludes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// Signed by somebody whom the roots know, and unchanged since.
    Verified,
    /// It carries no signature.
    Unsigned,
    /// It is damaged, changed, or signed in a way that proves nothing.
    Invalid {
        /// A sentence for people.
        why: String,
    },
    /// It may be in order, but by nobody whom the roots know.
    UnknownSigner {
        /// Who signed, as far as the document says.
        who: String,
    },
    /// It could not be checked, for a reason that lies with the verifier and not with the evidence.
    Unchecked {
        /// A sentence for people.
        why: String,
    },
}

impl Outcome {
    /// Whether this is [`Outcome::Verified`].
    #[must_use]
    pub fn is_verified(&self) -> bool {
        *self == Self::Verified
    }
}

/// A check and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// What was checked: `envelope`, `signature`, `certificate`, `signing-time`, `certificate-log`, `log-entry`, `key`.
    pub name: Cow<'static, str>,
    /// What came of it.
    pub result: StepResult,
    /// The same as a sentence for people.
    pub words: String,
}

/// What came of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepResult {
    /// It was made and is in order.
    Passed,
    /// It was made and is not in order.
    Failed,
    /// It was not made.
    Skipped,
}

/// Somebody who signs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum Signer {
    /// The holder of a key.
    Key {
        /// The key's id: the SHA-256 of its `SubjectPublicKeyInfo` in hexadecimal digits. For a claimed signer what the
        /// document calls the key, which may be anything.
        id: String,
        /// What the roots call it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
    },
    /// Somebody whom a certificate authority knew when he signed.
    Identity(Box<identity::Identity>),
}

/// Verifies every attestation of a document: a DSSE envelope, a Sigstore bundle, JSON lines of either, what npm, GitHub,
/// Google Cloud Build, cosign, Chainloop, Witness and in-toto write, or an OCI layout that carries such in a tar.
///
/// `now` is the latest instant at which the document is known to have existed: the time at which it was received. A key
/// that was withdrawn later did sign it in time. A document in which nothing is an attestation gives an empty list.
#[must_use]
pub fn verify(document: &[u8], roots: &Roots, now: Timestamp) -> Vec<Attested> {
    verify_over(document, None, roots, now)
}

/// As [`verify`], with the artifact at hand: a bundle that signs the artifact itself is checked over its bytes.
#[must_use]
pub fn verify_over(document: &[u8], artifact: Option<&[u8]>, roots: &Roots, now: Timestamp) -> Vec<Attested> {
    let (found, count) = found::find(document);
    let mut court = Court { roots, now, budget: Budget::new() };
    let looked_at = found.len();
    let verify_one = |(position, found): (usize, Found)| {
        let mut attested = verify_found(found.material, artifact, &mut court);
        attested.position = position;
        attested.form = found.form.into_owned();
        attested
    };
    let mut all: Vec<Attested> = found.into_iter().enumerate().map(verify_one).collect();
    cloud_build::finish(document, &mut all, roots, now, &mut court.budget);
    if count > looked_at {
        let why = format!("the document holds {count} attestations, of which the first {looked_at} were looked at");
        let mut rest = Attested::concluded(Outcome::Unchecked { why }, Checks::default());
        rest.position = looked_at;
        all.push(rest);
    }
    all
}

fn verify_found(material: Material, artifact: Option<&[u8]>, court: &mut Court<'_>) -> Attested {
    match material {
        Material::Envelope(envelope) => envelope::verify(&envelope, court),
        Material::Bundle(value, signed) => bundle::verify(&value, signed.as_deref().or(artifact), court),
        Material::Loose(loose) => envelope::verify_loose(loose, court),
        Material::Metadata(value) => envelope::verify_metadata(&value, court),
        Material::Statement(payload) => {
            let mut checks = Checks::default();
            checks.skipped("signature", "there is no envelope, and no signature");
            let mut attested = Attested::concluded(Outcome::Unsigned, checks);
            attested.said = Some(Said::from_payload(crate::dsse::IN_TOTO, payload));
            attested
        }
        Material::Broken(why) => envelope::refused("envelope", &why),
    }
}

impl Attested {
    fn concluded(outcome: Outcome, checks: Checks) -> Self {
        Self {
            position: 0,
            form: String::new(),
            said: None,
            outcome,
            signers: Vec::new(),
            claimed: Vec::new(),
            signed_at: None,
            steps: checks.steps,
        }
    }
}
