//! Reports of Wapiti in JSON.

use crate::json::{self, Entries, List, Said, Text, or_empty, said};
use crate::wapiti::{self, Entry, IDENTIFIES, TOOL};
use crate::{Format, Probe, ReadError, moment};
use serde::Deserialize;
use shipworthy_model::{FindingKind, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "wapiti-json",
    title: "Wapiti report in JSON",
    homepage: "https://wapiti-scanner.github.io/",
    phase: Phase::Artifact,
    tool: TOOL,
    reads: "the JSON report of version 3: vulnerabilities, anomalies and additional findings",
    identifies: IDENTIFIES,
    severities: TOOL,
    marks: &["classifications", "vulnerabilities", "anomalies", "additionals", "infos"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| members.has_all(&["classifications", "vulnerabilities", "anomalies", "infos"]))
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
struct Document<'a> {
    classifications: Entries<'a, Classification<'a>>,
    vulnerabilities: Option<Entries<'a, List<'a>>>,
    anomalies: Entries<'a, List<'a>>,
    additionals: Entries<'a, List<'a>>,
    infos: Infos<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"), expecting = "a classification")]
struct Classification<'a> {
    desc: Said<'a>,
    sol: Said<'a>,
    #[serde(rename = "ref")]
    references: Entries<'a, Text<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"), expecting = "information on the scan")]
struct Infos<'a> {
    target: Said<'a>,
    date: Said<'a>,
    version: Said<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"), expecting = "an entry")]
struct Item<'a> {
    method: Said<'a>,
    path: Said<'a>,
    info: Said<'a>,
    level: Said<'a>,
    parameter: Said<'a>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let Some(vulnerabilities) = &document.vulnerabilities else {
        return Err(ReadError::lacks("Wapiti report", "/vulnerabilities", "expected vulnerabilities, found none"));
    };
    let none = Classification::default();
    let mut warnings = Vec::new();
    let mut findings = Vec::new();
    let sections = [
        ("vulnerabilities", vulnerabilities),
        ("anomalies", &document.anomalies),
        ("additionals", &document.additionals),
    ];
    for (section, kinds) in sections {
        for (kind, list) in &kinds.0 {
            let of_kind = document.classifications.0.iter().find(|(name, _)| name == kind).map_or(&none, |(_, of)| of);
            for (_, item) in json::parts::<Item<'_>>(list, format_args!("/{section}/{}", &**kind), &mut warnings) {
                let entry = Entry {
                    kind,
                    description: of_kind.desc.as_deref(),
                    solution: of_kind.sol.as_deref(),
                    references: of_kind.references.0.iter().map(|(_, url)| &**url).collect(),
                    target: or_empty(&document.infos.target),
                    path: or_empty(&item.path),
                    method: or_empty(&item.method),
                    level: item.level.as_deref(),
                    parameter: or_empty(&item.parameter),
                    info: or_empty(&item.info),
                };
                findings.push(entry.finding());
            }
        }
    }
    Ok(Report {
        tool: Some(wapiti::tool(document.infos.version.as_deref())),
        created_at: said(&document.infos.date).and_then(|date| moment::stated(&date)),
        findings: Some(findings),
        looked_for: vec![FindingKind::Dynamic],
        warnings,
        ..Report::default()
    })
}
