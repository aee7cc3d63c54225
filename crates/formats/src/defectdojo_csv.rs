//! Findings of any tool in DefectDojo's generic CSV.

use crate::defectdojo::{self, Generic};
use crate::table::{Row, Table};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Phase, Report, Tool};

pub(crate) static FORMAT: Format = Format {
    name: "defectdojo-csv",
    title: "DefectDojo generic findings in CSV",
    homepage: "https://docs.defectdojo.com/supported_tools/parsers/generic_findings_import/",
    phase: Phase::Source,
    tool: "defectdojo",
    reads: "the columns `Date`, `Title`, `Severity`, `Description` with others of DefectDojo's generic import",
    identifies: "the title with the address; of a component the vulnerability",
    severities: "defectdojo",
    marks: &["Title", "Severity", "Date"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let columns = ["CweId", "Mitigation", "Vulnerability Id", "Impact"];
    probe.has_columns(&["Date", "Title", "Severity", "Description", "Url"])
        && columns.iter().any(|column| probe.has_columns(&[column]))
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let table = Table::parse("generic CSV of DefectDojo", bytes)?;
    table.require(&["Title", "Severity"])?;
    Ok(Report {
        tool: Some(Tool { name: "defectdojo".to_owned(), version: None }),
        findings: Some(table.rows().map(|row| generic(row).finding()).collect()),
        ..Report::default()
    })
}

fn generic(row: Row<'_>) -> Generic {
    let text = |column: &str| row.stated(column);
    // `TRUE`, `True` or `true`.
    let flag = |column: &str| row.get(column).and_then(|word| word.to_ascii_lowercase().parse::<bool>().ok());
    let is = |name: &str| match name {
        "false_p" => flag("FalsePositive"),
        "is_mitigated" => flag("IsMitigated"),
        "risk_accepted" => flag("RiskAccepted"),
        "active" => flag("Active"),
        _ => None,
    };
    Generic {
        title: text("Title").unwrap_or_default(),
        severity: text("Severity"),
        description: text("Description"),
        mitigation: text("Mitigation"),
        impact: text("Impact"),
        references: text("References"),
        cwe: text("CweId"),
        ids: [text("CVE"), text("Vulnerability Id")].into_iter().flatten().collect(),
        cvss: defectdojo::cvss(text("CVSSV3"), text("CVSSV3_score"), "3.1")
            .into_iter()
            .chain(defectdojo::cvss(text("CVSSV4"), text("CVSSV4_score"), "4.0"))
            .collect(),
        component: text("ComponentName").map(|name| (name, text("ComponentVersion"))),
        fixed_version: text("fix_version"),
        endpoint: text("Url"),
        status: defectdojo::status(is),
        ..Generic::default()
    }
}
