//! QARK: weaknesses of Android applications. <https://github.com/linkedin/qark>

use crate::json::Object;
use crate::problems::{Elements, Names, first_line, report};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Finding, FindingKind, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "qark",
    title: "QARK report",
    homepage: "https://github.com/linkedin/qark",
    phase: Phase::Source,
    tool: "qark",
    reads: "JSON of versions 4 and later",
    identifies: "rule, file and the message without its numbers",
    severities: "qark",
    marks: &["apk_exploit_dict", "file_object", "line_number"],
    recognises,
    read,
};

const NAMES: Names =
    Names { rule: "name", message: "description", word: "severity", path: "file_object", line: "", end_line: "" };

fn recognises(probe: &Probe) -> bool {
    probe.first_element().is_some_and(|members| members.has_all(&["apk_exploit_dict", "file_object", "name"]))
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let elements = Elements::of(bytes)?;
    let findings = elements.findings(|object| Some(finding(object)));
    Ok(report("qark", None, &[FindingKind::Code], findings, elements.warnings()))
}

fn finding(object: &Object<'_>) -> Finding {
    let mut problem = NAMES.problem("qark", object);
    problem.line = object.one_or_more("line_number").first().and_then(|line| first_line(line));
    let name = problem.rule.clone();
    let description = problem.message.clone();
    let finding = problem.finding(FindingKind::Code, "qark");
    Finding { title: name, description, ..finding }
}
