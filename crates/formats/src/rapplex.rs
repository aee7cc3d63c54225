//! Weaknesses that Rapplex found in a web application, in JSON.

use crate::json::Object;
use crate::problems::report;
use crate::web::{self, Place};
use crate::{Format, Members, Probe, ReadError, text, weakness};
use shipworthy_model::{Finding, FindingKind, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "rapplex",
    title: "Rapplex report in JSON",
    homepage: "https://rapplex.com/docs",
    phase: Phase::Artifact,
    tool: "rapplex",
    reads: "the report with issues by severity and group",
    identifies: "the title with URL and injection point",
    severities: "rapplex",
    marks: &["ScanId", "ScanPolicy", "Severities", "Target"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let is_report = |members: &Members| members.has_all(&["ScanId", "Target", "Severities", "ScanPolicy"]);
    probe.object().is_some_and(is_report)
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document = Object::document(bytes)?;
    if !document.has_object("Severities") {
        return Err(ReadError::lacks("Rapplex report", "/Severities", "expected an object, found none"));
    }
    let mut findings = Vec::new();
    for (_, severity) in document.entries("Severities") {
        for group in severity.objects("IssueGroups") {
            findings.extend(group.objects("Issues").iter().filter_map(|issue| finding(issue, &group)));
        }
    }
    Ok(report("rapplex", None, &[FindingKind::Dynamic], findings, document.warnings()))
}

fn finding(issue: &Object<'_>, group: &Object<'_>) -> Option<Finding> {
    let title = issue.text("Title").or_else(|| group.text("Group"))?;
    let url = issue.text("Url").unwrap_or_default();
    let point = if issue.has_object("InjectionPoint") { issue.text("InjectionPoint.Name") } else { None };
    let request = issue.text("HttpRequest").unwrap_or_default();
    let method = request.split_whitespace().next().unwrap_or_default();
    let (severity, severity_word) = web::rated("rapplex", issue.text("Severity").as_deref());
    let definition = if group.has_object("Definition") { group.object("Definition") } else { None };
    let section = |name: &str| definition.as_ref()?.object("Sections")?.text(name);
    let html = |name: &str| section(name).map(|html| text::capped(text::plain(&html)));
    let links = definition.iter().flat_map(|definition| definition.objects("References"));
    let classes = definition.iter().flat_map(|definition| definition.objects("Classifications"));
    let cwes = classes.filter(|class| class.text("Foundation").as_deref() == Some("CWE"));
    Some(Finding {
        severity,
        severity_word,
        cwes: cwes.filter_map(|class| class.text("Value")).flat_map(|value| weakness::numbers(&value)).collect(),
        description: html("Summary"),
        remediation: html("Remediation"),
        references: links.filter_map(|link| link.text("Link")).collect(),
        ..web::finding(&title, &title, Place { url: &url, parameter: &point.unwrap_or_default(), method })
    })
}
