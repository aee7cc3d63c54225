//! Reads advisories in the OSV form up to schema 1.7: one record, a list of records, or the answer of an OSV server; in
//! JSON, and one record in YAML as PyPA keeps them. RustSec, Go, GitHub, malicious packages and the distributions publish
//! in this form. <https://ossf.github.io/osv-schema/>

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use shipworthy_model::Warning;

use crate::advisory::{Advisory, Affected, Event, Functions, Package, Range, RangeKind, Rating, Reference};
use crate::reading;
use crate::reading::{Unreadable, alone, each, instant, not_a, nullable, prose};

const WHAT: &str = "an advisory in the OSV form";

#[derive(Deserialize)]
struct Record {
    id: String,
    #[serde(default, deserialize_with = "nullable")]
    aliases: Vec<String>,
    #[serde(default, deserialize_with = "nullable")]
    related: Vec<String>,
    #[serde(default, deserialize_with = "nullable")]
    upstream: Vec<String>,
    summary: Option<String>,
    details: Option<String>,
    published: Option<String>,
    modified: Option<String>,
    withdrawn: Option<String>,
    #[serde(default)]
    severity: Value,
    #[serde(default, deserialize_with = "nullable")]
    references: Vec<RecordReference>,
    #[serde(default, deserialize_with = "nullable")]
    affected: Vec<RecordAffected>,
    #[serde(default)]
    database_specific: Value,
}

#[derive(Deserialize)]
struct RecordReference {
    url: String,
    #[serde(rename = "type")]
    kind: Option<String>,
}

#[derive(Deserialize)]
struct RecordAffected {
    #[serde(default, deserialize_with = "nullable")]
    package: RecordPackage,
    #[serde(default, deserialize_with = "nullable")]
    ranges: Vec<RecordRange>,
    #[serde(default, deserialize_with = "nullable")]
    versions: Vec<String>,
    #[serde(default)]
    severity: Value,
    #[serde(default)]
    ecosystem_specific: Value,
    #[serde(default)]
    database_specific: Value,
}

#[derive(Default, Deserialize)]
struct RecordPackage {
    #[serde(default, deserialize_with = "nullable")]
    ecosystem: String,
    #[serde(default, deserialize_with = "nullable")]
    name: String,
    purl: Option<String>,
}

#[derive(Deserialize)]
struct RecordRange {
    #[serde(rename = "type", default, deserialize_with = "nullable")]
    kind: String,
    repo: Option<String>,
    #[serde(default, deserialize_with = "nullable")]
    events: Vec<RecordEvent>,
}

/// One key each by the schema; the oldest records have two.
#[derive(Deserialize)]
struct RecordEvent {
    introduced: Option<String>,
    fixed: Option<String>,
    last_affected: Option<String>,
    limit: Option<String>,
}

#[derive(Deserialize)]
struct Answer<'a> {
    #[serde(borrow)]
    vulns: Vec<&'a RawValue>,
}

/// Reads the advisories of a document in the OSV form and gives each to `keep`, in document order. `source` is the name
/// under which they are kept. Of a list, a record that cannot be read is left out and becomes a warning with its place.
///
/// # Errors
/// When the document is something else.
pub fn read(document: &str, source: &str, keep: &mut dyn FnMut(Advisory)) -> Result<Vec<Warning>, Unreadable> {
    let text = document.trim_start_matches('\u{feff}').trim_start();
    let read_one = |record| advisory_of(record, source);
    if text.starts_with('[') {
        let records: Vec<&RawValue> = serde_json::from_str(text).map_err(|error| not_a(WHAT, &error.to_string()))?;
        return each(WHAT, "", &records, keep, read_one);
    }
    if !text.starts_with('{') {
        return read_yaml(text, source, keep);
    }
    if let Ok(Answer { vulns }) = serde_json::from_str(text) {
        return each(WHAT, "/vulns", &vulns, keep, read_one);
    }
    alone(text, WHAT, keep, read_one)
}

fn read_yaml(text: &str, source: &str, keep: &mut dyn FnMut(Advisory)) -> Result<Vec<Warning>, Unreadable> {
    let first = text.lines().next().unwrap_or_default();
    if first.starts_with("```toml") {
        let hint = "it is RustSec's own Markdown; RustSec publishes the same advisories in the OSV form";
        return Err(not_a(WHAT, hint));
    }
    let record = serde_saphyr::from_str(text)
        .map_err(|error| not_a(WHAT, error.to_string().lines().next().unwrap_or("it is neither JSON nor YAML")))?;
    keep(advisory_of(record, source).map_err(|error| not_a(WHAT, &error))?);
    Ok(Vec::new())
}

fn advisory_of(record: Record, source: &str) -> Result<Advisory, String> {
    let id = reading::id(&record.id)?;
    if record.modified.is_none() && record.affected.is_empty() {
        return Err(format!("`{id}` has neither `modified` nor `affected`, which every OSV record has"));
    }
    let withdrawn = record.withdrawn.as_deref().filter(|stated| !stated.trim().is_empty());
    let withdrawn = withdrawn.map(|stated| instant(Some(stated)).unwrap_or_default());
    let mut ratings = ratings_of(&record.severity);
    ratings.extend(word(&record.database_specific, "severity", source));
    let weaknesses = strings(record.database_specific.get("cwe_ids"));
    let stated_with_packages = record.affected.iter().flat_map(|affected| weaknesses_of(&affected.database_specific));
    Ok(Advisory {
        aliases: reading::ids(record.aliases, &id),
        related: reading::ids(record.related, &id),
        upstream: reading::ids(record.upstream, &id),
        title: prose(record.summary),
        details: prose(record.details),
        ratings,
        cwes: reading::cwes(weaknesses.into_iter().chain(stated_with_packages)),
        published: instant(record.published.as_deref()),
        modified: instant(record.modified.as_deref()),
        withdrawn,
        references: record.references.into_iter().map(reference_of).collect(),
        informational: record.affected.iter().find_map(informational_of),
        affected: record.affected.into_iter().map(|affected| affected_of(affected, source)).collect(),
        source: source.to_owned(),
        id,
        ..Advisory::default()
    })
}

/// `[{ "type": "CVSS_V3", "score": "CVSS:3.1/…" }, { "type": "Ubuntu", "score": "medium" }]`
fn ratings_of(severity: &Value) -> Vec<Rating> {
    let rating = |item: &Value| {
        let (kind, value) = (item.get("type")?.as_str()?, item.get("score")?.as_str()?);
        let is_vector = kind.starts_with("CVSS_");
        let scheme = if is_vector { "cvss".to_owned() } else { kind.to_lowercase() };
        Some(Rating { scheme, value: value.trim().to_owned(), by: None })
    };
    severity.as_array().map(|items| items.iter().filter_map(rating).collect()).unwrap_or_default()
}

fn word(specific: &Value, key: &str, source: &str) -> Option<Rating> {
    let value = specific.get(key)?.as_str()?.trim();
    (!value.is_empty()).then(|| Rating { scheme: source.to_owned(), value: value.to_owned(), by: None })
}

/// `[{ "cweId": "CWE-79" }]`, as GitHub's converter writes them beside each package.
fn weaknesses_of(specific: &Value) -> Vec<&str> {
    let stated = specific.get("cwes").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    stated.iter().filter_map(|item| item.get("cweId")?.as_str()).collect()
}

/// RustSec's `unmaintained`, `unsound` and `notice`.
fn informational_of(affected: &RecordAffected) -> Option<String> {
    affected.database_specific.get("informational")?.as_str().map(str::to_owned)
}

fn reference_of(RecordReference { url, kind }: RecordReference) -> Reference {
    let kind = kind.map(|kind| kind.to_lowercase());
    Reference { is_exploit: kind.as_deref() == Some("evidence"), url, kind }
}

fn affected_of(affected: RecordAffected, source: &str) -> Affected {
    let RecordPackage { ecosystem, name, purl } = affected.package;
    let mut ratings = ratings_of(&affected.severity);
    let base = ecosystem.split(':').next().unwrap_or_default().to_lowercase();
    let scheme = if base.is_empty() { source } else { &base };
    ratings.extend(word(&affected.ecosystem_specific, "severity", scheme));
    ratings.extend(word(&affected.ecosystem_specific, "urgency", scheme));
    let mut ranges: Vec<_> = affected.ranges.into_iter().map(range_of).collect();
    let custom = affected.ecosystem_specific.get("custom_ranges").map(Vec::<RecordRange>::deserialize);
    ranges.extend(custom.and_then(Result::ok).into_iter().flatten().map(tags_of));
    Affected {
        package: Package { ecosystem, name, purl },
        ranges,
        versions: affected.versions,
        ratings,
        functions: functions_of(&affected.ecosystem_specific),
        module: affected.ecosystem_specific.get("rpm_modularity").and_then(Value::as_str).map(str::to_owned),
    }
}

fn range_of(RecordRange { kind, repo, events }: RecordRange) -> Range {
    let kind = match kind.as_str() {
        "SEMVER" => RangeKind::Semver,
        "ECOSYSTEM" => RangeKind::Ecosystem,
        "GIT" => RangeKind::Git,
        _ => RangeKind::Other,
    };
    let of_one = |event: RecordEvent| {
        let RecordEvent { introduced, fixed, last_affected, limit } = event;
        let introduced = introduced.map(Event::Introduced);
        [introduced, fixed.map(Event::Fixed), last_affected.map(Event::LastAffected), limit.map(Event::Limit)]
    };
    Range { kind, repository: repo, events: events.into_iter().flat_map(of_one).flatten().collect() }
}

/// What Go's own tools leave alone and the versions that people use are in.
fn tags_of(custom: RecordRange) -> Range {
    Range { kind: RangeKind::Tags, ..range_of(custom) }
}

/// Go's `imports: [{ path, symbols }]` and Rust's `affects: { functions }`.
fn functions_of(specific: &Value) -> Vec<Functions> {
    let imports = specific.get("imports").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let of_import = |import: &Value| {
        let path = import.get("path")?.as_str()?.to_owned();
        Some(Functions { path, symbols: owned(strings(import.get("symbols"))) })
    };
    let mut functions: Vec<Functions> = imports.iter().filter_map(of_import).collect();
    let affects = strings(specific.get("affects").and_then(|affects| affects.get("functions")));
    if !affects.is_empty() {
        functions.push(Functions { path: String::new(), symbols: owned(affects) });
    }
    functions
}

fn strings(list: Option<&Value>) -> Vec<&str> {
    let list = list.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    list.iter().filter_map(Value::as_str).collect()
}

fn owned(texts: Vec<&str>) -> Vec<String> {
    texts.into_iter().map(str::to_owned).collect()
}
