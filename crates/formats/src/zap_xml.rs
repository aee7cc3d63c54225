//! Reports of ZAP in XML: alerts by site, each with its instances.

use crate::web::Place;
use crate::xml::{Document, Node};
use crate::zap::{self, Alert, IDENTIFIES, TOOL};
use crate::{Format, Probe, ReadError, moment};
use shipworthy_model::{FindingKind, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "zap-xml",
    title: "ZAP report in XML",
    homepage: "https://www.zaproxy.org/docs/desktop/addons/report-generation/report-traditional-xml/",
    phase: Phase::Artifact,
    tool: TOOL,
    reads: "`OWASPZAPReport` 2.x, with and without requests and responses",
    identifies: IDENTIFIES,
    severities: TOOL,
    marks: &["OWASPZAPReport"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.root().is_some_and(|root| root.name == "OWASPZAPReport")
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut document = Document::new(bytes);
    let root = document.root()?;
    if root.name != "OWASPZAPReport" {
        let message = format!("expected the root `OWASPZAPReport`, found `{}`", root.name);
        return Err(ReadError::lacks("ZAP report", "its root", message));
    }
    let version = root.attribute("version").map(str::to_owned);
    let created = root.attribute("created").and_then(moment::stated);
    let mut findings = Vec::new();
    while let Some(site) = document.next_child(&root)? {
        let name = site.attribute("name").unwrap_or_default().to_owned();
        if site.name != "site" {
            continue;
        }
        while let Some(alerts) = document.next_child(&site)? {
            if alerts.name != "alerts" {
                continue;
            }
            while let Some(item) = document.next_node(&alerts)? {
                findings.push(alert(&item).finding(&name));
            }
        }
    }
    document.end()?;
    Ok(Report {
        tool: Some(zap::tool(version)),
        created_at: created,
        findings: Some(findings),
        looked_for: vec![FindingKind::Dynamic],
        ..Report::default()
    })
}

/// Alerts of old versions have no instances but the one that they are.
fn alert(item: &Node) -> Alert<'_> {
    let mut instances: Vec<_> = item.all_at("instances", "instance").map(place).collect();
    if instances.is_empty() && item.get("uri").is_some() {
        instances.push(place(item));
    }
    Alert {
        rule: item.get("alertRef").or(item.get("pluginid")).unwrap_or_default(),
        name: item.get("name").or(item.get("alert")).unwrap_or_default(),
        risk: item.get("riskcode"),
        risk_words: item.stated("riskdesc"),
        confidence: item.get("confidence"),
        description: item.get("desc"),
        solution: item.get("solution"),
        references: item.get("reference"),
        weakness: item.get("cweid"),
        instances,
    }
}

fn place(instance: &Node) -> Place<'_> {
    Place {
        url: instance.get("uri").unwrap_or_default(),
        parameter: instance.get("param").unwrap_or_default(),
        method: instance.get("method").unwrap_or_default(),
    }
}
