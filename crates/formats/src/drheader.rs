//! Results of DrHEADer in JSON: headers of HTTP answers that break a rule. <https://github.com/Santandersecurityresearch/DrHeader>

use crate::json::Object;
use crate::problems::{self, Elements};
use crate::{Format, Probe, ReadError, web};
use shipworthy_model::{Finding, FindingKind, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "drheader",
    title: "DrHEADer results",
    homepage: "https://github.com/Santandersecurityresearch/DrHeader",
    phase: Phase::Deploy,
    tool: "drheader",
    reads: "`drheader scan single --output json` (a list of broken rules) and `scan bulk` (a list of addresses with theirs)",
    identifies: "the rule with its message and the address, where the results name one",
    severities: "drheader",
    marks: &["rule", "message", "severity"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let is_rule = |members: &crate::Members| {
        members.has_all(&["rule", "message", "severity"]) && !members.has("file") && !members.has("path")
    };
    probe.first_element().is_some_and(|members| {
        is_rule(members) || (members.has_all(&["url", "report"]) && probe.has_all(&["report.rule", "report.severity"]))
    })
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let elements = Elements::of(bytes)?;
    let mut findings = Vec::new();
    for element in &elements.objects {
        match element.text("url") {
            Some(url) => findings.extend(element.objects("report").iter().map(|rule| finding(rule, &url))),
            None => findings.push(finding(element, "")),
        }
    }
    Ok(problems::report("drheader", None, &[FindingKind::Dynamic], findings, elements.warnings()))
}

fn finding(broken: &Object<'_>, url: &str) -> Finding {
    let header = broken.text("rule").unwrap_or_else(|| "drheader".to_owned());
    let message = broken.text("message").unwrap_or_default();
    let (severity, severity_word) = web::rated("drheader", broken.text("severity").as_deref());
    let expected = broken.texts("expected").join("; ");
    Finding {
        severity,
        severity_word,
        remediation: Some(expected)
            .filter(|expected| !expected.is_empty())
            .map(|expected| format!("Send `{expected}`.")),
        ..web::finding(&header, &format!("{header}: {message}"), web::Place { url, parameter: &message, method: "" })
    }
}
