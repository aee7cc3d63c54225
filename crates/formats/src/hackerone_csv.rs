//! Reports that people sent to a programme of HackerOne, in the CSV of its export. Who sent them is not kept.

use crate::hackerone::Submission;
use crate::table::{Row, Table};
use crate::{Format, Probe, ReadError, dependencies, ratings};
use shipworthy_model::{FindingKind, Phase, Report, Tool};

pub(crate) static FORMAT: Format = Format {
    name: "hackerone-csv",
    title: "HackerOne reports in CSV",
    homepage: "https://docs.hackerone.com/en/articles/8544782-export-reports",
    phase: Phase::Deploy,
    tool: "hackerone",
    reads: "the export of reports",
    identifies: "HackerOne's number of the report",
    severities: "hackerone",
    marks: &["severity_rating", "substate"],
    recognises,
    read,
};

const COLUMNS: &[&str] = &["id", "title", "severity_rating", "state", "substate", "weakness", "reported_at"];

fn recognises(probe: &Probe) -> bool {
    probe.has_columns(COLUMNS)
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let table = Table::parse("CSV export of HackerOne", bytes)?;
    table.require(COLUMNS)?;
    Ok(Report {
        tool: Some(Tool { name: "hackerone".to_owned(), version: None }),
        findings: Some(table.rows().filter_map(|row| submission(row).finding()).collect()),
        looked_for: vec![FindingKind::Dynamic],
        ..Report::default()
    })
}

fn submission(row: Row<'_>) -> Submission {
    Submission {
        id: row.stated("id"),
        title: row.stated("title"),
        rating: row.stated("severity_rating"),
        score: row.get("severity_score").and_then(ratings::number),
        state: row.stated("substate"),
        weakness: row.stated("weakness"),
        ids: row.get("cve_ids").map(dependencies::names).unwrap_or_default(),
        asset: row.stated("structured_scope"),
        ..Submission::default()
    }
}
