//! Reports of Black Duck as tables: the vulnerabilities of a project's components, and its components.

use crate::dependencies::{aliases, component, cvss_of_version, names, report};
use crate::table::{Row, Table};
use crate::{Format, Probe, ReadError, identity, license, severity, text};
use shipworthy_model::{Component, Finding, FindingKind, FindingStatus, Inventory, Phase, Report, Severity, Tool};

pub(crate) static FORMAT: Format = Format {
    name: "blackduck-csv",
    title: "Black Duck report (CSV)",
    homepage: "https://documentation.blackduck.com/bundle/bd-hub/page/Reporting/VersionDetailReports.html",
    phase: Phase::Build,
    tool: "blackduck",
    reads: "`security.csv` and `components.csv` of a version details report, in the columns before and since 2019",
    identifies: "vulnerability and component",
    severities: "blackduck",
    marks: &["Vulnerability id", "Security Risk", "Operational Risk", "Component name"],
    recognises,
    read,
};

const SECURITY: &[&str] = &["Vulnerability id", "Security Risk", "Remediation status", "Base score"];
const COMPONENTS: &[&str] = &["Component name", "License names", "Operational Risk", "Component version name"];

fn recognises(probe: &Probe) -> bool {
    probe.has_columns(SECURITY) || probe.has_columns(COMPONENTS)
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let table = Table::parse("CSV report of Black Duck", bytes)?;
    if table.require(COMPONENTS).is_ok() {
        let components = table.rows().map(listed).collect();
        let inventory = Inventory { authors: vec!["blackduck".to_owned()], components, ..Inventory::default() };
        let tool = Some(Tool { name: "blackduck".to_owned(), version: None });
        return Ok(Report { tool, inventory: Some(inventory), ..Report::default() });
    }
    table.require(SECURITY)?;
    Ok(report("blackduck", None, table.rows().map(finding).collect()))
}

/// The name of a component with its origin's: `maven` with `org.shop:cart:1.0`, `npmjs` with `cart/1.0`.
pub(crate) fn of_origin(
    origin: &str,
    id: Option<&str>,
    name: &str,
    version: Option<&str>,
) -> shipworthy_model::ComponentRef {
    let separator = if matches!(origin.to_lowercase().as_str(), "maven" | "centos" | "github") { ':' } else { '/' };
    let package = id.and_then(|id| {
        let (package, rest) = id.rsplit_once(separator)?;
        Some(package).filter(|_| version.is_none_or(|version| rest == version))
    });
    let named = component(origin, package.unwrap_or(name), version);
    // Without its origin's own name a component has none by which others know it.
    if package.is_some() && named.purl.is_some() { named } else { component("", name, version) }
}

fn finding(row: Row<'_>) -> Finding {
    let cell = |names: [&str; 2]| names.into_iter().find_map(|name| row.get(name));
    let name = cell(["Component name", "Project name"]).unwrap_or_default();
    let version = cell(["Component version name", "Version"]);
    let origin = cell(["Component origin name", "Channel version origin"]).unwrap_or_default();
    let component = of_origin(origin, cell(["Component origin id", "Channel version origin id"]), name, version);
    // Black Duck writes its own name with that of the CVE: `BDSA-2019-2725 (CVE-2019-12402)`.
    let id = row.get("Vulnerability id").unwrap_or_default();
    let rule = id.split(['(', ' ']).next().unwrap_or(id).to_owned();
    let rule = if rule.bytes().all(|byte| byte.is_ascii_digit()) { format!("VULNDB-{rule}") } else { rule };
    let score = row.get("Base score").and_then(|score| score.parse::<f64>().ok());
    let word = row.stated("Security Risk");
    Finding {
        aliases: aliases(&rule, names(id)),
        title: format!("{rule} in {name}"),
        description: row.stated("Description").map(text::capped),
        severity: word.as_deref().map_or(Severity::Unknown, |word| severity::of_word("blackduck", word)),
        severity_word: word,
        score,
        cvss: score.and_then(|score| cvss_of_version("2.0", None, Some(score))).into_iter().collect(),
        component: Some(component),
        remediation: row.stated("Remediation comment"),
        references: row.stated("URL").into_iter().collect(),
        status: status(row.get("Remediation status").unwrap_or_default()),
        identity: identity::of_parts(&rule, &[]),
        ..Finding::new(FindingKind::Vulnerability, rule, "")
    }
}

/// What Black Duck's word for the state of a remediation says.
pub(crate) fn status(word: &str) -> FindingStatus {
    match word {
        "IGNORED" | "MITIGATED" | "NOT_AFFECTED" | "DUPLICATE" => FindingStatus::Suppressed,
        "PATCHED" | "REMEDIATION_COMPLETE" => FindingStatus::Fixed,
        _ => FindingStatus::Open,
    }
}

fn listed(row: Row<'_>) -> Component {
    let name = row.stated("Component name").unwrap_or_default();
    let version = row.stated("Component version name");
    let of_origin =
        of_origin(row.get("Origin name").unwrap_or_default(), row.get("Origin id"), &name, version.as_deref());
    Component {
        reference: row.stated("Version id").or_else(|| row.stated("Component id")).unwrap_or_else(|| name.clone()),
        kind: "library".to_owned(),
        purl: of_origin.purl,
        license: row.get("License names").and_then(license::expression),
        name,
        version,
        ..Component::default()
    }
}
