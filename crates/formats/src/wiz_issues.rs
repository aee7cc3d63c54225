//! Issues of Wiz as a table: risks in clouds and clusters, each of a control and a resource.

use crate::dependencies::report;
use crate::table::{Row, Table};
use crate::{Format, Probe, ReadError, identity, severity, text};
use shipworthy_model::{Finding, FindingKind, FindingStatus, Location, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "wiz-issues",
    title: "Wiz issues",
    homepage: "https://docs.wiz.io/wiz-docs/docs/issues-page",
    phase: Phase::Deploy,
    tool: "wiz",
    reads: "the CSV export of issues",
    identifies: "Wiz's own id of the issue",
    severities: "wiz",
    marks: &["Control ID", "Issue ID", "Resource external ID", "Wiz URL"],
    recognises,
    read,
};

const COLUMNS: &[&str] = &["Title", "Severity", "Status", "Control ID", "Issue ID"];

fn recognises(probe: &Probe) -> bool {
    probe.has_columns(COLUMNS) && probe.has_columns(&["Wiz URL", "Resource Type"])
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let table = Table::parse("CSV export of Wiz", bytes)?;
    table.require(COLUMNS)?;
    let findings = table.rows().map(finding).collect();
    Ok(Report { looked_for: vec![FindingKind::Misconfiguration], ..report("wiz", None, findings) })
}

fn finding(row: Row<'_>) -> Finding {
    let rule = row.stated("Control ID").unwrap_or_default();
    let word = row.stated("Severity");
    let is_false = row.get("Resolution").is_some_and(|word| word.to_uppercase().contains("FALSE_POSITIVE"));
    let status = match row.get("Status") {
        Some("RESOLVED") if is_false => FindingStatus::FalsePositive,
        Some("RESOLVED") => FindingStatus::Fixed,
        Some("REJECTED") => FindingStatus::Suppressed,
        _ => FindingStatus::Open,
    };
    let resource = row.stated("Resource external ID").or_else(|| row.stated("Resource Name"));
    let issue = row.get("Issue ID").unwrap_or_default();
    Finding {
        description: row.stated("Description").map(text::capped),
        severity: word.as_deref().map(|word| severity::of_word("wiz", word)).unwrap_or_default(),
        severity_word: word,
        location: resource.clone().map(|path| Location { path, ..Location::default() }),
        remediation: row.stated("Remediation Recommendation").map(text::capped),
        references: row.stated("Wiz URL").into_iter().collect(),
        status,
        identity: if issue.is_empty() {
            identity::of_parts(&rule, &[resource.as_deref().unwrap_or_default()])
        } else {
            identity::of_fingerprint("wiz", issue)
        },
        ..Finding::new(
            FindingKind::Misconfiguration,
            rule.clone(),
            row.get("Title").and_then(text::title).unwrap_or(rule),
        )
    }
}
