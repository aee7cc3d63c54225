//! Facts of the phase *deploy*: who said yes, how the target is hardened, what runs there.

use super::FindingFacts;
use serde::{Deserialize, Serialize};
use shipworthy_model::{
    Approval, Benchmark, Control, ControlStatus, Counter, Performance, ReportedApproval, Verification,
};
use utoipa::ToSchema;

/// What is known of the deployment.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeployFacts {
    /// Who said that this release may go to this environment. The server keeps approvals itself, so an empty list
    /// means that nobody has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approvals: Option<Vec<ApprovalFacts>>,
    /// Judgments of people that a delivery tool waited for, such as Spinnaker's manual judgments. The tool's word, not
    /// ours. Present once there are any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub judgments: Option<Vec<JudgmentFacts>>,
    /// Whether rollouts behaved, judged by their metrics and logs. Present once one was judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verification: Option<Vec<VerificationFacts>>,
    /// How the release behaved under load. Present once it was measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub performance: Option<Vec<PerformanceFacts>>,
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

/// A judgment of a person that a delivery tool waited for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct JudgmentFacts {
    /// What was asked, such as the name of the stage.
    pub name: String,
    /// `approved`, `rejected` or `waiting`.
    pub status: String,
    /// Who answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// When, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
}

impl JudgmentFacts {
    /// The facts of one judgment.
    #[must_use]
    pub fn of(approval: &ReportedApproval) -> Self {
        let ReportedApproval { name, status, by, at, comment: _ } = approval;
        Self { name: name.clone(), status: status.clone(), by: by.clone(), at: at.clone() }
    }
}

/// Whether a rollout behaved.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VerificationFacts {
    /// What was judged, such as the name of the analysis.
    pub name: String,
    /// `passed`, `failed`, `inconclusive`, `error` or `running`.
    pub result: String,
    /// From 0 to 100, where the judge scores.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<f64>,
    /// When it ended, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<String>,
    /// The names of the metrics that did not pass.
    #[serde(default)]
    #[schema(required)]
    pub not_passed: Vec<String>,
}

impl VerificationFacts {
    /// The facts of one verification.
    #[must_use]
    pub fn of(verification: &Verification) -> Self {
        let not_passed = verification.metrics.iter().filter(|metric| metric.result != "passed");
        Self {
            name: verification.name.clone(),
            result: verification.result.clone(),
            score: verification.score,
            finished_at: verification.finished_at.clone(),
            not_passed: not_passed.map(|metric| metric.name.clone()).collect(),
        }
    }
}

/// How the release behaved under load, over all requests of one run. Times are in milliseconds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PerformanceFacts {
    /// Requests that were made.
    pub requests: u64,
    /// Those that failed.
    pub failed: u64,
    /// Failed requests in per cent. Absent when none was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed_percent: Option<f64>,
    /// Requests per second.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requests_per_second: Option<f64>,
    /// The median of the response times.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p50_milliseconds: Option<f64>,
    /// 95 % of the requests are faster.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p95_milliseconds: Option<f64>,
    /// 99 % of the requests are faster.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p99_milliseconds: Option<f64>,
    /// The run's own criteria of success that were not met.
    #[serde(default)]
    #[schema(required)]
    pub thresholds_missed: Vec<String>,
}

impl PerformanceFacts {
    /// The facts of one run.
    #[must_use]
    pub fn of(performance: &Performance) -> Self {
        let times = performance.response_times.unwrap_or_default();
        let missed = performance.thresholds.iter().filter(|threshold| !threshold.is_met);
        let of_all = Counter { covered: performance.failed, total: performance.requests };
        Self {
            requests: performance.requests,
            failed: performance.failed,
            failed_percent: of_all.percent(),
            requests_per_second: performance.requests_per_second,
            p50_milliseconds: times.p50_milliseconds,
            p95_milliseconds: times.p95_milliseconds,
            p99_milliseconds: times.p99_milliseconds,
            thresholds_missed: missed.map(|threshold| threshold.name.clone()).collect(),
        }
    }
}

/// Results of one benchmark.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
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
    /// Controls that do not apply to the target, and count neither way.
    #[serde(default)]
    #[schema(required)]
    pub not_applicable: u64,
    /// Controls that hold in per cent of those that hold or do not. Absent when there are none of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passed_percent: Option<f64>,
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
            not_applicable: with(ControlStatus::NotApplicable).count() as u64,
            passed_percent: {
                let (passed, failed) = (with(ControlStatus::Pass).count(), with(ControlStatus::Fail).count());
                Counter { covered: passed as u64, total: (passed + failed) as u64 }.percent()
            },
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
