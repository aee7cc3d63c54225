//! Results of CxSAST in XML: the report of the server, its CLI and its plug-ins.

use crate::checkmarx::{self, TOOL};
use crate::xml::{Document, Node};
use crate::{Format, Probe, ReadError, weakness};
use shipworthy_model::{Finding, FindingKind, FindingStatus, Phase, Report};

/// Its elements are described with the report it is made for.
pub(crate) static FORMAT: Format = Format {
    name: "checkmarx-xml",
    title: "Checkmarx SAST report in XML",
    homepage: "https://docs.checkmarx.com/en/34965-8152-generating-scan-results-reports.html",
    phase: Phase::Source,
    tool: TOOL,
    reads: "`CxXMLResults` of CxSAST 8 and 9",
    identifies: "the query with the similarity id, which does not change when lines move",
    severities: TOOL,
    marks: &["CxXMLResults"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.root().is_some_and(|root| root.name == "CxXMLResults")
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut document = Document::new(bytes);
    let root = document.root()?;
    if root.name != "CxXMLResults" {
        let message = format!("expected the root `CxXMLResults`, found `{}`", root.name);
        return Err(ReadError::lacks("Checkmarx report", "its root", message));
    }
    let version = root.attribute("CheckmarxVersion").map(str::to_owned);
    let mut findings = Vec::new();
    while let Some(query) = document.next_child(&root)? {
        if query.name != "Query" {
            continue;
        }
        let of_query = document.node(query)?;
        findings.extend(of_query.all("Result").map(|result| finding(&of_query, result)));
    }
    document.end()?;
    Ok(Report {
        tool: Some(checkmarx::tool(version)),
        looked_for: vec![FindingKind::Code],
        findings: Some(findings),
        ..Report::default()
    })
}

fn finding(query: &Node, result: &Node) -> Finding {
    let of_path = result.at("Path");
    let finding = checkmarx::Result {
        query: query.attribute("name").unwrap_or_default(),
        severity: result.attribute("Severity").or(query.attribute("Severity")),
        hash: None,
        similarity: of_path.and_then(|path| path.attribute("SimilarityId")).filter(|id| *id != "0"),
        file: result.attribute("FileName").unwrap_or_default(),
        line: result.attribute("Line").and_then(|line| line.parse().ok()),
    };
    // The number of a state: to verify, not exploitable, confirmed, urgent, proposed not exploitable.
    let state = if result.attribute("state") == Some("1") { "not exploitable" } else { "" };
    let is_false = result.attribute("FalsePositive").is_some_and(|text| text.eq_ignore_ascii_case("true"));
    let status = checkmarx::status(result.attribute("Status").unwrap_or_default(), state);
    Finding {
        cwes: query.attribute("cweId").map(weakness::numbers).unwrap_or_default(),
        status: if is_false { FindingStatus::FalsePositive } else { status },
        references: result.attribute("DeepLink").map(str::to_owned).into_iter().collect(),
        ..finding.finding()
    }
}
