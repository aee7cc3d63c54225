//! The advisories that the npm registry sent to npm up to version 6, and still sends to pnpm and Yarn: each with the
//! versions of the package that were found and the paths to them.

use crate::dependencies::{aliases, component, cvss, cwes, lower_bounds, names, rated};
use crate::json::{Odd, Text, stated};
use crate::{identity, text};
use serde::Deserialize;
use shipworthy_model::{Finding, FindingKind, Severity};

/// One advisory.
#[derive(Deserialize)]
pub(crate) struct Advisory<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
    #[serde(borrow)]
    github_advisory_id: Option<Text<'a>>,
    #[serde(borrow)]
    module_name: Option<Text<'a>>,
    #[serde(borrow)]
    title: Option<Text<'a>>,
    #[serde(borrow)]
    overview: Option<Text<'a>>,
    #[serde(borrow)]
    recommendation: Option<Text<'a>>,
    #[serde(borrow)]
    severity: Option<Text<'a>>,
    #[serde(borrow)]
    url: Option<Text<'a>>,
    #[serde(borrow)]
    patched_versions: Option<Text<'a>>,
    #[serde(borrow, default)]
    cves: Odd<Vec<Text<'a>>>,
    /// A text before 2021 and a list since.
    #[serde(borrow, default)]
    cwe: OneOrMany<'a>,
    #[serde(borrow, default)]
    cvss: Odd<Rating<'a>>,
    #[serde(borrow, default)]
    findings: Odd<Vec<Place<'a>>>,
}

/// One text or a list of them.
#[derive(Default)]
pub(crate) struct OneOrMany<'a>(pub(crate) Vec<Text<'a>>);

impl<'de: 'a, 'a> Deserialize<'de> for OneOrMany<'a> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&'de serde_json::value::RawValue>::deserialize(deserializer)?;
        let list = serde_json::from_str::<Vec<Text<'de>>>(raw.get());
        let one = || serde_json::from_str::<Text<'de>>(raw.get()).into_iter().collect();
        Ok(Self(list.unwrap_or_else(|_| one())))
    }
}

#[derive(Default, Deserialize)]
struct Rating<'a> {
    score: Option<f64>,
    #[serde(borrow, rename = "vectorString")]
    vector: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Place<'a> {
    #[serde(borrow)]
    version: Option<Text<'a>>,
}

/// The findings of an advisory: one for each version of the package that was found.
pub(crate) fn findings(advisory: &Advisory<'_>, tool: &str) -> Vec<Finding> {
    let mut versions: Vec<Option<String>> = Vec::new();
    for place in advisory.findings.0.iter().flatten() {
        let version = stated(place.version.as_ref());
        if !versions.contains(&version) {
            versions.push(version);
        }
    }
    if versions.is_empty() {
        versions.push(None);
    }
    let one = finding(advisory, tool);
    let name = advisory.module_name.as_deref().unwrap_or_default();
    let of_version = |version: Option<String>| Finding {
        component: Some(component("npm", name, version.as_deref())),
        ..one.clone()
    };
    versions.into_iter().map(of_version).collect()
}

fn finding(advisory: &Advisory<'_>, tool: &str) -> Finding {
    let number = stated(advisory.id.as_ref()).map(|id| format!("npm:{id}"));
    let of_page = advisory.url.as_deref().map(names).unwrap_or_default();
    let of_github = stated(advisory.github_advisory_id.as_ref()).or_else(|| of_page.into_iter().next());
    let cves: Vec<String> = advisory.cves.0.iter().flatten().filter_map(Text::stated).collect();
    let rule = of_github.or_else(|| cves.first().cloned()).or(number).unwrap_or_default();
    let rating = advisory.cvss.0.as_ref().ok();
    let score = rating.and_then(|rating| rating.score).filter(|score| *score > 0.0);
    let rating = rating.and_then(|rating| cvss(rating.vector.as_deref(), score, None));
    let (severity, severity_word) = rated(tool, advisory.severity.as_ref());
    let of_score = score.map_or(Severity::Unknown, Severity::of_score);
    let title = advisory.title.as_deref().and_then(text::title).unwrap_or_else(|| rule.clone());
    Finding {
        aliases: aliases(&rule, cves),
        description: stated(advisory.overview.as_ref()).map(text::capped),
        severity: if severity == Severity::Unknown { of_score } else { severity },
        severity_word,
        score,
        cvss: rating.into_iter().collect(),
        cwes: advisory.cwe.0.iter().flat_map(|cwe| cwes(cwe)).collect(),
        fixed_versions: advisory.patched_versions.as_deref().map(lower_bounds).unwrap_or_default(),
        remediation: stated(advisory.recommendation.as_ref()),
        references: stated(advisory.url.as_ref()).into_iter().collect(),
        identity: identity::of_parts(&rule, &[]),
        ..Finding::new(FindingKind::Vulnerability, rule, title)
    }
}
