//! Flake8: problems in Python. <https://flake8.pycqa.org/>

use crate::problems::{Located, Problem, begins_with, of_lines, report};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Finding, FindingKind, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "flake8",
    title: "Flake8 report",
    homepage: "https://flake8.pycqa.org/en/latest/user/options.html",
    phase: Phase::Source,
    tool: "flake8",
    reads: "the text of the formats `default` and `pylint`",
    identifies: "rule, file and the message without its numbers",
    severities: "",
    marks: &["flake8"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    begins_with(probe, |line| parsed(line).is_some())
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let findings = of_lines(bytes, "Flake8 report", finding)?;
    Ok(report("flake8", None, &[FindingKind::Quality], findings, Vec::new()))
}

/// The code and the message: `F401 'os' imported but unused` or `[F401] 'os' imported but unused`.
fn parsed<'l>(line: &Located<'l>) -> Option<(&'l str, &'l str)> {
    let (code, message) = match line.rest.strip_prefix('[') {
        Some(rest) => rest.split_once("] ")?,
        None => line.rest.split_once(' ')?,
    };
    let letters = code.trim_start_matches(|c: char| c.is_ascii_uppercase());
    let is_code = (1..=3).contains(&(code.len() - letters.len())) && (3..=4).contains(&letters.len());
    (is_code && letters.bytes().all(|byte| byte.is_ascii_digit())).then_some((code, message))
}

fn finding(line: &Located<'_>) -> Option<Finding> {
    let (code, message) = parsed(line)?;
    let problem = Problem {
        rule: code.to_owned(),
        message: Some(message.to_owned()),
        path: Some(line.path.to_owned()),
        line: Some(line.line),
        ..Problem::default()
    };
    // The rules of flake8-bandit, which are about security.
    let is_security = code.strip_prefix('S').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    Some(problem.finding(if is_security { FindingKind::Code } else { FindingKind::Quality }, "flake8"))
}
