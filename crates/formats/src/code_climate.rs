//! Code Climate: issues of quality as its engines and GitLab's jobs write them. <https://docs.gitlab.com/ci/testing/code_quality/>

use crate::json::Object;
use crate::problems::{Elements, Names, first_line, report};
use crate::{Format, Probe, ReadError, identity, text};
use shipworthy_model::{Finding, FindingKind, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "code-climate",
    title: "Code Climate issues",
    homepage: "https://github.com/codeclimate/platform/blob/master/spec/analyzers/SPEC.md",
    phase: Phase::Source,
    tool: "code-climate",
    reads: "JSON of Code Climate's engines and of GitLab's reports of code quality, a list or one after another",
    identifies: "the fingerprint, else rule, file and description",
    severities: "code-climate",
    marks: &["check_name", "fingerprint", "location"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let is_one = |members: &crate::Members| {
        members.has_all(&["description", "location"])
            && (members.has("fingerprint") || members.value("type") == Some("issue"))
            && (members.has("severity") || members.has("check_name"))
    };
    probe.first_element().or_else(|| probe.first_of_lines()).is_some_and(is_one) && probe.has("location.path")
}

const NAMES: Names = Names {
    rule: "check_name",
    message: "description",
    word: "severity",
    path: "location.path",
    line: "",
    end_line: "",
};

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let elements = Elements::of(bytes)?;
    // Engines write measures among their issues.
    let is_issue = |object: &Object<'_>| object.text("type").is_none_or(|kind| kind == "issue");
    let findings = elements.findings(|object| is_issue(object).then(|| finding(object)));
    Ok(report("code-climate", None, &[FindingKind::Quality], findings, elements.warnings()))
}

fn finding(issue: &Object<'_>) -> Finding {
    let line = |paths: &[&str]| issue.first_text(paths).and_then(|line| first_line(&line));
    let mut problem = NAMES.problem("code-climate", issue);
    problem.line = line(&["location.lines.begin", "location.positions.begin.line"]);
    problem.end_line = line(&["location.lines.end", "location.positions.end.line"]);
    let is_security = issue.one_or_more("categories").iter().any(|category| category == "Security");
    let kind = if is_security { FindingKind::Code } else { FindingKind::Quality };
    let mut finding = problem.finding(kind, "code-climate");
    if let Some(print) = issue.text("fingerprint") {
        finding.identity = identity::of_fingerprint("code-climate", &print);
    }
    let body = issue.object("content").is_some().then(|| issue.text("content.body")).flatten();
    finding.description = body.map(text::capped).or(finding.description);
    finding
}
