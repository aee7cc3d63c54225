//! What delivery tools and measurements say: how a project is kept, how a release runs, how it got there.

use serde::{Deserialize, Serialize};

/// How well a project is kept.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Scorecard {
    /// The project, such as `github.com/octo/shop`.
    pub project: String,
    /// The whole, from 0 to 10, where it was computed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<f64>,
    /// Every check.
    pub checks: Vec<ScorecardCheck>,
}

/// One check of a scorecard.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ScorecardCheck {
    /// Its name, such as `Branch-Protection`.
    pub name: String,
    /// From 0 to 10; absent when it could not be told (`-1` in the tool's words).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<f64>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// How the thing behaved under load, over all requests of one run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Performance {
    /// Requests (samples, iterations) that were made.
    pub requests: u64,
    /// Those that failed.
    pub failed: u64,
    /// How long the run took.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration_seconds: Option<f64>,
    /// Requests per second.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requests_per_second: Option<f64>,
    /// Response times.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response_times: Option<ResponseTimes>,
    /// The run's own criteria of success.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub thresholds: Vec<Threshold>,
}

/// Response times in milliseconds. Those that the tool does not give are absent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ResponseTimes {
    /// The mean.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mean_milliseconds: Option<f64>,
    /// The median.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p50_milliseconds: Option<f64>,
    /// 90 % are faster.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p90_milliseconds: Option<f64>,
    /// 95 % are faster.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p95_milliseconds: Option<f64>,
    /// 99 % are faster.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p99_milliseconds: Option<f64>,
    /// The slowest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_milliseconds: Option<f64>,
}

/// A criterion of success that the run itself declares.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Threshold {
    /// The metric and what was asked of it, such as `http_req_duration p(95)<200`.
    pub name: String,
    /// Whether it held.
    pub is_met: bool,
}

/// Whether a rollout behaved, judged by its metrics and logs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Verification {
    /// What was judged, such as the name of the analysis.
    pub name: String,
    /// `passed`, `failed`, `inconclusive`, `error` or `running`.
    pub result: String,
    /// From 0 to 100, where the judge scores.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<f64>,
    /// When it began, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<String>,
    /// When it ended, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<String>,
    /// Every metric that was judged.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub metrics: Vec<VerificationMetric>,
}

/// One metric of a verification.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerificationMetric {
    /// Its name.
    pub name: String,
    /// `passed`, `failed`, `inconclusive`, `error` or `running`.
    pub result: String,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// A deployment, as the tool that made it tells of it. Not yet one of ours: whether and where it is, `app` decides.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportedDeployment {
    /// The tool's name of it: the Argo CD application, the Spinnaker pipeline.
    pub name: String,
    /// The tool's id of this run of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Where it goes, in the tool's words: cluster, namespace, account or environment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// `running`, `succeeded`, `failed`, `cancelled`, `waiting` or `unknown`.
    pub status: String,
    /// How the deployed thing is, where the tool looks after it: `healthy`, `progressing`, `degraded`, `suspended`,
    /// `missing` or `unknown`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub health: Option<String>,
    /// Whether what runs is what was asked for, where the tool compares the two.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_in_sync: Option<bool>,
    /// What the tool says of it, such as why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The source revision that was deployed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<String>,
    /// The images, as written: name with tag or digest.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub images: Vec<String>,
    /// Who or what started it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_by: Option<String>,
    /// When it began, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<String>,
    /// When it ended, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<String>,
    /// Its address in the tool.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// A judgment of a person that a pipeline waited for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportedApproval {
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
    /// What was said with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}
