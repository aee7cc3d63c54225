//! What the layouts of OWASP Dependency-Check's report have in common: a file, the packages that it was taken for, and
//! the vulnerabilities of those.

use crate::dependencies::{aliases, cvss, cvss_of_version, relative};
use crate::{identity, severity, text};
use shipworthy_model::{ComponentRef, Finding, FindingKind, FindingStatus, Location, Severity};

/// A file that was looked at.
#[derive(Default)]
pub(crate) struct File {
    pub(crate) name: String,
    pub(crate) path: String,
    /// The package URLs that it was taken for, or its Maven coordinates in old reports.
    pub(crate) packages: Vec<String>,
}

impl File {
    /// The component: the first package that the file was taken for, else the file.
    fn component(&self) -> ComponentRef {
        let component = self.packages.iter().find_map(|package| crate::purl::component(package));
        let coordinates = || {
            let package = self.packages.first()?;
            let (name, version) = package.rsplit_once(':').filter(|(name, _)| name.contains(':'))?;
            Some(crate::dependencies::component("maven", name, Some(version)))
        };
        component
            .or_else(coordinates)
            .unwrap_or_else(|| ComponentRef { name: self.name.clone(), ..ComponentRef::default() })
    }

    /// Where it was found.
    fn location(&self) -> Option<Location> {
        let path = if self.path.is_empty() { &self.name } else { &self.path };
        let path = relative(&path.replace('\\', "/"));
        Some(Location { path, ..Location::default() }).filter(|location| !location.path.is_empty())
    }
}

/// One vulnerability of a file.
#[derive(Default)]
pub(crate) struct Vulnerability {
    pub(crate) name: String,
    pub(crate) source: String,
    pub(crate) severity: String,
    pub(crate) description: String,
    pub(crate) notes: String,
    pub(crate) cwes: Vec<u32>,
    pub(crate) score_v2: Option<f64>,
    pub(crate) score_v3: Option<f64>,
    pub(crate) score_v4: Option<f64>,
    pub(crate) vectors: Vec<String>,
    pub(crate) references: Vec<String>,
    pub(crate) is_suppressed: bool,
}

/// The finding of a vulnerability of a file.
pub(crate) fn finding(file: &File, vulnerability: Vulnerability) -> Finding {
    let Vulnerability { name: rule, source, severity: word, description, notes, references, .. } = vulnerability;
    let component = file.component();
    let score = vulnerability.score_v4.or(vulnerability.score_v3).or(vulnerability.score_v2);
    let of_word = severity::of_word("dependency-check", &word);
    let of_score = score.map_or(Severity::Unknown, Severity::of_score);
    let score_of = |version: &str| match version {
        "4.0" => vulnerability.score_v4,
        "2.0" => vulnerability.score_v2,
        _ => vulnerability.score_v3,
    };
    let mut ratings: Vec<_> =
        vulnerability.vectors.iter().filter_map(|vector| cvss(Some(vector), None, None)).collect();
    for rating in &mut ratings {
        rating.score = score_of(&rating.version);
    }
    for version in ["4.0", "3.1", "2.0"] {
        if !ratings.iter().any(|rating| rating.version[..1] == version[..1]) {
            ratings.extend(cvss_of_version(version, None, score_of(version)));
        }
    }
    for rating in &mut ratings {
        rating.source = Some(source.to_lowercase()).filter(|source| !source.is_empty());
    }
    let notes = Some(notes).filter(|notes| !notes.trim().is_empty());
    Finding {
        aliases: aliases(&rule, crate::dependencies::names(&rule)),
        description: Some(description).filter(|text| !text.trim().is_empty()).map(text::capped),
        severity: if of_word == Severity::Unknown { of_score } else { of_word },
        severity_word: Some(word).filter(|word| !word.is_empty()),
        score,
        cvss: ratings,
        cwes: vulnerability.cwes,
        location: file.location(),
        remediation: notes,
        references,
        status: if vulnerability.is_suppressed { FindingStatus::Suppressed } else { FindingStatus::Open },
        identity: identity::of_parts(&rule, &[]),
        title: format!("{rule} in {}", component.name),
        component: Some(component),
        ..Finding::new(FindingKind::Vulnerability, rule, "")
    }
}
