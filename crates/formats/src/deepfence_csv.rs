//! Exports of Deepfence ThreatMapper as CSV: vulnerabilities and secrets of images, containers and hosts.

use crate::table::{Row, Table};
use crate::{Format, Probe, ReadError, identity, ratings, secret, severity, text};
use shipworthy_model::{ComponentRef, Finding, FindingKind, Location, Phase, Report, Severity, Tool};

pub(crate) static FORMAT: Format = Format {
    name: "deepfence-csv",
    title: "Deepfence ThreatMapper export (CSV)",
    homepage: "https://community.deepfence.io/threatmapper/docs/operations/scanning/",
    phase: Phase::Artifact,
    tool: "deepfence-threatmapper",
    reads: "the CSV exports of vulnerabilities and of secrets",
    identifies: "vulnerability and component; of a secret its rule, the file and what was found",
    severities: "deepfence-threatmapper",
    marks: &["cve_id", "cve_caused_by_package", "Filename", "Signature"],
    recognises: |probe: &Probe| {
        probe.has_columns(&["cve_id", "cve_caused_by_package", "cve_severity"])
            || probe.has_columns(&["Filename", "Content", "Rule", "Severity", "Signature"])
    },
    read,
};

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let table = Table::parse("CSV export of ThreatMapper", bytes)?;
    let is_of_secrets = table.require(&["Filename", "Rule", "Severity"]).is_ok();
    if !is_of_secrets {
        table.require(&["cve_id", "cve_caused_by_package", "cve_severity"])?;
    }
    let (kind, finding): (FindingKind, fn(Row<'_>) -> Finding) =
        if is_of_secrets { (FindingKind::Secret, found_secret) } else { (FindingKind::Vulnerability, vulnerability) };
    Ok(Report {
        tool: Some(Tool { name: "deepfence-threatmapper".to_owned(), version: None }),
        looked_for: vec![kind],
        findings: Some(table.rows().map(finding).collect()),
        ..Report::default()
    })
}

fn rated(word: Option<&str>) -> Severity {
    word.map_or(Severity::Unknown, |word| severity::of_word("deepfence-threatmapper", word))
}

fn vulnerability(row: Row<'_>) -> Finding {
    let rule = row.stated("cve_id").unwrap_or_default();
    let (name, version) = package(row.get("cve_caused_by_package").unwrap_or_default());
    // The vector is written in lower case.
    let vector = row.get("cve_attack_vector").map(str::to_uppercase);
    let score = row.get("cve_cvss_score").and_then(ratings::number);
    Finding {
        severity: rated(row.get("cve_severity")),
        severity_word: row.stated("cve_severity"),
        score: row.get("cve_overall_score").and_then(ratings::number),
        cvss: vector.and_then(|vector| ratings::cvss(Some(&vector), score, "3.1", None)).into_iter().collect(),
        description: row.stated("cve_description").map(text::capped),
        fixed_versions: row.stated("cve_fixed_in").into_iter().collect(),
        references: row.stated("cve_link").into_iter().collect(),
        component: Some(ComponentRef { purl: None, name: name.clone(), version }),
        ..Finding::new(FindingKind::Vulnerability, rule.clone(), format!("{rule} in {name}"))
    }
}

/// Name and version of `libssl3:1:3.0.11-1`, whose version may begin with an epoch.
fn package(written: &str) -> (String, Option<String>) {
    let Some((name, version)) = written.rsplit_once(':') else { return (written.to_owned(), None) };
    match name.rsplit_once(':') {
        Some((name, epoch)) if !epoch.is_empty() && epoch.bytes().all(|byte| byte.is_ascii_digit()) => {
            (name.to_owned(), Some(format!("{epoch}:{version}")))
        }
        _ => (name.to_owned(), Some(version.to_owned())),
    }
}

/// The content is the secret in clear: of it only a fingerprint is kept.
fn found_secret(row: Row<'_>) -> Finding {
    let path = row.stated("Filename").unwrap_or_default();
    let title = row.stated("Name").unwrap_or_default();
    let rule = row.stated("Rule").unwrap_or_else(|| title.clone());
    let content = row.get("Content").map(secret::fingerprint).unwrap_or_default();
    Finding {
        severity: rated(row.get("Severity")),
        severity_word: row.stated("Severity"),
        identity: identity::of_parts(&rule, &[&path, &content]),
        location: Some(Location { path, ..Location::default() }),
        ..Finding::new(FindingKind::Secret, rule, title)
    }
}
