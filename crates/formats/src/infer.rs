//! Infer: defects in C, C++, Objective-C and Java. <https://fbinfer.com/docs/man-infer-report/>

use crate::json::Object;
use crate::problems::{Elements, Names, report};
use crate::{Format, Probe, ReadError, identity};
use shipworthy_model::{Finding, FindingKind, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "infer",
    title: "Infer report",
    homepage: "https://fbinfer.com/docs/man-infer-report/",
    phase: Phase::Source,
    tool: "infer",
    reads: "`report.json` of versions 1.0 and later",
    identifies: "the tool's hash, which does not count lines",
    severities: "infer",
    marks: &["bug_type", "qualifier", "hash"],
    recognises,
    read,
};

const NAMES: Names =
    Names { rule: "bug_type", message: "qualifier", word: "severity", path: "file", line: "line", end_line: "" };

fn recognises(probe: &Probe) -> bool {
    probe.first_element().is_some_and(|members| members.has_all(&["bug_type", "qualifier", "hash"]))
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let elements = Elements::of(bytes)?;
    let findings = elements.findings(|object| Some(finding(object)));
    Ok(report("infer", None, &[FindingKind::Quality], findings, elements.warnings()))
}

fn finding(object: &Object<'_>) -> Finding {
    let mut finding = NAMES.problem("infer", object).finding(FindingKind::Quality, "infer");
    if let Some(hash) = object.text("hash") {
        finding.identity = identity::of_fingerprint("infer", &hash);
    }
    if let Some(suggestion) = object.text("suggestion") {
        finding.remediation = Some(suggestion);
    }
    finding
}
