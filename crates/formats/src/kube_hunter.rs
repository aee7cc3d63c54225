//! kube-hunter: weaknesses of a cluster, seen by attacking it from inside or outside.

use crate::json::{self, List, Text, stated};
use crate::{Format, Probe, ReadError, checks, identity, text};
use serde::Deserialize;
use shipworthy_model::{Finding, FindingKind, Location, Phase, Report, Tool};
use std::collections::HashSet;

pub(crate) static FORMAT: Format = Format {
    name: "kube-hunter",
    title: "kube-hunter report",
    homepage: "https://github.com/aquasecurity/kube-hunter",
    phase: Phase::Deploy,
    tool: "kube-hunter",
    reads: "the JSON report of version 0",
    identifies: "vulnerability, address and evidence",
    severities: "kube-hunter",
    marks: &["nodes", "services", "vulnerabilities", "hunter_statistics"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| members.has_all(&["nodes", "services", "vulnerabilities"]))
}

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow, default)]
    vulnerabilities: List<'a>,
}

#[derive(Deserialize)]
struct Item<'a> {
    #[serde(borrow)]
    location: Option<Text<'a>>,
    #[serde(borrow, rename = "vid")]
    id: Option<Text<'a>>,
    #[serde(borrow)]
    severity: Option<Text<'a>>,
    #[serde(borrow)]
    vulnerability: Option<Text<'a>>,
    #[serde(borrow)]
    description: Option<Text<'a>>,
    #[serde(borrow)]
    evidence: Option<Text<'a>>,
    #[serde(borrow)]
    avd_reference: Option<Text<'a>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let mut report = Report {
        tool: Some(Tool { name: "kube-hunter".to_owned(), version: None }),
        looked_for: vec![FindingKind::Dynamic],
        ..Report::default()
    };
    let mut seen = HashSet::new();
    let mut findings = Vec::new();
    for (_, item) in json::parts::<Item<'_>>(&document.vulnerabilities, "/vulnerabilities", &mut report.warnings) {
        let finding = finding(&item);
        // Several of its hunters find the same.
        if seen.insert(finding.identity.clone()) {
            findings.push(finding);
        }
    }
    report.findings = Some(findings);
    Ok(report)
}

/// What it could read by a weakness stands in the evidence, which may be a token: it is not taken along.
fn finding(item: &Item<'_>) -> Finding {
    let name = stated(item.vulnerability.as_ref()).unwrap_or_default();
    let rule = stated(item.id.as_ref()).filter(|id| id != "None").unwrap_or_else(|| name.clone());
    let path = stated(item.location.as_ref()).unwrap_or_default();
    let evidence = identity::of_code(item.evidence.as_deref().unwrap_or_default());
    let word = stated(item.severity.as_ref());
    Finding {
        description: stated(item.description.as_ref()).map(text::capped),
        severity: checks::rated("kube-hunter", word.as_deref()),
        severity_word: word,
        references: stated(item.avd_reference.as_ref()).into_iter().collect(),
        identity: identity::of_parts(&rule, &[&path, &evidence]),
        location: Some(Location { path, ..Location::default() }).filter(|location| !location.path.is_empty()),
        ..Finding::new(FindingKind::Dynamic, rule, name)
    }
}
