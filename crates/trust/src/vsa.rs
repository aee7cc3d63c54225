//! Verification summaries of others: whether one may be relied on, and for what. SLSA VSA 1.0, and the fields of 0.2.
//! <https://slsa.dev/spec/v1.2/verification_summary#how-to-verify>
//!
//! The summaries that leave this house are made of [`crate::statement::VerificationSummary`].

use crate::predicate::{self, Incoming, NamedDigest, Unreadable, canonical_repository};
use crate::slsa::SignerRule;
use crate::verify::identity::Pattern;
use crate::verify::{Attested, Outcome, Step, StepResult};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// The predicate types of summaries that are understood.
const TYPES: [&str; 3] = [
    "https://slsa.dev/verification_summary/v1",
    "https://slsa.dev/verification_summary/v0.2",
    "https://slsa.dev/verification_summary/v0.1",
];

/// A summary as it came in. What is absent is absent, and not empty: no claim about dependencies is another thing than
/// the claim that there are none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Who verified. Empty where it is not stated.
    pub verifier_id: String,
    /// What was verified. Empty where it is not stated.
    pub resource_uri: String,
    /// By which policy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy_uri: Option<String>,
    /// When, as stated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_verified: Option<String>,
    /// `PASSED`, `FAILED`, or whatever else stands there.
    pub result: String,
    /// What is reached. The level of a summary before version 1 stands here as it is written, `SLSA_LEVEL_3`.
    pub verified_levels: Vec<String>,
    /// How many dependencies reach what. Absent: nothing is claimed of them. Empty: there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dependency_levels: Option<BTreeMap<String, u64>>,
    /// The version of the specification.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slsa_version: Option<String>,
    /// The refs that a commit is on, where its subject says so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub source_refs: Vec<String>,
}

/// A verifier whose summaries are believed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrustedVerifier {
    /// What it is called here.
    pub name: String,
    /// Its `verifier.id`.
    pub verifier: Pattern,
    /// Who signs for it.
    pub signers: Vec<SignerRule>,
}

/// What somebody wants to know from a summary.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// What it must be about.
    pub subject: &'a NamedDigest,
    /// The resource that it must name.
    pub resource: &'a str,
    /// Whether the resource is a repository, of which several ways of writing are the same.
    pub is_repository: bool,
    /// The branch or tag that it must name, for a commit.
    pub reference: Option<&'a str>,
    /// Everything that must be reached.
    pub levels: &'a [String],
    /// Whose summaries are believed.
    pub verifiers: &'a [TrustedVerifier],
}

/// What came of checking a summary.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SummaryCheck {
    /// Whether every check was made and is in order.
    pub is_accepted: bool,
    /// The checks, in the order of the specification.
    pub steps: Vec<Step>,
    /// What the verifier is called here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verifier: Option<String>,
    /// SHA-256 of the signed statement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statement: Option<String>,
    /// What it says is reached.
    pub verified_levels: Vec<String>,
}

impl Summary {
    /// Reads the summary that a statement contains.
    ///
    /// # Errors
    /// When the statement says something else, or its predicate is not an object.
    pub fn read(statement: &Incoming) -> Result<Self, Unreadable> {
        let found = &statement.predicate_type;
        if !TYPES.contains(&found.as_str()) {
            return Err(Unreadable::OtherPredicate { found: found.clone(), expected: TYPES[0] });
        }
        let predicate = statement.predicate.is_object().then_some(&statement.predicate).ok_or(Unreadable::NoObject)?;
        // Before 1.0 the names had underscores, and there was one level.
        let either =
            |new: &str, old: &str| predicate.get(new).or_else(|| predicate.get(old)).filter(|value| !value.is_null());
        let text = |new: &str, old: &str| either(new, old).and_then(Value::as_str).map(str::to_owned);
        let levels = either("verifiedLevels", "verified_levels").and_then(Value::as_array).into_iter().flatten();
        let mut verified_levels: Vec<String> = levels.filter_map(|level| level.as_str().map(str::to_owned)).collect();
        verified_levels.extend(text("policyLevel", "policy_level"));
        let counts = either("dependencyLevels", "dependency_levels").and_then(Value::as_object);
        Ok(Self {
            verifier_id: predicate.pointer("/verifier/id").and_then(Value::as_str).unwrap_or_default().to_owned(),
            resource_uri: text("resourceUri", "resource_uri").unwrap_or_default(),
            policy_uri: predicate.pointer("/policy/uri").and_then(Value::as_str).map(str::to_owned),
            time_verified: text("timeVerified", "time_verified"),
            result: text("verificationResult", "verification_result").unwrap_or_default(),
            verified_levels,
            dependency_levels: counts.map(|counts| {
                counts.iter().filter_map(|(name, count)| Some((name.clone(), count.as_u64()?))).collect()
            }),
            slsa_version: text("slsaVersion", "slsa_version"),
            source_refs: statement.source_refs.clone(),
        })
    }
}

impl SummaryCheck {
    /// What it says beside levels of SLSA.
    pub(crate) fn properties(&self) -> Vec<String> {
        self.verified_levels.iter().filter(|word| split_level(word).is_none()).cloned().collect()
    }
}

/// Checks whether a summary may be relied on, and answers the question.
#[must_use]
pub fn check(question: &Question<'_>, attested: &Attested, summary: &Summary) -> SummaryCheck {
    let (verifier, verifier_step) = verifier(question, attested, summary);
    let steps = vec![
        signature(attested),
        subject(question, attested),
        predicate_type(attested),
        verifier_step,
        resource(question, summary),
        reference(question, summary),
        result(summary),
        levels(question, summary),
    ];
    let is_accepted = steps.iter().all(|step| step.result == StepResult::Passed || is_unasked(step, question));
    SummaryCheck {
        is_accepted,
        steps,
        verifier,
        statement: attested.said.as_ref().map(|said| said.payload_digest.to_string()),
        verified_levels: summary.verified_levels.clone(),
    }
}

/// A ref or levels for which nobody asked.
fn is_unasked(step: &Step, question: &Question<'_>) -> bool {
    step.result == StepResult::Skipped
        && ((step.name == "source-ref" && question.reference.is_none())
            || (step.name == "levels" && question.levels.is_empty()))
}

fn step(name: &'static str, is_in_order: bool, words: String) -> Step {
    let result = if is_in_order { StepResult::Passed } else { StepResult::Failed };
    Step { name: name.into(), result, words }
}

fn skipped(name: &'static str, words: &str) -> Step {
    Step { name: name.into(), result: StepResult::Skipped, words: words.to_owned() }
}

fn signature(attested: &Attested) -> Step {
    let words = match &attested.outcome {
        Outcome::Verified => "the signature is in order".to_owned(),
        Outcome::Unsigned => "nobody signed it".to_owned(),
        Outcome::Invalid { why } => format!("its signature proves nothing: {why}"),
        Outcome::UnknownSigner { who } => format!("nobody signed it whom the trust roots know: {who}"),
        Outcome::Unchecked { why } => return skipped("signature", why),
    };
    step("signature", attested.outcome.is_verified() && !attested.signers.is_empty(), words)
}

fn subject(question: &Question<'_>, attested: &Attested) -> Step {
    let subjects = attested.said.as_ref().map(|said| said.subjects.as_slice()).unwrap_or_default();
    let is_about = predicate::is_about(subjects, question.subject);
    let words = if is_about { "it is about" } else { "it is not about" };
    step("subject", is_about, format!("{words} {}", question.subject))
}

fn predicate_type(attested: &Attested) -> Step {
    let found = attested.said.as_ref().and_then(|said| said.predicate_type.as_deref()).unwrap_or("nothing");
    let is_summary = TYPES.contains(&found);
    let words = if is_summary { format!("`{found}`") } else { format!("`{found}`: expected `{}`", TYPES[0]) };
    step("predicate", is_summary, words)
}

/// The verifier that the summary names must be one for whom this signer signs.
fn verifier(question: &Question<'_>, attested: &Attested, summary: &Summary) -> (Option<String>, Step) {
    const NAME: &str = "verifier";
    let id = &summary.verifier_id;
    let signs = |trusted: &&TrustedVerifier| {
        attested.signers.iter().any(|signer| trusted.signers.iter().any(|rule| rule.names(signer)))
    };
    let named: Vec<&TrustedVerifier> = question.verifiers.iter().filter(|trusted| trusted.verifier.fits(id)).collect();
    if let Some(trusted) = named.iter().copied().find(signs) {
        return (
            Some(trusted.name.clone()),
            step(NAME, true, format!("`{id}` is `{}`, which signed it", trusted.name)),
        );
    }
    let words = match named.first() {
        Some(trusted) => format!("`{id}` is `{}`, and somebody else signed it", trusted.name),
        None if id.is_empty() => "it names no verifier".to_owned(),
        None => format!("`{id}` is not a verifier that is believed"),
    };
    (None, step(NAME, false, words))
}

fn resource(question: &Question<'_>, summary: &Summary) -> Step {
    let (found, expected) = (&summary.resource_uri, question.resource);
    let is_same = if question.is_repository {
        canonical_repository(found).is_some_and(|found| Some(found) == canonical_repository(expected))
    } else {
        !found.is_empty() && found == expected
    };
    let words =
        if is_same { format!("{found}, as expected") } else { format!("it is of `{found}`: expected `{expected}`") };
    step("resource", is_same, words)
}

fn reference(question: &Question<'_>, summary: &Summary) -> Step {
    let Some(expected) = question.reference else { return skipped("source-ref", "no branch or tag is asked for") };
    let is_on = summary.source_refs.iter().any(|reference| reference == expected);
    let words = if is_on { "it is on" } else { "it is not said to be on" };
    step("source-ref", is_on, format!("{words} `{expected}`"))
}

fn result(summary: &Summary) -> Step {
    let result = &summary.result;
    step(
        "result",
        result == "PASSED",
        if result.is_empty() { "it states no result".to_owned() } else { result.clone() },
    )
}

fn levels(question: &Question<'_>, summary: &Summary) -> Step {
    if question.levels.is_empty() {
        return skipped("levels", "no level is asked for");
    }
    let missing: Vec<&str> = question
        .levels
        .iter()
        .filter(|wanted| !reaches(&summary.verified_levels, wanted))
        .map(String::as_str)
        .collect();
    let found = summary.verified_levels.join(", ");
    let words = if missing.is_empty() {
        format!("it says {found}")
    } else {
        format!("it says {found}, and not {}", missing.join(", "))
    };
    step("levels", missing.is_empty(), words)
}

/// Whether the words contain this one, or a higher level of the same track.
fn reaches(found: &[String], wanted: &str) -> bool {
    if found.iter().any(|word| word == wanted) {
        return true;
    }
    let Some((track, level)) = split_level(wanted) else { return false };
    found.iter().filter_map(|word| split_level(word)).any(|(other, reached)| other == track && reached >= level)
}

/// `SLSA_BUILD_LEVEL_3` as `SLSA_BUILD` and 3.
fn split_level(word: &str) -> Option<(&str, u32)> {
    let (track, level) = word.split_once("_LEVEL_")?;
    track.starts_with("SLSA_").then_some((track, level.parse().ok()?))
}
