//! Reports of Sysdig Secure as CSV: of its command line, of registries and pipelines, and of Kubernetes workloads.

use crate::sysdig::Vulnerability;
use crate::table::{Row, Table};
use crate::{Format, Probe, ReadError, ratings, subjects};
use shipworthy_model::{FindingKind, Phase, Report, Tool, Warning};
use std::collections::BTreeSet;

pub(crate) static FORMAT: Format = Format {
    name: "sysdig-csv",
    title: "Sysdig vulnerability report (CSV)",
    homepage: "https://docs.sysdig.com/en/sysdig-secure/vulnerability-reporting/",
    phase: Phase::Artifact,
    tool: "sysdig",
    reads: "the CSV of the command line (`CVE ID`), of scheduled reports (`Vulnerability ID`) and of reports since 2025 (`Vulnerability Name`)",
    identifies: "vulnerability and component",
    severities: "sysdig",
    marks: &["CVE ID", "Vulnerability ID", "Vulnerability Name", "Package Path"],
    recognises: |probe: &Probe| {
        probe.has_columns(&["CVE ID", "CVE Severity", "Package Name", "Package Path", "Risk Accepted"])
            || probe.has_columns(&["Vulnerability ID", "Package name", "Package path", "Vuln link"])
            || probe.has_columns(&["Vulnerability Name", "Vulnerability Severity", "Package Path", "Risk Accepted"])
    },
    read,
};

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let table = Table::parse("CSV report of Sysdig", bytes)?;
    let columns = [["CVE ID"], ["Vulnerability ID"], ["Vulnerability Name"]];
    if columns.iter().all(|columns| table.require(columns).is_err()) {
        table.require(&["CVE ID"])?;
    }
    let tool = Tool { name: "sysdig".to_owned(), version: None };
    let mut report = Report { tool: Some(tool), looked_for: vec![FindingKind::Vulnerability], ..Report::default() };
    let mut findings = Vec::new();
    let mut images = BTreeSet::new();
    for row in table.rows() {
        let vulnerability = vulnerability(row);
        if vulnerability.name.is_empty() {
            let message = "left out: expected the name of a vulnerability, found none".to_owned();
            report.warnings.push(Warning { at: format!("line {}", row.line), message });
            continue;
        }
        findings.push(vulnerability.finding());
        images.extend(row.get("Image").or_else(|| row.get("Image Name")).map(str::to_owned));
    }
    // `Image ID` is the digest of the configuration, by which nobody pulls an image.
    subjects::warn_of_several(images.len(), "images", "", &mut report.warnings);
    report.findings = Some(findings);
    Ok(report)
}

fn vulnerability(row: Row<'_>) -> Vulnerability {
    let any = |columns: &[&str]| columns.iter().find_map(|column| row.stated(column));
    Vulnerability {
        name: any(&["CVE ID", "Vulnerability ID", "Vulnerability Name"]).unwrap_or_default(),
        severity_word: any(&["CVE Severity", "Severity", "Vulnerability Severity"]),
        package: any(&["Package Name", "Package name"]).unwrap_or_default(),
        version: any(&["Package Version", "Package version"]),
        kind: any(&["Package Type", "Package type"]),
        path: any(&["Package Path", "Package path"]),
        distribution: any(&["OS Name"]),
        cvss_version: any(&["CVSS Score Version", "CVSS version", "CVSS Version"]),
        score: any(&["CVSS Score", "CVSS score"]).as_deref().and_then(ratings::number),
        vector: any(&["CVSS Vector", "CVSS vector"]),
        fixed: any(&["Fix Version", "Fix version"]),
        url: any(&["CVE URL", "Vuln link"]),
        is_accepted: any(&["Risk Accepted", "Risk accepted"]).as_deref() == Some("true"),
    }
}
