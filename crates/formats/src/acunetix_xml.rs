//! Reports of the Acunetix web vulnerability scanner in XML.

use crate::web::{self, Place};
use crate::xml::{Document, Node};
use crate::{Format, Probe, ReadError, ratings, text};
use shipworthy_model::{Finding, FindingKind, FindingStatus, Phase, Report, Tool};

pub(crate) static FORMAT: Format = Format {
    name: "acunetix-xml",
    title: "Acunetix report in XML",
    homepage: "https://www.acunetix.com/support/docs/wvs/scanner-reports/",
    phase: Phase::Artifact,
    tool: "acunetix",
    reads: "`ScanGroup` with its scans and their report items",
    identifies: "the name of the problem with URL and parameter",
    severities: "acunetix",
    marks: &["ScanGroup"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.root().is_some_and(|root| root.name == "ScanGroup") && probe.has("Scan.StartURL")
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut document = Document::new(bytes);
    let root = document.root()?;
    if root.name != "ScanGroup" {
        let message = format!("expected the root `ScanGroup`, found `{}`", root.name);
        return Err(ReadError::lacks("Acunetix report", "its root", message));
    }
    let mut findings = Vec::new();
    while let Some(scan) = document.next_child(&root)? {
        let mut origin = String::new();
        while let Some(part) = document.next_child(&scan)? {
            match part.name.as_str() {
                "StartURL" => origin = document.text(&part)?,
                "ReportItems" => {
                    while let Some(item) = document.next_node(&part)? {
                        findings.push(finding(&item, &origin));
                    }
                }
                _ => {}
            }
        }
    }
    document.end()?;
    Ok(Report {
        tool: Some(Tool { name: "acunetix".to_owned(), version: None }),
        findings: Some(findings),
        looked_for: vec![FindingKind::Dynamic],
        ..Report::default()
    })
}

fn finding(item: &Node, origin: &str) -> Finding {
    let name = item.get("Name").unwrap_or_default();
    let affects = item.get("Affects").filter(|affects| affects.starts_with('/')).unwrap_or_default();
    // What is at the server as a whole has no path.
    let url = web::joined(&web::origin(origin), affects);
    let parameter = item.get("Parameter").filter(|parameter| *parameter != "<empty>").unwrap_or_default();
    let seen = web::finding(name, name, Place { url: &url, parameter, method: "" });
    let (severity, severity_word) = web::rated("acunetix", item.get("Severity"));
    let rated = [("CVSS3", "3.0"), ("CVSS", "2.0")].into_iter().filter_map(|(version, number)| {
        let rating = item.at(version)?;
        ratings::cvss(rating.get("Descriptor"), rating.get("Score").and_then(ratings::number), number, None)
    });
    let cves = item.all_at("CVEList", "CVE").filter_map(|cve| cve.own_text().or(cve.get("ID")));
    Finding {
        severity,
        severity_word,
        cvss: rated.collect(),
        aliases: cves.map(str::to_owned).collect(),
        cwes: item.all_at("CWEList", "CWE").filter_map(|cwe| cwe.attribute("id")?.parse().ok()).collect(),
        description: item.get("Description").map(|html| text::capped(text::plain(html))),
        remediation: item.get("Recommendation").map(|html| text::capped(text::plain(html))),
        references: item.all_at("References", "Reference").filter_map(|link| link.stated("URL")).collect(),
        status: match item.get("IsFalsePositive") {
            Some(word) if word.eq_ignore_ascii_case("true") || word == "1" => FindingStatus::FalsePositive,
            _ => FindingStatus::Open,
        },
        ..seen
    }
}
