//! Reports of Sysdig Secure as JSON: the panels of a report with their rows.

use crate::json::{self, At, List, Odd, Text, stated};
use crate::sysdig::Vulnerability;
use crate::{Format, Probe, ReadError, ratings, subjects};
use serde::Deserialize;
use shipworthy_model::{Finding, FindingKind, Phase, Report, Tool};
use std::collections::BTreeSet;

pub(crate) static FORMAT: Format = Format {
    name: "sysdig-report",
    title: "Sysdig vulnerability report (JSON)",
    homepage: "https://docs.sysdig.com/en/sysdig-secure/vulnerability-reporting/",
    phase: Phase::Artifact,
    tool: "sysdig",
    reads: "the reports of vulnerability findings since 2025, with their rows in the panels",
    identifies: "vulnerability and component",
    severities: "sysdig",
    marks: &["panels", "zones", "schedule"],
    recognises: |probe: &Probe| {
        probe.object().is_some_and(|members| members.has("panels"))
            && probe.has_all(&["panels.data.vuln_id", "panels.data.scan_package_name"])
    },
    read,
};

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow)]
    panels: List<'a>,
}

#[derive(Deserialize)]
struct Panel<'a> {
    #[serde(borrow, default)]
    data: List<'a>,
}

#[derive(Deserialize)]
struct Item<'a> {
    #[serde(borrow)]
    container_image: Option<Text<'a>>,
    #[serde(borrow)]
    container_image_distro: Option<Text<'a>>,
    #[serde(borrow)]
    scan_package_name: Option<Text<'a>>,
    #[serde(borrow)]
    scan_package_version: Option<Text<'a>>,
    #[serde(borrow)]
    scan_package_type: Option<Text<'a>>,
    #[serde(borrow)]
    scan_package_path: Option<Text<'a>>,
    #[serde(borrow)]
    vuln_id: Option<Text<'a>>,
    #[serde(borrow)]
    vuln_severity: Option<Text<'a>>,
    #[serde(borrow)]
    vuln_cvss_score: Option<Text<'a>>,
    #[serde(borrow)]
    vuln_cvss_vector: Option<Text<'a>>,
    #[serde(borrow)]
    vuln_cvss_version: Option<Text<'a>>,
    #[serde(borrow)]
    vuln_fixed_in_version: Option<Text<'a>>,
    #[serde(default)]
    vuln_risk_accepted: Odd<bool>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let tool = Tool { name: "sysdig".to_owned(), version: None };
    let mut report = Report { tool: Some(tool), looked_for: vec![FindingKind::Vulnerability], ..Report::default() };
    let mut findings = Vec::new();
    let mut images = BTreeSet::new();
    let at = At::Root;
    let at = at.key("panels");
    for (index, panel) in json::parts::<Panel<'_>>(&document.panels, at, &mut report.warnings) {
        let at = at.index(index);
        for (_, item) in json::parts::<Item<'_>>(&panel.data, at.key("data"), &mut report.warnings) {
            images.extend(stated(item.container_image.as_ref()));
            findings.push(finding(&item));
        }
    }
    subjects::warn_of_several(images.len(), "images", "", &mut report.warnings);
    report.findings = Some(findings);
    Ok(report)
}

fn finding(item: &Item<'_>) -> Finding {
    let vulnerability = Vulnerability {
        name: stated(item.vuln_id.as_ref()).unwrap_or_default(),
        severity_word: stated(item.vuln_severity.as_ref()),
        package: stated(item.scan_package_name.as_ref()).unwrap_or_default(),
        version: stated(item.scan_package_version.as_ref()),
        kind: stated(item.scan_package_type.as_ref()),
        path: stated(item.scan_package_path.as_ref()),
        distribution: stated(item.container_image_distro.as_ref()),
        cvss_version: stated(item.vuln_cvss_version.as_ref()),
        score: item.vuln_cvss_score.as_deref().and_then(ratings::number),
        vector: stated(item.vuln_cvss_vector.as_ref()),
        fixed: stated(item.vuln_fixed_in_version.as_ref()),
        url: None,
        is_accepted: item.vuln_risk_accepted.0 == Ok(true),
    };
    vulnerability.finding()
}
