//! gosec: weaknesses in Go. <https://github.com/securego/gosec#output-formats>

use crate::json::Object;
use crate::problems::{Names, Problem, cwes, report};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Finding, FindingKind, FindingStatus, Phase, Report, Warning};

pub(crate) static FORMAT: Format = Format {
    name: "gosec",
    title: "gosec report",
    homepage: "https://github.com/securego/gosec",
    phase: Phase::Source,
    tool: "gosec",
    reads: "JSON, all versions, with suppressed issues",
    identifies: "rule, file and the marked code without its line numbers",
    severities: "gosec",
    marks: &["Issues", "Stats", "Golang errors"],
    recognises,
    read,
};

const NAMES: Names =
    Names { rule: "rule_id", message: "details", word: "severity", path: "file", line: "line", end_line: "" };

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| members.has_all(&["Issues", "Stats"]))
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document = Object::document(bytes)?;
    let findings: Vec<_> = document.objects("Issues").iter().map(finding).collect();
    let mut warnings = document.warnings();
    let errors = document.object("Golang errors");
    for file in errors.iter().flat_map(Object::keys) {
        warnings.push(Warning { at: "/Golang errors".to_owned(), message: format!("not looked at: {file}") });
    }
    Ok(report("gosec", document.text("GosecVersion"), &[FindingKind::Code], findings, warnings))
}

fn finding(issue: &Object<'_>) -> Finding {
    let problem =
        Problem { within: issue.text("code").map(|code| without_numbers(&code)), ..NAMES.problem("gosec", issue) };
    let mut finding = problem.finding(FindingKind::Code, "gosec");
    finding.cwes = issue.first_text(&["cwe.id", "cwe.ID"]).iter().flat_map(|text| cwes(text)).collect();
    finding.references = issue.first_text(&["cwe.url", "cwe.URL"]).into_iter().collect();
    let suppressions = issue.objects("suppressions");
    if issue.text("nosec").as_deref() == Some("true") || !suppressions.is_empty() {
        finding.status = FindingStatus::Suppressed;
    }
    finding
}

/// Newer versions write `79: s.ListenAndServe()`.
fn without_numbers(code: &str) -> String {
    code.lines().map(|line| line.trim_start_matches(|c: char| c.is_ascii_digit()).trim_start_matches(':')).collect()
}
