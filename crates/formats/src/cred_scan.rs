//! Microsoft CredScan: credentials in sources, as a table.
//! <https://learn.microsoft.com/azure/security/develop/security-code-analysis-customize>

use crate::leaks::{self, Leak};
use crate::problems::first_line;
use crate::table::{Row, Table};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Finding, FindingStatus, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "cred-scan",
    title: "CredScan matches",
    homepage: "https://learn.microsoft.com/azure/security/develop/security-code-analysis-customize",
    phase: Phase::Source,
    tool: "credscan",
    reads: "CSV with the columns `Searcher`, `HashKey` and `IsSuppressed`",
    identifies: "searcher, file and the tool's hash of the secret",
    severities: "",
    marks: &["Searcher", "HashKey", "IsSuppressed"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.has_columns(&["Source", "Searcher", "IsSuppressed", "HashKey"])
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let table = Table::parse("CSV report of CredScan", bytes)?;
    table.require(&["Searcher", "Source"])?;
    let findings = table.rows().map(finding).collect();
    Ok(leaks::report("credscan", None, findings, Vec::new()))
}

fn finding(row: Row<'_>) -> Finding {
    let searcher = row.get("Searcher").unwrap_or("credscan");
    let (rule, title) = searcher.split_once(' ').unwrap_or((searcher, searcher));
    let reason = row.get("SuppressJustification").map(|reason| format!("Suppressed because: {reason}"));
    let leak = Leak {
        rule: rule.to_owned(),
        title: Some(title.to_owned()),
        fingerprint: row.stated("HashKey"),
        path: row.stated("Source"),
        line: row.get("Line").and_then(first_line),
        details: reason.into_iter().collect(),
        ..Leak::default()
    };
    let is_suppressed =
        row.get("IsSuppressed").is_some_and(|word| matches!(word, "YES" | "Yes" | "TRUE" | "True" | "true"));
    let status = if is_suppressed { FindingStatus::Suppressed } else { FindingStatus::Open };
    Finding { status, ..leak.finding("credscan") }
}
