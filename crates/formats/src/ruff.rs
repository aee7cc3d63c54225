//! Ruff: problems in Python. <https://docs.astral.sh/ruff/settings/#output-format>

use crate::json::Object;
use crate::problems::{Elements, Names, report};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Finding, FindingKind, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "ruff",
    title: "Ruff report",
    homepage: "https://docs.astral.sh/ruff/settings/#output-format",
    phase: Phase::Source,
    tool: "ruff",
    reads: "JSON and JSON lines",
    identifies: "rule, file and the message without its numbers",
    severities: "",
    marks: &["code", "filename", "location"],
    recognises,
    read,
};

const NAMES: Names = Names {
    rule: "code",
    message: "message",
    word: "",
    path: "filename",
    line: "location.row",
    end_line: "end_location.row",
};

fn recognises(probe: &Probe) -> bool {
    let is_one =
        |members: &crate::Members| members.has_all(&["code", "filename", "location", "end_location", "message"]);
    probe.first_element().or_else(|| probe.first_of_lines()).is_some_and(is_one)
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let elements = Elements::of(bytes)?;
    let findings = elements.findings(|object| Some(finding(object)));
    Ok(report("ruff", None, &[FindingKind::Quality], findings, elements.warnings()))
}

fn finding(object: &Object<'_>) -> Finding {
    let problem = NAMES.problem("ruff", object);
    // The rules of flake8-bandit are about security, and no others.
    let is_security = problem.rule.strip_prefix('S').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    let kind = if is_security { FindingKind::Code } else { FindingKind::Quality };
    let mut finding = problem.finding(kind, "ruff");
    finding.references = object.text("url").into_iter().collect();
    finding.remediation = object.text("fix.message");
    finding
}
