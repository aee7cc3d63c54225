//! Issues of a view of Coverity Connect, as its API `viewContents` answers them.

use crate::json::{self, List, Said, or_empty, said};
use crate::{Format, Probe, ReadError, identity, weakness, web};
use serde::Deserialize;
use shipworthy_model::{Finding, FindingKind, FindingStatus, Location, Phase, Report, Tool, Warning};

pub(crate) static FORMAT: Format = Format {
    name: "coverity-view",
    title: "Coverity issues of a view",
    homepage: "https://documentation.blackduck.com/bundle/coverity-docs/page/webservices-ref/topics/c_views_service.html",
    phase: Phase::Source,
    tool: "coverity",
    reads: "`viewContentsV1` of the views service, whichever columns the view has",
    identifies: "Coverity's CID, which stays when code moves",
    severities: "coverity",
    marks: &["viewContentsV1"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| members.has("viewContentsV1"))
}

#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'a"))]
struct Document<'a> {
    #[serde(rename = "viewContentsV1")]
    contents: Contents<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"), expecting = "contents of a view")]
struct Contents<'a> {
    total_rows: u64,
    rows: List<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"), expecting = "an issue")]
struct Issue<'a> {
    cid: Said<'a>,
    display_type: Said<'a>,
    display_impact: Said<'a>,
    status: Said<'a>,
    classification: Said<'a>,
    action: Said<'a>,
    display_category: Said<'a>,
    display_file: Said<'a>,
    line_number: Option<u32>,
    display_function: Said<'a>,
    display_issue_kind: Said<'a>,
    checker: Said<'a>,
    cwe: Said<'a>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let contents = &document.contents;
    let mut warnings = Vec::new();
    let issues = json::parts::<Issue<'_>>(&contents.rows, "/viewContentsV1/rows", &mut warnings);
    let findings = issues.iter().map(|(_, issue)| finding(issue)).collect();
    let sent = contents.rows.items.len() as u64;
    if contents.total_rows > sent {
        let total = contents.total_rows;
        let message = format!("the view has {total}, this document holds {sent}: send the other pages too");
        warnings.push(Warning { at: "/viewContentsV1/totalRows".to_owned(), message });
    }
    Ok(Report {
        tool: Some(Tool { name: "coverity".to_owned(), version: None }),
        findings: Some(findings),
        looked_for: vec![FindingKind::Code, FindingKind::Quality],
        warnings,
        ..Report::default()
    })
}

fn finding(issue: &Issue<'_>) -> Finding {
    let title = said(&issue.display_type).unwrap_or_default();
    let rule = said(&issue.checker).unwrap_or_else(|| title.clone());
    let (severity, severity_word) = web::rated("coverity", issue.display_impact.as_deref());
    // `Quality`, `Security`, `Various` (both) or `Test`.
    let kind = match or_empty(&issue.display_issue_kind) {
        "Quality" | "Test" => FindingKind::Quality,
        _ => FindingKind::Code,
    };
    let path = or_empty(&issue.display_file);
    Finding {
        severity,
        severity_word,
        cwes: weakness::numbers(or_empty(&issue.cwe)),
        description: said(&issue.display_category).map(|category| match said(&issue.display_function) {
            Some(function) => format!("{category} in {function}"),
            None => category,
        }),
        location: Some(Location {
            path: path.trim_start_matches('/').to_owned(),
            line: issue.line_number,
            end_line: None,
        })
        .filter(|location| !location.path.is_empty()),
        status: status(issue),
        identity: match said(&issue.cid) {
            Some(cid) => identity::of_fingerprint("coverity", &cid),
            None => identity::of_parts(&rule, &[path, or_empty(&issue.display_function)]),
        },
        ..Finding::new(kind, rule, title)
    }
}

/// `Dismissed` is what Coverity calls an issue that somebody classified as false or intentional.
fn status(issue: &Issue<'_>) -> FindingStatus {
    match (or_empty(&issue.classification), or_empty(&issue.status)) {
        ("False Positive", _) => FindingStatus::FalsePositive,
        (_, "Fixed" | "Absent Dismissed") => FindingStatus::Fixed,
        ("Intentional", _) | (_, "Dismissed") => FindingStatus::Suppressed,
        _ if or_empty(&issue.action) == "Ignore" => FindingStatus::Suppressed,
        _ => FindingStatus::Open,
    }
}
