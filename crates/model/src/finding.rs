//! One problem in one common form, whatever tool found it.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// What sort of problem a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FindingKind {
    /// A published vulnerability of a component.
    Vulnerability,
    /// A weakness in our own source code.
    Code,
    /// A credential where it should not be.
    Secret,
    /// A licence that is forbidden or unknown.
    License,
    /// A setting that is unsafe.
    Misconfiguration,
    /// Malicious code.
    Malware,
    /// A weakness seen from outside while the thing ran.
    Dynamic,
    /// A defect of quality without known effect on security.
    Quality,
}

/// How bad a finding is. The tool's own word is kept beside it, see [`Finding::severity_word`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// The tool did not say, and nothing else lets us know. Never treated as harmless.
    #[default]
    Unknown,
    /// Worth reading, no action needed.
    Info,
    /// CVSS 0.1–3.9.
    Low,
    /// CVSS 4.0–6.9.
    Medium,
    /// CVSS 7.0–8.9.
    High,
    /// CVSS 9.0–10.
    Critical,
}

macro_rules! written {
    ($type:ident, $what:literal, $($variant:ident = $word:literal),* $(,)?) => {
        impl $type {
            /// Every value, in the order of the definition.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The one written form, as in the API, the database and the command line.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl FromStr for $type {
            type Err = String;
            fn from_str(text: &str) -> Result<Self, String> {
                match text {
                    $($word => Ok(Self::$variant),)*
                    _ => Err(format!(concat!("`{}` is not ", $what, ": expected one of {}"), text,
                        Self::ALL.iter().map(|v| format!("`{v}`")).collect::<Vec<_>>().join(", "))),
                }
            }
        }
    };
}
pub(crate) use written;

written!(
    Severity,
    "a severity",
    Unknown = "unknown",
    Info = "info",
    Low = "low",
    Medium = "medium",
    High = "high",
    Critical = "critical"
);
written!(
    FindingKind,
    "a kind of finding",
    Vulnerability = "vulnerability",
    Code = "code",
    Secret = "secret",
    License = "license",
    Misconfiguration = "misconfiguration",
    Malware = "malware",
    Dynamic = "dynamic",
    Quality = "quality"
);

impl Severity {
    /// The severity band of a CVSS score (CVSS 3.1 §5, the same in 4.0 §6): none, low, medium, high, critical.
    #[must_use]
    pub fn of_score(score: f64) -> Self {
        match score {
            s if s >= 9.0 => Self::Critical,
            s if s >= 7.0 => Self::High,
            s if s >= 4.0 => Self::Medium,
            s if s > 0.0 => Self::Low,
            _ => Self::Info,
        }
    }
}

/// What the tool says of the finding's present state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FindingStatus {
    /// It is there.
    #[default]
    Open,
    /// Somebody marked it in the tool as accepted, ignored or suppressed. We show it and do not count it as gone.
    Suppressed,
    /// Somebody marked it in the tool as a false positive.
    FalsePositive,
    /// The tool says it is gone.
    Fixed,
}

written!(
    FindingStatus,
    "a status of a finding",
    Open = "open",
    Suppressed = "suppressed",
    FalsePositive = "false-positive",
    Fixed = "fixed"
);

/// One CVSS rating as somebody published it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cvss {
    /// `2.0`, `3.0`, `3.1` or `4.0`.
    pub version: String,
    /// The vector, where it was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vector: Option<String>,
    /// The base score from 0 to 10, where it was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<f64>,
    /// Who rated, such as `nvd`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// The component a finding is about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComponentRef {
    /// Its package URL in canonical form, where one was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purl: Option<String>,
    /// Its name as the tool writes it.
    pub name: String,
    /// Its version as the tool writes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
}

/// Where in the sources, an image or an address space a finding is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Location {
    /// A path relative to the repository or image root, or a URL for dynamic findings.
    pub path: String,
    /// First line, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// Last line, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_line: Option<u32>,
}

/// One problem in one common form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// What sort of problem.
    pub kind: FindingKind,
    /// The tool's identifier of the problem: a vulnerability id such as `CVE-2021-44228`, or a rule id.
    pub rule: String,
    /// Other identifiers of the same problem.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// One line for people.
    pub title: String,
    /// The long text, as the tool wrote it: untrusted, to be escaped wherever it is shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// How bad, in our words.
    pub severity: Severity,
    /// How bad, in the tool's own word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity_word: Option<String>,
    /// The tool's own score, on the tool's own scale, where it gives one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<f64>,
    /// CVSS ratings as published.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cvss: Vec<Cvss>,
    /// CWE numbers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cwes: Vec<u32>,
    /// The component it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub component: Option<ComponentRef>,
    /// Where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<Location>,
    /// Versions of the component without the problem.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fixed_versions: Vec<String>,
    /// What to do, as the tool says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remediation: Option<String>,
    /// Addresses with more about it. Never fetched.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<String>,
    /// What the tool says of its present state.
    #[serde(default)]
    pub status: FindingStatus,
    /// What makes it the same finding in the next report: the tool's own fingerprint where it has one,
    /// else made from rule, component and place.
    pub identity: String,
}

impl Finding {
    /// A finding of which nothing is known yet but what sort of problem it is, its rule and its title. Its identity is
    /// the rule alone.
    #[must_use]
    pub fn new(kind: FindingKind, rule: impl Into<String>, title: impl Into<String>) -> Self {
        let rule = rule.into();
        Self {
            kind,
            identity: rule.clone(),
            rule,
            aliases: Vec::new(),
            title: title.into(),
            description: None,
            severity: Severity::Unknown,
            severity_word: None,
            score: None,
            cvss: Vec::new(),
            cwes: Vec::new(),
            component: None,
            location: None,
            fixed_versions: Vec::new(),
            remediation: None,
            references: Vec::new(),
            status: FindingStatus::Open,
        }
    }
}

/// How many findings there are of each severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeverityCounts {
    /// Critical ones.
    pub critical: u64,
    /// High ones.
    pub high: u64,
    /// Medium ones.
    pub medium: u64,
    /// Low ones.
    pub low: u64,
    /// Informational ones.
    pub info: u64,
    /// Those whose severity nobody stated.
    pub unknown: u64,
}

impl SeverityCounts {
    /// Adds `count` findings of `severity`.
    pub fn add(&mut self, severity: Severity, count: u64) {
        match severity {
            Severity::Critical => self.critical += count,
            Severity::High => self.high += count,
            Severity::Medium => self.medium += count,
            Severity::Low => self.low += count,
            Severity::Info => self.info += count,
            Severity::Unknown => self.unknown += count,
        }
    }

    /// Those of `severity`.
    #[must_use]
    pub fn of(&self, severity: Severity) -> u64 {
        match severity {
            Severity::Critical => self.critical,
            Severity::High => self.high,
            Severity::Medium => self.medium,
            Severity::Low => self.low,
            Severity::Info => self.info,
            Severity::Unknown => self.unknown,
        }
    }

    /// All of them together.
    #[must_use]
    pub fn total(&self) -> u64 {
        let Self { critical, high, medium, low, info, unknown } = *self;
        critical + high + medium + low + info + unknown
    }
}

impl FromIterator<Severity> for SeverityCounts {
    fn from_iter<T: IntoIterator<Item = Severity>>(severities: T) -> Self {
        let mut counts = Self::default();
        for severity in severities {
            counts.add(severity, 1);
        }
        counts
    }
}
