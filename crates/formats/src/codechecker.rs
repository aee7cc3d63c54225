//! CodeChecker: what the Clang analysers find. <https://codechecker.readthedocs.io/>

use crate::json::Object;
use crate::problems::{Names, report};
use crate::{Format, Probe, ReadError, identity};
use shipworthy_model::{Finding, FindingKind, FindingStatus, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "codechecker",
    title: "CodeChecker report",
    homepage: "https://codechecker.readthedocs.io/en/latest/analyzer/user_guide/#json",
    phase: Phase::Source,
    tool: "codechecker",
    reads: "JSON of `CodeChecker parse --export json`, version 1",
    identifies: "the tool's report hash",
    severities: "codechecker",
    marks: &["reports", "version"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    // A report of nothing shows nothing of a report, and is short.
    const EMPTY_BYTES: usize = 100;
    probe.object().is_some_and(|members| members.has_all(&["version", "reports"]) && members.0.len() == 2)
        && (probe.has("reports.report_hash") || probe.size_bytes < EMPTY_BYTES)
}

const NAMES: Names =
    Names { rule: "checker_name", message: "message", word: "severity", path: "file.path", line: "line", end_line: "" };

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document = Object::document(bytes)?;
    let findings = document.objects("reports").iter().map(finding).collect();
    Ok(report("codechecker", None, &[FindingKind::Quality], findings, document.warnings()))
}

fn finding(object: &Object<'_>) -> Finding {
    let mut finding = NAMES.problem("codechecker", object).finding(FindingKind::Quality, "codechecker");
    if let Some(hash) = object.text("report_hash") {
        finding.identity = identity::of_parts(&finding.rule, &[&hash]);
    }
    finding.status = match object.text("review_status").as_deref() {
        Some("false_positive") => FindingStatus::FalsePositive,
        Some("suppress" | "intentional") => FindingStatus::Suppressed,
        _ => FindingStatus::Open,
    };
    finding
}
