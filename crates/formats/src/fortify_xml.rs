//! Reports of Fortify in XML, as Audit Workbench and `ReportGenerator` make them: issues grouped by category.

use crate::xml::{Document, Element, Node};
use crate::{Format, Probe, ReadError, identity, text, web};
use shipworthy_model::{Finding, FindingKind, FindingStatus, Location, Phase, Report, Tool, Warning};
use std::collections::HashSet;

pub(crate) static FORMAT: Format = Format {
    name: "fortify-xml",
    title: "Fortify report in XML",
    homepage: "https://www.microfocus.com/documentation/fortify-static-code-analyzer-and-tools/",
    phase: Phase::Source,
    tool: "fortify",
    reads: "`ReportDefinition` of the legacy reports with their issues",
    identifies: "Fortify's instance id, which does not change when lines move",
    severities: "fortify",
    marks: &["ReportDefinition"],
    recognises,
    read,
};

/// The definition of a report by itself looks the same and has `$TOTAL_FINDINGS$` where the report has a number.
fn recognises(probe: &Probe) -> bool {
    probe.root().is_some_and(|root| root.name == "ReportDefinition") && !probe.shows("$TOTAL_FINDINGS$")
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut document = Document::new(bytes);
    let root = document.root()?;
    if root.name != "ReportDefinition" {
        let message = format!("expected the root `ReportDefinition`, found `{}`", root.name);
        return Err(ReadError::lacks("Fortify report", "its root", message));
    }
    let mut listed = Listed::default();
    while let Some(section) = document.next_child(&root)? {
        while let Some(part) = document.next_child(&section)? {
            if part.name == "SubSection" {
                subsection(&mut document, &part, &mut listed)?;
            }
        }
    }
    document.end()?;
    Ok(Report {
        tool: Some(Tool { name: "fortify".to_owned(), version: None }),
        findings: Some(listed.findings),
        looked_for: vec![FindingKind::Code],
        warnings: listed.warnings,
        ..Report::default()
    })
}

/// What was listed so far.
#[derive(Default)]
struct Listed {
    findings: Vec<Finding>,
    /// Their identities.
    seen: HashSet<String>,
    warnings: Vec<Warning>,
}

fn subsection(document: &mut Document<'_>, subsection: &Element, listed: &mut Listed) -> Result<(), ReadError> {
    while let Some(part) = document.next_child(subsection)? {
        if part.name != "IssueListing" {
            continue;
        }
        // A listing that only counts has no issues, whatever it says it was made of.
        while let Some(chart) = document.next_child(&part)? {
            while let Some(group) = document.next_child(&chart)? {
                if group.name == "GroupingSection" {
                    grouped(document, group, listed)?;
                }
            }
        }
    }
    Ok(())
}

/// The issues of one category. A report may be limited to some of them, and says how many there are.
fn grouped(document: &mut Document<'_>, group: Element, listed: &mut Listed) -> Result<(), ReadError> {
    let at = document.place();
    let group = document.node(group)?;
    let remediation = group
        .all_at("MajorAttributeSummary", "MetaInfo")
        .find(|info| info.get("Name") == Some("Recommendations"))
        .and_then(|info| info.get("Value"));
    let mut count = 0;
    for finding in group.all("Issue").map(|issue| finding(issue, remediation)) {
        count += 1;
        // A report lists an issue in each of its sections that is about it.
        if listed.seen.insert(finding.identity.clone()) || !finding.identity.starts_with("fortify:") {
            listed.findings.push(finding);
        }
    }
    let stated = group.attribute("count").and_then(|count| count.parse::<usize>().ok()).unwrap_or_default();
    if count > 0 && stated > count {
        let title = group.get("groupTitle").unwrap_or_default();
        let message = format!("the report was limited: `{title}` has {stated} issues and lists {count}");
        listed.warnings.push(Warning { at, message });
    }
    Ok(())
}

fn finding(issue: &Node, remediation: Option<&str>) -> Finding {
    let category = issue.get("Category").unwrap_or_default();
    let rule = issue.attribute("ruleID").unwrap_or(category);
    let (severity, severity_word) = web::rated("fortify", issue.get("Friority").or(issue.get("Folder")));
    let path = issue.get("Primary/FilePath").or(issue.get("Primary/FileName")).unwrap_or_default();
    let line = issue.get("Primary/LineStart").and_then(|line| line.parse().ok()).filter(|line| *line > 0);
    let judged = issue.all("Tag").find(|tag| tag.get("Name") == Some("Analysis")).and_then(|tag| tag.get("Value"));
    Finding {
        severity,
        severity_word,
        description: issue.get("Abstract").map(|text| text::capped(text::plain(text))),
        remediation: remediation.map(|text| text::capped(text::plain(text))),
        location: Some(Location { path: path.to_owned(), line, end_line: None }).filter(|place| !place.path.is_empty()),
        status: match judged {
            Some("Not an Issue") => FindingStatus::FalsePositive,
            _ if issue.attribute("suppressed") == Some("true") => FindingStatus::Suppressed,
            _ => FindingStatus::Open,
        },
        identity: match issue.attribute("iid") {
            Some(instance) => identity::of_fingerprint("fortify", instance),
            None => identity::of_parts(rule, &[path]),
        },
        ..Finding::new(FindingKind::Code, rule, category)
    }
}
