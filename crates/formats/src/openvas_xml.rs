//! Reports of OpenVAS and Greenbone in XML.

use crate::openvas::{self, IDENTIFIES, Outcome, TOOL};
use crate::xml::{Document, Element, Node};
use crate::{Format, Probe, ReadError, moment, ratings};
use shipworthy_model::{Finding, FindingKind, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "openvas-xml",
    title: "OpenVAS (Greenbone) report in XML",
    homepage: "https://docs.greenbone.net/API/GMP/gmp-22.4.html#command_get_reports",
    phase: Phase::Deploy,
    tool: TOOL,
    reads: "`report` with its inner `report`, and the inner one alone, GMP 7 to 22",
    identifies: IDENTIFIES,
    severities: TOOL,
    marks: &["report", "get_reports_response"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let is_report = |root: &crate::Root| root.name == "report" && root.attribute("id").is_some();
    let is_ours = ["gmp", "omp", "report.gmp", "report.omp", "report.results", "results.result.nvt"];
    probe.root().is_some_and(is_report) && is_ours.iter().any(|path| probe.has(path))
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut document = Document::new(bytes);
    let root = document.root()?;
    if root.name != "report" || root.attribute("id").is_none() {
        let message = format!("expected the root `report` with an `id`, found `{}`", root.name);
        return Err(ReadError::lacks("OpenVAS report", "its root", message));
    }
    let mut report = Report {
        tool: Some(openvas::tool()),
        findings: Some(Vec::new()),
        looked_for: vec![FindingKind::Dynamic],
        ..Report::default()
    };
    while let Some(part) = document.next_child(&root)? {
        if part.name == "report" {
            while let Some(inner) = document.next_child(&part)? {
                section(&mut document, inner, &mut report)?;
            }
        } else {
            section(&mut document, part, &mut report)?;
        }
    }
    document.end()?;
    Ok(report)
}

fn section(document: &mut Document<'_>, part: Element, report: &mut Report) -> Result<(), ReadError> {
    match part.name.as_str() {
        "scan_end" => report.created_at = moment::stated(&document.text(&part)?),
        "results" => {
            while let Some(result) = document.next_node(&part)? {
                if result.name == "result" {
                    report.findings.get_or_insert_default().push(finding(&result));
                }
            }
        }
        _ => {}
    }
    Ok(())
}

fn finding(result: &Node) -> Finding {
    let test = result.at("nvt");
    let of_test = |path: &str| test.and_then(|test| test.get(path));
    let tag = |name: &str| {
        let tags = of_test("tags")?.split('|').filter_map(|tag| tag.split_once('='));
        tags.filter(|(key, value)| *key == name && !value.is_empty()).map(|(_, value)| value).next()
    };
    let refs = || test.into_iter().flat_map(|test| test.all_at("refs", "ref"));
    let of_kind = |kind: &str| {
        let of_kind = refs().filter(|reference| reference.attribute("type") == Some(kind));
        of_kind.filter_map(|reference| reference.attribute("id")).map(str::to_owned).collect::<Vec<_>>()
    };
    let mut cves = of_kind("cve");
    if cves.is_empty() {
        let old = of_test("cve").unwrap_or_default().split([',', ' ']);
        cves = old.filter(|cve| cve.starts_with("CVE-")).map(str::to_owned).collect();
    }
    let host = result.at("host");
    let outcome = Outcome {
        oid: test.and_then(|test| test.attribute("oid")).unwrap_or_default(),
        name: result.get("name").or(of_test("name")).unwrap_or_default(),
        host: host.and_then(|host| host.get("hostname").or(host.own_text())).unwrap_or_default(),
        port: result.get("port"),
        threat: result.get("threat"),
        score: result.get("severity").and_then(ratings::number).filter(|score| *score >= 0.0),
        quality: result.get("qod/value"),
        vector: tag("cvss_base_vector"),
        cves,
        summary: tag("summary"),
        seen: result.get("description"),
        solution: of_test("solution").or(tag("solution")),
        references: of_kind("url"),
    };
    outcome.finding()
}
