//! Injection points that sqlmap found, in the CSV of its runs over several targets. sqlmap rates nothing.

use crate::table::{Row, Table};
use crate::web::{self, Place};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Finding, FindingKind, Phase, Report, Tool};

pub(crate) static FORMAT: Format = Format {
    name: "sqlmap-csv",
    title: "sqlmap results in CSV",
    homepage: "https://github.com/sqlmapproject/sqlmap/wiki/Usage",
    phase: Phase::Artifact,
    tool: "sqlmap",
    reads: "`results-….csv` of runs with `-m` or `--crawl`",
    identifies: "the place and the parameter",
    severities: "",
    marks: &["Target URL"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.has_columns(&["Target URL", "Place", "Parameter", "Technique(s)"])
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let table = Table::parse("CSV results of sqlmap", bytes)?;
    table.require(&["Target URL", "Place", "Parameter", "Technique(s)"])?;
    Ok(Report {
        tool: Some(Tool { name: "sqlmap".to_owned(), version: None }),
        // A target without an injection point has a row without a parameter.
        findings: Some(table.rows().filter(|row| row.get("Parameter").is_some()).map(finding).collect()),
        looked_for: vec![FindingKind::Dynamic],
        ..Report::default()
    })
}

fn finding(row: Row<'_>) -> Finding {
    let parameter = row.get("Parameter").unwrap_or_default();
    let place = Place {
        url: row.get("Target URL").unwrap_or_default(),
        parameter,
        method: row.get("Place").unwrap_or_default(),
    };
    let notes = row.get("Note(s)").map_or_else(String::new, |notes| format!("; {notes}"));
    Finding {
        cwes: vec![89],
        description: row.get("Technique(s)").map(|techniques| format!("techniques {techniques}{notes}")),
        ..web::finding("sql-injection", &format!("SQL injection in the parameter {parameter}"), place)
    }
}
