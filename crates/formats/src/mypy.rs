//! mypy: errors of types in Python. <https://mypy.readthedocs.io/en/stable/command_line.html>

use crate::problems::{Located, Problem, begins_with, of_lines, report};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Finding, FindingKind, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "mypy",
    title: "mypy report",
    homepage: "https://mypy.readthedocs.io/en/stable/command_line.html",
    phase: Phase::Source,
    tool: "mypy",
    reads: "the text, with or without columns and codes",
    identifies: "rule, file and the message without its numbers",
    severities: "mypy",
    marks: &["mypy"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    begins_with(probe, |line| parsed(line).is_some())
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let findings = of_lines(bytes, "mypy report", finding)?;
    Ok(report("mypy", None, &[FindingKind::Quality], findings, Vec::new()))
}

/// The word, the message and the code: `error: Name "item" is not defined  [name-defined]`.
fn parsed<'l>(line: &Located<'l>) -> Option<(&'l str, &'l str, &'l str)> {
    let is_python = [".py", ".pyi", ".ipynb"].iter().any(|end| line.path.ends_with(end));
    let (word, rest) =
        line.rest.split_once(": ").filter(|(word, _)| is_python && matches!(*word, "error" | "warning"))?;
    let coded = rest.strip_suffix(']').and_then(|rest| rest.rsplit_once("  ["));
    let (message, code) = coded.unwrap_or((rest, "mypy"));
    Some((word, message, code))
}

fn finding(line: &Located<'_>) -> Option<Finding> {
    let (word, message, code) = parsed(line)?;
    let problem = Problem {
        rule: code.to_owned(),
        message: Some(message.to_owned()),
        word: Some(word.to_owned()),
        path: Some(line.path.to_owned()),
        line: Some(line.line),
        ..Problem::default()
    };
    Some(problem.finding(FindingKind::Quality, "mypy"))
}
