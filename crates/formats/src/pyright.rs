//! Pyright: errors of types in Python. <https://microsoft.github.io/pyright/#/command-line>

use crate::json::Object;
use crate::problems::{Names, report};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Finding, FindingKind, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "pyright",
    title: "Pyright report",
    homepage: "https://microsoft.github.io/pyright/#/command-line",
    phase: Phase::Source,
    tool: "pyright",
    reads: "JSON of `--outputjson`, also of basedpyright",
    identifies: "rule, file and the message without its numbers",
    severities: "pyright",
    marks: &["generalDiagnostics", "summary"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| members.has_all(&["generalDiagnostics", "summary"]))
}

const NAMES: Names = Names { rule: "rule", message: "message", word: "severity", path: "file", line: "", end_line: "" };

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document = Object::document(bytes)?;
    let findings = document.objects("generalDiagnostics").iter().map(finding).collect();
    Ok(report("pyright", document.text("version"), &[FindingKind::Quality], findings, document.warnings()))
}

fn finding(diagnostic: &Object<'_>) -> Finding {
    // Its lines count from 0.
    let line = |path: &str| diagnostic.count(path).and_then(|line| u32::try_from(line.saturating_add(1)).ok());
    let mut problem = NAMES.problem("pyright", diagnostic);
    problem.line = line("range.start.line");
    problem.end_line = line("range.end.line");
    problem.finding(FindingKind::Quality, "pyright")
}
