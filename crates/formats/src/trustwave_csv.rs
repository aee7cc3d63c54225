//! Vulnerabilities that scans of Trustwave (TrustKeeper) found, in CSV.

use crate::table::{Row, Table};
use crate::web::{self, Place};
use crate::{Format, Probe, ReadError, dependencies, text};
use shipworthy_model::{Finding, FindingKind, Phase, Report, Tool};

pub(crate) static FORMAT: Format = Format {
    name: "trustwave-csv",
    title: "Trustwave scan in CSV",
    homepage: "https://www.trustwave.com/en-us/services/security-testing/managed-vulnerability-scanning/",
    phase: Phase::Deploy,
    tool: "trustwave",
    reads: "the export of vulnerabilities",
    identifies: "the vulnerability with host, port and service",
    severities: "trustwave",
    marks: &["Target Name", "Vulnerability Name"],
    recognises,
    read,
};

const COLUMNS: &[&str] = &["IP", "Target Name", "Vulnerability Name", "Severity", "Service", "Evidence"];

fn recognises(probe: &Probe) -> bool {
    probe.has_columns(COLUMNS)
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let table = Table::parse("CSV export of Trustwave", bytes)?;
    table.require(COLUMNS)?;
    Ok(Report {
        tool: Some(Tool { name: "trustwave".to_owned(), version: None }),
        findings: Some(table.rows().map(finding).collect()),
        looked_for: vec![FindingKind::Dynamic],
        ..Report::default()
    })
}

fn finding(row: Row<'_>) -> Finding {
    let name = row.get("Vulnerability Name").unwrap_or_default();
    let mut ids = row.get("CVE").map(dependencies::names).unwrap_or_default().into_iter();
    let rule = ids.next().unwrap_or_else(|| name.to_owned());
    let host = row.get("Domain").or(row.get("IP")).unwrap_or_default();
    let place = web::host(host, row.get("Port"));
    let (severity, severity_word) = web::rated("trustwave", row.get("Severity"));
    let seen = row.get("Evidence").map(|evidence| format!("Evidence: {evidence}"));
    let said = [row.stated("Description"), seen];
    Finding {
        severity,
        severity_word,
        aliases: ids.collect(),
        description: Some(said.into_iter().flatten().collect::<Vec<_>>().join("\n\n"))
            .filter(|text| !text.is_empty())
            .map(text::capped),
        remediation: row.stated("Remediation").map(text::capped),
        ..web::finding(
            &rule,
            name,
            Place { url: &place, parameter: row.get("Service").unwrap_or_default(), method: "" },
        )
    }
}
