//! clang-tidy: problems in C and C++. <https://clang.llvm.org/extra/clang-tidy/>

use crate::problems::{Located, Problem, begins_with, of_lines, report};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Finding, FindingKind, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "clang-tidy",
    title: "clang-tidy report",
    homepage: "https://clang.llvm.org/extra/clang-tidy/",
    phase: Phase::Source,
    tool: "clang-tidy",
    reads: "the text of `clang-tidy` and `run-clang-tidy`",
    identifies: "rule, file and the message without its numbers",
    severities: "clang-tidy",
    marks: &["clang-tidy"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    begins_with(probe, |line| parsed(line).is_some())
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let findings = of_lines(bytes, "clang-tidy report", finding)?;
    Ok(report("clang-tidy", None, &[FindingKind::Quality], findings, Vec::new()))
}

/// The word, the message and the check: `warning: single-argument constructors … [google-explicit-constructor]`.
fn parsed<'l>(line: &Located<'l>) -> Option<(&'l str, &'l str, &'l str)> {
    let (word, rest) = line.rest.split_once(": ").filter(|(word, _)| matches!(*word, "warning" | "error"))?;
    let (message, check) = rest.strip_suffix(']')?.rsplit_once(" [")?;
    let check = check.split(',').next()?;
    // The compilers' own warnings begin with a hyphen.
    (check.contains('-') && !line.path.ends_with(".py") && !check.starts_with('-') && !check.contains(' '))
        .then_some((word, message, check))
}

fn finding(line: &Located<'_>) -> Option<Finding> {
    let (word, message, check) = parsed(line)?;
    // `run-clang-tidy` writes the first warning of a file behind its own command.
    let path = line.path.rsplit(' ').next().filter(|_| line.path.starts_with("clang-tidy")).unwrap_or(line.path);
    let problem = Problem {
        rule: check.to_owned(),
        message: Some(message.to_owned()),
        word: Some(word.to_owned()),
        path: Some(path.to_owned()),
        line: Some(line.line),
        ..Problem::default()
    };
    let is_security = check.starts_with("clang-analyzer-security") || check.starts_with("cert-");
    Some(problem.finding(if is_security { FindingKind::Code } else { FindingKind::Quality }, "clang-tidy"))
}
