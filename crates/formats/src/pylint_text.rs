//! Pylint: problems in Python, as text. <https://pylint.readthedocs.io/en/stable/user_guide/usage/output.html>

use crate::problems::{Located, Problem, begins_with, of_lines, report};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Finding, FindingKind, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "pylint-text",
    title: "Pylint report as text",
    homepage: "https://pylint.readthedocs.io/en/stable/user_guide/usage/output.html",
    phase: Phase::Source,
    tool: "pylint",
    reads: "the text of the formats `text` and `parseable`",
    identifies: "rule, file and the message without its numbers",
    severities: "pylint",
    marks: &["pylint"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    begins_with(probe, |line| parsed(line).is_some())
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let findings = of_lines(bytes, "Pylint report as text", finding)?;
    Ok(report("pylint", None, &[FindingKind::Quality], findings, Vec::new()))
}

/// The id, the name and the message: `C0114: Missing module docstring (missing-module-docstring)` or
/// `[C0326(bad-whitespace), add] Exactly one space required`.
fn parsed<'l>(line: &Located<'l>) -> Option<(&'l str, &'l str, &'l str)> {
    let is_id = |id: &str| {
        id.len() == 5
            && id.starts_with(['F', 'E', 'W', 'C', 'R', 'I'])
            && id.bytes().skip(1).all(|byte| byte.is_ascii_digit())
    };
    if let Some((head, message)) = line.rest.strip_prefix('[').and_then(|rest| rest.split_once("] ")) {
        let (id, name) = head.split_once('(')?;
        return is_id(id).then_some((id, name.split(')').next().unwrap_or_default(), message));
    }
    let (id, message) = line.rest.split_once(": ")?;
    let (message, name) = message.rsplit_once(" (").filter(|(_, name)| name.ends_with(')')).unwrap_or((message, ""));
    is_id(id).then_some((id, name.trim_end_matches(')'), message))
}

fn finding(line: &Located<'_>) -> Option<Finding> {
    let (id, name, message) = parsed(line)?;
    let word = match id.chars().next()? {
        'F' => "fatal",
        'E' => "error",
        'W' => "warning",
        'C' => "convention",
        'R' => "refactor",
        _ => "info",
    };
    let problem = Problem {
        rule: id.to_owned(),
        message: Some(message.to_owned()),
        word: Some(word.to_owned()),
        path: Some(line.path.to_owned()),
        line: Some(line.line),
        ..Problem::default()
    };
    let aliases = Some(name.to_owned()).filter(|name| !name.is_empty()).into_iter().collect();
    Some(Finding { aliases, ..problem.finding(FindingKind::Quality, "pylint") })
}
