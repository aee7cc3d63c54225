//! Vulnerabilities in the code that Solar appScreener found, as it exports them in CSV.

use crate::table::{Row, Table};
use crate::{Format, Probe, ReadError, identity, text, weakness, web};
use shipworthy_model::{Finding, FindingKind, FindingStatus, Location, Phase, Report, Tool};

pub(crate) static FORMAT: Format = Format {
    name: "solar-appscreener",
    title: "Solar appScreener report in CSV",
    homepage: "https://rt-solar.ru/products/solar_appscreener/",
    phase: Phase::Source,
    tool: "solar-appscreener",
    reads: "exports of vulnerabilities with their Jira columns",
    identifies: "vulnerability and file; several in one file are counted in their order",
    severities: "solar-appscreener",
    marks: &["Vulnerability"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.has_columns(&["Vulnerability", "Recommendations", "Severity Level", "Trace", "Jira Task Name"])
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let table = Table::parse("CSV report of Solar appScreener", bytes)?;
    table.require(&["Vulnerability", "Severity Level"])?;
    Ok(Report {
        tool: Some(Tool { name: "solar-appscreener".to_owned(), version: None }),
        findings: Some(table.rows().map(finding).collect()),
        looked_for: vec![FindingKind::Code],
        ..Report::default()
    })
}

fn finding(row: Row<'_>) -> Finding {
    let rule = row.get("Vulnerability").unwrap_or_default();
    let (severity, severity_word) = web::rated("solar-appscreener", row.get("Severity Level"));
    let path = row.get("File").unwrap_or_default();
    let links = row.get("Links").unwrap_or_default();
    Finding {
        severity,
        severity_word,
        cwes: weakness::numbers(links),
        references: text::addresses(links),
        description: row.stated("Description").map(text::capped),
        remediation: row.stated("Recommendations").map(text::capped),
        location: Some(Location {
            path: path.to_owned(),
            line: row.get("Line").and_then(|line| line.parse().ok()).filter(|line| *line > 0),
            end_line: None,
        })
        .filter(|location| !location.path.is_empty()),
        status: match row.get("Status") {
            Some("Rejected") => FindingStatus::FalsePositive,
            _ => FindingStatus::Open,
        },
        identity: identity::of_parts(rule, &[path]),
        ..Finding::new(FindingKind::Code, rule, rule)
    }
}
