//! Issues of a scan, as the GraphQL API of Burp Suite DAST (formerly Enterprise Edition) answers them.

use crate::burp::{self, IDENTIFIES, Issue, TOOL};
use crate::json::{self, List, Said, or_empty};
use crate::{Format, Probe, ReadError};
use serde::Deserialize;
use shipworthy_model::{FindingKind, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "burp-graphql",
    title: "Burp Suite DAST issues of the GraphQL API",
    homepage: "https://portswigger.net/burp/extensibility/dast/graphql-api",
    phase: Phase::Artifact,
    tool: TOOL,
    reads: "`issues` of a scan in the answer, and lists of them called `Issues`",
    identifies: IDENTIFIES,
    severities: TOOL,
    marks: &["Issues", "data"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let of_answer = probe.has_all(&["data.scan.issues.issue_type", "data.scan.issues.origin"]);
    probe.object().is_some_and(|members| {
        let is_list = members.has_only("Issues");
        of_answer || is_list && (probe.has("Issues.issue_type") || probe.size_bytes < 64)
    })
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
struct Document<'a> {
    #[serde(rename = "Issues")]
    issues: Option<List<'a>>,
    data: Data<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"), expecting = "an object with `scan`")]
struct Data<'a> {
    scan: Scan<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"), expecting = "a scan")]
struct Scan<'a> {
    issues: Option<List<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"), expecting = "an issue")]
struct Item<'a> {
    issue_type: Type<'a>,
    description_html: Said<'a>,
    remediation_html: Said<'a>,
    severity: Said<'a>,
    confidence: Said<'a>,
    path: Said<'a>,
    origin: Said<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"), expecting = "a type of issue")]
struct Type<'a> {
    type_index: Said<'a>,
    name: Said<'a>,
    description_html: Said<'a>,
    remediation_html: Said<'a>,
    vulnerability_classifications_html: Said<'a>,
    references_html: Said<'a>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let (list, at) = match (&document.issues, &document.data.scan.issues) {
        (Some(list), _) => (list, "/Issues"),
        (None, Some(list)) => (list, "/data/scan/issues"),
        (None, None) => {
            return Err(ReadError::lacks("Burp Suite scan", "/Issues", "expected a list of issues, found none"));
        }
    };
    let mut warnings = Vec::new();
    let mut findings = Vec::new();
    for (_, item) in json::parts::<Item<'_>>(list, at, &mut warnings) {
        let of_type = &item.issue_type;
        let issue = Issue {
            kind: or_empty(&of_type.type_index),
            name: or_empty(&of_type.name),
            origin: or_empty(&item.origin),
            path: or_empty(&item.path),
            location: "",
            severity: item.severity.as_deref(),
            confidence: item.confidence.as_deref(),
            descriptions: [item.description_html.as_deref(), of_type.description_html.as_deref()],
            remediations: [item.remediation_html.as_deref(), of_type.remediation_html.as_deref()],
            references: of_type.references_html.as_deref(),
            classifications: of_type.vulnerability_classifications_html.as_deref(),
        };
        findings.push(issue.finding());
    }
    Ok(Report {
        tool: Some(burp::tool(None)),
        findings: Some(findings),
        looked_for: vec![FindingKind::Dynamic],
        warnings,
        ..Report::default()
    })
}
