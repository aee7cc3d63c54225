//! An advisory as it is kept, whatever database it came from: what it is called, how bad others say it is, and which
//! packages in which versions it is about. The shape follows the OSV schema, <https://ossf.github.io/osv-schema/>.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::configuration::Configuration;
use crate::matching::in_words;

/// How much of a description is kept, in bytes. What is longer ends in `…`.
pub const DETAILS_BYTES: usize = 16 * 1024;

/// One record of a vulnerability database. Records about the same vulnerability are joined by [`crate::alias`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Advisory {
    /// Its id in its database, such as `GHSA-jfh8-c2jp-5v3q`.
    pub id: String,
    /// The database it came from, such as `osv`, `github`, `nvd`, `cve`.
    pub source: String,
    /// Other ids of the same vulnerability.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// Ids of vulnerabilities that have to do with it and are others.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub related: Vec<String>,
    /// Ids of the vulnerabilities that a distribution's advisory is about (OSV 1.7 `upstream`). Not the same
    /// vulnerability: one advisory may mend ten of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub upstream: Vec<String>,
    /// One line for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The long text in Markdown, as strangers wrote it, at most [`DETAILS_BYTES`]. To be escaped wherever it is shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub details: Option<String>,
    /// How bad others say it is, as they say it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ratings: Vec<Rating>,
    /// CWE numbers, ascending, each once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cwes: Vec<u32>,
    /// When it was published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<Timestamp>,
    /// When it last changed. Of two readings of one id from one source the later holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modified: Option<Timestamp>,
    /// When it was withdrawn or rejected. Such a record matches nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn: Option<Timestamp>,
    /// Where to read more.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<Reference>,
    /// What CISA or another coordinator judged of it (SSVC).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ssvc: Option<Ssvc>,
    /// The day on which it entered CISA's catalogue of known exploited vulnerabilities, as this record says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known_exploited: Option<String>,
    /// That it is no vulnerability but something to know, in one word: RustSec's `unmaintained`, `unsound`, `notice`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub informational: Option<String>,
    /// The packages it is about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub affected: Vec<Affected>,
    /// The products it is about by CPE name, for what has no package URL.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub configurations: Vec<Configuration>,
}

impl Advisory {
    /// Whether the package itself is malicious, rather than vulnerable: ids of `ossf/malicious-packages` begin with `MAL-`.
    #[must_use]
    pub fn is_malicious(&self) -> bool {
        self.id.starts_with("MAL-")
    }

    /// The references that lead to an exploit or a demonstration of one.
    pub fn exploits(&self) -> impl Iterator<Item = &Reference> {
        self.references.iter().filter(|reference| reference.is_exploit)
    }
}

/// How bad somebody says it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rating {
    /// `cvss` for a vector, else whose word it is: `github`, `ubuntu`, `debian` …
    pub scheme: String,
    /// The CVSS vector or the word, as stated.
    pub value: String,
    /// Who rated, where the record says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}

/// A place to read more.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference {
    /// The address.
    pub url: String,
    /// What is there in one lower-case word: `advisory`, `fix`, `report`, `web` …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Whether it leads to an exploit: tagged `Exploit` by NVD or the CVE record, `EVIDENCE` by OSV.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_exploit: bool,
}

/// The decision points of CISA's SSVC tree, in its own words. <https://certcc.github.io/SSVC/>
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ssvc {
    /// `none`, `poc` or `active`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exploitation: Option<String>,
    /// `yes` or `no`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub automatable: Option<String>,
    /// `partial` or `total`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub technical_impact: Option<String>,
}

/// One package that an advisory is about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Affected {
    /// Which package.
    pub package: Package,
    /// From which version to which.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ranges: Vec<Range>,
    /// Single versions, beside the ranges.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub versions: Vec<String>,
    /// Ratings that hold for this package alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ratings: Vec<Rating>,
    /// The functions that have to be called for it to matter, by the package or module they are in (Go, Rust).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub functions: Vec<Functions>,
    /// The module stream of RPM that it is in, such as `httpd:2.4`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub module: Option<String>,
}

/// A package as an advisory names it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Package {
    /// The OSV ecosystem with its release, such as `PyPI` or `Debian:12`.
    pub ecosystem: String,
    /// Its name as that ecosystem writes it.
    pub name: String,
    /// Its package URL without a version, where one is stated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purl: Option<String>,
}

/// Versions between events, in one order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Range {
    /// In which order.
    pub kind: RangeKind,
    /// The repository, for commits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repository: Option<String>,
    /// Where it begins and ends, as stated, in the order in which they were stated.
    pub events: Vec<Event>,
}

impl Range {
    /// Its stretches in words, such as `from 1.0 before 1.4.2, from 2.0 up to 2.1`, in the order in which they are stated.
    #[must_use]
    pub fn in_words(&self) -> String {
        let start = Event::Introduced("0".to_owned());
        let (mut words, mut begin) = (Vec::new(), None);
        for event in &self.events {
            match event {
                Event::Introduced(_) | Event::IntroducedAfter(_) => {
                    // A beginning without an end: what follows it says again that it begins.
                    words.extend(begin.replace(event).map(|begin| in_words(begin, None)));
                }
                Event::Fixed(_) | Event::LastAffected(_) => {
                    words.push(in_words(begin.take().unwrap_or(&start), Some(event)));
                }
                Event::Limit(version) => words.push(format!("only before {version}")),
            }
        }
        words.extend(begin.map(|begin| in_words(begin, None)));
        let words = words.join(", ");
        match (self.kind, &self.repository) {
            (RangeKind::Git, Some(repository)) => format!("commits of {repository} {words}"),
            (RangeKind::Git, None) => format!("commits {words}"),
            (RangeKind::Semver | RangeKind::Ecosystem | RangeKind::Tags | RangeKind::Other, _) => words,
        }
    }
}

/// The order of the versions of a range.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RangeKind {
    /// Semantic Versioning 2.0.
    Semver,
    /// The order of the package's ecosystem.
    Ecosystem,
    /// Tags of a Go module that do not follow the rules of Go (`custom_ranges` of the Go vulnerability database), in the order
    /// of the ecosystem. A pseudo-version is no tag and lies in none of them.
    Tags,
    /// Commits of a repository, which have no order without it.
    Git,
    /// Something that this reader does not know.
    #[default]
    Other,
}

/// An end of a range. All but [`Event::IntroducedAfter`] are those of OSV.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// Affected from this version on; `0` is before all.
    Introduced(String),
    /// Affected after this version. GitHub and NVD state it so, and no version order but that of integers knows the
    /// next version.
    IntroducedAfter(String),
    /// Not affected from this version on.
    Fixed(String),
    /// Not affected after this version.
    LastAffected(String),
    /// Only versions before this one are spoken of; `*` is after all.
    Limit(String),
}

impl Event {
    /// The version at which it is.
    #[must_use]
    pub fn version(&self) -> &str {
        match self {
            Self::Introduced(version)
            | Self::IntroducedAfter(version)
            | Self::Fixed(version)
            | Self::LastAffected(version)
            | Self::Limit(version) => version,
        }
    }
}

/// Functions of one package or module.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Functions {
    /// The package or module; empty where the functions are named by their whole path.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub path: String,
    /// The functions; empty means any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub symbols: Vec<String>,
}
