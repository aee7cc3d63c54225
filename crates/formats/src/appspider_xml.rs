//! Weaknesses that AppSpider and InsightAppSec (Rapid7) found, in AppSpider's XML.

use crate::web::{self, Place};
use crate::xml::{Document, Node};
use crate::{Format, Probe, ReadError, text, weakness};
use shipworthy_model::{Finding, FindingKind, Phase, Report, Tool};

pub(crate) static FORMAT: Format = Format {
    name: "appspider-xml",
    title: "AppSpider vulnerabilities in XML",
    homepage: "https://docs.rapid7.com/appspider/",
    phase: Phase::Artifact,
    tool: "appspider",
    reads: "`VulnerabilitiesSummary.xml` of version 7",
    identifies: "the type of attack with URL, method and parameter",
    severities: "appspider",
    marks: &["VulnSummary"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.root().is_some_and(|root| root.name == "VulnSummary")
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut document = Document::new(bytes);
    let root = document.root()?;
    let (mut findings, mut version) = (Vec::new(), None);
    while let Some(part) = document.next_child(&root)? {
        match part.name.as_str() {
            "AppVersion" => version = Some(document.text(&part)?).filter(|version| !version.is_empty()),
            "VulnList" => {
                while let Some(vulnerability) = document.next_node(&part)? {
                    findings.extend(finding(&vulnerability));
                }
            }
            _ => {}
        }
    }
    document.end()?;
    Ok(Report {
        tool: Some(Tool { name: "appspider".to_owned(), version }),
        findings: Some(findings),
        looked_for: vec![FindingKind::Dynamic],
        ..Report::default()
    })
}

fn finding(vulnerability: &Node) -> Option<Finding> {
    let stated = |path: &str| vulnerability.get(path).filter(|text| *text != "N/A");
    let name = stated("VulnType").or(stated("AttackType"))?;
    let rule = stated("AttackType").unwrap_or(name);
    let place = Place {
        url: stated("NormalizedUrl").or(stated("VulnUrl")).unwrap_or_default(),
        parameter: stated("ParameterName").unwrap_or_default(),
        method: stated("Method").unwrap_or_default(),
    };
    // `2-Low`: its number and its word.
    let score = stated("AttackScore").map(|score| score.split_once('-').map_or(score, |(_, word)| word));
    let (severity, word) = web::rated("appspider", score);
    Some(Finding {
        severity,
        severity_word: web::with_confidence(word, stated("Confidence")),
        cwes: stated("CweId").map(weakness::numbers).unwrap_or_default(),
        description: stated("Description").map(|html| text::capped(text::plain(html))),
        remediation: stated("Recommendation").map(|html| text::capped(text::plain(html))),
        ..web::finding(rule, name, place)
    })
}
