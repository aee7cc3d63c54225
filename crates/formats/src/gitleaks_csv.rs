//! Gitleaks: secrets, as a table. <https://github.com/gitleaks/gitleaks#reporting>

use crate::leaks::{self, Leak};
use crate::problems::first_line;
use crate::table::{Row, Table};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Finding, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "gitleaks-csv",
    title: "Gitleaks report as CSV",
    homepage: "https://github.com/gitleaks/gitleaks",
    phase: Phase::Source,
    tool: "gitleaks",
    reads: "CSV of versions 8 and later",
    identifies: "rule, file and a digest of the secret; of a redacted one the tool's fingerprint",
    severities: "",
    marks: &["RuleID", "Secret", "Fingerprint"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.has_columns(&["RuleID", "Commit", "File", "Secret", "Fingerprint"])
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let table = Table::parse("CSV report of Gitleaks", bytes)?;
    table.require(&["RuleID", "File", "Secret"])?;
    let findings = table.rows().map(finding).collect();
    Ok(leaks::report("gitleaks", None, findings, Vec::new()))
}

fn finding(row: Row<'_>) -> Finding {
    let leak = Leak {
        rule: row.stated("RuleID").unwrap_or_else(|| "gitleaks".to_owned()),
        secret: row.stated("Secret"),
        fingerprint: row.stated("Fingerprint"),
        path: row.stated("File"),
        line: row.get("StartLine").and_then(first_line),
        end_line: row.get("EndLine").and_then(first_line),
        commit: row.stated("Commit"),
        ..Leak::default()
    };
    leak.finding("gitleaks")
}
