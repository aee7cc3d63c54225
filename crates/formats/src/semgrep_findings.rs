//! Semgrep's platform: findings with their triage. <https://semgrep.dev/api/v1/docs/>

use crate::json::Object;
use crate::problems::{Names, cwes, report};
use crate::{Format, Probe, ReadError, identity};
use shipworthy_model::{Finding, FindingKind, FindingStatus, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "semgrep-findings",
    title: "Semgrep platform findings",
    homepage: "https://semgrep.dev/api/v1/docs/",
    phase: Phase::Source,
    tool: "semgrep",
    reads: "JSON of `/api/v1/deployments/…/findings`",
    identifies: "the tool's `match_based_id`",
    severities: "semgrep",
    marks: &["findings"],
    recognises,
    read,
};

const NAMES: Names = Names {
    rule: "rule_name",
    message: "rule_message",
    word: "severity",
    path: "location.file_path",
    line: "location.line",
    end_line: "location.end_line",
};

fn recognises(probe: &Probe) -> bool {
    let is_one = probe.object().is_some_and(|members| members.has_only("findings"));
    is_one && (probe.has("findings.match_based_id") || probe.has("findings.syntactic_id"))
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document = Object::document(bytes)?;
    let findings = document.objects("findings").iter().map(finding).collect();
    Ok(report("semgrep", None, &[FindingKind::Code], findings, document.warnings()))
}

fn finding(object: &Object<'_>) -> Finding {
    let mut finding = NAMES.problem("semgrep", object).finding(FindingKind::Code, "semgrep");
    if let Some(print) = object.first_text(&["match_based_id", "syntactic_id"]) {
        finding.identity = identity::of_fingerprint("match_based_id", &print);
    }
    finding.cwes = object.texts("rule.cwe_names").iter().flat_map(|text| cwes(text)).collect();
    finding.references =
        object.text("line_of_code_url").into_iter().filter(|url| url.starts_with("https://")).collect();
    finding.remediation = object.text("assistant.guidance.instructions");
    finding.status = match (object.text("status").as_deref(), object.text("triage_reason").as_deref()) {
        (Some("fixed" | "removed"), _) => FindingStatus::Fixed,
        (Some("ignored"), Some("false_positive")) => FindingStatus::FalsePositive,
        (Some("ignored"), _) => FindingStatus::Suppressed,
        _ => FindingStatus::Open,
    };
    finding
}
