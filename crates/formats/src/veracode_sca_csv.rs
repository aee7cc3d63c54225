//! Issues of Veracode SCA (formerly SourceClear) as its agent and its pages export them in CSV.

use crate::table::{Row, Table};
use crate::veracode::{self, TOOL};
use crate::{Format, Probe, ReadError, identity, ratings, web};
use shipworthy_model::{Finding, FindingKind, FindingStatus, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "veracode-sca-csv",
    title: "Veracode SCA issues in CSV",
    homepage: "https://docs.veracode.com/r/Exporting_Veracode_SCA_Agent_Based_Scan_Data",
    phase: Phase::Source,
    tool: TOOL,
    reads: "exports of issues: vulnerabilities, licences and outdated libraries",
    identifies: "vulnerability and component; of others type and component",
    severities: TOOL,
    marks: &["Issue ID"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.has_columns(&["Issue ID", "Issue type", "Package manager", "Coordinate 1", "Version in use"])
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let table = Table::parse("CSV report of Veracode SCA", bytes)?;
    table.require(&["Issue type", "Library"])?;
    Ok(Report {
        tool: Some(veracode::tool(None)),
        findings: Some(table.rows().map(finding).collect()),
        looked_for: vec![FindingKind::Vulnerability],
        ..Report::default()
    })
}

fn finding(row: Row<'_>) -> Finding {
    let cell = |column: &str| row.get(column).unwrap_or_default();
    let mut component = veracode::component(
        cell("Package manager"),
        cell("Coordinate 1"),
        cell("Coordinate 2"),
        row.stated("Version in use"),
    );
    if component.name.is_empty() {
        cell("Library").clone_into(&mut component.name);
    }
    let (severity, severity_word) = web::rated(TOOL, row.get("Severity"));
    let kind = match cell("Issue type") {
        "Vulnerability" => FindingKind::Vulnerability,
        "License" => FindingKind::License,
        _ => FindingKind::Quality,
    };
    let own = row.get("Vulnerability ID").map(|id| format!("SRCCLR-{id}"));
    let cve = row.get("CVE").map(veracode::cve);
    let license = row.stated("License").filter(|_| kind == FindingKind::License);
    let (rule, alias) = if cve.is_some() { (cve, own) } else { (own.or(license), None) };
    let rule = rule.unwrap_or_else(|| cell("Issue type").to_owned());
    let title = row.get("Title").map_or_else(|| format!("{rule} of {}", component.name), str::to_owned);
    let score = row.get("CVSS score").and_then(ratings::number);
    Finding {
        aliases: alias.into_iter().collect(),
        severity,
        severity_word,
        score,
        fixed_versions: row.stated("Updated Version").into_iter().collect(),
        status: match cell("Status") {
            "Resolved" | "Fixed" => FindingStatus::Fixed,
            _ if cell("Ignored").eq_ignore_ascii_case("true") => FindingStatus::Suppressed,
            _ => FindingStatus::Open,
        },
        identity: identity::of_parts(&rule, &[&component.name]),
        component: Some(component),
        ..Finding::new(kind, rule, title)
    }
}
