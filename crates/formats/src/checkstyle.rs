//! Checkstyle: problems of style in Java, and the layout in which many linters write theirs. <https://checkstyle.org/>

use crate::problems::{Problem, first_line, report};
use crate::xml::{Document, Element};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Finding, FindingKind, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "checkstyle",
    title: "Checkstyle report",
    homepage: "https://checkstyle.org/",
    phase: Phase::Source,
    tool: "checkstyle",
    reads: "XML of Checkstyle and of the many linters that write its layout",
    identifies: "rule, file and the message without its numbers",
    severities: "checkstyle",
    marks: &["checkstyle"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.root().is_some_and(|root| root.name == "checkstyle")
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut document = Document::new(bytes);
    let root = document.root()?;
    if root.name != "checkstyle" {
        return Err(ReadError::lacks(
            "Checkstyle report",
            "its root",
            format!("expected `checkstyle`, found `{}`", root.name),
        ));
    }
    let mut findings = Vec::new();
    while let Some(file) = document.next_child(&root)? {
        let path = file.attribute("name").map(str::to_owned);
        while let Some(error) = document.next_child(&file)? {
            if error.name == "error" {
                findings.push(finding(&error, path.clone()));
            }
        }
    }
    document.end()?;
    Ok(report(
        "checkstyle",
        root.attribute("version").map(str::to_owned),
        &[FindingKind::Quality],
        findings,
        Vec::new(),
    ))
}

fn finding(error: &Element, path: Option<String>) -> Finding {
    let text = |name: &str| error.attribute(name).filter(|text| !text.trim().is_empty()).map(str::to_owned);
    // A class of Java; of other tools the name of the rule, with the tool before it.
    let source = text("source").unwrap_or_else(|| "checkstyle".to_owned());
    let is_java = source.starts_with("com.puppycrawl.");
    let short = source.rsplit('.').next().filter(|_| is_java).map(|name| name.trim_end_matches("Check").to_owned());
    let problem = Problem {
        rule: short.unwrap_or(source),
        message: text("message"),
        word: text("severity"),
        path,
        line: error.attribute("line").and_then(first_line),
        ..Problem::default()
    };
    problem.finding(FindingKind::Quality, "checkstyle")
}
