//! Flawfinder: weaknesses in C and C++, as a table. <https://dwheeler.com/flawfinder/>

use crate::problems::{Problem, cwes, first_line, relative, report};
use crate::table::{Row, Table};
use crate::{Format, Probe, ReadError, identity};
use shipworthy_model::{Finding, FindingKind, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "flawfinder-csv",
    title: "Flawfinder report as CSV",
    homepage: "https://dwheeler.com/flawfinder/",
    phase: Phase::Source,
    tool: "flawfinder",
    reads: "CSV of versions 2.0.11 and later",
    identifies: "the tool's fingerprint with the rule and the file",
    severities: "flawfinder",
    marks: &["DefaultLevel", "Category", "CWEs"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.has_columns(&["File", "Line", "DefaultLevel", "Level", "Category", "Name", "CWEs"])
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let table = Table::parse("CSV report of Flawfinder", bytes)?;
    table.require(&["File", "Line", "Level"])?;
    let version = table.rows().find_map(|row| row.stated("ToolVersion"));
    let findings = table.rows().map(finding).collect();
    Ok(report("flawfinder", version, &[FindingKind::Code], findings, Vec::new()))
}

fn finding(row: Row<'_>) -> Finding {
    let name = row.stated("Name").unwrap_or_else(|| "flawfinder".to_owned());
    let rule = row.stated("RuleId").unwrap_or_else(|| name.clone());
    let path = row.stated("File");
    let problem = Problem {
        rule: rule.clone(),
        message: row.stated("Warning"),
        word: row.stated("Level"),
        path: path.clone(),
        line: row.get("Line").and_then(first_line),
        end_line: None,
        within: row.stated("Context"),
    };
    let mut finding = problem.finding(FindingKind::Code, "flawfinder");
    if let Some(print) = row.get("Fingerprint") {
        finding.identity = identity::of_parts(&rule, &[&path.as_deref().map(relative).unwrap_or_default(), print]);
    }
    finding.aliases = Some(name).filter(|name| *name != finding.rule).into_iter().collect();
    finding.remediation = row.stated("Suggestion");
    finding.cwes = row.get("CWEs").map(cwes).unwrap_or_default();
    finding.references = row.stated("HelpUri").into_iter().collect();
    finding
}
