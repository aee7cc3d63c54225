//! The recorded answer of a gate, with everything needed to give the same answer again.

use crate::finding::written;
use crate::{
    DecisionId, Digest, EnvironmentId, EvidenceId, Exception, ExceptionId, GateMode, Phase, ReleaseId, Severity,
    Unknowns,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// The answer of a gate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It may go.
    Allow,
    /// It may go, and somebody should look.
    Warn,
    /// It may not go.
    Deny,
}

written!(Verdict, "a verdict", Allow = "allow", Warn = "warn", Deny = "deny");

/// The result of one policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// No violation is left unexcused.
    Pass,
    /// A violation is left unexcused.
    Fail,
    /// Facts are missing or the policy could not be evaluated. Never a pass.
    Unknown,
    /// The policy says that it does not apply here.
    NotApplicable,
}

written!(Outcome, "an outcome", Pass = "pass", Fail = "fail", Unknown = "unknown", NotApplicable = "not_applicable");

/// The recorded answer of a gate. Its JSON form is what is stored, signed and replayed byte for byte, so the order
/// of the fields is part of the contract; `schema` counts up when the form changes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// Version of this form, `1`.
    pub schema: u32,
    /// Its id.
    pub id: DecisionId,
    /// The release that wants to go.
    pub release_id: ReleaseId,
    /// Where it wants to go.
    pub environment_id: EnvironmentId,
    /// The instant of the decision; exceptions and ages are judged at it.
    pub decided_at: Timestamp,
    /// The instant from which the answer could change by the passing of time alone (an exception that begins or ends).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Timestamp>,
    /// Who asked, for people.
    pub asked_by: String,
    /// The answer.
    pub verdict: Verdict,
    /// How the environment's gate stood.
    pub gate_mode: GateMode,
    /// What an unknown counted for.
    pub unknowns: Unknowns,
    /// Digest of the facts that the policies saw, under which they are stored.
    pub facts: Digest,
    /// Digest of the facts without the excused findings, where there were any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub facts_without_excused: Option<Digest>,
    /// The evidence behind the facts.
    pub evidence: Vec<EvidenceRef>,
    /// The vulnerability data behind the facts, where there was any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advisories: Option<AdvisoryData>,
    /// Every assigned policy with its result, by phase and name.
    pub policies: Vec<EvaluatedPolicy>,
    /// Findings that an exception took out of the count.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub excused_findings: Vec<ExcusedFinding>,
    /// The exceptions that were used, as they were then.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exceptions: Vec<Exception>,
    /// Other names of the findings that violations name, where exceptions were used: an exception may say the one
    /// name and a violation the other.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub aliases: BTreeMap<String, Vec<String>>,
}

/// Evidence as a decision names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvidenceRef {
    /// The evidence.
    pub id: EvidenceId,
    /// The document's digest.
    pub document: Digest,
    /// The document's format.
    pub format: String,
}

/// Which vulnerability data was in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdvisoryData {
    /// Version of the catalogue of known exploited vulnerabilities.
    pub known_exploited_version: String,
    /// When it was published, RFC 3339 or a date, as stated.
    pub known_exploited_released: String,
}

/// One policy in a decision.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EvaluatedPolicy {
    /// Its name.
    pub name: String,
    /// Its title.
    pub title: String,
    /// Its phase.
    pub phase: Phase,
    /// How much it matters.
    pub severity: Severity,
    /// What to do about violations in general.
    pub remediation: String,
    /// Digest of its source, under which it is stored.
    pub digest: Digest,
    /// What its assignment makes of a failure: `deny` or `warn`.
    pub action: Verdict,
    /// The parameter values it ran with, defaults filled in.
    pub parameters: serde_json::Value,
    /// Its result.
    pub outcome: Outcome,
    /// What was missing or went wrong, when the result is unknown; why it does not apply, when it does not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<String>,
    /// Why it did not pass, excused ones included.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub violations: Vec<Violation>,
}

/// One reason why a policy did not pass.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Violation {
    /// The reason, one sentence for people.
    pub message: String,
    /// The vulnerability or rule it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finding: Option<String>,
    /// The component it is about, by purl where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub component: Option<String>,
    /// What to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remediation: Option<String>,
    /// The exceptions that excuse it; empty when nothing does.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub excused_by: Vec<ExcusedBy>,
}

/// An exception as a violation names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExcusedBy {
    /// The exception.
    pub exception: ExceptionId,
    /// When it ends.
    pub until: Timestamp,
}

/// A finding that an exception took out of the count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExcusedFinding {
    /// The vulnerability or rule.
    pub rule: String,
    /// The component, by purl where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub component: Option<String>,
    /// Its severity.
    pub severity: Severity,
    /// The exception.
    pub exception: ExceptionId,
}
