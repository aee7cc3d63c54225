//! Vulnerabilities that Edgescan found, as its API answers them.

use crate::json::{self, List, Said, Texts, or_empty, said};
use crate::web::{self, Place};
use crate::{Format, Members, Probe, ReadError, identity, ratings, text, weakness};
use serde::Deserialize;
use shipworthy_model::{Finding, FindingKind, FindingStatus, Phase, Report, Tool};

pub(crate) static FORMAT: Format = Format {
    name: "edgescan",
    title: "Edgescan vulnerabilities",
    homepage: "https://s3-eu-west-1.amazonaws.com/live-cdn-content/docs/api-guide-latest.pdf",
    phase: Phase::Deploy,
    tool: "edgescan",
    reads: "the list of vulnerabilities of the API",
    identifies: "Edgescan's number of the vulnerability",
    severities: "edgescan",
    marks: &["asset_id", "asset_name", "location_specifier_id", "severity"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let is_item = |members: &Members| members.has_all(&["asset_id", "asset_name", "pci_compliance_status", "severity"]);
    probe.first_element().is_some_and(is_item)
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"), expecting = "a vulnerability")]
struct Item<'a> {
    id: Said<'a>,
    name: Said<'a>,
    location: Said<'a>,
    status: Said<'a>,
    severity: Said<'a>,
    remediation: Said<'a>,
    description: Said<'a>,
    cwes: Texts<'a>,
    cves: Texts<'a>,
    cvss_score: Said<'a>,
    cvss_vector: Said<'a>,
    cvss_version: Said<'a>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let list: List<'_> = json::document(bytes)?;
    let mut warnings = Vec::new();
    let items = json::parts::<Item<'_>>(&list, "", &mut warnings);
    Ok(Report {
        tool: Some(Tool { name: "edgescan".to_owned(), version: None }),
        findings: Some(items.iter().map(|(_, item)| finding(item)).collect()),
        looked_for: vec![FindingKind::Dynamic],
        warnings,
        ..Report::default()
    })
}

fn finding(item: &Item<'_>) -> Finding {
    let name = or_empty(&item.name);
    let seen = web::finding(name, name, Place::of(or_empty(&item.location)));
    let (severity, severity_word) = web::rated("edgescan", item.severity.as_deref());
    let version = if or_empty(&item.cvss_version) == "2" { "2.0" } else { "3.1" };
    let score = ratings::number(or_empty(&item.cvss_score));
    Finding {
        severity,
        severity_word,
        aliases: item.cves.0.iter().filter_map(json::Text::stated).collect(),
        cvss: ratings::cvss(item.cvss_vector.as_deref(), score, version, None).into_iter().collect(),
        cwes: item.cwes.0.iter().flat_map(|cwe| weakness::numbers(cwe)).collect(),
        description: said(&item.description).map(text::capped),
        remediation: said(&item.remediation).map(text::capped),
        status: if or_empty(&item.status) == "closed" { FindingStatus::Fixed } else { FindingStatus::Open },
        identity: said(&item.id).map_or_else(|| seen.identity.clone(), |id| identity::of_fingerprint("edgescan", &id)),
        ..seen
    }
}
