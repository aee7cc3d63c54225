//! Vulnerabilities that Detectify found, as its API answers them.

use crate::json::{self, List, Said, or_empty, said};
use crate::{Format, Probe, ReadError, identity, text, weakness, web};
use serde::Deserialize;
use shipworthy_model::{Finding, FindingKind, FindingStatus, Phase, Report, Tool, Warning};

pub(crate) static FORMAT: Format = Format {
    name: "detectify",
    title: "Detectify vulnerabilities",
    homepage: "https://developer.detectify.com/",
    phase: Phase::Deploy,
    tool: "detectify",
    reads: "pages of `v3/vulnerabilities`",
    identifies: "Detectify's uuid of the vulnerability, else its definition and the place",
    severities: "detectify",
    marks: &["vulnerabilities", "current_marker", "has_more", "next_marker"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| members.has_all(&["vulnerabilities", "has_more"])) && !probe.has("data")
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
struct Document<'a> {
    vulnerabilities: Option<List<'a>>,
    has_more: bool,
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"), expecting = "a vulnerability")]
struct Item<'a> {
    uuid: Said<'a>,
    title: Said<'a>,
    severity: Said<'a>,
    host: Said<'a>,
    location: Said<'a>,
    status: Said<'a>,
    definition: Option<Definition<'a>>,
    details: Option<Details<'a>>,
    cwe: Said<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"), expecting = "a definition")]
struct Definition<'a> {
    #[serde(alias = "uuid")]
    identifier: Said<'a>,
    description: Said<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"), expecting = "details")]
struct Details<'a> {
    description: Said<'a>,
    remediation: Said<'a>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let Some(list) = &document.vulnerabilities else {
        return Err(ReadError::lacks("Detectify page", "/vulnerabilities", "expected a list, found none"));
    };
    let mut warnings = Vec::new();
    let items = json::parts::<Item<'_>>(list, "/vulnerabilities", &mut warnings);
    let findings = items.iter().map(|(_, item)| finding(item)).collect();
    if document.has_more {
        let message = "the server has more, send the other pages too".to_owned();
        warnings.push(Warning { at: "/has_more".to_owned(), message });
    }
    Ok(Report {
        tool: Some(Tool { name: "detectify".to_owned(), version: None }),
        findings: Some(findings),
        looked_for: vec![FindingKind::Dynamic],
        warnings,
        ..Report::default()
    })
}

fn finding(item: &Item<'_>) -> Finding {
    let title = or_empty(&item.title);
    let definition = item.definition.as_ref();
    let rule = definition.and_then(|definition| said(&definition.identifier)).unwrap_or_else(|| title.to_owned());
    let location = or_empty(&item.location);
    let url = if location.is_empty() { or_empty(&item.host) } else { location };
    let seen = web::finding(&rule, title, web::Place::of(url));
    let (severity, severity_word) = web::rated("detectify", item.severity.as_deref());
    let details = item.details.as_ref();
    let description = details.and_then(|details| said(&details.description));
    Finding {
        severity,
        severity_word,
        cwes: weakness::numbers(or_empty(&item.cwe)),
        description: description.or_else(|| definition.and_then(|known| said(&known.description))).map(text::capped),
        remediation: details.and_then(|details| said(&details.remediation)).map(text::capped),
        status: match or_empty(&item.status) {
            "false_positive" => FindingStatus::FalsePositive,
            "accepted_risk" => FindingStatus::Suppressed,
            "patched" => FindingStatus::Fixed,
            _ => FindingStatus::Open,
        },
        identity: said(&item.uuid)
            .map_or_else(|| seen.identity.clone(), |uuid| identity::of_fingerprint("detectify", &uuid)),
        ..seen
    }
}
