//! Horusec: weaknesses and secrets, by many tools. <https://docs.horusec.io/docs/cli/analysis-output-formats/>

use crate::json::Object;
use crate::problems::{Names, cwes, report};
use crate::{Format, Probe, ReadError, identity, secret, text};
use shipworthy_model::{Finding, FindingKind, FindingStatus, Phase, Report, Warning};

pub(crate) static FORMAT: Format = Format {
    name: "horusec",
    title: "Horusec report",
    homepage: "https://docs.horusec.io/docs/cli/analysis-output-formats/",
    phase: Phase::Source,
    tool: "horusec",
    reads: "JSON of version 2: vulnerabilities, false positives and accepted risks",
    identifies: "the tool's `vulnHash`",
    severities: "horusec",
    marks: &["analysisVulnerabilities", "repositoryID", "version"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| members.has_all(&["analysisVulnerabilities", "repositoryID"]))
}

const NAMES: Names =
    Names { rule: "rule_id", message: "details", word: "severity", path: "file", line: "line", end_line: "" };

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document = Object::document(bytes)?;
    let items = document.objects("analysisVulnerabilities");
    let findings = items.iter().filter_map(|item| item.object("vulnerabilities")).map(|found| finding(&found));
    let findings = findings.collect();
    let mut warnings = document.warnings();
    if let Some(said) = document.text("errors") {
        let message = format!("not everything was looked at: {}", text::title(&said).unwrap_or_default());
        warnings.push(Warning { at: "/errors".to_owned(), message });
    }
    let kinds = [FindingKind::Code, FindingKind::Secret];
    let mut report = report("horusec", document.text("version"), &kinds, findings, warnings);
    report.created_at =
        document.text("finishedAt").and_then(|time| Some(time.parse::<jiff::Timestamp>().ok()?.to_string()));
    Ok(report)
}

fn finding(found: &Object<'_>) -> Finding {
    let mut problem = NAMES.problem("horusec", found);
    // The first line is the name of the rule, before which newer versions count: `(1/1) * Possible vulnerability …`.
    let details = problem.message.take().unwrap_or_default();
    let details = details
        .split_once(" * ")
        .filter(|(count, _)| count.starts_with('('))
        .map_or(details.as_str(), |(_, rest)| rest);
    let title = text::title(details).unwrap_or_default();
    if problem.rule == "horusec" {
        problem.rule = title.clone();
    }
    let code = found.text("code").unwrap_or_default();
    let is_secret = found.text("language").as_deref() == Some("Leaks");
    let hide = |text: &str| if is_secret { secret::without(text, &code) } else { text.to_owned() };
    problem.message = Some(hide(details));
    let kind = if is_secret { FindingKind::Secret } else { FindingKind::Code };
    let mut finding = problem.finding(kind, "horusec");
    if let Some(hash) = found.text("vulnHash") {
        finding.identity = identity::of_fingerprint("horusec", &hash);
    }
    finding.cwes = details.split("CWE-").skip(1).flat_map(|rest| cwes(&format!("CWE-{rest}"))).collect();
    finding.status = match found.text("type").as_deref() {
        Some("False Positive") => FindingStatus::FalsePositive,
        Some("Risk Accepted") => FindingStatus::Suppressed,
        Some("Corrected") => FindingStatus::Fixed,
        _ => FindingStatus::Open,
    };
    finding
}
