//! Security audits of 42Crunch: what is unsafe in the description of an interface (OpenAPI).

use crate::json::Object;
use crate::problems::report;
use crate::{Format, Members, Probe, ReadError, identity, severity, text};
use shipworthy_model::{Finding, FindingKind, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "crunch42",
    title: "42Crunch API security audit",
    homepage: "https://docs.42crunch.com/latest/content/concepts/api_contract_security_audit.htm",
    phase: Phase::Source,
    tool: "crunch42",
    reads: "the report of an audit, alone or as the platform answers it; sections of security, data and validity",
    identifies: "42Crunch's fingerprint, else the rule with the place in the description",
    severities: "crunch42",
    marks: &["report", "assessmentVersion", "assessmentReportVersion"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let is_report = |members: &Members| members.has_all(&["assessmentVersion", "assessmentReportVersion"]);
    probe.object().is_some_and(is_report)
        || probe.has_all(&["report.assessmentVersion", "report.assessmentReportVersion"])
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document = Object::document(bytes)?;
    let audit = if document.has_object("report") { document.object("report") } else { Some(document.clone()) };
    let Some(audit) = audit else {
        return Err(ReadError::lacks("audit of 42Crunch", "/report", "expected an object"));
    };
    let places = if audit.has_list("index") { audit.texts("index") } else { Vec::new() };
    let mut findings = Vec::new();
    for section in ["security", "data", "validationErrors", "semanticErrors", "warnings"] {
        let part = if audit.has_object(section) { audit.object(section) } else { None };
        for (rule, group) in
            part.filter(|part| part.has_object("issues")).iter().flat_map(|part| part.entries("issues"))
        {
            for issue in group.objects("issues") {
                findings.push(finding(&rule, &group, &issue, &places));
            }
        }
    }
    let version = audit.text("assessmentVersion");
    Ok(report("crunch42", version, &[FindingKind::Misconfiguration], findings, document.warnings()))
}

fn finding(rule: &str, group: &Object<'_>, issue: &Object<'_>, places: &[String]) -> Finding {
    let said = issue.text("specificDescription").or_else(|| group.text("description"));
    let place = issue.count("pointer").and_then(|index| places.get(usize::try_from(index).ok()?)).cloned();
    let word = issue.text("criticality").or_else(|| group.text("criticality"));
    let made = identity::of_parts(rule, &[place.as_deref().unwrap_or_default()]);
    Finding {
        severity: word.as_deref().map_or_else(Default::default, |word| severity::of_word("crunch42", word)),
        severity_word: word,
        description: place.map(|place| format!("at {place}")),
        identity: issue.text("fingerprint").map_or(made, |print| identity::of_fingerprint("crunch42", &print)),
        ..Finding::new(
            FindingKind::Misconfiguration,
            rule,
            said.as_deref().and_then(text::title).unwrap_or_else(|| rule.to_owned()),
        )
    }
}
