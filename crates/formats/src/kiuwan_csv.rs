//! Defects and vulnerabilities in the code that Kiuwan found, as its pages export them in CSV.

use crate::table::{Row, Table};
use crate::{Format, Probe, ReadError, identity, weakness, web};
use shipworthy_model::{Finding, FindingKind, FindingStatus, Location, Phase, Report, Tool};

pub(crate) static FORMAT: Format = Format {
    name: "kiuwan-csv",
    title: "Kiuwan defects and vulnerabilities in CSV",
    homepage: "https://www.kiuwan.com/docs/display/K5/Kiuwan+Code+Security",
    phase: Phase::Source,
    tool: "kiuwan",
    reads: "exports of vulnerabilities (Code Security) and of defects (Code Analysis)",
    identifies: "rule and file with the text of the line",
    severities: "kiuwan",
    marks: &["Rule code"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.has_columns(&["Rule code", "Rule", "Priority", "Software characteristic", "Line text"])
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let table = Table::parse("CSV report of Kiuwan", bytes)?;
    table.require(&["Rule code", "Rule", "Priority"])?;
    // Vulnerabilities have a CWE column, defects have none.
    let is_of_security =
        bytes.split(|byte| *byte == b'\n').next().is_some_and(|line| memchr::memmem::find(line, b",CWE,").is_some());
    let kind = if is_of_security { FindingKind::Code } else { FindingKind::Quality };
    Ok(Report {
        tool: Some(Tool { name: "kiuwan".to_owned(), version: None }),
        findings: Some(table.rows().map(finding).collect()),
        looked_for: vec![kind],
        ..Report::default()
    })
}

fn finding(row: Row<'_>) -> Finding {
    let rule = row.get("Rule code").unwrap_or_default();
    let (severity, severity_word) = web::rated("kiuwan", row.get("Priority"));
    let path = row.get("File").unwrap_or_default();
    let kind =
        if row.get("Software characteristic") == Some("Security") { FindingKind::Code } else { FindingKind::Quality };
    // `CERT-J:IDS53-J,CWE:643,OWASP:2013:A1` where there is no column of its own.
    let weaknesses = row.get("CWE").or(row.get("Normative"));
    let code = identity::of_code(row.get("Line text").unwrap_or_default());
    Finding {
        severity,
        severity_word,
        cwes: weaknesses.map(weakness::numbers).unwrap_or_default(),
        remediation: row.get("Effort").map(|effort| format!("estimated effort: {effort}")),
        location: Some(Location {
            path: path.to_owned(),
            line: row.get("Line number").and_then(|line| line.parse().ok()).filter(|line| *line > 0),
            end_line: None,
        })
        .filter(|location| !location.path.is_empty()),
        status: match row.get("Muted") {
            Some("Yes") => FindingStatus::Suppressed,
            _ => FindingStatus::Open,
        },
        identity: identity::of_parts(rule, &[path, &code]),
        ..Finding::new(kind, rule, row.get("Rule").unwrap_or(rule))
    }
}
