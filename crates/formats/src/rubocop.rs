//! RuboCop: problems in Ruby. <https://docs.rubocop.org/rubocop/formatters.html>

use crate::json::Object;
use crate::problems::{Names, Problem, report};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{FindingKind, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "rubocop",
    title: "RuboCop report",
    homepage: "https://docs.rubocop.org/rubocop/formatters.html",
    phase: Phase::Source,
    tool: "rubocop",
    reads: "JSON of the formatter `json`",
    identifies: "rule, file and the message without its numbers",
    severities: "rubocop",
    marks: &["metadata", "files", "summary"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| members.has_all(&["metadata", "files", "summary"]))
        && probe.has("metadata.rubocop_version")
}

const NAMES: Names = Names {
    rule: "cop_name",
    message: "message",
    word: "severity",
    path: "",
    line: "location.line",
    end_line: "location.last_line",
};

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document = Object::document(bytes)?;
    let mut findings = Vec::new();
    for file in document.objects("files") {
        for offense in file.objects("offenses") {
            // What was corrected at once is no more.
            if offense.flag("corrected") == Some(true) {
                continue;
            }
            let problem = Problem { path: file.text("path"), ..NAMES.problem("rubocop", &offense) };
            let kind = if problem.rule.starts_with("Security/") { FindingKind::Code } else { FindingKind::Quality };
            findings.push(problem.finding(kind, "rubocop"));
        }
    }
    let version = document.text("metadata.rubocop_version");
    Ok(report("rubocop", version, &[FindingKind::Code, FindingKind::Quality], findings, document.warnings()))
}
