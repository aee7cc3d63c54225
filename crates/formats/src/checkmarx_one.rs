//! Results of Checkmarx One: the answer of its API and the JSON of its CLI, with results of every engine together.

use crate::checkmarx::{self, TOOL};
use crate::json::{self, List, Said, or_empty, said};
use crate::{Format, Probe, ReadError, identity, text, weakness, web};
use serde::Deserialize;
use shipworthy_model::{ComponentRef, Finding, FindingKind, Location, Phase, Report, Warning};

pub(crate) static FORMAT: Format = Format {
    name: "checkmarx-one",
    title: "Checkmarx One results",
    homepage: "https://docs.checkmarx.com/en/34965-68640-results.html",
    phase: Phase::Source,
    tool: TOOL,
    reads: "`results` of the API and of `cx results show --report-format json`: SAST, SCA, KICS, containers and secrets",
    identifies: "the hash of the flow, else the similarity id with the query, else vulnerability and package",
    severities: TOOL,
    marks: &["results", "totalCount", "scanID"],
    recognises,
    read,
};

/// The list of other tools is called `results` too; the members of ours say the engine and the similarity.
fn recognises(probe: &Probe) -> bool {
    let is_ours = probe.has("scanID") || probe.has_all(&["results.type", "results.state", "results.data"]);
    probe.object().is_some_and(|members| members.has("results")) && is_ours && probe.has("results")
}

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow)]
    results: Option<List<'a>>,
    #[serde(rename = "totalCount")]
    total: Option<u64>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"), expecting = "a result")]
struct Item<'a> {
    #[serde(rename = "type")]
    engine: Said<'a>,
    id: Said<'a>,
    similarity_id: Said<'a>,
    status: Said<'a>,
    state: Said<'a>,
    severity: Said<'a>,
    description: Said<'a>,
    data: Option<Data<'a>>,
    vulnerability_details: Option<Details<'a>>,
}

/// What the engines say, each in its own words.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"), expecting = "the data of a result")]
struct Data<'a> {
    query_id: Said<'a>,
    #[serde(alias = "ruleName")]
    query_name: Said<'a>,
    result_hash: Said<'a>,
    nodes: Option<Vec<Flow<'a>>>,
    #[serde(alias = "fileName")]
    filename: Said<'a>,
    line: Option<u32>,
    expected_value: Said<'a>,
    value: Said<'a>,
    package_identifier: Said<'a>,
    package_name: Said<'a>,
    package_version: Said<'a>,
    image_name: Said<'a>,
    image_tag: Said<'a>,
    recommended_version: Said<'a>,
    #[serde(alias = "remediationAdditional")]
    remediation: Said<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"), expecting = "a step of the flow")]
struct Flow<'a> {
    file_name: Said<'a>,
    line: Option<u32>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"), expecting = "details")]
struct Details<'a> {
    cwe_id: Said<'a>,
    cve_name: Said<'a>,
    cvss_score: Option<f64>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let Some(results) = &document.results else {
        return Err(ReadError::lacks("Checkmarx One report", "/results", "expected a list of results, found none"));
    };
    let mut warnings = Vec::new();
    let mut findings = Vec::new();
    for (index, item) in json::parts::<Item<'_>>(results, "/results", &mut warnings) {
        findings.push(finding(&item, index, &mut warnings));
    }
    let sent = results.items.len() as u64;
    if let Some(total) = document.total.filter(|total| *total > sent) {
        let message = format!("the server has {total}, this document holds {sent}: send the other pages too");
        warnings.push(Warning { at: "/totalCount".to_owned(), message });
    }
    Ok(Report {
        tool: Some(checkmarx::tool(None)),
        findings: Some(findings),
        looked_for: vec![FindingKind::Code],
        warnings,
        ..Report::default()
    })
}

fn finding(item: &Item<'_>, index: usize, warnings: &mut Vec<Warning>) -> Finding {
    let no_data = Data::default();
    let data = item.data.as_ref().unwrap_or(&no_data);
    let finding = match or_empty(&item.engine) {
        "sast" => static_result(item, data),
        "sca" | "sca-vulnerability" | "containers" | "sca-container" => vulnerability(item, data),
        "kics" => setting(item, data, FindingKind::Misconfiguration),
        engine if engine.starts_with("sscs-secret") => setting(item, data, FindingKind::Secret),
        engine if engine.starts_with("sscs") => setting(item, data, FindingKind::Misconfiguration),
        other => {
            let message = format!("expected an engine of Checkmarx One, found `{other}`; taken for static analysis");
            warnings.push(Warning { at: format!("/results/{index}/type"), message });
            static_result(item, data)
        }
    };
    let details = item.vulnerability_details.as_ref();
    Finding {
        status: checkmarx::status(or_empty(&item.status), or_empty(&item.state)),
        description: finding.description.clone().or_else(|| said(&item.description).map(text::capped)),
        cwes: details.map(|details| weakness::numbers(or_empty(&details.cwe_id))).unwrap_or_default(),
        ..finding
    }
}

fn static_result(item: &Item<'_>, data: &Data<'_>) -> Finding {
    let source = data.nodes.iter().flatten().next();
    checkmarx::Result {
        query: data.query_name.as_deref().unwrap_or_default(),
        severity: item.severity.as_deref(),
        hash: data.result_hash.as_deref().filter(|hash| !hash.is_empty()),
        similarity: item.similarity_id.as_deref(),
        file: source.map(|node| or_empty(&node.file_name)).unwrap_or_default(),
        line: source.and_then(|node| node.line),
    }
    .finding()
}

/// A finding of the engines for settings and secrets. Of a secret only the place is taken along, never the value.
fn setting(item: &Item<'_>, data: &Data<'_>, kind: FindingKind) -> Finding {
    let name = said(&data.query_name).or_else(|| said(&item.id)).unwrap_or_default();
    let (severity, severity_word) = web::rated(TOOL, item.severity.as_deref());
    let path = checkmarx::path(or_empty(&data.filename));
    let similarity = or_empty(&item.similarity_id);
    let values = [said(&data.expected_value), said(&data.value)].into_iter().flatten();
    let remediation = values.collect::<Vec<_>>().join("; found: ");
    Finding {
        severity,
        severity_word,
        identity: identity::of_parts(&name, &[&path, similarity]),
        aliases: said(&data.query_id).into_iter().collect(),
        location: Some(Location { path, line: data.line.filter(|line| *line > 0), end_line: None })
            .filter(|location| !location.path.is_empty()),
        remediation: if kind == FindingKind::Secret { said(&data.remediation) } else { Some(remediation) }
            .filter(|remediation| !remediation.is_empty()),
        description: None,
        ..Finding::new(kind, name.clone(), checkmarx::title(&name))
    }
}

fn vulnerability(item: &Item<'_>, data: &Data<'_>) -> Finding {
    let details = item.vulnerability_details.as_ref();
    let rule = details.and_then(|details| said(&details.cve_name)).or_else(|| said(&item.id)).unwrap_or_default();
    let (severity, severity_word) = web::rated(TOOL, item.severity.as_deref());
    let component = component(data);
    let image = said(&data.image_name).map(|name| match said(&data.image_tag) {
        Some(tag) => format!("{name}:{tag}"),
        None => name,
    });
    Finding {
        severity,
        severity_word,
        score: details.and_then(|details| details.cvss_score),
        fixed_versions: said(&data.recommended_version).into_iter().collect(),
        location: image.map(|path| Location { path, ..Location::default() }),
        title: format!("{rule} in {}", component.name),
        component: Some(component).filter(|component| !component.name.is_empty()),
        ..Finding::new(FindingKind::Vulnerability, rule, "")
    }
}

/// The package: by its parts, or out of an identifier such as `Npm-shop-cart-1.2.0`.
fn component(data: &Data<'_>) -> ComponentRef {
    let version = said(&data.package_version);
    if let Some(name) = said(&data.package_name) {
        return ComponentRef { name, version, purl: None };
    }
    let identifier = or_empty(&data.package_identifier);
    let without_ecosystem = identifier.split_once('-').map_or(identifier, |(_, rest)| rest);
    let (name, version) = match without_ecosystem.rsplit_once('-') {
        Some((name, version)) if version.starts_with(|first: char| first.is_ascii_digit()) => {
            (name, Some(version.to_owned()))
        }
        _ => (without_ecosystem, None),
    };
    ComponentRef { name: name.to_owned(), version, purl: None }
}
