//! Submissions to a programme of Bugcrowd, in the CSV of its export. Who sent them is not kept.

use crate::table::{Row, Table};
use crate::web::{self, Place};
use crate::{Format, Probe, ReadError, identity, text};
use shipworthy_model::{Finding, FindingKind, FindingStatus, Phase, Report, Tool};

pub(crate) static FORMAT: Format = Format {
    name: "bugcrowd-csv",
    title: "Bugcrowd submissions in CSV",
    homepage: "https://docs.bugcrowd.com/customers/submission-management/exporting-submissions/",
    phase: Phase::Deploy,
    tool: "bugcrowd",
    reads: "the export of submissions",
    identifies: "Bugcrowd's number of the submission",
    severities: "bugcrowd",
    marks: &["reference_number", "vrt_lineage"],
    recognises,
    read,
};

const COLUMNS: &[&str] = &["reference_number", "title", "priority", "vrt_lineage", "substate", "bug_url"];

fn recognises(probe: &Probe) -> bool {
    probe.has_columns(COLUMNS)
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let table = Table::parse("CSV export of Bugcrowd", bytes)?;
    table.require(COLUMNS)?;
    Ok(Report {
        tool: Some(Tool { name: "bugcrowd".to_owned(), version: None }),
        findings: Some(table.rows().filter_map(finding).collect()),
        looked_for: vec![FindingKind::Dynamic],
        ..Report::default()
    })
}

fn finding(row: Row<'_>) -> Option<Finding> {
    let title = row.get("title").or(row.get("caption"))?;
    let rule = row.get("vrt_lineage").unwrap_or("submission");
    let seen = web::finding(rule, title, Place::of(row.get("bug_url").unwrap_or_default()));
    let (severity, word) = web::rated("bugcrowd", row.get("priority"));
    Some(Finding {
        severity,
        severity_word: word.map(|priority| format!("P{priority}")),
        description: row.stated("description").map(text::capped),
        remediation: row.stated("remediation_advice").map(text::capped),
        references: row.get("vulnerability_references").map(text::addresses).unwrap_or_default(),
        status: status(row.get("substate").unwrap_or_default()),
        identity: row
            .get("reference_number")
            .map_or_else(|| seen.identity.clone(), |id| identity::of_fingerprint("bugcrowd", id)),
        title: text::title(title).unwrap_or_else(|| title.to_owned()),
        ..seen
    })
}

/// <https://docs.bugcrowd.com/customers/submission-management/submission-states/>
fn status(substate: &str) -> FindingStatus {
    match substate {
        "resolved" => FindingStatus::Fixed,
        "not_applicable" | "not_reproducible" => FindingStatus::FalsePositive,
        "informational" | "out_of_scope" | "wont_fix" => FindingStatus::Suppressed,
        _ => FindingStatus::Open,
    }
}
