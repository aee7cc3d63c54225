//! What the two forms of DefectDojo's generic findings have in common: findings of any tool, in the names of DefectDojo's
//! own fields, as its users write them for tools that it does not know.

use crate::web::{self, Place};
use crate::{dependencies, identity, ratings, text};
use shipworthy_model::{ComponentRef, Cvss, Finding, FindingKind, FindingStatus, Location};

/// A finding in the names of DefectDojo. What is not said is nothing.
#[derive(Debug, Default)]
pub(crate) struct Generic {
    pub(crate) title: String,
    pub(crate) severity: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) mitigation: Option<String>,
    pub(crate) impact: Option<String>,
    pub(crate) references: Option<String>,
    pub(crate) cwe: Option<String>,
    /// CVE and others.
    pub(crate) ids: Vec<String>,
    /// Vectors, each with its score.
    pub(crate) cvss: Vec<Cvss>,
    pub(crate) component: Option<(String, Option<String>)>,
    pub(crate) fixed_version: Option<String>,
    pub(crate) path: Option<String>,
    pub(crate) line: Option<u32>,
    /// Where it was seen from outside.
    pub(crate) endpoint: Option<String>,
    /// The rule of the tool.
    pub(crate) rule: Option<String>,
    /// The finding's own number in the tool.
    pub(crate) fingerprint: Option<String>,
    pub(crate) status: FindingStatus,
}

/// The word of the state: who says several of them means the strongest.
pub(crate) fn status(is: impl Fn(&str) -> Option<bool>) -> FindingStatus {
    let is_so = |name: &str| is(name) == Some(true);
    if is_so("false_p") {
        FindingStatus::FalsePositive
    } else if is_so("is_mitigated") {
        FindingStatus::Fixed
    } else if is_so("risk_accepted") || is_so("out_of_scope") || is("active") == Some(false) {
        FindingStatus::Suppressed
    } else {
        FindingStatus::Open
    }
}

/// A vector with its score.
pub(crate) fn cvss(vector: Option<String>, score: Option<String>, version: &str) -> Option<Cvss> {
    ratings::cvss(vector.as_deref(), score.as_deref().and_then(ratings::number), version, None)
}

impl Generic {
    pub(crate) fn finding(self) -> Finding {
        let kind = match (&self.component, &self.endpoint, &self.path) {
            (Some(_), _, _) if !self.ids.is_empty() => FindingKind::Vulnerability,
            (_, Some(_), None) => FindingKind::Dynamic,
            _ => FindingKind::Code,
        };
        let is_vulnerability = kind == FindingKind::Vulnerability;
        let id = self.ids.first().cloned().filter(|_| is_vulnerability);
        let rule = id.or_else(|| self.rule.clone()).unwrap_or_else(|| self.title.clone());
        let place = self.path.as_deref().or(self.endpoint.as_deref()).map(web::address).unwrap_or_default();
        let made = identity::of_parts(&rule, &[&place]);
        let (severity, severity_word) = web::rated("defectdojo", self.severity.as_deref());
        let said = [self.description, self.impact.map(|impact| format!("Impact: {impact}"))];
        Finding {
            kind,
            aliases: dependencies::aliases(&rule, self.ids),
            title: text::title(&self.title).unwrap_or_else(|| rule.clone()),
            description: Some(said.into_iter().flatten().collect::<Vec<_>>().join("\n\n"))
                .filter(|text| !text.is_empty())
                .map(text::capped),
            severity,
            severity_word,
            cvss: self.cvss,
            cwes: self.cwe.as_deref().map(dependencies::cwes).unwrap_or_default(),
            component: self.component.map(|(name, version)| ComponentRef { purl: None, name, version }),
            fixed_versions: self.fixed_version.into_iter().collect(),
            remediation: self.mitigation.map(text::capped),
            references: self.references.as_deref().map(text::addresses).unwrap_or_default(),
            status: self.status,
            identity: self.fingerprint.map_or(made, |print| identity::of_fingerprint("defectdojo", &print)),
            location: Some(Location { path: place, line: self.line, end_line: None })
                .filter(|location| !location.path.is_empty()),
            ..web::finding(&rule, &rule, Place::default())
        }
    }
}
