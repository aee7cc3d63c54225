//! Issues as the web API of AppScan on Cloud and AppScan 360° lists them.

use crate::hcl_appscan::{kind, status};
use crate::json::{self, At, List, Text, stated};
use crate::{Format, Probe, ReadError, identity, ratings, severity, text};
use serde::Deserialize;
use shipworthy_model::{ComponentRef, Finding, FindingKind, Location, Phase, Report, Tool, Warning};

pub(crate) static FORMAT: Format = Format {
    name: "hcl-appscan-issues",
    title: "HCL AppScan on Cloud issues",
    homepage: "https://help.hcl-software.com/appscan/ASoC/appseccloud_rest_apis.html",
    phase: Phase::Source,
    tool: "hcl-appscan",
    reads: "the lists of `Issues` of version 4 of the API, with whichever fields were selected",
    identifies: "the issue's id",
    severities: "hcl-appscan",
    marks: &["Items", "Count"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let has = |name: &str| probe.has(&format!("Items.{name}"));
    let names_issue = ["IssueType", "IssueTypeId", "DiscoveryMethod", "FixGroupId"].iter().any(|name| has(name));
    probe.object().is_some_and(|members| members.has("Items")) && has("Severity") && has("Status") && names_issue
}

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow, rename = "Items")]
    items: List<'a>,
    #[serde(rename = "Count")]
    count: Option<u64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Item<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
    #[serde(borrow)]
    issue_type: Option<Text<'a>>,
    #[serde(borrow)]
    issue_type_id: Option<Text<'a>>,
    #[serde(borrow)]
    severity: Option<Text<'a>>,
    #[serde(borrow)]
    status: Option<Text<'a>>,
    #[serde(borrow)]
    discovery_method: Option<Text<'a>>,
    #[serde(borrow)]
    technology: Option<Text<'a>>,
    #[serde(borrow)]
    location: Option<Text<'a>>,
    #[serde(borrow)]
    source_file: Option<Text<'a>>,
    line: Option<u32>,
    #[serde(borrow)]
    url: Option<Text<'a>>,
    #[serde(borrow)]
    element: Option<Text<'a>>,
    #[serde(borrow)]
    cwe: Option<Text<'a>>,
    #[serde(borrow)]
    cve: Option<Text<'a>>,
    #[serde(borrow)]
    cvss: Option<Text<'a>>,
    #[serde(borrow)]
    library_name: Option<Text<'a>>,
    #[serde(borrow)]
    library_version: Option<Text<'a>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let tool = Tool { name: "hcl-appscan".to_owned(), version: None };
    let mut report = Report { tool: Some(tool), ..Report::default() };
    let at = At::Root;
    let at = at.key("Items");
    let items = json::parts::<Item<'_>>(&document.items, at, &mut report.warnings);
    if let Some(count) = document.count.filter(|count| *count > items.len() as u64) {
        let message = format!("this is a page of the list: {} of {count} issues", items.len());
        report.warnings.push(Warning { at: at.to_string(), message });
    }
    report.findings = Some(items.iter().map(|(_, item)| finding(item)).collect());
    Ok(report)
}

fn finding(item: &Item<'_>) -> Finding {
    let method = stated(item.discovery_method.as_ref()).or_else(|| stated(item.technology.as_ref()));
    let url =
        stated(item.url.as_ref()).or_else(|| stated(item.location.as_ref()).filter(|place| place.contains("://")));
    let otherwise = if url.is_some() { FindingKind::Dynamic } else { FindingKind::Code };
    let kind = method.as_deref().and_then(kind).unwrap_or(otherwise);
    let file = stated(item.source_file.as_ref()).or_else(|| stated(item.location.as_ref()));
    let location = match url.filter(|_| kind == FindingKind::Dynamic) {
        Some(path) => Some(Location { path, ..Location::default() }),
        None => file.map(|path| Location { path: path.replace('\\', "/"), line: item.line, end_line: None }),
    };
    let name = stated(item.issue_type.as_ref());
    let of_type = stated(item.issue_type_id.as_ref()).or_else(|| name.clone()).unwrap_or_default();
    let cve = stated(item.cve.as_ref()).filter(|_| kind == FindingKind::Vulnerability);
    let rule = cve.unwrap_or(of_type);
    let word = stated(item.severity.as_ref());
    let path = location.as_ref().map(|location| location.path.clone()).unwrap_or_default();
    let element = stated(item.element.as_ref()).unwrap_or_default();
    let identity = match stated(item.id.as_ref()) {
        Some(id) => identity::of_fingerprint("asoc-issue-id", &id),
        None => identity::of_parts(&rule, &[&path, &element]),
    };
    let component = stated(item.library_name.as_ref()).map(|name| ComponentRef {
        name,
        version: stated(item.library_version.as_ref()),
        purl: None,
    });
    Finding {
        severity: word.as_deref().map_or_else(Default::default, |word| severity::of_word("hcl-appscan", word)),
        severity_word: word,
        score: item.cvss.as_deref().and_then(ratings::number),
        cwes: item.cwe.as_deref().and_then(ratings::cwe).into_iter().collect(),
        status: status(item.status.as_deref().unwrap_or_default()),
        location,
        component,
        identity,
        ..Finding::new(kind, rule.clone(), name.as_deref().and_then(text::title).unwrap_or(rule))
    }
}
