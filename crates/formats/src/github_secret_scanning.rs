//! GitHub secret scanning: alerts with their state. <https://docs.github.com/en/rest/secret-scanning/secret-scanning>

use crate::github_code_scanning::repository;
use crate::json::Object;
use crate::leaks::{self, Leak};
use crate::problems::{Elements, first_line};
use crate::{Format, Probe, ReadError, identity};
use shipworthy_model::{Finding, FindingStatus, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "github-secret-scanning",
    title: "GitHub secret scanning alerts",
    homepage: "https://docs.github.com/en/rest/secret-scanning/secret-scanning",
    phase: Phase::Source,
    tool: "github",
    reads: "JSON of the REST API: a list of alerts",
    identifies: "the number of the alert in its repository",
    severities: "",
    marks: &["secret_type", "locations_url", "secret"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.first_element().is_some_and(|members| members.has_all(&["secret_type", "state", "number"]))
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let elements = Elements::of(bytes)?;
    let findings = elements.findings(|alert| Some(finding(alert)));
    Ok(leaks::report("github", None, findings, elements.warnings()))
}

fn finding(alert: &Object<'_>) -> Finding {
    let line = |path: &str| alert.text(path).and_then(|line| first_line(&line));
    let validity = alert.text("validity").map(|validity| format!("Validity: {validity}"));
    let leaked = (alert.flag("publicly_leaked") == Some(true)).then(|| "It is known in public".to_owned());
    let leak = Leak {
        rule: alert.text("secret_type").unwrap_or_else(|| "github".to_owned()),
        title: alert.text("secret_type_display_name"),
        secret: alert.text("secret"),
        path: alert.text("first_location_detected.path"),
        line: line("first_location_detected.start_line"),
        end_line: line("first_location_detected.end_line"),
        commit: alert.text("first_location_detected.commit_sha"),
        details: validity.into_iter().chain(leaked).collect(),
        ..Leak::default()
    };
    let mut finding = leak.finding("github");
    if let Some(number) = alert.text("number") {
        finding.identity =
            identity::of_fingerprint("github-secret-scanning", &format!("{}#{number}", repository(alert)));
        finding.aliases = vec![number];
    }
    finding.references = alert.text("html_url").into_iter().collect();
    finding.status = match (alert.text("state").as_deref(), alert.text("resolution").as_deref()) {
        (Some("resolved"), Some("false_positive")) => FindingStatus::FalsePositive,
        (Some("resolved"), Some("revoked" | "pattern_deleted" | "pattern_edited")) => FindingStatus::Fixed,
        (Some("resolved"), _) => FindingStatus::Suppressed,
        _ => FindingStatus::Open,
    };
    finding
}
