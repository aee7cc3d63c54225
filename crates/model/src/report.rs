//! What a reader understood in a document: any of these sections together, plus warnings.

mod add;
mod benchmark;
mod running;

use crate::finding::written;
use crate::{ComponentRef, Finding, FindingKind, Inventory, Subject};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

pub use benchmark::{Benchmark, Control, ControlStatus};
pub use running::{
    Performance, ReportedApproval, ReportedDeployment, ResponseTimes, Scorecard, ScorecardCheck, Threshold,
    Verification, VerificationMetric,
};

/// A phase of the delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// The source: repository, commits, reviews, code analysis.
    Source,
    /// The build: who, where, tests, coverage, provenance.
    Build,
    /// The artifact: inventory, vulnerabilities, licences, signatures.
    Artifact,
    /// The deployment: approvals, benchmarks, what is running.
    Deploy,
}

written!(Phase, "a phase", Source = "source", Build = "build", Artifact = "artifact", Deploy = "deploy");

/// What a reader understood in a document.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// The tool that wrote the document, as the document says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tool: Option<Tool>,
    /// When the tool ran, RFC 3339, as the document says. A claim, not our clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<String>,
    /// What the document itself says it is about. The sender may add to it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub subjects: Vec<Subject>,
    /// Components.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inventory: Option<Inventory>,
    /// Problems. Absent when the document is not of the kind that looks for problems;
    /// present and empty when it looked and found none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub findings: Option<Vec<Finding>>,
    /// Which kinds of problems the tool looked for, found or not, as far as its document or its trade says so.
    /// Nothing is known of the kinds that are not here: an empty scan for secrets says nothing of vulnerabilities.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub looked_for: Vec<FindingKind>,
    /// Test results.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tests: Option<Tests>,
    /// Test coverage.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coverage: Option<Coverage>,
    /// Measures of quality and a quality gate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measures: Option<Measures>,
    /// A change request with its reviews.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review: Option<Review>,
    /// One run of a build system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub build: Option<Build>,
    /// How an artifact came to be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provenance: Option<Provenance>,
    /// The in-toto statement and its signatures.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attestation: Option<Attestation>,
    /// The other statements, where the document holds several.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub further_attestations: Vec<Attestation>,
    /// Results of a benchmark such as CIS.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub benchmark: Option<Benchmark>,
    /// How well a project is kept, such as OpenSSF Scorecard measures it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scorecard: Option<Scorecard>,
    /// How the thing behaved under load.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub performance: Option<Performance>,
    /// Whether a rollout behaved, judged by its metrics and logs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verification: Option<Verification>,
    /// Deployments, as the tools that made them tell of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub deployments: Vec<ReportedDeployment>,
    /// Judgments of people that a pipeline waited for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub approvals: Vec<ReportedApproval>,
    /// VEX statements.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub vex: Vec<VexStatement>,
    /// What the reader could not use, and where.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Warning>,
}

/// The tool that wrote a document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tool {
    /// Its name in lower case, such as `trivy`.
    pub name: String,
    /// Its version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
}

/// Something in a document that the reader could not use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// Where: a JSON pointer, an XML path or a line.
    pub at: String,
    /// What was expected and what was found instead.
    pub message: String,
}

/// Test results of one document.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Tests {
    /// Test cases counted: `passed + failed + errors + skipped`.
    pub total: u64,
    /// Cases that passed.
    pub passed: u64,
    /// Cases whose assertion failed.
    pub failed: u64,
    /// Cases that broke otherwise.
    pub errors: u64,
    /// Cases that did not run.
    pub skipped: u64,
    /// Suites that hold cases.
    pub suites: u64,
    /// How long they ran together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration_seconds: Option<f64>,
    /// Every case that failed or broke.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub failures: Vec<TestFailure>,
}

/// A case that failed or broke.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestFailure {
    /// Its suite or class.
    pub suite: String,
    /// Its name.
    pub name: String,
    /// What it said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// Covered and total of something countable.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counter {
    /// How many were covered.
    pub covered: u64,
    /// How many there are.
    pub total: u64,
}

impl Counter {
    /// Per cent from 0 to 100, or nothing when there is nothing to cover.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "lines of code stay far below 2^52")]
    pub fn percent(&self) -> Option<f64> {
        (self.total > 0).then(|| self.covered as f64 * 100.0 / self.total as f64)
    }
}

/// Test coverage of one document. Counters that the tool does not give are absent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Coverage {
    /// Lines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lines: Option<Counter>,
    /// Branches.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub branches: Option<Counter>,
    /// Instructions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instructions: Option<Counter>,
    /// Methods or functions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub methods: Option<Counter>,
    /// Changes made to the code on purpose that a test noticed, of all that were made (the mutation score).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mutations: Option<Counter>,
    /// Line coverage in per cent as the tool states it, where it gives no counts (`line-rate` alone, for example).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stated_line_percent: Option<f64>,
}

impl Coverage {
    /// Line coverage in per cent from 0 to 100: from the counts, else as stated.
    #[must_use]
    pub fn line_percent(&self) -> Option<f64> {
        self.lines.and_then(|lines| lines.percent()).or(self.stated_line_percent)
    }
}

/// Measures of quality about a project or branch.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Measures {
    /// The project as the tool names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
    /// The tool's own verdict.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quality_gate: Option<QualityGate>,
    /// Metric name to value, both as the tool writes them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub metrics: BTreeMap<String, String>,
}

/// A tool's own verdict on quality.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct QualityGate {
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// `passed`, `failed` or `none` (the tool computed no gate).
    pub status: String,
    /// Its conditions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<QualityCondition>,
}

/// One condition of a quality gate.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct QualityCondition {
    /// The metric.
    pub metric: String,
    /// `passed` or `failed`, or the tool's own word where it has a third.
    pub status: String,
    /// The value found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actual: Option<String>,
    /// The value at which it fails.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threshold: Option<String>,
}

/// A change request (pull request, merge request) with its reviews.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// The repository, such as `octo/shop`.
    pub repository: String,
    /// Its number there.
    pub number: u64,
    /// Its address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Its title.
    pub title: String,
    /// Who opened it.
    pub author: String,
    /// The branch it goes into.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_branch: Option<String>,
    /// The last commit of the change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub head_commit: Option<String>,
    /// The commit it became.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merge_commit: Option<String>,
    /// When it was merged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged_at: Option<String>,
    /// Who merged it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged_by: Option<String>,
    /// Everybody who wrote a commit of it, where the document says so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub commit_authors: Vec<String>,
    /// The reviews, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reviews: Vec<ReviewApproval>,
}

/// One review of a change request.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewApproval {
    /// Who reviewed.
    pub reviewer: String,
    /// `approved`, `changes-requested`, `commented` or `dismissed`.
    pub state: String,
    /// The commit that was looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// When.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub submitted_at: Option<String>,
}

/// One run of a build system, as that system tells it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Build {
    /// The build system, such as `jenkins`.
    pub system: String,
    /// The job or pipeline.
    pub job: String,
    /// Its number or id in the job.
    pub number: String,
    /// Its address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// `succeeded`, `failed`, `unstable`, `cancelled`, `running`.
    pub result: String,
    /// Who or what started it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_by: Option<String>,
    /// When it started, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<String>,
    /// How long it ran.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration_seconds: Option<f64>,
    /// The repository it built.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repository: Option<String>,
    /// The commit it built.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// The branch it built.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub branch: Option<String>,
}

/// How an artifact came to be, as a provenance statement says. Content only; whether to believe it is
/// [`Attestation`]'s and, later, the verifier's matter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provenance {
    /// The builder's identity.
    pub builder_id: String,
    /// What kind of build.
    pub build_type: String,
    /// The source repository.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_uri: Option<String>,
    /// The source commit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_commit: Option<String>,
    /// The builder's name of the run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invocation_id: Option<String>,
    /// When it began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<String>,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<String>,
    /// How many resolved dependencies (materials) are named.
    #[serde(default)]
    pub resolved_dependencies: u64,
}

/// An in-toto statement and what is around it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attestation {
    /// The statement's `_type`.
    pub statement_type: String,
    /// What it asserts.
    pub predicate_type: String,
    /// The names of its subjects.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub subject_names: Vec<String>,
    /// The signatures of the envelope; empty for a bare statement.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub signatures: Vec<Signature>,
    /// What is known of the signatures: `not-verified` or `unsigned` here, more once somebody checked.
    pub verification: String,
    /// Who verified, tested or observed, as the statement says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verifier: Option<String>,
    /// What came of it, as the statement says: `passed`, `failed`, `warned`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<String>,
    /// What it is asserted of beside the subjects, such as a package or the run of a pipeline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource: Option<String>,
    /// What is asserted, in the statement's own words: verified levels, properties, attributes or steps. Claims, to be
    /// believed only as far as the signer is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<String>,
}

/// One signature of an envelope.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// The hint at a key. Never trusted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_id: Option<String>,
}

/// What somebody says about a vulnerability in a product.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct VexStatement {
    /// The vulnerability.
    pub vulnerability: String,
    /// Its other names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// The products it is said of; empty means whatever the document describes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub products: Vec<ComponentRef>,
    /// The components in the products it is said of; empty means the whole product.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub components: Vec<ComponentRef>,
    /// What is said.
    pub status: VexStatus,
    /// Why, in the document's own word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub justification: Option<String>,
    /// Why, at length.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// What whoever runs an affected product should do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    /// When it was said, RFC 3339, as stated. Of two statements of one author about the same the later one holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stated_at: Option<String>,
    /// Who says so, as the document says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
}

/// What a VEX statement says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum VexStatus {
    /// The product is affected.
    #[default]
    Affected,
    /// The product contains the fix.
    Fixed,
    /// The product is not affected.
    NotAffected,
    /// Somebody is looking.
    UnderInvestigation,
}

written!(
    VexStatus,
    "a VEX status",
    Affected = "affected",
    Fixed = "fixed",
    NotAffected = "not-affected",
    UnderInvestigation = "under-investigation"
);
