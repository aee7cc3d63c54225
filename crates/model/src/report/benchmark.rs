//! Results of benchmarks such as CIS: every control, passed ones too, so that a percentage is possible.

use crate::Severity;
use crate::finding::written;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Results of a benchmark.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Benchmark {
    /// Which one, such as `cis-1.24`.
    pub name: String,
    /// The version of the tested thing, such as the Kubernetes version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_version: Option<String>,
    /// Every control with its result.
    pub controls: Vec<Control>,
}

/// One control of a benchmark with its result.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Control {
    /// Its number, such as `1.2.6`.
    pub id: String,
    /// What it asks.
    pub title: String,
    /// Its chapter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub section: Option<String>,
    /// Its result.
    pub status: ControlStatus,
    /// Whether it counts for the score; unscored ones are recommendations.
    pub is_scored: bool,
    /// The profile level (1 or 2), where the document says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<u8>,
    /// What to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remediation: Option<String>,
    /// How bad it is when it does not hold, where the document says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
    /// Why it has its result: what was seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What was looked at, such as a host, a Kubernetes object or an account, where it is not the whole target.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource: Option<String>,
}

/// The result of a control.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ControlStatus {
    /// It holds.
    Pass,
    /// It does not hold.
    Fail,
    /// It needs a look by a person, or could not be tested.
    #[default]
    Warn,
    /// It is only information.
    Info,
    /// It does not apply to the target, and counts neither way.
    NotApplicable,
}

written!(
    ControlStatus,
    "a result of a control",
    Pass = "pass",
    Fail = "fail",
    Warn = "warn",
    Info = "info",
    NotApplicable = "not-applicable"
);
