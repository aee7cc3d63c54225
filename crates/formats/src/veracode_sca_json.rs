//! Issues of a workspace of Veracode SCA (formerly SourceClear), as its API answers them.

use crate::json::{self, List, Said, or_empty, said};
use crate::veracode::{self, TOOL};
use crate::{Format, Probe, ReadError, identity, ratings, weakness};
use serde::Deserialize;
use shipworthy_model::{Finding, FindingKind, FindingStatus, Phase, Report, Severity, Warning};

pub(crate) static FORMAT: Format = Format {
    name: "veracode-sca-json",
    title: "Veracode SCA issues",
    homepage: "https://docs.veracode.com/r/c_sca_agent_api",
    phase: Phase::Source,
    tool: TOOL,
    reads: "pages of the SCA Agent API with `_embedded.issues`: vulnerabilities, licences and outdated libraries",
    identifies: "vulnerability and component; of others the issue's id",
    severities: "",
    marks: &["_embedded", "page"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| members.has("_embedded"))
        && probe.has_all(&["_embedded.issues.issue_type", "_embedded.issues.library"])
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
struct Document<'a> {
    #[serde(rename = "_embedded")]
    embedded: Embedded<'a>,
    page: Option<Page>,
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"), expecting = "an object with `issues`")]
struct Embedded<'a> {
    issues: List<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default, expecting = "a page")]
struct Page {
    total_elements: u64,
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"), expecting = "an issue")]
struct Issue<'a> {
    id: Said<'a>,
    issue_status: Said<'a>,
    issue_type: Said<'a>,
    ignored: bool,
    severity: Option<f64>,
    library: Library<'a>,
    vulnerability: Option<Vulnerability<'a>>,
    license: Option<License<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"), expecting = "a library")]
struct Library<'a> {
    id: Said<'a>,
    name: Said<'a>,
    version: Said<'a>,
    latest_version: Said<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"), expecting = "a vulnerability")]
struct Vulnerability<'a> {
    id: Said<'a>,
    title: Said<'a>,
    cve: Said<'a>,
    cvss2_vector: Said<'a>,
    cvss2_score: Option<f64>,
    cvss3_vector: Said<'a>,
    cvss3_score: Option<f64>,
    cwe_id: Said<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"), expecting = "a licence")]
struct License<'a> {
    id: Said<'a>,
    name: Said<'a>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let list = &document.embedded.issues;
    let mut warnings = Vec::new();
    let issues = json::parts::<Issue<'_>>(list, "/_embedded/issues", &mut warnings);
    let findings = issues.iter().map(|(_, issue)| finding(issue)).collect();
    let sent = list.items.len() as u64;
    if let Some(total) = document.page.map(|page| page.total_elements).filter(|total| *total > sent) {
        let message = format!("the server has {total}, this document holds {sent}: send the other pages too");
        warnings.push(Warning { at: "/page".to_owned(), message });
    }
    Ok(Report {
        tool: Some(veracode::tool(None)),
        findings: Some(findings),
        looked_for: vec![FindingKind::Vulnerability],
        warnings,
        ..Report::default()
    })
}

fn finding(issue: &Issue<'_>) -> Finding {
    let library = &issue.library;
    // `maven:org.shopwright:cart:1.2.0:`, which for other managers lacks the second coordinate.
    let coordinates: Vec<_> = or_empty(&library.id).split(':').collect();
    let component = match coordinates[..] {
        [manager, first, second, ..] => veracode::component(manager, first, second, said(&library.version)),
        _ => veracode::component("", or_empty(&library.name), "", said(&library.version)),
    };
    let severity = issue.severity.map_or(Severity::Unknown, Severity::of_score);
    let name = component.name.clone();
    let finding = match (&issue.vulnerability, &issue.license) {
        (Some(vulnerability), _) => of_vulnerability(vulnerability),
        (None, Some(license)) => {
            let rule = said(&license.id).or_else(|| said(&license.name)).unwrap_or_default();
            let identity = identity::of_parts(&rule, &[&name]);
            Finding {
                identity,
                ..Finding::new(FindingKind::License, rule.clone(), format!("licence {rule} of {name}"))
            }
        }
        (None, None) => {
            let rule = said(&issue.issue_type).unwrap_or_default();
            let identity = identity::of_parts(&rule, &[&name, or_empty(&issue.id)]);
            let remediation = said(&library.latest_version).map(|latest| format!("the latest version is {latest}"));
            Finding { identity, remediation, ..Finding::new(FindingKind::Quality, rule, format!("{name} is outdated")) }
        }
    };
    let status = match or_empty(&issue.issue_status) {
        "fixed" | "resolved" => FindingStatus::Fixed,
        _ if issue.ignored => FindingStatus::Suppressed,
        _ => FindingStatus::Open,
    };
    Finding { severity, score: issue.severity, status, component: Some(component), ..finding }
}

fn of_vulnerability(vulnerability: &Vulnerability<'_>) -> Finding {
    let own = said(&vulnerability.id).map(|id| format!("SRCCLR-{id}"));
    let cve = said(&vulnerability.cve).map(|cve| veracode::cve(&cve));
    let (rule, alias) = if cve.is_some() { (cve, own) } else { (own, None) };
    let rule = rule.unwrap_or_default();
    let second = or_empty(&vulnerability.cvss2_vector).trim_matches(['(', ')']);
    let ratings = [
        ratings::cvss(vulnerability.cvss3_vector.as_deref(), vulnerability.cvss3_score, "3.1", None),
        ratings::cvss(Some(second), vulnerability.cvss2_score, "2.0", None),
    ];
    let title = said(&vulnerability.title).unwrap_or_else(|| rule.clone());
    Finding {
        aliases: alias.into_iter().collect(),
        cvss: ratings.into_iter().flatten().collect(),
        cwes: weakness::numbers(or_empty(&vulnerability.cwe_id)),
        ..Finding::new(FindingKind::Vulnerability, rule, title)
    }
}
