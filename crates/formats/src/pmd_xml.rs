//! PMD: problems in Java, Apex and others. <https://docs.pmd-code.org/latest/pmd_userdocs_report_formats.html>

use crate::problems::{Problem, first_line, report};
use crate::xml::{Document, Element};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Finding, FindingKind, FindingStatus, Phase, Report, Warning};

pub(crate) static FORMAT: Format = Format {
    name: "pmd-xml",
    title: "PMD report",
    homepage: "https://docs.pmd-code.org/latest/pmd_userdocs_report_formats.html#xml",
    phase: Phase::Source,
    tool: "pmd",
    reads: "XML, versions 4 and later",
    identifies: "rule, file, class, method and the message without its numbers",
    severities: "pmd",
    marks: &["pmd"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.root().is_some_and(|root| root.name == "pmd")
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut document = Document::new(bytes);
    let root = document.root()?;
    if root.name != "pmd" {
        return Err(ReadError::lacks("PMD report", "its root", format!("expected `pmd`, found `{}`", root.name)));
    }
    let (mut findings, mut warnings) = (Vec::new(), Vec::new());
    while let Some(child) = document.next_child(&root)? {
        let path = child.attribute("name").or_else(|| child.attribute("filename")).map(str::to_owned);
        match child.name.as_str() {
            "file" => {
                while let Some(violation) = document.next_child(&child)? {
                    let message = document.text(&violation)?;
                    findings.push(finding(&violation, message, path.clone()));
                }
            }
            "suppressedviolation" => findings.push(suppressed(&child, path)),
            "error" | "configerror" => {
                let message = format!(
                    "not looked at: {}",
                    path.unwrap_or_else(|| child.attribute("msg").unwrap_or_default().to_owned())
                );
                warnings.push(Warning { at: document.place(), message });
            }
            _ => {}
        }
    }
    document.end()?;
    let kinds = [FindingKind::Code, FindingKind::Quality];
    Ok(report("pmd", root.attribute("version").map(str::to_owned), &kinds, findings, warnings))
}

fn finding(violation: &Element, message: String, path: Option<String>) -> Finding {
    let text = |name: &str| violation.attribute(name).unwrap_or_default();
    let said: String = message.chars().filter(|c| !c.is_ascii_digit()).collect();
    let problem = Problem {
        rule: text("rule").to_owned(),
        message: Some(message),
        word: Some(text("priority").to_owned()),
        path,
        line: first_line(text("beginline")),
        end_line: first_line(text("endline")),
        within: Some([text("class"), text("method"), text("variable"), &said].join("|")),
    };
    let kind = if text("ruleset") == "Security" { FindingKind::Code } else { FindingKind::Quality };
    let mut finding = problem.finding(kind, "pmd");
    finding.references = violation.attribute("externalInfoUrl").into_iter().map(str::to_owned).collect();
    finding
}

fn suppressed(violation: &Element, path: Option<String>) -> Finding {
    let message = violation.attribute("msg").unwrap_or_default().to_owned();
    let problem = Problem { rule: "suppressed".to_owned(), message: Some(message), path, ..Problem::default() };
    Finding { status: FindingStatus::Suppressed, ..problem.finding(FindingKind::Quality, "pmd") }
}
