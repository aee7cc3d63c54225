//! SpotBugs and Find Security Bugs: defects and weaknesses in Java. <https://spotbugs.readthedocs.io/en/stable/>

use crate::problems::{Problem, first_line, report};
use crate::xml::{Document, Element};
use crate::{Format, Probe, ReadError, counts, identity, text};
use shipworthy_model::{Finding, FindingKind, Phase, Report, Warning};
use std::collections::HashMap;

pub(crate) static FORMAT: Format = Format {
    name: "spotbugs",
    title: "SpotBugs report",
    homepage: "https://spotbugs.readthedocs.io/en/stable/",
    phase: Phase::Source,
    tool: "spotbugs",
    reads: "XML of SpotBugs, FindBugs and Find Security Bugs, with or without messages",
    identifies: "the tool's hash of the instance, else type, class and method",
    severities: "spotbugs",
    marks: &["BugCollection"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.root().is_some_and(|root| root.name == "BugCollection")
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut document = Document::new(bytes);
    let root = document.root()?;
    if root.name != "BugCollection" {
        return Err(ReadError::lacks(
            "SpotBugs report",
            "its root",
            format!("expected `BugCollection`, found `{}`", root.name),
        ));
    }
    let (mut findings, mut warnings) = (Vec::new(), Vec::new());
    let mut patterns: HashMap<String, Pattern> = HashMap::new();
    while let Some(child) = document.next_child(&root)? {
        match child.name.as_str() {
            "BugInstance" => findings.push(finding(&mut document, &child)?),
            "BugPattern" => {
                let pattern = pattern(&mut document, &child)?;
                patterns.insert(child.attribute("type").unwrap_or_default().to_owned(), pattern);
            }
            "Errors" => {
                let missing = child.attribute("missingClasses").and_then(counts::whole).unwrap_or(0);
                let errors = child.attribute("errors").and_then(counts::whole).unwrap_or(0);
                if missing + errors > 0 {
                    let message = format!("not everything was looked at: errors: {errors}, missing classes: {missing}");
                    warnings.push(Warning { at: document.place(), message });
                }
            }
            _ => {}
        }
    }
    document.end()?;
    for finding in &mut findings {
        if let Some(pattern) = patterns.get(&finding.rule) {
            finding.remediation.clone_from(&pattern.details);
            finding.cwes.extend(pattern.cwe.filter(|cwe| !finding.cwes.contains(cwe)));
        }
    }
    let kinds = [FindingKind::Code, FindingKind::Quality];
    Ok(report("spotbugs", root.attribute("version").map(str::to_owned), &kinds, findings, warnings))
}

/// What the report says of a type of bugs.
struct Pattern {
    details: Option<String>,
    cwe: Option<u32>,
}

fn pattern(document: &mut Document<'_>, element: &Element) -> Result<Pattern, ReadError> {
    let cwe = element.attribute("cweid").and_then(|number| number.parse().ok());
    let mut details = None;
    while let Some(child) = document.next_child(element)? {
        if child.name == "Details" {
            details = Some(text::capped(document.text(&child)?));
        }
    }
    Ok(Pattern { details, cwe })
}

/// What is known of where a bug is.
#[derive(Default)]
struct Place {
    path: Option<String>,
    line: Option<u32>,
    end_line: Option<u32>,
    /// Class and method.
    names: Vec<String>,
}

fn finding(document: &mut Document<'_>, instance: &Element) -> Result<Finding, ReadError> {
    let mut place = Place::default();
    let mut message = None;
    while let Some(child) = document.next_child(instance)? {
        match child.name.as_str() {
            "ShortMessage" => message = Some(document.text(&child)?),
            "Class" | "Method" | "Field" => named(document, &child, &mut place)?,
            // The line of the bug itself comes before those that explain it.
            "SourceLine" if child.attribute("role").is_none() || place.line.is_none() => {
                at_line(&child, &mut place, true)
            }
            _ => {}
        }
    }
    let text = |name: &str| instance.attribute(name).map(str::to_owned);
    let names = place.names.join("|");
    let problem = Problem {
        rule: text("type").unwrap_or_else(|| "spotbugs".to_owned()),
        message,
        word: text("priority"),
        path: place.path,
        line: place.line,
        end_line: place.end_line,
        within: Some(names.clone()),
    };
    let is_security = matches!(instance.attribute("category"), Some("SECURITY" | "MALICIOUS_CODE"));
    let mut finding = problem.finding(if is_security { FindingKind::Code } else { FindingKind::Quality }, "spotbugs");
    if let Some(hash) = instance.attribute("instanceHash") {
        finding.identity = identity::of_fingerprint("spotbugs", hash);
    }
    finding.description = Some(names.replace('|', " ")).filter(|names| !names.is_empty());
    finding.cwes = instance.attribute("cweid").and_then(|number| number.parse().ok()).into_iter().collect();
    Ok(finding)
}

/// Takes the class or method of a bug; its lines hold where the bug has none of its own.
fn named(document: &mut Document<'_>, element: &Element, place: &mut Place) -> Result<(), ReadError> {
    let is_own = element.attribute("role").is_none_or(|role| !role.ends_with("_CALLED"));
    if is_own {
        let name = element.attribute("name").or_else(|| element.attribute("classname"));
        place.names.extend(name.map(str::to_owned));
    }
    while let Some(line) = document.next_child(element)? {
        if line.name == "SourceLine" && is_own && place.path.is_none() {
            at_line(&line, place, false);
        }
    }
    Ok(())
}

fn at_line(element: &Element, place: &mut Place, is_own: bool) {
    let path = element.attribute("sourcepath").or_else(|| element.attribute("sourcefile"));
    place.path = path.map(str::to_owned).or(place.path.take());
    if is_own && place.line.is_none() {
        place.line = element.attribute("start").and_then(first_line);
        place.end_line = element.attribute("end").and_then(first_line);
    }
}
