//! Scans of WebInspect (Fortify) in XML.

use crate::web::{self, Place};
use crate::xml::{Document, Node};
use crate::{Format, Probe, ReadError, text, weakness};
use shipworthy_model::{Finding, FindingKind, Phase, Report, Tool};

pub(crate) static FORMAT: Format = Format {
    name: "webinspect-xml",
    title: "WebInspect scan in XML",
    homepage: "https://www.microfocus.com/documentation/fortify-webinspect/",
    phase: Phase::Artifact,
    tool: "webinspect",
    reads: "`Scan` with its issues and `Sessions` with the issues of each",
    identifies: "the check with URL, method and attacked parameter",
    severities: "webinspect",
    marks: &["Scan", "Sessions"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.root().is_some_and(|root| match root.name.as_str() {
        "Scan" => probe.has("Issues") && probe.has("PolicyName"),
        "Sessions" => probe.has("Session.AttackParamDescriptor"),
        _ => false,
    })
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut document = Document::new(bytes);
    let root = document.root()?;
    let mut findings = Vec::new();
    while let Some(part) = document.next_child(&root)? {
        match (root.name.as_str(), part.name.as_str()) {
            ("Scan", "Issues") => {
                while let Some(issue) = document.next_node(&part)? {
                    findings.extend(finding(&issue, &issue));
                }
            }
            ("Sessions", "Session") => {
                let session = document.node(part)?;
                findings.extend(session.all_at("Issues", "Issue").filter_map(|issue| finding(issue, &session)));
            }
            ("Scan" | "Sessions", _) => {}
            (other, _) => {
                let message = format!("expected the root `Scan` or `Sessions`, found `{other}`");
                return Err(ReadError::lacks("WebInspect scan", "its root", message));
            }
        }
    }
    document.end()?;
    Ok(Report {
        tool: Some(Tool { name: "webinspect".to_owned(), version: None }),
        findings: Some(findings),
        looked_for: vec![FindingKind::Dynamic],
        ..Report::default()
    })
}

/// An issue at the place of its session. Nothing for one without a name.
fn finding(issue: &Node, session: &Node) -> Option<Finding> {
    let name = issue.get("Name")?;
    let rule = issue.get("VulnerabilityID").or(issue.attribute("id")).unwrap_or(name);
    let place = Place {
        url: session.get("URL").unwrap_or_default(),
        parameter: session.get("AttackParamDescriptor").unwrap_or_default(),
        method: session.get("AttackMethod").unwrap_or_default(),
    };
    let (severity, severity_word) = web::rated("webinspect", issue.get("Severity"));
    let section = |name: &str| {
        let section = issue.all("ReportSection").find(|section| section.get("Name") == Some(name))?;
        section.get("SectionText")
    };
    let classes = issue.all_at("Classifications", "Classification").filter_map(Node::own_text);
    Some(Finding {
        severity,
        severity_word,
        cwes: classes.flat_map(weakness::numbers).collect(),
        description: section("Summary").map(|html| text::capped(text::plain(html))),
        remediation: section("Fix").map(|html| text::capped(text::plain(html))),
        references: section("Reference Info").map(text::addresses).unwrap_or_default(),
        ..web::finding(rule, name, place)
    })
}
