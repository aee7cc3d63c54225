//! CPD: code that is there more than once. <https://docs.pmd-code.org/latest/pmd_userdocs_cpd_report_formats.html>

use crate::problems::{first_line, relative, report};
use crate::xml::{Document, Element};
use crate::{Format, Probe, ReadError, identity};
use shipworthy_model::{Finding, FindingKind, Location, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "cpd",
    title: "CPD report",
    homepage: "https://docs.pmd-code.org/latest/pmd_userdocs_cpd_report_formats.html#xml",
    phase: Phase::Source,
    tool: "cpd",
    reads: "XML, all versions; a finding for each duplication",
    identifies: "a digest of the code that is there twice",
    severities: "",
    marks: &["pmd-cpd"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.root().is_some_and(|root| root.name == "pmd-cpd")
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut document = Document::new(bytes);
    let root = document.root()?;
    if root.name != "pmd-cpd" {
        return Err(ReadError::lacks("CPD report", "its root", format!("expected `pmd-cpd`, found `{}`", root.name)));
    }
    let mut findings = Vec::new();
    while let Some(duplication) = document.next_child(&root)? {
        if duplication.name == "duplication" {
            findings.push(finding(&mut document, &duplication)?);
        }
    }
    document.end()?;
    Ok(report("cpd", root.attribute("pmdVersion").map(str::to_owned), &[FindingKind::Quality], findings, Vec::new()))
}

fn finding(document: &mut Document<'_>, duplication: &Element) -> Result<Finding, ReadError> {
    let (mut places, mut code) = (Vec::new(), None);
    while let Some(child) = document.next_child(duplication)? {
        match child.name.as_str() {
            "file" => places.push((
                relative(child.attribute("path").unwrap_or_default()),
                child.attribute("line").and_then(first_line),
                child.attribute("endline").and_then(first_line),
            )),
            "codefragment" => code = Some(document.text(&child)?),
            _ => {}
        }
    }
    let count = duplication.attribute("lines").unwrap_or_default();
    let title = format!("{count} lines stand in {} places", places.len());
    let shown: Vec<_> = places.iter().map(|(path, line, _)| format!("{path}:{}", line.unwrap_or_default())).collect();
    let first = places.first().cloned();
    let identity = match &code {
        Some(code) => identity::of_parts("duplication", &[&identity::of_code(code)]),
        None => identity::of_parts("duplication", &places.iter().map(|(path, ..)| path.as_str()).collect::<Vec<_>>()),
    };
    Ok(Finding {
        description: Some(shown.join("\n")),
        location: first.map(|(path, line, end_line)| Location { path, line, end_line }),
        identity,
        ..Finding::new(FindingKind::Quality, "duplication", title)
    })
}
