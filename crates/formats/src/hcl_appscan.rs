//! XML reports of AppScan: AppScan Standard and Enterprise of IBM and HCL (dynamic), and AppScan on Cloud (dynamic, static
//! and of components).

mod issue;

use crate::xml::{Document, Element};
use crate::{Format, Probe, ReadError};
use issue::Issue;
use shipworthy_model::{FindingKind, Phase, Report, Tool, Warning};
use std::collections::HashMap;

pub(crate) static FORMAT: Format = Format {
    name: "hcl-appscan",
    title: "HCL AppScan report (XML)",
    homepage: "https://help.hcl-software.com/appscan/ASoC/Results.html",
    phase: Phase::Source,
    tool: "hcl-appscan",
    reads: "XML of AppScan Standard and Enterprise (`xmlExportVersion` 2.7 to 2.42) and of AppScan on Cloud (`AsocXmlExportVersion` 1.7)",
    identifies: "the id of AppScan on Cloud; without one the type of issue, the address and its element",
    severities: "hcl-appscan",
    marks: &["xml-report"],
    recognises: |probe: &Probe| {
        let is_version = |name: &str| matches!(name, "xmlExportVersion" | "AsocXmlExportVersion");
        probe
            .root()
            .is_some_and(|root| root.name == "xml-report" && root.attributes.iter().any(|(name, _)| is_version(name)))
    },
    read,
};

/// The parts that issues refer to by their ids.
#[derive(Default)]
struct Parts {
    types: HashMap<String, IssueType>,
    urls: HashMap<String, String>,
    entities: HashMap<String, String>,
    remediations: HashMap<String, String>,
    risks: HashMap<String, String>,
}

#[derive(Default)]
struct IssueType {
    name: Option<String>,
    cves: Vec<String>,
    cwe: Option<String>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut document = Document::new(bytes);
    let root = document.root()?;
    if root.name != "xml-report" {
        let message = format!("expected the root `xml-report`, found `{}`", root.name);
        return Err(ReadError::lacks("AppScan report", "its root", message));
    }
    let mut parts = Parts::default();
    let mut issues = Vec::new();
    let mut report = Report::default();
    let mut tool = Tool { name: "hcl-appscan".to_owned(), version: None };
    let mut total = None;
    let mut has_issues = false;
    while let Some(child) = document.next_child(&root)? {
        match child.name.as_str() {
            "issue-type-group" => read_types(&mut document, &child, &mut parts)?,
            "url-group" => parts.urls = read_named(&mut document, &child, "name")?,
            "entity-group" => parts.entities = read_named(&mut document, &child, "name")?,
            "remediation-group" => parts.remediations = read_named(&mut document, &child, "name")?,
            "security-risk-group" => parts.risks = read_named(&mut document, &child, "")?,
            "scan-information" => read_scan(&mut document, &child, &mut report, &mut tool)?,
            "issue-group" => {
                has_issues = true;
                total = child.attribute("total").and_then(|total| total.trim().parse::<usize>().ok());
                while let Some(item) = document.next_child(&child)? {
                    issues.push(Issue::read(&mut document, &item)?);
                }
            }
            _ => {}
        }
    }
    document.end()?;
    if !has_issues {
        return Err(ReadError::lacks("AppScan report", "/xml-report", "expected `issue-group`, found none"));
    }
    if let Some(total) = total.filter(|total| *total > issues.len()) {
        let message = format!("the report holds {} of {total} issues", issues.len());
        report.warnings.push(Warning { at: "/xml-report/issue-group".to_owned(), message });
    }
    let of_report = root.attribute("technology");
    // A report of `Mixed` technology does not say which of them were there to find nothing.
    report.looked_for.extend(of_report.and_then(issue::kind));
    report.findings = Some(issues.iter().map(|issue| issue.finding(of_report, &parts)).collect());
    report.tool = Some(tool);
    Ok(report)
}

/// Which product looked when.
fn read_scan(
    document: &mut Document<'_>,
    group: &Element,
    report: &mut Report,
    tool: &mut Tool,
) -> Result<(), ReadError> {
    while let Some(child) = document.next_child(group)? {
        match child.name.as_str() {
            "product-version" => tool.version = Some(document.text(&child)?).filter(|version| !version.is_empty()),
            "scan-date-and-time-iso" => {
                let instant = document.text(&child)?.parse::<jiff::Timestamp>().ok();
                report.created_at = instant.map(|instant| instant.to_string());
            }
            _ => {}
        }
    }
    Ok(())
}

fn read_types(document: &mut Document<'_>, group: &Element, parts: &mut Parts) -> Result<(), ReadError> {
    while let Some(item) = document.next_child(group)? {
        let mut kind = IssueType::default();
        while let Some(child) = document.next_child(&item)? {
            match child.name.as_str() {
                "name" => kind.name = Some(document.text(&child)?).filter(|name| !name.is_empty()),
                "cwe" => kind.cwe = Some(document.text(&child)?).filter(|cwe| !cwe.is_empty()),
                "cve" => {
                    let text = document.text(&child)?;
                    kind.cves =
                        text.split([',', ' ']).filter(|cve| cve.starts_with("CVE-")).map(str::to_owned).collect();
                }
                _ => {}
            }
        }
        if let Some(id) = item.attribute("id") {
            parts.types.insert(id.to_owned(), kind);
        }
    }
    Ok(())
}

/// The items of a group by their ids: the text of their child `name`, or their own text without one.
fn read_named(document: &mut Document<'_>, group: &Element, name: &str) -> Result<HashMap<String, String>, ReadError> {
    let mut named = HashMap::new();
    while let Some(item) = document.next_child(group)? {
        let mut text = None;
        if name.is_empty() {
            text = Some(document.text(&item)?);
        } else {
            while let Some(child) = document.next_child(&item)? {
                if child.name == name {
                    text = Some(document.text(&child)?);
                }
            }
        }
        if let (Some(id), Some(text)) = (item.attribute("id"), text) {
            named.insert(id.to_owned(), text);
        }
    }
    Ok(named)
}

/// Used by the issues of the web API, too.
pub(crate) fn kind(technology: &str) -> Option<FindingKind> {
    issue::kind(technology)
}

/// What AppScan's word for the state of an issue means.
pub(crate) use issue::status;
