//! Issues of a scan, as the REST API of Burp Suite answers them.

use crate::burp::{self, IDENTIFIES, Issue, TOOL};
use crate::json::{self, List, Said, or_empty};
use crate::{Format, Probe, ReadError};
use serde::Deserialize;
use shipworthy_model::{FindingKind, Phase, Report, Warning};

pub(crate) static FORMAT: Format = Format {
    name: "burp-api",
    title: "Burp Suite scan of the REST API",
    homepage: "https://portswigger.net/burp/documentation/desktop/settings/suite/rest-api",
    phase: Phase::Artifact,
    tool: TOOL,
    reads: "the answer of `v0.1/scan/{id}` with its `issue_events`",
    identifies: IDENTIFIES,
    severities: TOOL,
    marks: &["issue_events", "scan_metrics", "scan_status", "task_id"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| members.has("issue_events") && members.has("scan_metrics"))
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
struct Document<'a> {
    scan_status: Said<'a>,
    issue_events: Option<List<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"), expecting = "an event")]
struct Event<'a> {
    issue: Option<Item<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"), expecting = "an issue")]
struct Item<'a> {
    name: Said<'a>,
    type_index: Said<'a>,
    origin: Said<'a>,
    path: Said<'a>,
    caption: Said<'a>,
    severity: Said<'a>,
    confidence: Said<'a>,
    description: Said<'a>,
    issue_background: Said<'a>,
    remediation: Said<'a>,
    remediation_background: Said<'a>,
    references: Said<'a>,
    vulnerability_classifications: Said<'a>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let Some(events) = &document.issue_events else {
        return Err(ReadError::lacks("Burp Suite scan", "/issue_events", "expected a list of events, found none"));
    };
    let mut warnings = Vec::new();
    let mut findings = Vec::new();
    for (_, event) in json::parts::<Event<'_>>(events, "/issue_events", &mut warnings) {
        let Some(item) = event.issue else { continue };
        let issue = Issue {
            kind: or_empty(&item.type_index),
            name: or_empty(&item.name),
            origin: or_empty(&item.origin),
            path: or_empty(&item.path),
            location: or_empty(&item.caption),
            severity: item.severity.as_deref(),
            confidence: item.confidence.as_deref(),
            descriptions: [item.description.as_deref(), item.issue_background.as_deref()],
            remediations: [item.remediation.as_deref(), item.remediation_background.as_deref()],
            references: item.references.as_deref(),
            classifications: item.vulnerability_classifications.as_deref(),
        };
        findings.push(issue.finding());
    }
    let status = or_empty(&document.scan_status);
    if !status.is_empty() && status != "succeeded" {
        let message = format!("the scan was not finished: `{status}`");
        warnings.push(Warning { at: "/scan_status".to_owned(), message });
    }
    Ok(Report {
        tool: Some(burp::tool(None)),
        findings: Some(findings),
        looked_for: vec![FindingKind::Dynamic],
        warnings,
        ..Report::default()
    })
}
