//! Cppcheck: defects in C and C++. <https://cppcheck.sourceforge.io/manual.html#xml-output>

use crate::problems::{Problem, cwes, first_line, report};
use crate::xml::{Document, Element};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Finding, FindingKind, FindingStatus, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "cppcheck-xml",
    title: "Cppcheck report",
    homepage: "https://cppcheck.sourceforge.io/manual.html#xml-output",
    phase: Phase::Source,
    tool: "cppcheck",
    reads: "XML of version 2",
    identifies: "rule, file and the message without its numbers",
    severities: "cppcheck",
    marks: &["results"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.root().is_some_and(|root| root.name == "results") && probe.has("cppcheck")
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut document = Document::new(bytes);
    let root = document.root()?;
    if root.name != "results" {
        return Err(ReadError::lacks(
            "Cppcheck report",
            "its root",
            format!("expected `results`, found `{}`", root.name),
        ));
    }
    let (mut findings, mut version) = (Vec::new(), None);
    while let Some(child) = document.next_child(&root)? {
        match child.name.as_str() {
            "cppcheck" => version = child.attribute("version").map(str::to_owned),
            "errors" | "suppressed" => {
                let status = if child.name == "errors" { FindingStatus::Open } else { FindingStatus::Suppressed };
                while let Some(error) = document.next_child(&child)? {
                    findings.push(Finding { status, ..finding(&mut document, &error)? });
                }
            }
            _ => {}
        }
    }
    document.end()?;
    Ok(report("cppcheck", version, &[FindingKind::Quality], findings, Vec::new()))
}

fn finding(document: &mut Document<'_>, error: &Element) -> Result<Finding, ReadError> {
    let text = |name: &str| error.attribute(name).map(str::to_owned);
    let (mut path, mut line, mut symbol) = (None, None, None);
    while let Some(child) = document.next_child(error)? {
        match child.name.as_str() {
            "location" if path.is_none() => {
                path = child.attribute("file").map(str::to_owned);
                line = child.attribute("line").and_then(first_line);
            }
            "symbol" if symbol.is_none() => symbol = Some(document.text(&child)?),
            _ => {}
        }
    }
    let problem = Problem {
        rule: text("id").unwrap_or_else(|| "cppcheck".to_owned()),
        message: text("msg"),
        word: text("severity"),
        path,
        line,
        end_line: None,
        within: symbol.map(|symbol| format!("{symbol}{}", error.attribute("msg").unwrap_or_default())),
    };
    let mut finding = problem.finding(FindingKind::Quality, "cppcheck");
    finding.description = text("verbose").filter(|verbose| *verbose != finding.title);
    finding.cwes = error.attribute("cwe").map(cwes).unwrap_or_default();
    Ok(finding)
}
