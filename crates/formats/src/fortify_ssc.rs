//! Issues of an application version, as the API of Fortify Software Security Center answers them.

use crate::json::{self, List, Said, or_empty, said};
use crate::{Format, Probe, ReadError, identity, web};
use serde::Deserialize;
use shipworthy_model::{Finding, FindingKind, FindingStatus, Location, Phase, Report, Tool, Warning};

/// The API documents itself on every server, at `/html/docs/api-reference`.
pub(crate) static FORMAT: Format = Format {
    name: "fortify-ssc",
    title: "Fortify SSC issues",
    homepage: "https://www.microfocus.com/documentation/fortify-software-security-center/",
    phase: Phase::Source,
    tool: "fortify",
    reads: "the answer of `projectVersions/{id}/issues`, and the JSON that the Jenkins plug-in makes of it",
    identifies: "Fortify's instance id, else category and file",
    severities: "fortify",
    marks: &["data", "count", "responseCode"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| members.has("data")) && probe.has_all(&["data.issueName", "data.friority"])
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
struct Document<'a> {
    data: List<'a>,
    count: Option<u64>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"), expecting = "an issue")]
struct Issue<'a> {
    issue_instance_id: Said<'a>,
    issue_name: Said<'a>,
    friority: Said<'a>,
    primary_location: Option<Place<'a>>,
    line_number: Option<i64>,
    full_file_name: Said<'a>,
    primary_rule_guid: Said<'a>,
    primary_tag: Said<'a>,
    engine_type: Said<'a>,
    suppressed: bool,
    removed: bool,
}

/// The place of an issue: a path, or an object with path and line.
#[derive(Deserialize)]
#[serde(untagged, bound(deserialize = "'de: 'a"))]
enum Place<'a> {
    Whole(Whole<'a>),
    Path(String),
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
struct Whole<'a> {
    full_file_name: Option<std::borrow::Cow<'a, str>>,
    line: Option<i64>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let mut warnings = Vec::new();
    let issues = json::parts::<Issue<'_>>(&document.data, "/data", &mut warnings);
    let findings = issues.iter().map(|(_, issue)| finding(issue)).collect();
    let sent = document.data.items.len() as u64;
    if let Some(total) = document.count.filter(|total| *total > sent) {
        let message = format!("the server has {total}, this document holds {sent}: send the other pages too");
        warnings.push(Warning { at: "/count".to_owned(), message });
    }
    Ok(Report {
        tool: Some(Tool { name: "fortify".to_owned(), version: None }),
        findings: Some(findings),
        looked_for: vec![FindingKind::Code],
        warnings,
        ..Report::default()
    })
}

fn finding(issue: &Issue<'_>) -> Finding {
    let name = or_empty(&issue.issue_name);
    let rule = said(&issue.primary_rule_guid).unwrap_or_else(|| name.to_owned());
    let (severity, severity_word) = web::rated("fortify", issue.friority.as_deref());
    let (path, line) = match &issue.primary_location {
        Some(Place::Whole(place)) => (place.full_file_name.as_deref().unwrap_or_default(), place.line),
        Some(Place::Path(path)) => (path.as_str(), issue.line_number),
        None => ("", issue.line_number),
    };
    let path = said(&issue.full_file_name).unwrap_or_else(|| path.to_owned());
    let line = line.and_then(|line| u32::try_from(line).ok()).filter(|line| *line > 0);
    // Results of WebInspect are in the same list.
    let is_dynamic = or_empty(&issue.engine_type).eq_ignore_ascii_case("WEBINSPECT");
    let kind = if is_dynamic { FindingKind::Dynamic } else { FindingKind::Code };
    Finding {
        severity,
        severity_word,
        status: match (issue.removed, issue.suppressed) {
            (true, _) => FindingStatus::Fixed,
            (false, _) if or_empty(&issue.primary_tag) == "Not an Issue" => FindingStatus::FalsePositive,
            (false, true) => FindingStatus::Suppressed,
            (false, false) => FindingStatus::Open,
        },
        identity: match said(&issue.issue_instance_id) {
            Some(instance) => identity::of_fingerprint("fortify", &instance),
            None => identity::of_parts(&rule, &[&path]),
        },
        location: Some(Location { path: path.trim_start_matches('/').to_owned(), line, end_line: None })
            .filter(|location| !location.path.is_empty()),
        ..Finding::new(kind, rule, name)
    }
}
