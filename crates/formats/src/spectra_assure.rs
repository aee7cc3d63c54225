//! Reports of ReversingLabs Spectra Assure: vulnerabilities, malware and violated policies of a software package.

use crate::dependencies::{component, cvss, cvss_of_version, of_package_url, rated, report, utc};
use crate::json::{self, Entries, Odd, Text, stated};
use crate::{Format, Probe, ReadError, identity, text};
use serde::Deserialize;
use shipworthy_model::{ComponentRef, Finding, FindingKind, FindingStatus, Location, Phase, Report, Severity};
use std::collections::HashMap;

pub(crate) static FORMAT: Format = Format {
    name: "spectra-assure",
    title: "Spectra Assure report",
    homepage: "https://docs.secure.software/concepts/analysis-reports",
    phase: Phase::Artifact,
    tool: "spectra-assure",
    reads: "`report.rl.json`: vulnerabilities of components and dependencies, and violations of policies that are not passed",
    identifies: "vulnerability and component; of violations the rule",
    severities: "spectra-assure",
    marks: &["catalogue", "report", "schema", "timestamp", "version"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let is_report = probe.object().is_some_and(|members| members.has_all(&["catalogue", "report", "schema"]));
    is_report && probe.has("report.info")
}

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow)]
    report: Content<'a>,
    #[serde(borrow)]
    timestamp: Option<Text<'a>>,
    #[serde(borrow)]
    version: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Content<'a> {
    #[serde(borrow)]
    metadata: Metadata<'a>,
}

#[derive(Deserialize)]
struct Metadata<'a> {
    #[serde(borrow, default)]
    components: Odd<Entries<'a, Component<'a>>>,
    #[serde(borrow, default)]
    dependencies: Odd<Entries<'a, Identity<'a>>>,
    #[serde(borrow, default)]
    vulnerabilities: Odd<Entries<'a, Vulnerability<'a>>>,
    #[serde(borrow, default)]
    violations: Odd<Entries<'a, Violation<'a>>>,
}

#[derive(Deserialize)]
struct Component<'a> {
    #[serde(borrow)]
    path: Option<Text<'a>>,
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow, default)]
    identity: Odd<Identity<'a>>,
}

#[derive(Default, Deserialize)]
struct Identity<'a> {
    #[serde(borrow)]
    product: Option<Text<'a>>,
    #[serde(borrow)]
    version: Option<Text<'a>>,
    #[serde(borrow)]
    purl: Option<Text<'a>>,
    #[serde(borrow, default)]
    vulnerabilities: Odd<Found<'a>>,
}

#[derive(Default, Deserialize)]
struct Found<'a> {
    #[serde(borrow, default)]
    active: Odd<Vec<Text<'a>>>,
    #[serde(borrow, default)]
    triaged: Odd<Vec<Text<'a>>>,
}

#[derive(Deserialize)]
struct Vulnerability<'a> {
    #[serde(borrow, default)]
    cvss: Odd<Rating<'a>>,
    #[serde(borrow)]
    name: Option<Text<'a>>,
}

#[derive(Default, Deserialize)]
struct Rating<'a> {
    #[serde(borrow, rename = "baseScore")]
    score: Option<Text<'a>>,
    #[serde(borrow)]
    version: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Violation<'a> {
    #[serde(borrow)]
    rule_id: Option<Text<'a>>,
    #[serde(borrow)]
    category: Option<Text<'a>>,
    #[serde(borrow)]
    description: Option<Text<'a>>,
    #[serde(borrow)]
    severity: Option<Text<'a>>,
    #[serde(borrow)]
    status: Option<Text<'a>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let mut warnings = Vec::new();
    let mut findings = Vec::new();
    let metadata = &document.report.metadata;
    let known = metadata
        .vulnerabilities
        .get("/report/metadata/vulnerabilities", &mut warnings)
        .map_or(&[][..], |entries| &entries.0);
    let known: HashMap<&str, &Vulnerability<'_>> = known.iter().map(|(name, item)| (&**name, item)).collect();
    let components = metadata.components.get("/report/metadata/components", &mut warnings);
    for (_, item) in components.into_iter().flat_map(|entries| &entries.0) {
        let path = stated(item.path.as_ref()).or_else(|| stated(item.name.as_ref()));
        if let Ok(identity) = &item.identity.0 {
            of_identity(identity, path.as_deref(), &known, &mut findings);
        }
    }
    let dependencies = metadata.dependencies.get("/report/metadata/dependencies", &mut warnings);
    for (_, identity) in dependencies.into_iter().flat_map(|entries| &entries.0) {
        of_identity(identity, None, &known, &mut findings);
    }
    let violations = metadata.violations.get("/report/metadata/violations", &mut warnings);
    findings.extend(violations.into_iter().flat_map(|entries| &entries.0).filter_map(|(_, item)| violation(item)));
    let looked_for = vec![FindingKind::Vulnerability, FindingKind::Malware, FindingKind::Secret, FindingKind::License];
    let created_at = utc(document.timestamp.as_deref());
    Ok(Report {
        created_at,
        looked_for,
        warnings,
        ..report("spectra-assure", stated(document.version.as_ref()), findings)
    })
}

fn of_identity(
    identity: &Identity<'_>,
    path: Option<&str>,
    known: &HashMap<&str, &Vulnerability<'_>>,
    findings: &mut Vec<Finding>,
) {
    let Ok(found) = &identity.vulnerabilities.0 else { return };
    let url = identity.purl.as_deref().filter(|purl| !purl.is_empty());
    let product = identity.product.as_deref().or(path).unwrap_or_default();
    let of = url.map_or_else(|| component("", product, identity.version.as_deref()), of_package_url);
    for (names, status) in [(&found.active, FindingStatus::Open), (&found.triaged, FindingStatus::Suppressed)] {
        for name in names.0.iter().flatten() {
            findings.push(Finding { status, ..vulnerability(name, known.get(&**name).copied(), &of, path) });
        }
    }
}

fn vulnerability(
    rule: &str,
    known: Option<&Vulnerability<'_>>,
    component: &ComponentRef,
    path: Option<&str>,
) -> Finding {
    let rating = known.and_then(|known| known.cvss.0.as_ref().ok());
    let score = rating.and_then(|rating| rating.score.as_deref()?.trim().parse::<f64>().ok());
    let rating = match rating.and_then(|rating| rating.version.as_deref()) {
        Some("2") => cvss_of_version("2.0", None, score),
        Some("4") => cvss_of_version("4.0", None, score),
        _ => cvss(None, score, None),
    };
    let name = known.and_then(|known| stated(known.name.as_ref()));
    Finding {
        title: name.unwrap_or_else(|| format!("{rule} in {}", component.name)),
        severity: score.map_or(Severity::Unknown, Severity::of_score),
        score,
        cvss: rating.into_iter().collect(),
        component: Some(component.clone()),
        location: path.map(|path| Location { path: path.to_owned(), ..Location::default() }),
        ..Finding::new(FindingKind::Vulnerability, rule, "")
    }
}

/// A violation that stopped or warned. What passed is left to the report, and vulnerabilities are told one by one.
fn violation(item: &Violation<'_>) -> Option<Finding> {
    let kind = match item.category.as_deref() {
        Some("vulnerabilities") => return None,
        Some("malware" | "tampering") => FindingKind::Malware,
        Some("secrets") => FindingKind::Secret,
        Some("licenses") => FindingKind::License,
        _ => FindingKind::Misconfiguration,
    };
    if item.status.as_deref() == Some("pass") {
        return None;
    }
    let rule = stated(item.rule_id.as_ref())?;
    let (severity, severity_word) = rated("spectra-assure", item.severity.as_ref());
    let title = item.description.as_deref().and_then(text::title).unwrap_or_else(|| rule.clone());
    Some(Finding {
        severity,
        severity_word,
        identity: identity::of_parts(&rule, &[]),
        ..Finding::new(kind, rule, title)
    })
}
