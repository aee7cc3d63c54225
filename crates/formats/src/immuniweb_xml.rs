//! Weaknesses that ImmuniWeb found in web applications, in XML.

use crate::web::{self, Place};
use crate::xml::{Document, Node};
use crate::{Format, Probe, ReadError, identity, ratings, text, weakness};
use shipworthy_model::{Cvss, Finding, FindingKind, FindingStatus, Phase, Report, Tool};

pub(crate) static FORMAT: Format = Format {
    name: "immuniweb-xml",
    title: "ImmuniWeb vulnerabilities in XML",
    homepage: "https://www.immuniweb.com/products/ondemand/",
    phase: Phase::Artifact,
    tool: "immuniweb",
    reads: "the export of vulnerabilities of On-Demand and MobileSuite",
    identifies: "ImmuniWeb's number of the vulnerability",
    severities: "immuniweb",
    marks: &["Vulnerabilities"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.root().is_some_and(|root| root.name == "Vulnerabilities")
        && (probe.has_all(&["Vulnerability.CVSSv3", "Vulnerability.Risk"]) || !probe.has("Vulnerability"))
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut document = Document::new(bytes);
    let root = document.root()?;
    let mut findings = Vec::new();
    while let Some(vulnerability) = document.next_node(&root)? {
        findings.extend(finding(&vulnerability));
    }
    document.end()?;
    Ok(Report {
        tool: Some(Tool { name: "immuniweb".to_owned(), version: None }),
        findings: Some(findings),
        looked_for: vec![FindingKind::Dynamic],
        ..Report::default()
    })
}

fn finding(vulnerability: &Node) -> Option<Finding> {
    let name = vulnerability.get("Name")?;
    let rule = vulnerability.get("Type").unwrap_or(name);
    let seen = web::finding(rule, name, Place::of(vulnerability.get("URL").unwrap_or_default()));
    let (severity, severity_word) = web::rated("immuniweb", vulnerability.get("Risk"));
    Some(Finding {
        severity,
        severity_word,
        aliases: vulnerability
            .get("CVE-ID")
            .filter(|id| id.starts_with("CVE-"))
            .map(str::to_owned)
            .into_iter()
            .collect(),
        cwes: vulnerability.get("CWE-ID").map(weakness::numbers).unwrap_or_default(),
        cvss: vulnerability.get("CVSSv3").and_then(cvss).into_iter().collect(),
        description: vulnerability.get("Description").map(|html| text::capped(text::plain(html))),
        status: match vulnerability.get("Status").unwrap_or_default() {
            "fixed" => FindingStatus::Fixed,
            "false positive" => FindingStatus::FalsePositive,
            _ => FindingStatus::Open,
        },
        identity: vulnerability
            .get("ID")
            .map_or_else(|| seen.identity.clone(), |id| identity::of_fingerprint("immuniweb", id)),
        ..seen
    })
}

/// `9.8 [CVSS:3.0/AV:N/…]`
fn cvss(text: &str) -> Option<Cvss> {
    let (score, vector) = text.split_once('[').unwrap_or((text, ""));
    ratings::cvss(Some(vector.trim_end_matches(']')), ratings::number(score), "3.0", None)
}
