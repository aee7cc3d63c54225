//! Reports of Wapiti in XML.

use crate::wapiti::{self, Entry, IDENTIFIES, TOOL};
use crate::xml::{Document, Node};
use crate::{Format, Probe, ReadError, moment};
use shipworthy_model::{Finding, FindingKind, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "wapiti-xml",
    title: "Wapiti report in XML",
    homepage: "https://wapiti-scanner.github.io/",
    phase: Phase::Artifact,
    tool: TOOL,
    reads: "`report` of type `security` of versions 2 and 3: vulnerabilities, anomalies and additional findings",
    identifies: IDENTIFIES,
    severities: TOOL,
    marks: &["report"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.root().is_some_and(|root| root.name == "report" && root.attribute("type") == Some("security"))
        && probe.has("report_infos")
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut document = Document::new(bytes);
    let root = document.root()?;
    if root.name != "report" || root.attribute("type") != Some("security") {
        let message = format!("expected the root `report` of type `security`, found `{}`", root.name);
        return Err(ReadError::lacks("Wapiti report", "its root", message));
    }
    let mut infos = Node::default();
    let mut findings = Vec::new();
    while let Some(part) = document.next_child(&root)? {
        if part.name == "report_infos" {
            infos = document.node(part)?;
            continue;
        }
        while let Some(kind) = document.next_node(&part)? {
            kind_of_entries(&kind, info(&infos, "target").unwrap_or_default(), &mut findings);
        }
    }
    document.end()?;
    Ok(Report {
        tool: Some(wapiti::tool(info(&infos, "generatorVersion"))),
        created_at: info(&infos, "dateOfScan").and_then(moment::stated),
        findings: Some(findings),
        looked_for: vec![FindingKind::Dynamic],
        ..Report::default()
    })
}

fn info<'n>(infos: &'n Node, name: &str) -> Option<&'n str> {
    infos.all("info").find(|info| info.attribute("name") == Some(name))?.own_text()
}

fn kind_of_entries(kind: &Node, target: &str, findings: &mut Vec<Finding>) {
    let references: Vec<_> =
        kind.all_at("references", "reference").filter_map(|reference| reference.get("url")).collect();
    for item in kind.all_at("entries", "entry") {
        let entry = Entry {
            kind: kind.attribute("name").unwrap_or_default(),
            description: kind.get("description"),
            solution: kind.get("solution"),
            references: references.clone(),
            target,
            path: item.get("path").unwrap_or_default(),
            method: item.get("method").unwrap_or_default(),
            level: item.get("level"),
            parameter: item.get("parameter").unwrap_or_default(),
            info: item.get("info").unwrap_or_default(),
        };
        findings.push(entry.finding());
    }
}
