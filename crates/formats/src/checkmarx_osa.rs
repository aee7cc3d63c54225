//! Vulnerabilities of libraries that Checkmarx OSA found: a list with the vulnerabilities and one with the libraries.

use crate::checkmarx::{self, TOOL};
use crate::json::{self, List, Said, or_empty, said};
use crate::{Format, Probe, ReadError, purl, text, web};
use serde::Deserialize;
use shipworthy_model::{ComponentRef, Finding, FindingKind, Phase, Report, Warning};
use std::collections::HashMap;

/// The lists are the answers of `osa/vulnerabilities` and `osa/libraries`.
pub(crate) static FORMAT: Format = Format {
    name: "checkmarx-osa",
    title: "Checkmarx OSA vulnerabilities",
    homepage: "https://docs.checkmarx.com/en/34965-47091-cxosa-rest-api.html",
    phase: Phase::Source,
    tool: TOOL,
    reads: "the list that holds the list of vulnerabilities and the list of libraries",
    identifies: "the vulnerability and the component",
    severities: TOOL,
    marks: &["cveName", "libraryId"],
    recognises,
    read,
};

/// Arrays are passed through, so that a list of lists shows the keys of its innermost objects. Two empty lists are ours
/// too: nothing else writes them.
fn recognises(probe: &Probe) -> bool {
    let is_empty = probe.size_bytes < 64 && {
        let text: Vec<u8> = probe.head.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
        text == b"[[],[]]"
    };
    is_empty
        || matches!(probe.media, crate::Media::JsonArray(None)) && probe.has_all(&["cveName", "state", "severity.name"])
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"), expecting = "a vulnerability")]
struct Vulnerability<'a> {
    id: Said<'a>,
    cve_name: Said<'a>,
    score: Option<f64>,
    severity: Named<'a>,
    state: Named<'a>,
    url: Said<'a>,
    description: Said<'a>,
    recommendations: Said<'a>,
    library_id: Said<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"), expecting = "an object with `name`")]
struct Named<'a> {
    name: Said<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"), expecting = "a library")]
struct Library<'a> {
    id: Said<'a>,
    name: Said<'a>,
    version: Said<'a>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let lists: Vec<List<'_>> = json::document(bytes)?;
    let [vulnerabilities, libraries] = &lists[..] else {
        let message = format!("expected the lists of vulnerabilities and of libraries, found {}", lists.len());
        return Err(ReadError::lacks("Checkmarx OSA report", "its root", message));
    };
    let mut warnings = Vec::new();
    let libraries = json::parts::<Library<'_>>(libraries, "/1", &mut warnings);
    let by_id: HashMap<&str, &Library<'_>> =
        libraries.iter().filter_map(|(_, library)| Some((library.id.as_deref()?, library))).collect();
    let mut findings = Vec::new();
    for (index, item) in json::parts::<Vulnerability<'_>>(vulnerabilities, "/0", &mut warnings) {
        let library = item.library_id.as_deref().and_then(|id| by_id.get(id));
        if library.is_none() {
            let message = "expected the library of `libraryId` in the second list, found none".to_owned();
            warnings.push(Warning { at: format!("/0/{index}"), message });
        }
        findings.push(finding(&item, library.copied(), &mut warnings));
    }
    Ok(Report {
        tool: Some(checkmarx::tool(None)),
        findings: Some(findings),
        looked_for: vec![FindingKind::Vulnerability],
        warnings,
        ..Report::default()
    })
}

fn finding(item: &Vulnerability<'_>, library: Option<&Library<'_>>, warnings: &mut Vec<Warning>) -> Finding {
    let rule = said(&item.cve_name).or_else(|| said(&item.id)).unwrap_or_default();
    let (severity, severity_word) = web::rated(TOOL, item.severity.name.as_deref());
    let component = library.map(|library| component(library, warnings));
    let title = component.as_ref().map_or(rule.clone(), |component| format!("{rule} in {}", component.name));
    let recommendation = said(&item.recommendations);
    let fixed = recommendation.as_deref().and_then(|text| text.strip_prefix("Upgrade to "));
    Finding {
        severity,
        severity_word,
        score: item.score,
        status: checkmarx::status("", or_empty(&item.state.name)),
        description: said(&item.description).map(text::capped),
        fixed_versions: fixed.filter(|fixed| !fixed.contains(' ')).map(str::to_owned).into_iter().collect(),
        remediation: recommendation.clone(),
        references: said(&item.url).into_iter().collect(),
        component,
        ..Finding::new(FindingKind::Vulnerability, rule, title)
    }
}

/// `group:name` is how Maven writes it, and nobody else.
fn component(library: &Library<'_>, warnings: &mut Vec<Warning>) -> ComponentRef {
    let name = said(&library.name).unwrap_or_default();
    let version = said(&library.version);
    let maven = name.split_once(':').zip(version.as_deref());
    let url = maven.map(|((group, artifact), version)| format!("pkg:maven/{group}/{artifact}@{version}"));
    let purl = url.and_then(|url| purl::canonical(&url, "/1", warnings));
    ComponentRef { name, version, purl }
}
