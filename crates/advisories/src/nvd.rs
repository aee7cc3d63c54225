//! Reads what the National Vulnerability Database answers (API 2.0) and publishes as feeds of the same form: CVE records
//! with CVSS, CWE and the products by CPE name. <https://nvd.nist.gov/developers/vulnerabilities>

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;
use shipworthy_model::Warning;

use crate::advisory::{Advisory, Rating, Reference};
use crate::configuration::{Bound, Configuration, Node, Operator, Product};
use crate::reading::{self, Unreadable, alone, each, instant, not_a, nullable, prose};

const WHAT: &str = "an answer of NVD's API 2.0";

#[derive(Deserialize)]
struct Page<'a> {
    #[serde(borrow)]
    vulnerabilities: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
struct Item {
    cve: Record,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Record {
    id: String,
    published: Option<String>,
    last_modified: Option<String>,
    vuln_status: Option<String>,
    cisa_exploit_add: Option<String>,
    cisa_vulnerability_name: Option<String>,
    #[serde(default, deserialize_with = "nullable")]
    descriptions: Vec<Text>,
    #[serde(default, deserialize_with = "nullable")]
    metrics: BTreeMap<String, serde_json::Value>,
    #[serde(default, deserialize_with = "nullable")]
    weaknesses: Vec<Weakness>,
    #[serde(default, deserialize_with = "nullable")]
    configurations: Vec<RecordConfiguration>,
    #[serde(default, deserialize_with = "nullable")]
    references: Vec<RecordReference>,
}

#[derive(Deserialize)]
pub(crate) struct Text {
    #[serde(default)]
    pub(crate) lang: String,
    #[serde(default)]
    pub(crate) value: String,
}

#[derive(Deserialize)]
struct Weakness {
    #[serde(default, deserialize_with = "nullable")]
    description: Vec<Text>,
}

#[derive(Deserialize)]
struct RecordReference {
    url: String,
    #[serde(default, deserialize_with = "nullable")]
    tags: Vec<String>,
}

/// A configuration as NVD writes it, and CVE records in `cpeApplicability`.
#[derive(Deserialize)]
pub(crate) struct RecordConfiguration {
    operator: Option<String>,
    #[serde(default, deserialize_with = "nullable")]
    negate: bool,
    #[serde(default, deserialize_with = "nullable")]
    nodes: Vec<RecordNode>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RecordNode {
    operator: Option<String>,
    #[serde(default, deserialize_with = "nullable")]
    negate: bool,
    #[serde(default, deserialize_with = "nullable")]
    cpe_match: Vec<CpeMatch>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CpeMatch {
    vulnerable: bool,
    criteria: String,
    version_start_including: Option<String>,
    version_start_excluding: Option<String>,
    version_end_including: Option<String>,
    version_end_excluding: Option<String>,
}

/// Reads a page of the API, a feed, or one item of them, and gives each advisory to `keep`, in document order. Their
/// source is `nvd`. A record that cannot be read is left out and becomes a warning with its place.
///
/// # Errors
/// When the document is something else.
pub fn read(document: &str, keep: &mut dyn FnMut(Advisory)) -> Result<Vec<Warning>, Unreadable> {
    let text = document.trim_start_matches('\u{feff}');
    match serde_json::from_str(text) {
        Ok(Page { vulnerabilities }) => each(WHAT, "/vulnerabilities", &vulnerabilities, keep, advisory_of),
        Err(error) if error.is_syntax() || error.is_eof() => Err(not_a(WHAT, &error.to_string())),
        Err(_) => alone(text, WHAT, keep, advisory_of),
    }
}

fn advisory_of(Item { cve: record }: Item) -> Result<Advisory, String> {
    let id = reading::id(&record.id)?;
    let is_rejected = record.vuln_status.as_deref() == Some("Rejected");
    let modified = instant(record.last_modified.as_deref());
    let weaknesses = record.weaknesses.iter().flat_map(|weakness| &weakness.description);
    Ok(Advisory {
        id,
        source: "nvd".to_owned(),
        title: prose(record.cisa_vulnerability_name),
        details: prose(english(record.descriptions)),
        ratings: record.metrics.iter().flat_map(|(version, metrics)| ratings_of(version, metrics)).collect(),
        cwes: reading::cwes(weaknesses.map(|text| text.value.as_str())),
        published: instant(record.published.as_deref()),
        modified,
        withdrawn: is_rejected.then(|| modified.unwrap_or_default()),
        references: record.references.into_iter().map(reference_of).collect(),
        known_exploited: record.cisa_exploit_add,
        configurations: record.configurations.into_iter().map(configuration_of).collect(),
        ..Advisory::default()
    })
}

/// The English text, else the first.
pub(crate) fn english(texts: Vec<Text>) -> Option<String> {
    let place = texts.iter().position(|text| text.lang.starts_with("en")).unwrap_or(0);
    texts.into_iter().nth(place).map(|text| text.value)
}

fn ratings_of(version: &str, metrics: &serde_json::Value) -> Vec<Rating> {
    let of_one = |metric: &serde_json::Value| {
        let vector = metric.get("cvssData")?.get("vectorString")?.as_str()?;
        Some(reading::vector(vector, metric.get("source").and_then(serde_json::Value::as_str)))
    };
    let metrics = metrics.as_array().filter(|_| version.starts_with("cvssMetric"));
    metrics.map(|metrics| metrics.iter().filter_map(of_one).collect()).unwrap_or_default()
}

fn reference_of(RecordReference { url, tags }: RecordReference) -> Reference {
    let kind = tags.iter().find(|tag| *tag != "Exploit").map(|tag| tag.to_lowercase());
    Reference { url, kind, is_exploit: tags.iter().any(|tag| tag == "Exploit") }
}

/// A configuration without an operator has one node, or several of which one is enough.
pub(crate) fn configuration_of(stated: RecordConfiguration) -> Configuration {
    let RecordConfiguration { operator, negate, nodes } = stated;
    let nodes = nodes.into_iter().map(|RecordNode { operator, negate, cpe_match }| Node {
        operator: operator_of(operator.as_deref()),
        is_negated: negate,
        products: cpe_match.into_iter().map(product_of).collect(),
    });
    Configuration { operator: operator_of(operator.as_deref()), is_negated: negate, nodes: nodes.collect() }
}

fn operator_of(stated: Option<&str>) -> Operator {
    if stated == Some("AND") { Operator::All } else { Operator::Any }
}

fn product_of(stated: CpeMatch) -> Product {
    let bound = |included: Option<String>, excluded: Option<String>| {
        let included = included.map(|version| Bound { version, is_included: true });
        included.or_else(|| excluded.map(|version| Bound { version, is_included: false }))
    };
    Product {
        is_vulnerable: stated.vulnerable,
        cpe: stated.criteria,
        from: bound(stated.version_start_including, stated.version_start_excluding),
        to: bound(stated.version_end_including, stated.version_end_excluding),
    }
}
