//! PingCastle: the health of an Active Directory. Its rules give points instead of a severity.

use crate::checks::{Check, Checks, Outcome};
use crate::xml::{Document, Element};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "pingcastle",
    title: "PingCastle health check",
    homepage: "https://www.pingcastle.com/documentation/",
    phase: Phase::Deploy,
    tool: "pingcastle",
    reads: "the XML of version 2 and 3",
    identifies: "rule and domain",
    severities: "",
    marks: &["HealthcheckData"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.root().is_some_and(|root| root.name == "HealthcheckData")
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut document = Document::new(bytes);
    let root = document.root()?;
    if root.name != "HealthcheckData" {
        return Err(ReadError::lacks("PingCastle report", &root.name, "expected the root `HealthcheckData`"));
    }
    let (mut version, mut domain, mut generated) = (None, None, None);
    let mut rules = Vec::new();
    while let Some(child) = document.next_child(&root)? {
        match child.name.as_str() {
            "EngineVersion" => version = Some(document.text(&child)?),
            "DomainFQDN" => domain = Some(document.text(&child)?).filter(|domain| !domain.is_empty()),
            "GenerationDate" => generated = document.text(&child)?.parse::<jiff::Timestamp>().ok(),
            "RiskRules" => {
                while let Some(rule) = document.next_child(&child)? {
                    rules.push(read_rule(&mut document, &rule)?);
                }
            }
            _ => {}
        }
    }
    document.end()?;
    let mut checks = Checks::of_scanner();
    for rule in rules {
        checks.add(Check { resource: domain.clone(), ..rule });
    }
    let mut report = checks.report("pingcastle", version);
    report.created_at = generated.map(|moment| moment.to_string());
    Ok(report)
}

fn read_rule(document: &mut Document<'_>, element: &Element) -> Result<Check, ReadError> {
    let mut check = Check { outcome: Outcome::Failed, ..Check::default() };
    while let Some(child) = document.next_child(element)? {
        let text = document.text(&child)?;
        match child.name.as_str() {
            "Points" => check.score = text.parse().ok().filter(|points: &f64| points.is_finite()),
            "Category" => check.section = Some(text),
            "RiskId" => check.rule = text,
            "Rationale" => check.title = Some(text).filter(|text| !text.is_empty()),
            "Model" => check.description = Some(text).filter(|text| !text.is_empty()),
            _ => {}
        }
    }
    Ok(check)
}
