//! Issues that Burp Suite reports in XML.

use crate::burp::{self, IDENTIFIES, Issue, TOOL};
use crate::xml::{Document, Node};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{FindingKind, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "burp-xml",
    title: "Burp Suite issues in XML",
    homepage: "https://portswigger.net/burp/documentation/desktop/tools/target/site-map/reporting-issues",
    phase: Phase::Artifact,
    tool: TOOL,
    reads: "`issues` of Burp Suite 1.6 and later, with and without requests and responses",
    identifies: IDENTIFIES,
    severities: TOOL,
    marks: &["issues"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.root().is_some_and(|root| root.name == "issues" && root.attribute("burpVersion").is_some())
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut document = Document::new(bytes);
    let root = document.root()?;
    let Some(version) = root.attribute("burpVersion").filter(|_| root.name == "issues") else {
        let message = format!("expected the root `issues` with `burpVersion`, found `{}`", root.name);
        return Err(ReadError::lacks("Burp Suite report", "its root", message));
    };
    let version = version.to_owned();
    let mut findings = Vec::new();
    while let Some(item) = document.next_node(&root)? {
        findings.push(issue(&item).finding());
    }
    document.end()?;
    Ok(Report {
        tool: Some(burp::tool(Some(version))),
        findings: Some(findings),
        looked_for: vec![FindingKind::Dynamic],
        ..Report::default()
    })
}

fn issue(item: &Node) -> Issue<'_> {
    Issue {
        kind: item.get("type").unwrap_or_default(),
        name: item.get("name").unwrap_or_default(),
        origin: item.get("host").unwrap_or_default(),
        path: item.get("path").unwrap_or_default(),
        location: item.get("location").unwrap_or_default(),
        severity: item.get("severity"),
        confidence: item.get("confidence"),
        descriptions: [item.get("issueDetail"), item.get("issueBackground")],
        remediations: [item.get("remediationDetail"), item.get("remediationBackground")],
        references: item.get("references"),
        classifications: item.get("vulnerabilityClassifications"),
    }
}
