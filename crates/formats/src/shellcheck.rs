//! ShellCheck: defects in shell scripts. <https://www.shellcheck.net/wiki/>

use crate::json::Object;
use crate::problems::{Elements, Names, report};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Finding, FindingKind, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "shellcheck",
    title: "ShellCheck report",
    homepage: "https://github.com/koalaman/shellcheck/blob/master/shellcheck.1.md",
    phase: Phase::Source,
    tool: "shellcheck",
    reads: "JSON of `json` and `json1`",
    identifies: "rule, file and the message without its numbers",
    severities: "shellcheck",
    marks: &["file", "level", "code"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let is_one = |members: &crate::Members| members.has_all(&["file", "line", "endLine", "level", "code", "message"]);
    let is_list = probe.first_element().is_some_and(is_one);
    is_list
        || (probe.object().is_some_and(|members| members.has_only("comments"))
            && (probe.has("comments.code") || !probe.has("comments.id")))
}

const NAMES: Names =
    Names { rule: "code", message: "message", word: "level", path: "file", line: "line", end_line: "endLine" };

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let elements = Elements::of(bytes)?;
    let findings = elements.objects.iter().flat_map(|object| match object.has("comments") {
        true => object.objects("comments").iter().map(finding).collect(),
        false => vec![finding(object)],
    });
    let findings = findings.collect();
    Ok(report("shellcheck", None, &[FindingKind::Quality], findings, elements.warnings()))
}

fn finding(comment: &Object<'_>) -> Finding {
    let mut problem = NAMES.problem("shellcheck", comment);
    let code = problem.rule.strip_prefix("SC").unwrap_or(&problem.rule).to_owned();
    problem.rule = format!("SC{code}");
    let mut finding = problem.finding(FindingKind::Quality, "shellcheck");
    finding.references = vec![format!("https://www.shellcheck.net/wiki/SC{code}")];
    finding
}
