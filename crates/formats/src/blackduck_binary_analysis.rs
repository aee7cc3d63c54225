//! Reports of Black Duck Binary Analysis as a table: vulnerabilities of the components found in compiled files.

use crate::dependencies::{aliases, component, cvss, report};
use crate::table::{Row, Table};
use crate::{Format, Probe, ReadError, identity, text};
use shipworthy_model::{Finding, FindingKind, FindingStatus, Location, Phase, Report, Severity};

pub(crate) static FORMAT: Format = Format {
    name: "blackduck-binary-analysis",
    title: "Black Duck Binary Analysis report",
    homepage: "https://documentation.blackduck.com/bundle/bdba/page/Results/Exporting_results.html",
    phase: Phase::Artifact,
    tool: "blackduck-binary-analysis",
    reads: "the CSV export of vulnerabilities; the severity is that of the CVSS score",
    identifies: "vulnerability and component",
    severities: "",
    marks: &["Component", "Latest version", "CVE", "Object full path", "Object SHA1"],
    recognises,
    read,
};

const COLUMNS: &[&str] = &["Component", "Version", "CVE", "Object full path", "Object SHA1"];

fn recognises(probe: &Probe) -> bool {
    probe.has_columns(COLUMNS)
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let table = Table::parse("CSV report of Black Duck Binary Analysis", bytes)?;
    table.require(COLUMNS)?;
    Ok(report(
        "blackduck-binary-analysis",
        None,
        table.rows().filter(|row| row.get("CVE").is_some()).map(finding).collect(),
    ))
}

fn finding(row: Row<'_>) -> Finding {
    let rule = row.stated("CVE").unwrap_or_default();
    let name = row.get("Component").unwrap_or_default();
    // The tool writes 0.0 for a rating that there is not.
    let score = |column: &str| row.get(column).and_then(|score| score.parse::<f64>().ok()).filter(|score| *score > 0.0);
    let (v3, v2) = (score("CVSS3"), score("CVSS"));
    let ratings = [
        cvss(row.get("CVSS vector (v3)"), v3, None),
        v2.and_then(|v2| cvss(row.get("CVSS vector (v2)"), Some(v2), None)),
    ];
    let is_excused = row.get("Triage vectors").is_some() || row.get("Note type").is_some();
    Finding {
        aliases: aliases(&rule, row.stated("BDSA")),
        title: format!("{rule} in {name}"),
        description: row.stated("Summary").map(text::capped),
        severity: v3.or(v2).map_or(Severity::Unknown, Severity::of_score),
        score: v3.or(v2),
        cvss: ratings.into_iter().flatten().collect(),
        component: Some(component("", name, row.get("Version"))),
        location: row.stated("Object full path").map(|path| Location { path, ..Location::default() }),
        remediation: row.stated("Note reason"),
        references: row.stated("Vulnerability URL").into_iter().collect(),
        status: if is_excused { FindingStatus::Suppressed } else { FindingStatus::Open },
        identity: identity::of_parts(&rule, &[]),
        ..Finding::new(FindingKind::Vulnerability, rule, "")
    }
}
