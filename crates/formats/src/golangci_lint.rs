//! golangci-lint: what many linters of Go say. <https://golangci-lint.run/>

use crate::json::Object;
use crate::problems::{Names, report};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Finding, FindingKind, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "golangci-lint",
    title: "golangci-lint report",
    homepage: "https://golangci-lint.run/docs/configuration/file/",
    phase: Phase::Source,
    tool: "golangci-lint",
    reads: "JSON, versions 1 and 2",
    identifies: "rule, file and the message without its numbers",
    severities: "golangci-lint",
    marks: &["Issues", "Report"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| members.has_all(&["Issues", "Report"]))
}

const NAMES: Names = Names {
    rule: "FromLinter",
    message: "Text",
    word: "Severity",
    path: "Pos.Filename",
    line: "Pos.Line",
    end_line: "LineRange.To",
};

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document = Object::document(bytes)?;
    let findings = document.objects("Issues").iter().map(finding).collect();
    Ok(report("golangci-lint", None, &[FindingKind::Quality], findings, document.warnings()))
}

fn finding(issue: &Object<'_>) -> Finding {
    let mut problem = NAMES.problem("golangci-lint", issue);
    // Linters that have rules begin the text with the one that was broken: `SA4006: …`, `G104: …`.
    let said = problem.message.clone().unwrap_or_default();
    let is_code = |code: &&str| {
        code.len() <= 8
            && code.ends_with(|c: char| c.is_ascii_digit())
            && code.starts_with(|c: char| c.is_ascii_uppercase())
    };
    let code = said.split_once(": ").map(|(code, _)| code).filter(is_code);
    let kind = if problem.rule == "gosec" { FindingKind::Code } else { FindingKind::Quality };
    if let Some(code) = code {
        problem.rule = format!("{}/{code}", problem.rule);
    }
    let code = issue.texts("SourceLines").join("\n");
    problem.within = Some(code).filter(|code| !code.is_empty()).map(|code| format!("{said}{code}"));
    problem.finding(kind, "golangci-lint")
}
