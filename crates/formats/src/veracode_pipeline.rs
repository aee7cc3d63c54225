//! Results of Veracode's Pipeline Scan in JSON.

use crate::json::{self, List, Said, or_empty, said};
use crate::veracode::{self, TOOL};
use crate::{Format, Probe, ReadError, identity, text, weakness};
use serde::Deserialize;
use shipworthy_model::{Finding, FindingKind, Location, Phase, Report, Warning};

pub(crate) static FORMAT: Format = Format {
    name: "veracode-pipeline",
    title: "Veracode Pipeline Scan results",
    homepage: "https://docs.veracode.com/r/r_pipeline_scan_output",
    phase: Phase::Source,
    tool: TOOL,
    reads: "`results.json`, `filtered_results.json` and baseline files of the Pipeline Scan",
    identifies: "Veracode's hashes of flaw and procedure, else CWE, file and function",
    severities: TOOL,
    marks: &["pipeline_scan", "scan_id", "scan_status", "modules", "findings"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let is_pipeline = |members: &crate::Members| members.has("pipeline_scan") || members.has("scan_status");
    probe.object().is_some_and(|members| members.has("findings") && members.has("scan_id") && is_pipeline(members))
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
struct Document<'a> {
    pipeline_scan: Said<'a>,
    scan_status: Said<'a>,
    message: Said<'a>,
    findings: Option<List<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"), expecting = "a finding")]
struct Item<'a> {
    title: Said<'a>,
    severity: Said<'a>,
    issue_type: Said<'a>,
    cwe_id: Said<'a>,
    display_text: Said<'a>,
    files: Files<'a>,
    flaw_match: Option<FlawMatch<'a>>,
    flaw_details_link: Said<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"), expecting = "an object with `source_file`")]
struct Files<'a> {
    source_file: SourceFile<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"), expecting = "a file")]
struct SourceFile<'a> {
    file: Said<'a>,
    line: Option<i64>,
    qualified_function_name: Said<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"), expecting = "hashes")]
struct FlawMatch<'a> {
    procedure_hash: Said<'a>,
    flaw_hash: Said<'a>,
    flaw_hash_ordinal: Said<'a>,
    cause_hash: Said<'a>,
    cause_hash_ordinal: Said<'a>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let Some(list) = &document.findings else {
        return Err(ReadError::lacks("Veracode Pipeline Scan report", "/findings", "expected a list, found none"));
    };
    let mut warnings = Vec::new();
    if let Some(status) = said(&document.scan_status).filter(|status| status != "SUCCESS") {
        let message = format!("the scan ended with {status}: {}", or_empty(&document.message));
        warnings.push(Warning { at: "/scan_status".to_owned(), message });
    }
    let items = json::parts::<Item<'_>>(list, "/findings", &mut warnings);
    Ok(Report {
        tool: Some(veracode::tool(said(&document.pipeline_scan))),
        findings: Some(items.iter().map(|(_, item)| finding(item)).collect()),
        looked_for: vec![FindingKind::Code],
        warnings,
        ..Report::default()
    })
}

fn finding(item: &Item<'_>) -> Finding {
    let cwes = weakness::numbers(or_empty(&item.cwe_id));
    let title = said(&item.issue_type).or_else(|| said(&item.title)).unwrap_or_default();
    let rule = cwes.first().map_or_else(|| title.clone(), |cwe| format!("CWE-{cwe}"));
    let (severity, severity_word) = veracode::rated(item.severity.as_deref());
    let file = &item.files.source_file;
    let path = or_empty(&file.file);
    let line = file.line.and_then(|line| u32::try_from(line).ok()).filter(|line| *line > 0);
    let function = or_empty(&file.qualified_function_name);
    let by_hash = item.flaw_match.as_ref().and_then(|hashes| {
        let parts = [
            said(&hashes.procedure_hash)?,
            said(&hashes.flaw_hash)?,
            said(&hashes.flaw_hash_ordinal).unwrap_or_default(),
            said(&hashes.cause_hash).unwrap_or_default(),
            said(&hashes.cause_hash_ordinal).unwrap_or_default(),
        ];
        Some(identity::of_parts(&rule, &[path, &parts.join("-")]))
    });
    let description = said(&item.display_text);
    Finding {
        severity,
        severity_word,
        cwes,
        references: description
            .iter()
            .flat_map(|text| text::addresses(text))
            .chain(said(&item.flaw_details_link))
            .collect(),
        description: description.map(|description| text::capped(text::plain(&description))),
        location: Some(Location { path: path.to_owned(), line, end_line: None }).filter(|place| !place.path.is_empty()),
        identity: by_hash.unwrap_or_else(|| identity::of_parts(&rule, &[path, function, or_empty(&item.title)])),
        ..Finding::new(FindingKind::Code, rule, title)
    }
}
