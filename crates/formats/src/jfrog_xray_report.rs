//! Vulnerability reports of JFrog Xray: the rows of a report, and the list that older versions exported.

use crate::jfrog::{self, Cve, Issue};
use crate::json::{self, At, List, Odd, Text, stated};
use crate::{Format, Probe, ReadError, subjects};
use serde::Deserialize;
use shipworthy_model::{Finding, FindingKind, Location, Phase, Report, Tool, Warning};

pub(crate) static FORMAT: Format = Format {
    name: "jfrog-xray-report",
    title: "JFrog Xray vulnerability report",
    homepage: "https://jfrog.com/help/r/xray-rest-apis/get-vulnerabilities-report-content",
    phase: Phase::Artifact,
    tool: "jfrog-xray",
    reads: "the rows of a vulnerability report (Xray 3), and the list with `data` and `total_count` of Xray 2",
    identifies: "vulnerability and component",
    severities: "jfrog",
    marks: &["rows", "total_rows", "data", "total_count"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| {
        let is_report = members.has_all(&["rows", "total_rows"])
            && (probe.has("rows.vulnerable_component") || members.value("total_rows") == Some("0"));
        is_report || (members.has_all(&["data", "total_count"]) && probe.has("data.source_comp_id"))
    })
}

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow)]
    rows: Option<List<'a>>,
    #[serde(borrow, default)]
    data: List<'a>,
    #[serde(alias = "total_count")]
    total_rows: Option<u64>,
}

#[derive(Deserialize)]
struct Row<'a> {
    #[serde(borrow, default)]
    cves: Odd<Vec<Cve<'a>>>,
    #[serde(borrow)]
    issue_id: Option<Text<'a>>,
    #[serde(borrow)]
    summary: Option<Text<'a>>,
    #[serde(borrow)]
    description: Option<Text<'a>>,
    #[serde(borrow)]
    severity: Option<Text<'a>>,
    #[serde(borrow)]
    vulnerable_component: Option<Text<'a>>,
    #[serde(borrow)]
    path: Option<Text<'a>>,
    #[serde(borrow, default)]
    fixed_versions: Odd<Vec<Text<'a>>>,
    #[serde(borrow, default)]
    references: Odd<Vec<Text<'a>>>,
    #[serde(borrow)]
    artifact_scan_time: Option<Text<'a>>,
    #[serde(borrow)]
    impacted_artifact: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Old<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
    #[serde(borrow)]
    summary: Option<Text<'a>>,
    #[serde(borrow)]
    severity: Option<Text<'a>>,
    #[serde(borrow)]
    source_comp_id: Option<Text<'a>>,
    #[serde(borrow, default)]
    component_versions: Odd<Versions<'a>>,
}

#[derive(Default, Deserialize)]
struct Versions<'a> {
    #[serde(borrow, default)]
    fixed_versions: Odd<Vec<Text<'a>>>,
    #[serde(borrow, default)]
    more_details: Odd<Details<'a>>,
}

#[derive(Default, Deserialize)]
struct Details<'a> {
    #[serde(borrow, default)]
    cves: Odd<Vec<Cve<'a>>>,
    #[serde(borrow)]
    description: Option<Text<'a>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let mut report = Report { looked_for: vec![FindingKind::Vulnerability], ..Report::default() };
    report.tool = Some(Tool { name: "jfrog-xray".to_owned(), version: None });
    let (at, list) = match &document.rows {
        Some(rows) => ("rows", rows),
        None => ("data", &document.data),
    };
    let mut findings = Vec::new();
    let at_root = At::Root;
    let at_list = at_root.key(at);
    let items = list.items(at_list, &mut report.warnings).to_vec();
    for (index, raw) in items.iter().enumerate() {
        let at = at_list.index(index);
        let finding = if document.rows.is_some() { row(raw, &at, &mut report) } else { old(raw, &at, &mut report) };
        findings.extend(finding);
    }
    if document.total_rows.is_some_and(|total| total > items.len() as u64) {
        let total = document.total_rows.unwrap_or_default();
        let message = format!("this is a page of the report: {} of {total} rows", items.len());
        report.warnings.push(Warning { at: at_list.to_string(), message });
    }
    report.findings = Some(findings);
    Ok(report)
}

fn row(raw: &serde_json::value::RawValue, at: &At<'_>, report: &mut Report) -> Option<Finding> {
    let row: Row<'_> = json::part(raw, at, &mut report.warnings)?;
    let warnings = &mut report.warnings;
    let references = row.references.get(at.key("references"), warnings).into_iter().flatten();
    let issue = Issue {
        id: stated(row.issue_id.as_ref()),
        summary: stated(row.summary.as_ref()),
        description: stated(row.description.as_ref()),
        severity_word: stated(row.severity.as_ref()),
        references: references.filter_map(Text::stated).collect(),
        remediation: None,
    };
    let cves = row.cves.get(at.key("cves"), warnings).map_or(&[][..], Vec::as_slice);
    let fixed = row.fixed_versions.get(at.key("fixed_versions"), warnings).into_iter().flatten();
    let fixed_versions = fixed.filter_map(|version| jfrog::fixed_version(version)).collect();
    report.created_at = report.created_at.take().or_else(|| utc(row.artifact_scan_time.as_deref()?));
    if let Some(artifact) = &row.impacted_artifact {
        subjects::add_artifact(&mut report.subjects, artifact);
    }
    let component = stated(row.vulnerable_component.as_ref()).map(|id| jfrog::component(&id));
    let location = stated(row.path.as_ref()).map(|path| Location { path, ..Location::default() });
    Some(Finding { fixed_versions, location, ..issue.vulnerability(cves, component) })
}

fn old(raw: &serde_json::value::RawValue, at: &At<'_>, report: &mut Report) -> Option<Finding> {
    let item: Old<'_> = json::part(raw, at, &mut report.warnings)?;
    let warnings = &mut report.warnings;
    let empty = Versions::default();
    let versions = item.component_versions.get(at.key("component_versions"), warnings).unwrap_or(&empty);
    let details = versions.more_details.0.as_ref().ok();
    let issue = Issue {
        id: stated(item.id.as_ref()),
        summary: stated(item.summary.as_ref()),
        description: details.and_then(|details| stated(details.description.as_ref())),
        severity_word: stated(item.severity.as_ref()),
        ..Issue::default()
    };
    let cves = details.and_then(|details| details.cves.0.as_ref().ok()).map_or(&[][..], Vec::as_slice);
    let fixed = versions.fixed_versions.0.iter().flatten();
    let fixed_versions = fixed.filter_map(|version| jfrog::fixed_version(version)).collect();
    let component = stated(item.source_comp_id.as_ref()).map(|id| jfrog::component(&id));
    Some(Finding { fixed_versions, ..issue.vulnerability(cves, component) })
}

fn utc(time: &str) -> Option<String> {
    time.trim().parse::<jiff::Timestamp>().ok().map(|instant| instant.to_string())
}
