//! Facts of the phase *deploy*: who said yes, how the target is hardened, what runs there.

use super::FindingFacts;
use serde::{Deserialize, Serialize};
use shipworthy_model::{Approval, Benchmark, Control, ControlStatus};
use utoipa::ToSchema;

/// What is known of the deployment.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeployFacts {
    /// Who said that this release may go to this environment. The server keeps approvals itself, so an empty list
    /// means that nobody has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approvals: Option<Vec<ApprovalFacts>>,
    /// Results of benchmarks such as CIS about the environment or the release. Present once there are any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub benchmarks: Option<Vec<BenchmarkFacts>>,
    /// Which digests were built, released and run. Present once the release names an artifact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digests: Option<DigestFacts>,
    /// Weaknesses seen from outside while the release ran. Present once a tool looked for them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dynamic_findings: Option<FindingFacts>,
}

/// A person's word that the release may go to the environment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApprovalFacts {
    /// Who approved.
    pub by: String,
    /// When, RFC 3339 in UTC.
    pub at: String,
    /// What they wrote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

impl ApprovalFacts {
    /// The facts of one approval.
    #[must_use]
    pub fn of(approval: &Approval) -> Self {
        Self {
            by: approval.approved_by_name.clone(),
            at: approval.approved_at.to_string(),
            comment: approval.comment.clone(),
        }
    }
}

/// Results of one benchmark.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BenchmarkFacts {
    /// Which one, such as `cis-1.24`.
    pub name: String,
    /// The version of the tested thing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_version: Option<String>,
    /// Controls that hold.
    pub passed: u64,
    /// Controls that do not hold.
    pub failed: u64,
    /// Controls that need a look by a person.
    #[serde(default)]
    #[schema(required)]
    pub warned: u64,
    /// Every control that does not hold.
    #[serde(default)]
    #[schema(required)]
    pub failed_controls: Vec<FailedControl>,
}

impl BenchmarkFacts {
    /// The facts of one benchmark run.
    #[must_use]
    pub fn of(benchmark: &Benchmark) -> Self {
        let with = |status: ControlStatus| benchmark.controls.iter().filter(move |control| control.status == status);
        Self {
            name: benchmark.name.clone(),
            target_version: benchmark.target_version.clone(),
            passed: with(ControlStatus::Pass).count() as u64,
            failed: with(ControlStatus::Fail).count() as u64,
            warned: with(ControlStatus::Warn).count() as u64,
            failed_controls: with(ControlStatus::Fail).map(FailedControl::of).collect(),
        }
    }
}

/// A control that does not hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FailedControl {
    /// Its number, such as `1.2.6`.
    pub id: String,
    /// What it asks.
    pub title: String,
    /// The profile level, 1 or 2, where the document says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<u8>,
    /// Whether it counts for the score; unscored ones are recommendations.
    pub is_scored: bool,
    /// What to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remediation: Option<String>,
}

impl FailedControl {
    fn of(control: &Control) -> Self {
        Self {
            id: control.id.clone(),
            title: control.title.clone(),
            level: control.level,
            is_scored: control.is_scored,
            remediation: control.remediation.clone(),
        }
    }
}

/// Which digests were built, released and run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DigestFacts {
    /// What the build says it made. Present once provenance or another word of the build names a digest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub built: Option<Vec<String>>,
    /// What the release ships.
    #[serde(default)]
    #[schema(required)]
    pub released: Vec<String>,
    /// What runs of this release in this environment. Present once somebody said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub running: Option<Vec<String>>,
}
