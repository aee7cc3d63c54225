//! Bandit: weaknesses in Python. <https://bandit.readthedocs.io/en/latest/formatters/json.html>

use crate::json::Object;
use crate::problems::{Names, Problem, cwes, report};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Finding, FindingKind, Phase, Report, Warning};

pub(crate) static FORMAT: Format = Format {
    name: "bandit",
    title: "Bandit report",
    homepage: "https://bandit.readthedocs.io/en/latest/formatters/json.html",
    phase: Phase::Source,
    tool: "bandit",
    reads: "JSON, all versions",
    identifies: "test, file and the marked code without its line numbers",
    severities: "bandit",
    marks: &["results", "metrics", "generated_at"],
    recognises,
    read,
};

const NAMES: Names = Names {
    rule: "test_id",
    message: "issue_text",
    word: "issue_severity",
    path: "filename",
    line: "line_number",
    end_line: "",
};

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| members.has_all(&["results", "metrics", "generated_at"]))
        && (probe.has("results.test_id") || probe.has("metrics._totals"))
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document = Object::document(bytes)?;
    let findings: Vec<_> = document.objects("results").iter().map(finding).collect();
    let mut warnings = document.warnings();
    for error in document.objects("errors") {
        let said = error.first_text(&["reason"]).unwrap_or_default();
        let message = format!("not looked at: {}: {said}", error.text("filename").unwrap_or_default());
        warnings.push(Warning { at: error.at(""), message });
    }
    let mut report = report("bandit", None, &[FindingKind::Code], findings, warnings);
    report.created_at = document.text("generated_at");
    Ok(report)
}

fn finding(result: &Object<'_>) -> Finding {
    let name = result.text("test_name");
    let problem =
        Problem { within: result.text("code").map(|code| without_numbers(&code)), ..NAMES.problem("bandit", result) };
    let mut finding = problem.finding(FindingKind::Code, "bandit");
    finding.aliases = name.map(|name| format!("{name}:{}", finding.rule)).into_iter().collect();
    finding.cwes = result.text("issue_cwe.id").iter().flat_map(|text| cwes(text)).collect();
    finding.references = result.text("more_info").into_iter().collect();
    finding
}

/// Each line of the code begins with its number.
fn without_numbers(code: &str) -> String {
    code.lines().map(|line| line.trim_start_matches(|c: char| c.is_ascii_digit())).collect()
}
