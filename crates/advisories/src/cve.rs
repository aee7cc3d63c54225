//! Reads CVE records of version 5, with what other organisations add to them: CISA's Vulnrichment gives SSVC, CVSS, CWE and
//! whether the vulnerability is exploited. <https://github.com/CVEProject/cve-schema/blob/main/schema/CVE_Record_Format.json>

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use shipworthy_model::Warning;

use crate::advisory::{Advisory, Rating, Reference, Ssvc};
use crate::cve_products::{RecordAffected, affected_of, configuration_of};
use crate::nvd::{RecordConfiguration, Text, english};
use crate::reading::{self, Unreadable, alone, each, instant, not_a, nullable, prose};

const WHAT: &str = "a CVE record of version 5";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Record {
    cve_metadata: Metadata,
    containers: Containers,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Metadata {
    cve_id: String,
    #[serde(default)]
    state: String,
    date_published: Option<String>,
    date_updated: Option<String>,
    date_rejected: Option<String>,
}

#[derive(Deserialize)]
struct Containers {
    cna: Container,
    #[serde(default, deserialize_with = "nullable")]
    adp: Vec<Container>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Container {
    title: Option<String>,
    #[serde(default, deserialize_with = "nullable")]
    descriptions: Vec<Text>,
    #[serde(default, deserialize_with = "nullable")]
    rejected_reasons: Vec<Text>,
    #[serde(default, deserialize_with = "nullable")]
    metrics: Vec<Value>,
    #[serde(default, deserialize_with = "nullable")]
    problem_types: Vec<ProblemType>,
    #[serde(default, deserialize_with = "nullable")]
    references: Vec<RecordReference>,
    #[serde(default, deserialize_with = "nullable")]
    affected: Vec<RecordAffected>,
    #[serde(default, deserialize_with = "nullable")]
    cpe_applicability: Vec<RecordConfiguration>,
    #[serde(default, deserialize_with = "nullable")]
    provider_metadata: Provider,
}

#[derive(Deserialize)]
struct ProblemType {
    #[serde(default, deserialize_with = "nullable")]
    descriptions: Vec<Problem>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Problem {
    cwe_id: Option<String>,
    description: Option<String>,
}

#[derive(Deserialize)]
struct RecordReference {
    url: String,
    #[serde(default, deserialize_with = "nullable")]
    tags: Vec<String>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Provider {
    short_name: Option<String>,
}

/// Reads a record or a list of records and gives each advisory to `keep`, in document order. Their source is `cve`. Of a
/// list, a record that cannot be read is left out and becomes a warning with its place. Products that are named by neither
/// a package of a known registry nor a CPE name match nothing and are left out.
///
/// # Errors
/// When the document is something else.
pub fn read(document: &str, keep: &mut dyn FnMut(Advisory)) -> Result<Vec<Warning>, Unreadable> {
    let text = document.trim_start_matches('\u{feff}').trim_start();
    if text.starts_with('[') {
        let records: Vec<&RawValue> = serde_json::from_str(text).map_err(|error| not_a(WHAT, &error.to_string()))?;
        return each(WHAT, "", &records, keep, advisory_of);
    }
    alone(text, WHAT, keep, advisory_of)
}

fn advisory_of(Record { cve_metadata: metadata, containers }: Record) -> Result<Advisory, String> {
    let Containers { cna, adp } = containers;
    let modified = instant(metadata.date_updated.as_deref());
    let is_rejected = metadata.state == "REJECTED";
    let mut advisory = Advisory {
        id: reading::id(&metadata.cve_id)?,
        source: "cve".to_owned(),
        title: prose(cna.title.clone()),
        published: instant(metadata.date_published.as_deref()),
        modified,
        withdrawn: is_rejected.then(|| instant(metadata.date_rejected.as_deref()).or(modified).unwrap_or_default()),
        ..Advisory::default()
    };
    for container in std::iter::once(cna).chain(adp) {
        add(&mut advisory, container);
    }
    advisory.cwes.sort_unstable();
    advisory.cwes.dedup();
    Ok(advisory)
}

/// What one organisation says. The first description holds; everything else adds up.
fn add(advisory: &mut Advisory, container: Container) {
    let by = container.provider_metadata.short_name;
    let said = if container.descriptions.is_empty() { container.rejected_reasons } else { container.descriptions };
    advisory.details = advisory.details.take().or_else(|| prose(english(said)));
    for metric in &container.metrics {
        add_metric(advisory, metric, by.as_deref());
    }
    let problems = container.problem_types.iter().flat_map(|problem| &problem.descriptions);
    let ids = problems.filter_map(|problem| {
        let in_words = || problem.description.as_deref()?.split([' ', ':']).next();
        problem.cwe_id.as_deref().or_else(in_words)
    });
    advisory.cwes.extend(reading::cwes(ids));
    for RecordReference { url, tags } in container.references {
        add_reference(advisory, url, &tags);
    }
    let products = container.affected.iter();
    if container.cpe_applicability.is_empty() {
        advisory.configurations.extend(products.clone().filter_map(configuration_of));
    }
    advisory.configurations.extend(container.cpe_applicability.into_iter().map(crate::nvd::configuration_of));
    advisory.affected.extend(products.filter_map(affected_of));
}

fn add_metric(advisory: &mut Advisory, metric: &Value, by: Option<&str>) {
    for key in ["cvssV4_0", "cvssV3_1", "cvssV3_0", "cvssV2_0"] {
        let vector = metric.get(key).and_then(|cvss| cvss.get("vectorString")).and_then(Value::as_str);
        advisory.ratings.extend(vector.map(|vector| reading::vector(vector, by)));
    }
    let Some(other) = metric.get("other") else { return };
    let content = other.get("content").unwrap_or(&Value::Null);
    match other.get("type").and_then(Value::as_str) {
        Some("ssvc") => advisory.ssvc = Some(ssvc_of(content)),
        Some("kev") => {
            let added = content.get("dateAdded").and_then(Value::as_str);
            advisory.known_exploited = added.map(str::to_owned).or(advisory.known_exploited.take());
        }
        Some("Textual description of severity") => {
            let word = content.get("text").and_then(Value::as_str).map(str::trim);
            let scheme = by.unwrap_or("cve").to_lowercase();
            advisory.ratings.extend(word.map(|word| Rating {
                scheme,
                value: word.to_owned(),
                by: by.map(str::to_owned),
            }));
        }
        _ => {}
    }
}

/// What coordinators write under `options`, in the same form in CSAF 2.1.
pub(crate) fn ssvc_of(content: &Value) -> Ssvc {
    let options = content.get("options").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let value = |key: &str| options.iter().find_map(|option| option.get(key)?.as_str()).map(str::to_lowercase);
    Ssvc {
        exploitation: value("Exploitation"),
        automatable: value("Automatable"),
        technical_impact: value("Technical Impact"),
    }
}

/// The organisations repeat each other's references.
fn add_reference(advisory: &mut Advisory, url: String, tags: &[String]) {
    let is_exploit = tags.iter().any(|tag| tag == "exploit");
    if let Some(known) = advisory.references.iter_mut().find(|known| known.url == url) {
        known.is_exploit |= is_exploit;
    } else if advisory.references.len() < 500 {
        let kind = tags.iter().find(|tag| *tag != "exploit" && !tag.starts_with("x_")).cloned();
        advisory.references.push(Reference { url, kind, is_exploit });
    }
}
