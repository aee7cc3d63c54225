//! A completed scan of StackHawk, as its webhook sends it.

use crate::json::{self, List, Said, or_empty, said};
use crate::{Format, Probe, ReadError, identity, moment, web};
use serde::Deserialize;
use shipworthy_model::{Finding, FindingKind, FindingStatus, Location, Phase, Report, Tool};

pub(crate) static FORMAT: Format = Format {
    name: "stackhawk",
    title: "StackHawk scan",
    homepage: "https://docs.stackhawk.com/workflow-integrations/webhook.html",
    phase: Phase::Artifact,
    tool: "stackhawk",
    reads: "the event `scanCompleted` of the webhook",
    identifies: "the plug-in and the host, as StackHawk counts findings; its paths are listed in the finding",
    severities: "stackhawk",
    marks: &["scanCompleted", "service"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| members.has("scanCompleted")) && probe.value("service") == Some("StackHawk")
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
struct Document<'a> {
    scan_completed: Option<Completed<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"), expecting = "a completed scan")]
struct Completed<'a> {
    scan: Scan<'a>,
    findings: List<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"), expecting = "a scan")]
struct Scan<'a> {
    hawkscan_version: Said<'a>,
    started_timestamp: Said<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"), expecting = "a finding")]
struct Item<'a> {
    plugin_id: Said<'a>,
    plugin_name: Said<'a>,
    severity: Said<'a>,
    host: Said<'a>,
    paths: Option<Vec<PathOf<'a>>>,
    category: Said<'a>,
    #[serde(rename = "findingURL")]
    url: Said<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"), expecting = "a path")]
struct PathOf<'a> {
    path: Said<'a>,
    method: Said<'a>,
    status: Said<'a>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let Some(completed) = &document.scan_completed else {
        return Err(ReadError::lacks("StackHawk scan", "/scanCompleted", "expected a completed scan, found none"));
    };
    let mut warnings = Vec::new();
    let items = json::parts::<Item<'_>>(&completed.findings, "/scanCompleted/findings", &mut warnings);
    Ok(Report {
        tool: Some(Tool { name: "stackhawk".to_owned(), version: said(&completed.scan.hawkscan_version) }),
        created_at: said(&completed.scan.started_timestamp).and_then(|started| moment::stated(&started)),
        findings: Some(items.iter().map(|(_, item)| finding(item)).collect()),
        looked_for: vec![FindingKind::Dynamic],
        warnings,
        ..Report::default()
    })
}

fn finding(item: &Item<'_>) -> Finding {
    let host = or_empty(&item.host);
    let rule = or_empty(&item.plugin_id);
    let paths = || item.paths.iter().flatten();
    let urls: Vec<_> = paths().map(|path| web::joined(host, or_empty(&path.path))).collect();
    let places = urls.iter().zip(paths());
    let places: Vec<_> =
        places.map(|(url, path)| web::Place { url, parameter: "", method: or_empty(&path.method) }).collect();
    let (path, seen) = web::spread(&places, host);
    let (severity, severity_word) = web::rated("stackhawk", item.severity.as_deref());
    let description = [said(&item.category), Some(seen).filter(|seen| !seen.is_empty())];
    Finding {
        severity,
        severity_word,
        description: Some(description.into_iter().flatten().collect::<Vec<_>>().join("\n")),
        references: said(&item.url).into_iter().collect(),
        location: Some(Location { path, ..Location::default() }).filter(|location| !location.path.is_empty()),
        status: status(item),
        identity: identity::of_parts(rule, &[&web::address(host)]),
        ..Finding::new(FindingKind::Dynamic, rule, or_empty(&item.plugin_name))
    }
}

/// A finding is judged only where each of its paths is.
fn status(item: &Item<'_>) -> FindingStatus {
    let all = |words: &[&str]| {
        item.paths.iter().flatten().count() > 0
            && item.paths.iter().flatten().all(|path| words.contains(&or_empty(&path.status)))
    };
    if all(&["FALSE_POSITIVE"]) {
        FindingStatus::FalsePositive
    } else if all(&["FALSE_POSITIVE", "RISK_ACCEPTED"]) {
        FindingStatus::Suppressed
    } else {
        FindingStatus::Open
    }
}
