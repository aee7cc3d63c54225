//! bundler-audit reports in text: a paragraph for each vulnerability of a gem, and a line for each unsafe source.

use crate::bundler_audit::insecure_source;
use crate::dependencies::{component, lower_bounds, names, report};
use crate::{Format, Probe, ReadError, identity, severity, text};
use shipworthy_model::{Finding, FindingKind, Phase, Report, Warning};

pub(crate) static FORMAT: Format = Format {
    name: "bundler-audit-text",
    title: "bundler-audit report in text",
    homepage: "https://github.com/rubysec/bundler-audit#synopsis",
    phase: Phase::Source,
    tool: "bundler-audit",
    reads: "what `bundle-audit check` writes to the terminal, also when it found nothing",
    identifies: "vulnerability and component; of a source its address",
    severities: "bundler-audit",
    marks: &["Name", "Version", "Advisory"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let first = probe.first_line();
    let is_paragraph = first.starts_with("Name: ")
        && (probe.shows("\nAdvisory: ") || probe.shows("\nCVE: ") || probe.shows("\nGHSA: "))
        && probe.shows("\nSolution: ");
    let is_source = first.starts_with("Insecure Source URI found: ");
    probe.is_text() && (is_paragraph || is_source || first == "No vulnerabilities found")
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document = String::from_utf8_lossy(bytes);
    let mut warnings = Vec::new();
    let mut findings = Vec::new();
    let mut paragraph: Vec<(&str, &str)> = Vec::new();
    for (index, line) in document.lines().chain([""]).enumerate() {
        let line = line.trim();
        if let Some(source) = line.strip_prefix("Insecure Source URI found: ") {
            findings.push(insecure_source(source));
        } else if let Some((key, value)) = line.split_once(": ") {
            paragraph.push((key, value));
        } else if line.is_empty() && !paragraph.is_empty() {
            findings.extend(finding(&paragraph));
            paragraph.clear();
        } else if !line.is_empty() && !matches!(line, "Vulnerabilities found!" | "No vulnerabilities found") {
            let message = "left out: expected a name and a value, such as `Advisory: CVE-…`".to_owned();
            warnings.push(Warning { at: format!("line {}", index + 1), message });
        }
    }
    let is_empty = document.lines().any(|line| line.trim() == "No vulnerabilities found");
    if findings.is_empty() && !is_empty {
        let message = "expected a paragraph with `Name`, `Advisory` and their values, or that nothing was found";
        return Err(ReadError::lacks("report of bundler-audit", "its lines", message));
    }
    let looked_for = vec![FindingKind::Vulnerability, FindingKind::Misconfiguration];
    Ok(Report { warnings, looked_for, ..report("bundler-audit", None, findings) })
}

/// The vulnerability of one paragraph; nothing for a paragraph about something else.
fn finding(paragraph: &[(&str, &str)]) -> Option<Finding> {
    let value = |wanted: &str| paragraph.iter().find(|(key, _)| *key == wanted).map(|(_, value)| value.trim());
    let gem = value("Name")?;
    let named = ["Advisory", "CVE", "GHSA"].into_iter().filter_map(value);
    let mut named = named.map(str::to_owned);
    let rule = named.next()?;
    let word = value("Criticality").map(str::to_owned);
    Some(Finding {
        aliases: crate::dependencies::aliases(&rule, named.chain(value("URL").map(names).into_iter().flatten())),
        severity: word.as_deref().map(|word| severity::of_word("bundler-audit", word)).unwrap_or_default(),
        severity_word: word,
        component: Some(component("gem", gem, value("Version"))),
        fixed_versions: value("Solution").map(|solution| lower_bounds(&solution.replace('\'', ""))).unwrap_or_default(),
        remediation: value("Solution").map(str::to_owned),
        references: value("URL").map(str::to_owned).into_iter().collect(),
        identity: identity::of_parts(&rule, &[]),
        ..Finding::new(FindingKind::Vulnerability, rule.clone(), value("Title").and_then(text::title).unwrap_or(rule))
    })
}
