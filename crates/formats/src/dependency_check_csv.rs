//! OWASP Dependency-Check reports as a table.

use crate::dependencies::{cwes, report, versions};
use crate::dependency_check::{self, File, Vulnerability};
use crate::table::{Row, Table};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "dependency-check-csv",
    title: "Dependency-Check report (CSV)",
    homepage: "https://dependency-check.github.io/DependencyCheck/general/internals.html",
    phase: Phase::Build,
    tool: "dependency-check",
    reads: "the CSV report, with a row for each vulnerability of each file",
    identifies: "vulnerability and component",
    severities: "dependency-check",
    marks: &["DependencyName", "DependencyPath", "Identifiers", "CVE"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.has_columns(&["DependencyName", "DependencyPath", "Identifiers", "CVE", "Source"])
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let table = Table::parse("CSV report of Dependency-Check", bytes)?;
    table.require(&["DependencyName", "CVE"])?;
    let findings = table.rows().filter(|row| row.get("CVE").is_some()).map(|row| {
        let file = File {
            name: row.stated("DependencyName").unwrap_or_default(),
            path: row.stated("DependencyPath").unwrap_or_default(),
            packages: row.get("Identifiers").map(versions).unwrap_or_default(),
        };
        dependency_check::finding(&file, vulnerability(row))
    });
    Ok(report("dependency-check", None, findings.collect()))
}

fn vulnerability(row: Row<'_>) -> Vulnerability {
    let score = |column: &str| row.get(column).and_then(|score| score.parse().ok());
    let severity = ["CVSSv4_BaseSeverity", "CVSSv3_BaseSeverity", "CVSSv2_Severity"]
        .into_iter()
        .find_map(|column| row.get(column));
    let vectors = ["CVSSv4", "CVSSv3", "CVSSv2"].into_iter().filter_map(|column| row.get(column));
    Vulnerability {
        name: row.stated("CVE").unwrap_or_default(),
        source: row.stated("Source").unwrap_or_default(),
        severity: severity.unwrap_or_default().to_owned(),
        description: row.stated("Vulnerability").unwrap_or_default(),
        cwes: row.get("CWE").map(cwes).unwrap_or_default(),
        score_v2: score("CVSSv2_Score"),
        score_v3: score("CVSSv3_BaseScore"),
        score_v4: score("CVSSv4_BaseScore"),
        vectors: vectors.map(|vector| vector.trim_matches(['/', '(', ')']).to_owned()).collect(),
        ..Vulnerability::default()
    }
}
