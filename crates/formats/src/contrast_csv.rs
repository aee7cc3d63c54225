//! Vulnerabilities that Contrast Assess saw while the application ran, as its pages export them in CSV.

use crate::table::{Row, Table};
use crate::{Format, Probe, ReadError, identity, moment, weakness, web};
use shipworthy_model::{Finding, FindingKind, FindingStatus, Phase, Report, Tool};
use std::collections::HashMap;

pub(crate) static FORMAT: Format = Format {
    name: "contrast-csv",
    title: "Contrast vulnerabilities in CSV",
    homepage: "https://docs.contrastsecurity.com/en/export-vulnerability-details.html",
    phase: Phase::Artifact,
    tool: "contrast",
    reads: "exports of the list of vulnerabilities, a row for each request",
    identifies: "Contrast's id of the vulnerability; rows of one id are one finding, at the place of the first",
    severities: "contrast",
    marks: &["Vulnerability Name"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.has_columns(&["Vulnerability Name", "Vulnerability ID", "Rule Name", "Application ID"])
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let table = Table::parse("CSV report of Contrast", bytes)?;
    table.require(&["Vulnerability Name", "Rule Name"])?;
    let mut findings: Vec<Finding> = Vec::new();
    let mut by_id: HashMap<&str, usize> = HashMap::new();
    let mut last_seen = None;
    for row in table.rows() {
        last_seen = last_seen.max(row.get("Last Seen").and_then(moment::of_milliseconds));
        let id = row.get("Vulnerability ID").unwrap_or_default();
        let known = by_id.get(id).filter(|_| !id.is_empty()).and_then(|position| findings.get_mut(*position));
        if let Some(known) = known {
            let also = place(row).map_or_else(String::new, |place| format!("\nalso at {place}"));
            known.description.get_or_insert_default().push_str(&also);
            continue;
        }
        by_id.insert(id, findings.len());
        findings.push(finding(row));
    }
    Ok(Report {
        tool: Some(Tool { name: "contrast".to_owned(), version: None }),
        created_at: last_seen,
        findings: Some(findings),
        looked_for: vec![FindingKind::Dynamic],
        ..Report::default()
    })
}

/// Method and path of the request. The host is not in the export.
fn place(row: Row<'_>) -> Option<String> {
    let uri = row.get("Request URI")?;
    Some(row.get("Request Method").map_or_else(|| uri.to_owned(), |method| format!("{method} {uri}")))
}

fn finding(row: Row<'_>) -> Finding {
    let rule = row.get("Rule Name").unwrap_or_default();
    let title = row.get("Vulnerability Name").unwrap_or(rule);
    let (severity, severity_word) = web::rated("contrast", row.get("Severity"));
    let method = row.get("Request Method").unwrap_or_default();
    let seen = web::finding(
        rule,
        title,
        web::Place { url: row.get("Request URI").unwrap_or_default(), parameter: "", method },
    );
    Finding {
        severity,
        severity_word,
        cwes: row.get("CWE ID").map(weakness::numbers).unwrap_or_default(),
        references: row.stated("CWE ID").filter(|cwe| cwe.starts_with("https://")).into_iter().collect(),
        description: place(row).map(|place| format!("at {place}")),
        status: match row.get("Status").unwrap_or_default() {
            "NotAProblem" | "Not a Problem" => FindingStatus::FalsePositive,
            "Remediated" | "Fixed" | "Remediated - Auto-Verified" | "AutoRemediated" => FindingStatus::Fixed,
            _ => FindingStatus::Open,
        },
        identity: match row.get("Vulnerability ID") {
            Some(id) => identity::of_fingerprint("contrast", id),
            None => seen.identity,
        },
        ..web::finding(
            rule,
            title,
            web::Place { url: row.get("Request URI").unwrap_or_default(), parameter: "", method },
        )
    }
}
