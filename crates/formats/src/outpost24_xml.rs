//! Vulnerabilities that Outpost24's OUTSCAN and HIAB found, in XML.

use crate::web::{self, Place};
use crate::xml::{Document, Node};
use crate::{Format, Probe, ReadError, ratings, text};
use shipworthy_model::{Finding, FindingKind, FindingStatus, Phase, Report, Severity, Tool};

pub(crate) static FORMAT: Format = Format {
    name: "outpost24-xml",
    title: "Outpost24 report in XML",
    homepage: "https://outscan.outpost24.com/dtd/XMLReport.dtd",
    phase: Phase::Deploy,
    tool: "outpost24",
    reads: "the vulnerability report of OUTSCAN and HIAB; how bad one is follows from its CVSS score",
    identifies: "Outpost24's number of the vulnerability with host and port",
    severities: "",
    marks: &["main"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.root().is_some_and(|root| root.name == "main")
        && probe.has("reportinfo")
        && (probe.has("detaillist") || probe.has("hostlist"))
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut document = Document::new(bytes);
    let root = document.root()?;
    let mut findings = Vec::new();
    while let Some(part) = document.next_child(&root)? {
        if part.name == "detaillist" {
            while let Some(detail) = document.next_node(&part)? {
                findings.extend(finding(&detail));
            }
        }
    }
    document.end()?;
    Ok(Report {
        tool: Some(Tool { name: "outpost24".to_owned(), version: None }),
        findings: Some(findings),
        looked_for: vec![FindingKind::Dynamic],
        ..Report::default()
    })
}

fn finding(detail: &Node) -> Option<Finding> {
    let name = detail.get("name")?;
    let host = detail.get("hostname").or(detail.get("virtualhost")).or(detail.get("ip")).unwrap_or_default();
    let place = web::host(host, detail.get("portinfo/portnumber"));
    let score = |path: &str| detail.get(path).and_then(ratings::number);
    // `(AV:N/AC:H/Au:N/C:P/I:P/A:P) (cdp:ND/…)`: the base metrics stand first.
    let second = detail.get("cvss_vector").and_then(|vector| vector.trim_start_matches('(').split(')').next());
    let cvss: Vec<_> = [
        ratings::cvss(detail.get("cvss_v3_vector"), score("cvss_v3_score"), "3.0", None),
        ratings::cvss(second, score("cvss_score"), "2.0", None),
    ]
    .into_iter()
    .flatten()
    .collect();
    let said = [detail.get("description"), detail.get("information")];
    Some(Finding {
        severity: cvss.iter().find_map(|cvss| cvss.score).map_or(Severity::Unknown, Severity::of_score),
        aliases: detail.all_at("cve", "id").filter_map(Node::own_text).map(str::to_owned).collect(),
        description: Some(said.into_iter().flatten().collect::<Vec<_>>().join("\n\n"))
            .filter(|text| !text.is_empty())
            .map(text::capped),
        remediation: detail.stated("solution").map(text::capped),
        references: detail
            .all_at("referencelist", "reference")
            .filter_map(|reference| reference.stated("url"))
            .collect(),
        status: match detail.get("falsepositive") {
            None | Some("0") => FindingStatus::Open,
            Some(_) => FindingStatus::FalsePositive,
        },
        cvss,
        ..web::finding(detail.get("id").unwrap_or(name), name, Place::of(&place))
    })
}
