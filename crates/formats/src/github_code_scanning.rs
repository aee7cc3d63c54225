//! GitHub code scanning: alerts with their state. <https://docs.github.com/en/rest/code-scanning/code-scanning>

use crate::json::Object;
use crate::problems::{Elements, Names, cwes, report};
use crate::{Format, Probe, ReadError, identity, subjects};
use shipworthy_model::{Finding, FindingKind, FindingStatus, Phase, Report, Subject};

pub(crate) static FORMAT: Format = Format {
    name: "github-code-scanning",
    title: "GitHub code scanning alerts",
    homepage: "https://docs.github.com/en/rest/code-scanning/code-scanning",
    phase: Phase::Source,
    tool: "github",
    reads: "JSON of the REST API: a list of alerts",
    identifies: "the number of the alert in its repository",
    severities: "github",
    marks: &["most_recent_instance", "rule", "tool"],
    recognises,
    read,
};

const NAMES: Names = Names {
    rule: "rule.id",
    message: "most_recent_instance.message.text",
    word: "",
    path: "most_recent_instance.location.path",
    line: "most_recent_instance.location.start_line",
    end_line: "most_recent_instance.location.end_line",
};

fn recognises(probe: &Probe) -> bool {
    probe.first_element().is_some_and(|members| members.has_all(&["most_recent_instance", "rule", "tool"]))
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let elements = Elements::of(bytes)?;
    let findings = elements.findings(|alert| Some(finding(alert)));
    let mut commits: Vec<String> =
        elements.objects.iter().filter_map(|alert| alert.text("most_recent_instance.commit_sha")).collect();
    commits.sort_unstable();
    commits.dedup();
    let mut report = report("github", None, &[FindingKind::Code], findings, elements.warnings());
    // Alerts that were seen in several commits are about none of them alone.
    if let [commit] = &commits[..] {
        Subject::commit(commit).into_iter().for_each(|commit| subjects::add(&mut report.subjects, commit));
    }
    Ok(report)
}

fn finding(alert: &Object<'_>) -> Finding {
    let tags = alert.texts("rule.tags");
    let tool = alert.text("tool.name").unwrap_or_default();
    let level = alert.text("rule.security_severity_level").filter(|level| level != "None");
    // A rule without a severity for security is one of quality where its tool tells the two apart.
    let tells_apart = tool == "CodeQL" || tool.eq_ignore_ascii_case("eslint");
    let is_security = level.is_some() || tags.iter().any(|tag| tag == "security") || !tells_apart;
    let mut problem = NAMES.problem("github", alert);
    problem.word = level.or_else(|| alert.text("rule.severity"));
    let mut finding = problem.finding(if is_security { FindingKind::Code } else { FindingKind::Quality }, "github");
    if let Some(number) = alert.text("number") {
        finding.identity = identity::of_fingerprint("github-code-scanning", &format!("{}#{number}", repository(alert)));
    }
    finding.description = finding.description.or(Some(finding.title));
    finding.title =
        alert.text("rule.description").as_deref().and_then(crate::text::title).unwrap_or_else(|| finding.rule.clone());
    finding.cwes = tags.iter().flat_map(|tag| cwes(tag.trim_start_matches("external/cwe/"))).collect();
    finding.remediation = alert.text("rule.help").map(crate::text::capped);
    finding.references = alert.text("html_url").into_iter().collect();
    finding.status = match (alert.text("state").as_deref(), alert.text("dismissed_reason").as_deref()) {
        (Some("fixed" | "closed"), _) => FindingStatus::Fixed,
        (Some("dismissed"), Some("false positive")) => FindingStatus::FalsePositive,
        (Some("dismissed"), _) => FindingStatus::Suppressed,
        _ => FindingStatus::Open,
    };
    finding
}

/// The repository of an alert: `octo/shop` of `https://github.com/octo/shop/security/code-scanning/35`.
pub(crate) fn repository(alert: &Object<'_>) -> String {
    let named = || {
        let url = alert.text("html_url")?;
        let (_, rest) = url.split_once("://")?;
        let (_, path) = rest.split_once('/')?;
        Some(path.split_once("/security/")?.0.to_owned())
    };
    alert.text("repository.full_name").or_else(named).unwrap_or_default()
}
