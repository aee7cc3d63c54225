//! XCCDF test results (NIST IR 7275), such as OpenSCAP writes them, alone, in their benchmark or in an asset report (ARF).
//! A rule that stands for a CVE, as in the patch definitions of vendors, is a vulnerability besides.

use crate::checks::{Check, Checks, Outcome};
use crate::xml::{Document, Element};
use crate::{Format, Probe, ReadError, severity};
use shipworthy_model::{ComponentRef, Finding, FindingKind, Phase, Report, Severity, Warning};
use std::collections::HashMap;

pub(crate) static FORMAT: Format = Format {
    name: "xccdf",
    title: "XCCDF results (OpenSCAP)",
    homepage: "https://csrc.nist.gov/pubs/ir/7275/r4/final",
    phase: Phase::Deploy,
    tool: "openscap",
    reads: "XCCDF 1.1 and 1.2 with a `TestResult`, alone, in a `Benchmark` or in an ARF `asset-report-collection`",
    identifies: "vulnerability and system",
    severities: "xccdf",
    marks: &["Benchmark", "TestResult", "asset-report-collection"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.root().is_some_and(|root| {
        let namespace = root.namespace.as_deref().unwrap_or_default();
        match root.name.as_str() {
            "Benchmark" | "TestResult" => namespace.contains("/xccdf/"),
            "asset-report-collection" => namespace.contains("asset-reporting-format"),
            _ => false,
        }
    })
}

/// What the benchmark says of a rule.
#[derive(Default)]
struct Rule {
    title: Option<String>,
    description: Option<String>,
    fix: Option<String>,
    group: Option<String>,
}

/// What a test found of it.
struct Tested {
    rule: String,
    severity: Option<String>,
    weight: Option<f64>,
    result: String,
    message: Option<String>,
    cves: Vec<String>,
    target: Option<String>,
    place: String,
}

#[derive(Default)]
struct Reading {
    benchmark: Option<String>,
    target_version: Option<String>,
    rules: HashMap<String, Rule>,
    tested: Vec<Tested>,
    started: Option<String>,
    version: Option<String>,
    tests: usize,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut document = Document::new(bytes);
    let root = document.root()?;
    let mut reading = Reading::default();
    let mut group = Vec::new();
    match root.name.as_str() {
        "TestResult" => reading.test(&mut document, &root)?,
        _ => reading.walk(&mut document, &root, &mut group)?,
    }
    document.end()?;
    if reading.tests == 0 {
        return Err(ReadError::lacks(
            "XCCDF document",
            &root.name,
            "expected a `TestResult`, found none: nothing was tested",
        ));
    }
    Ok(reading.finish())
}

impl Reading {
    /// Looks for rules and results; what holds them is passed through.
    fn walk(
        &mut self,
        document: &mut Document<'_>,
        parent: &Element,
        group: &mut Vec<String>,
    ) -> Result<(), ReadError> {
        while let Some(child) = document.next_child(parent)? {
            match child.name.as_str() {
                "Rule" => self.rule(document, &child, group.last())?,
                "TestResult" => self.test(document, &child)?,
                "Group" => {
                    group.push(String::new());
                    self.walk(document, &child, group)?;
                    group.pop();
                }
                "title" if parent.name == "Group" => {
                    let title = document.text(&child)?;
                    if let Some(last) = group.last_mut() {
                        *last = title;
                    }
                }
                "title" if parent.name == "Benchmark" => {
                    let title = document.text(&child)?;
                    self.benchmark.get_or_insert(title);
                }
                "Benchmark"
                | "report-requests"
                | "report-request"
                | "reports"
                | "report"
                | "content"
                | "data-stream-collection"
                | "component" => self.walk(document, &child, group)?,
                _ => {}
            }
        }
        Ok(())
    }

    fn rule(
        &mut self,
        document: &mut Document<'_>,
        element: &Element,
        group: Option<&String>,
    ) -> Result<(), ReadError> {
        let mut rule = Rule { group: group.filter(|title| !title.is_empty()).cloned(), ..Rule::default() };
        while let Some(child) = document.next_child(element)? {
            let text = match child.name.as_str() {
                "title" => &mut rule.title,
                "description" => &mut rule.description,
                "fixtext" => &mut rule.fix,
                _ => continue,
            };
            *text = Some(document.text(&child)?).filter(|text| !text.is_empty());
        }
        self.rules.insert(element.attribute("id").unwrap_or_default().to_owned(), rule);
        Ok(())
    }

    fn test(&mut self, document: &mut Document<'_>, element: &Element) -> Result<(), ReadError> {
        self.tests += 1;
        self.started = self.started.take().or_else(|| element.attribute("end-time").map(str::to_owned));
        let system = element.attribute("test-system").unwrap_or_default();
        self.version = system.rsplit_once("openscap:").map(|(_, version)| version.to_owned());
        self.target_version = self.target_version.take().or_else(|| element.attribute("version").map(str::to_owned));
        let mut target = None;
        while let Some(child) = document.next_child(element)? {
            match child.name.as_str() {
                "target" => target = Some(document.text(&child)?).filter(|text| !text.is_empty()),
                "rule-result" => {
                    let tested = tested(document, &child, target.as_ref())?;
                    self.tested.push(tested);
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn finish(self) -> Report {
        let mut checks = Checks::of_benchmark(self.benchmark.unwrap_or_else(|| "xccdf".to_owned()));
        checks.benchmark().target_version = None;
        for tested in &self.tested {
            let unknown = Rule::default();
            let rule = self.rules.get(&tested.rule).unwrap_or(&unknown);
            let Some(outcome) = outcome(tested, &mut checks.warnings) else { continue };
            let severity = severity::of_word("xccdf", tested.severity.as_deref().unwrap_or_default());
            if outcome == Outcome::Failed {
                tested.cves.iter().for_each(|cve| checks.add_finding(vulnerability(cve, tested, rule, severity)));
            }
            checks.add(Check {
                rule: tested.rule.clone(),
                title: rule.title.clone(),
                section: rule.group.clone(),
                outcome,
                is_unscored: tested.weight == Some(0.0),
                severity,
                reason: tested.message.clone(),
                resource: tested.target.clone(),
                remediation: rule.fix.clone(),
                ..Check::default()
            });
        }
        let looks_for_vulnerabilities = self.tested.iter().any(|tested| !tested.cves.is_empty());
        // Moments of XCCDF need not say their time zone; such a one is not guessed.
        let started = self.started.and_then(|moment| moment.parse::<jiff::Timestamp>().ok());
        let mut report = checks.report("openscap", self.version);
        report.created_at = started.map(|moment| moment.to_string());
        if looks_for_vulnerabilities {
            report.findings.get_or_insert_default();
            report.looked_for.push(FindingKind::Vulnerability);
        }
        report
    }
}

fn tested(document: &mut Document<'_>, element: &Element, target: Option<&String>) -> Result<Tested, ReadError> {
    let mut tested = Tested {
        rule: element.attribute("idref").unwrap_or_default().to_owned(),
        severity: element.attribute("severity").map(str::to_owned),
        weight: element.attribute("weight").and_then(|weight| weight.parse().ok()),
        result: String::new(),
        message: None,
        cves: Vec::new(),
        target: target.cloned(),
        place: document.place(),
    };
    while let Some(child) = document.next_child(element)? {
        match child.name.as_str() {
            "result" => tested.result = document.text(&child)?,
            "message" => tested.message = Some(document.text(&child)?).filter(|text| !text.is_empty()),
            "ident" => {
                let ident = document.text(&child)?;
                if ident.starts_with("CVE-") {
                    tested.cves.push(ident);
                }
            }
            _ => {}
        }
    }
    Ok(tested)
}

/// Nothing for what was not chosen to be tested.
fn outcome(tested: &Tested, warnings: &mut Vec<Warning>) -> Option<Outcome> {
    Some(match tested.result.as_str() {
        "pass" | "fixed" => Outcome::Passed,
        "fail" => Outcome::Failed,
        "notapplicable" => Outcome::NotApplicable,
        "informational" => Outcome::Told,
        "error" | "unknown" | "notchecked" => Outcome::Undecided,
        "notselected" => return None,
        other => {
            let message = format!("expected a result of XCCDF, found `{other}`; somebody has to look");
            warnings.push(Warning { at: tested.place.clone(), message });
            Outcome::Undecided
        }
    })
}

fn vulnerability(cve: &str, tested: &Tested, rule: &Rule, severity: Severity) -> Finding {
    Finding {
        severity,
        severity_word: tested.severity.clone(),
        description: rule.description.clone().map(crate::text::capped),
        component: tested.target.clone().map(|name| ComponentRef { name, ..ComponentRef::default() }),
        remediation: rule.fix.clone().map(crate::text::capped),
        ..Finding::new(FindingKind::Vulnerability, cve, rule.title.clone().unwrap_or_else(|| cve.to_owned()))
    }
}
