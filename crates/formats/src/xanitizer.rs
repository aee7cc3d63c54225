//! Xanitizer: weaknesses in Java. <https://www.rigs-it.com/xanitizer/>

use crate::problems::{Problem, cwes, first_line, report};
use crate::xml::{Document, Element};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Finding, FindingKind, FindingStatus, Phase, Report, Severity};
use std::collections::HashMap;

pub(crate) static FORMAT: Format = Format {
    name: "xanitizer",
    title: "Xanitizer findings",
    homepage: "https://www.rigs-it.com/xanitizer/",
    phase: Phase::Source,
    tool: "xanitizer",
    reads: "XML of the findings list, all versions",
    identifies: "problem type, file and class",
    severities: "",
    marks: &["XanitizerFindingsList"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.root().is_some_and(|root| root.name == "XanitizerFindingsList")
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut document = Document::new(bytes);
    let root = document.root()?;
    if root.name != "XanitizerFindingsList" {
        let message = format!("expected `XanitizerFindingsList`, found `{}`", root.name);
        return Err(ReadError::lacks("list of Xanitizer findings", "its root", message));
    }
    let mut findings = Vec::new();
    while let Some(child) = document.next_child(&root)? {
        if child.name == "finding" {
            findings.push(finding(&mut document, &child)?);
        }
    }
    document.end()?;
    let version = root.attribute("xanitizerVersionShort").map(str::to_owned);
    Ok(report("xanitizer", version, &[FindingKind::Code], findings, Vec::new()))
}

fn finding(document: &mut Document<'_>, element: &Element) -> Result<Finding, ReadError> {
    let mut said: HashMap<String, String> = HashMap::new();
    while let Some(child) = document.next_child(element)? {
        // The sink of a path is its place.
        let place = child.attribute("relativePath").filter(|_| matches!(child.name.as_str(), "endNode" | "node"));
        if let Some(place) = place {
            said.insert("path".to_owned(), place.to_owned());
            said.extend(child.attribute("lineNo").map(|line| ("line".to_owned(), line.to_owned())));
        } else if !matches!(child.name.as_str(), "startNode" | "Path") {
            let text = document.text(&child)?;
            said.insert(child.name, text);
        }
    }
    let mut take = |name: &str| said.remove(name).filter(|text| !text.is_empty());
    let class = [take("package"), take("class")].into_iter().flatten().collect::<Vec<_>>().join(".");
    let file = take("file");
    let word = take("classification");
    let title = take("problemType");
    let score =
        take("rating").and_then(|rating| rating.parse::<f64>().ok()).filter(|rating| (0.0..=10.0).contains(rating));
    let problem = Problem {
        rule: take("problemTypeId").or_else(|| title.clone()).unwrap_or_else(|| "xanitizer".to_owned()),
        message: take("description"),
        path: take("path").or(file),
        line: take("line").as_deref().and_then(first_line),
        within: Some(class),
        ..Problem::default()
    };
    let description = problem.message.clone();
    let finding = problem.finding(FindingKind::Code, "xanitizer");
    Ok(Finding {
        title: title.unwrap_or_else(|| finding.title.clone()),
        description,
        severity: score.map_or(Severity::Unknown, Severity::of_score),
        score,
        status: match word.as_deref() {
            Some("False Positive") => FindingStatus::FalsePositive,
            Some("Intended" | "Ignored" | "Duplicate") => FindingStatus::Suppressed,
            _ => FindingStatus::Open,
        },
        severity_word: word,
        cwes: take("cweNumber").as_deref().map(cwes).unwrap_or_default(),
        ..finding
    })
}
