//! Staticcheck: defects in Go. <https://staticcheck.dev/docs/running-staticcheck/cli/formatters/>

use crate::json::Object;
use crate::problems::{Elements, Names, report};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Finding, FindingKind, FindingStatus, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "staticcheck",
    title: "Staticcheck report",
    homepage: "https://staticcheck.dev/docs/running-staticcheck/cli/formatters/",
    phase: Phase::Source,
    tool: "staticcheck",
    reads: "JSON lines of `-f json`, or a list of them",
    identifies: "rule, file and the message without its numbers",
    severities: "staticcheck",
    marks: &["code", "severity", "location"],
    recognises,
    read,
};

const NAMES: Names = Names {
    rule: "code",
    message: "message",
    word: "severity",
    path: "location.file",
    line: "location.line",
    end_line: "end.line",
};

fn recognises(probe: &Probe) -> bool {
    let is_one = |members: &crate::Members| members.has_all(&["code", "severity", "location", "end", "message"]);
    probe.first_element().or_else(|| probe.first_of_lines()).is_some_and(is_one) && probe.has("location.file")
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let elements = Elements::of(bytes)?;
    let findings = elements.findings(|object| Some(finding(object)));
    Ok(report("staticcheck", None, &[FindingKind::Quality], findings, elements.warnings()))
}

fn finding(object: &Object<'_>) -> Finding {
    let mut finding = NAMES.problem("staticcheck", object).finding(FindingKind::Quality, "staticcheck");
    if object.text("severity").as_deref() == Some("ignored") {
        finding.status = FindingStatus::Suppressed;
    }
    finding
}
