//! PMD: problems in Java, Apex and others, as a table. <https://docs.pmd-code.org/latest/pmd_userdocs_report_formats.html>

use crate::problems::{Problem, first_line, report};
use crate::table::{Row, Table};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Finding, FindingKind, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "pmd-csv",
    title: "PMD report as CSV",
    homepage: "https://docs.pmd-code.org/latest/pmd_userdocs_report_formats.html#csv",
    phase: Phase::Source,
    tool: "pmd",
    reads: "CSV, all versions",
    identifies: "rule, file and the message without its numbers",
    severities: "pmd",
    marks: &["Problem", "Rule set", "Rule"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.has_columns(&["Problem", "Package", "File", "Priority", "Rule set", "Rule"])
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let table = Table::parse("CSV report of PMD", bytes)?;
    table.require(&["Rule", "File"])?;
    let findings = table.rows().map(finding).collect();
    Ok(report("pmd", None, &[FindingKind::Code, FindingKind::Quality], findings, Vec::new()))
}

fn finding(row: Row<'_>) -> Finding {
    let problem = Problem {
        rule: row.stated("Rule").unwrap_or_else(|| "pmd".to_owned()),
        message: row.stated("Description"),
        word: row.stated("Priority"),
        path: row.stated("File"),
        line: row.get("Line").and_then(first_line),
        ..Problem::default()
    };
    let kind = if row.get("Rule set") == Some("Security") { FindingKind::Code } else { FindingKind::Quality };
    problem.finding(kind, "pmd")
}
