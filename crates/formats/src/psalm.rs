//! Psalm: defects and tainted data in PHP. <https://psalm.dev/docs/running_psalm/command_line_usage/>

use crate::json::Object;
use crate::problems::{Elements, Names, Problem, report};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Finding, FindingKind, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "psalm",
    title: "Psalm report",
    homepage: "https://psalm.dev/docs/running_psalm/command_line_usage/",
    phase: Phase::Source,
    tool: "psalm",
    reads: "JSON of `--output-format=json`, bare or in `issues`",
    identifies: "rule, file and the message without its numbers",
    severities: "psalm",
    marks: &["line_from", "type", "file_name"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let is_list =
        probe.first_element().is_some_and(|members| members.has_all(&["severity", "line_from", "type", "file_name"]));
    is_list || (probe.has("issues.line_from") && probe.has("issues.file_name"))
}

const NAMES: Names = Names {
    rule: "type",
    message: "message",
    word: "severity",
    path: "file_name",
    line: "line_from",
    end_line: "line_to",
};

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let elements = Elements::of(bytes)?;
    let findings = elements.objects.iter().flat_map(|object| match object.has("issues") {
        true => object.objects("issues").iter().map(finding).collect(),
        false => vec![finding(object)],
    });
    let findings = findings.collect();
    Ok(report("psalm", None, &[FindingKind::Code, FindingKind::Quality], findings, elements.warnings()))
}

fn finding(issue: &Object<'_>) -> Finding {
    let problem = Problem { within: issue.text("snippet"), ..NAMES.problem("psalm", issue) };
    // Taint analysis is what Psalm does for security.
    let kind = if problem.rule.starts_with("Tainted") { FindingKind::Code } else { FindingKind::Quality };
    let mut finding = problem.finding(kind, "psalm");
    finding.references = issue.text("link").into_iter().collect();
    finding
}
