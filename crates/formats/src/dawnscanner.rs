//! Dawnscanner: vulnerabilities and advice for Ruby. <https://github.com/thesp0nge/dawnscanner>

use crate::json::Object;
use crate::problems::{Names, report};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{ComponentRef, Finding, FindingKind, FindingStatus, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "dawnscanner",
    title: "Dawnscanner report",
    homepage: "https://github.com/thesp0nge/dawnscanner",
    phase: Phase::Source,
    tool: "dawnscanner",
    reads: "JSON of version 1: vulnerabilities of gems and advice",
    identifies: "the check; a vulnerability is the same for every tool",
    severities: "dawnscanner",
    marks: &["dawn_version", "vulnerabilities", "mitigated_vuln"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| members.has_all(&["dawn_version", "vulnerabilities"]))
}

const NAMES: Names = Names { rule: "name", message: "message", word: "severity", path: "", line: "", end_line: "" };

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document = Object::document(bytes)?;
    let open: Vec<_> = document.objects("vulnerabilities").iter().map(finding).collect();
    let mitigated = document.objects("mitigated_vuln");
    let mitigated = mitigated.iter().map(|found| Finding { status: FindingStatus::Suppressed, ..finding(found) });
    let findings = open.into_iter().chain(mitigated).collect();
    let kinds = [FindingKind::Vulnerability, FindingKind::Code];
    Ok(report("dawnscanner", document.text("dawn_version"), &kinds, findings, document.warnings()))
}

fn finding(found: &Object<'_>) -> Finding {
    let problem = NAMES.problem("dawnscanner", found);
    let title = problem.rule.clone();
    let is_known = title.starts_with("CVE-") || title.starts_with("OSVDB");
    let kind = if is_known { FindingKind::Vulnerability } else { FindingKind::Code };
    let description = problem.message.clone();
    let remediation = found.text("remediation");
    // The gem and its fixed versions are in a sentence: `Please upgrade actionview gem to version 3.2, 4.2.7 or above.`
    let upgrade = remediation.as_deref().and_then(|text| text.strip_prefix("Please upgrade "));
    let gem = upgrade.and_then(|text| text.split_whitespace().next()).filter(|_| is_known);
    let component =
        gem.map(|gem| ComponentRef { purl: Some(format!("pkg:gem/{gem}")), name: gem.to_owned(), version: None });
    let component = component
        .filter(|gem| gem.name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_'));
    Finding {
        title,
        description,
        remediation,
        component,
        score: found.number("cvss_score"),
        references: found.text("cve_link").into_iter().collect(),
        ..problem.finding(kind, "dawnscanner")
    }
}
