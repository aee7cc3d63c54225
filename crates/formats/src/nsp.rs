//! Reports of the Node Security Platform: vulnerabilities of the packages of a Node.js project.

use crate::dependencies::{component, cvss, lower_bounds, report};
use crate::json::{self, List, Text, stated};
use crate::{Format, Probe, ReadError, identity, text};
use serde::Deserialize;
use shipworthy_model::{Finding, FindingKind, Phase, Report, Severity};
use std::collections::HashSet;

pub(crate) static FORMAT: Format = Format {
    name: "nsp",
    title: "Node Security Platform report",
    homepage: "https://github.com/nodesecurity/nsp",
    phase: Phase::Source,
    tool: "nsp",
    reads: "`nsp check --reporter json`; the severity is that of the CVSS score",
    identifies: "vulnerability and component",
    severities: "",
    marks: &["module", "vulnerable_versions", "patched_versions", "advisory", "path"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe
        .first_element()
        .is_some_and(|members| members.has_all(&["module", "vulnerable_versions", "patched_versions", "advisory"]))
}

#[derive(Deserialize)]
struct Item<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
    #[serde(borrow)]
    module: Option<Text<'a>>,
    #[serde(borrow)]
    version: Option<Text<'a>>,
    #[serde(borrow)]
    title: Option<Text<'a>>,
    #[serde(borrow)]
    overview: Option<Text<'a>>,
    #[serde(borrow)]
    recommendation: Option<Text<'a>>,
    #[serde(borrow)]
    cvss_vector: Option<Text<'a>>,
    cvss_score: Option<f64>,
    #[serde(borrow)]
    patched_versions: Option<Text<'a>>,
    #[serde(borrow)]
    advisory: Option<Text<'a>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let list: List<'_> = json::document(bytes)?;
    let mut warnings = Vec::new();
    // A problem is listed once for each path to its package.
    let mut seen = HashSet::new();
    let items = json::parts::<Item<'_>>(&list, "", &mut warnings);
    let findings = items.iter().map(|(_, item)| finding(item));
    let findings = findings.filter(|finding| {
        seen.insert((finding.rule.clone(), finding.component.as_ref().and_then(|c| c.version.clone())))
    });
    let findings = findings.collect();
    Ok(Report { warnings, ..report("nsp", None, findings) })
}

fn finding(item: &Item<'_>) -> Finding {
    let rule = stated(item.id.as_ref()).map(|id| format!("npm:{id}")).unwrap_or_default();
    Finding {
        description: stated(item.overview.as_ref()).map(text::capped),
        severity: item.cvss_score.map_or(Severity::Unknown, Severity::of_score),
        score: item.cvss_score,
        cvss: cvss(item.cvss_vector.as_deref(), item.cvss_score, None).into_iter().collect(),
        component: Some(component("npm", item.module.as_deref().unwrap_or_default(), item.version.as_deref())),
        fixed_versions: item.patched_versions.as_deref().map(lower_bounds).unwrap_or_default(),
        remediation: stated(item.recommendation.as_ref()),
        references: stated(item.advisory.as_ref()).into_iter().collect(),
        identity: identity::of_parts(&rule, &[]),
        ..Finding::new(
            FindingKind::Vulnerability,
            rule.clone(),
            item.title.as_deref().and_then(text::title).unwrap_or(rule),
        )
    }
}
