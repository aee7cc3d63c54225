//! Reads advisories of vendors in the Common Security Advisory Framework, versions 2.0 and 2.1, and the VEX documents of that
//! form: what is stated to be affected, and since which version it is not. What a document says of products that are
//! named by neither a package URL nor a CPE name matches nothing: no version is guessed from a product's name.
//! <https://docs.oasis-open.org/csaf/csaf/v2.0/os/csaf-v2.0-os.html>

mod affected;
mod events;
mod status;
mod tree;

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::Value;
use shipworthy_model::Warning;

use crate::advisory::{Advisory, DETAILS_BYTES, Rating, Reference};
use crate::reading::{self, Unreadable, capped, instant, not_a, nullable, prose};
use status::{Statuses, check};
use tree::{ProductTree, Products};

const WHAT: &str = "a CSAF document of version 2.0 or 2.1";

#[derive(Deserialize)]
struct Document {
    document: About,
    #[serde(default, deserialize_with = "nullable")]
    product_tree: ProductTree,
    #[serde(default, deserialize_with = "nullable")]
    vulnerabilities: Vec<Vulnerability>,
}

#[derive(Deserialize)]
struct About {
    csaf_version: String,
    #[serde(default)]
    category: String,
    #[serde(default)]
    title: Option<String>,
    publisher: Publisher,
    tracking: Tracking,
    #[serde(default, deserialize_with = "nullable")]
    references: Vec<DocumentReference>,
    #[serde(default, deserialize_with = "nullable")]
    aggregate_severity: AggregateSeverity,
}

#[derive(Deserialize)]
struct Publisher {
    name: String,
    namespace: String,
}

#[derive(Deserialize)]
struct Tracking {
    id: String,
    current_release_date: String,
    initial_release_date: Option<String>,
}

#[derive(Default, Deserialize)]
struct AggregateSeverity {
    text: Option<String>,
}

#[derive(Deserialize)]
struct DocumentReference {
    url: String,
    category: Option<String>,
}

#[derive(Deserialize)]
struct Vulnerability {
    cve: Option<String>,
    #[serde(default, deserialize_with = "nullable")]
    ids: Vec<OtherId>,
    title: Option<String>,
    #[serde(default, deserialize_with = "nullable")]
    cwe: Option<Cwe>,
    /// Since 2.1.
    #[serde(default, deserialize_with = "nullable")]
    cwes: Vec<Cwe>,
    #[serde(default, deserialize_with = "nullable")]
    notes: Vec<Note>,
    #[serde(default, deserialize_with = "nullable")]
    references: Vec<DocumentReference>,
    #[serde(default, deserialize_with = "nullable")]
    product_status: Statuses,
    #[serde(default, deserialize_with = "nullable")]
    threats: Vec<Remark>,
    #[serde(default, deserialize_with = "nullable")]
    remediations: Vec<Remark>,
    #[serde(default, deserialize_with = "nullable")]
    scores: Vec<Value>,
    /// The scores since 2.1.
    #[serde(default, deserialize_with = "nullable")]
    metrics: Vec<Metric>,
}

#[derive(Deserialize)]
struct OtherId {
    text: String,
}

#[derive(Deserialize)]
struct Cwe {
    id: String,
}

#[derive(Deserialize)]
struct Note {
    category: String,
    text: String,
}

#[derive(Deserialize)]
struct Remark {
    #[serde(default)]
    category: String,
    #[serde(default)]
    details: String,
    url: Option<String>,
}

#[derive(Deserialize)]
struct Metric {
    #[serde(default)]
    content: Value,
}

/// Reads a document and gives one advisory for each of its vulnerabilities to `keep`, in document order. Their source is
/// `csaf:` and the host of the publisher, because two publishers may give one id. A document about one vulnerability gives
/// its own id; of several, the ids are that and the CVE id, such as `RHSA-2024:3666#CVE-2024-23672`. A document that was
/// withdrawn or superseded (since 2.1) gives one advisory that says so.
///
/// # Errors
/// When the document is something else, or breaks a rule of the specification on which its meaning depends: a product that is
/// not defined or defined twice, one product in statuses that contradict each other, one CVE id for two vulnerabilities.
pub fn read(document: &str, keep: &mut dyn FnMut(Advisory)) -> Result<Vec<Warning>, Unreadable> {
    let document: Document = serde_json::from_str(document.trim_start_matches('\u{feff}'))
        .map_err(|error| not_a(WHAT, &error.to_string()))?;
    let Document { document: about, product_tree, vulnerabilities } = document;
    if !matches!(about.csaf_version.as_str(), "2.0" | "2.1") {
        let found = capped(&about.csaf_version, 20);
        return Err(not_a(WHAT, &format!("`/document/csaf_version` is `{found}`")));
    }
    let publisher = source_of(&about.publisher).map_err(|error| not_a(WHAT, &error))?;
    let id = id_of(&about.tracking.id).map_err(|error| not_a(WHAT, &format!("`/document/tracking/id`: {error}")))?;
    let products = Products::of(&product_tree).map_err(|error| not_a(WHAT, &error))?;
    check_names(&vulnerabilities).map_err(|error| not_a(WHAT, &error))?;
    for (place, vulnerability) in vulnerabilities.iter().enumerate() {
        let error = |error| not_a(WHAT, &format!("`/vulnerabilities/{place}/product_status` {error}"));
        check(&vulnerability.product_status, &products).map_err(error)?;
    }
    let frame = frame(&about, publisher, &id);
    if frame.withdrawn.is_some() {
        keep(frame);
        return Ok(Vec::new());
    }
    let is_one = vulnerabilities.len() == 1;
    let mut warnings = Vec::new();
    for (place, vulnerability) in vulnerabilities.into_iter().enumerate() {
        let name = vulnerability.cve.clone().unwrap_or_else(|| (place + 1).to_string());
        let id = if is_one { id.clone() } else { format!("{id}#{}", name.trim()) };
        let (advisory, untold) = advisory_of(Advisory { id, ..frame.clone() }, vulnerability, &products, &about);
        keep(advisory);
        if untold > 0 && warnings.len() < 100 {
            let at = format!("/vulnerabilities/{place}/product_status");
            let message = format!(
                "{untold} of the affected products match nothing: expected a package URL of a known ecosystem or a CPE name"
            );
            warnings.push(Warning { at, message });
        }
    }
    Ok(warnings)
}

/// A text of the specification may hold blanks, an id of ours does not.
fn id_of(stated: &str) -> Result<String, String> {
    reading::id(&stated.trim().replace(' ', "_"))
}

fn source_of(publisher: &Publisher) -> Result<String, String> {
    let namespace = publisher.namespace.trim().to_lowercase();
    let rest = namespace.split_once("://").map(|(_, rest)| rest);
    let host = rest.and_then(|rest| rest.split(['/', ':', '?', '#']).next()).unwrap_or_default();
    let host = host.strip_prefix("www.").unwrap_or(host);
    if host.is_empty() {
        let found = capped(&namespace, 60);
        return Err(format!("`/document/publisher/namespace` is `{found}`: expected an address"));
    }
    reading::id(&format!("csaf:{host}"))
}

/// The rule of mandatory test 6.1.23, and the form of CVE ids.
fn check_names(vulnerabilities: &[Vulnerability]) -> Result<(), String> {
    let mut seen = BTreeSet::new();
    for (place, cve) in vulnerabilities.iter().enumerate().filter_map(|(place, one)| Some((place, one.cve.as_deref()?)))
    {
        if !cve.starts_with("CVE-") || reading::id(cve).is_err() {
            let found = capped(cve, 50);
            return Err(format!("`/vulnerabilities/{place}/cve` is `{found}`: expected `CVE-<year>-<number>`"));
        }
        if !seen.insert(cve) {
            return Err(format!("`/vulnerabilities/{place}/cve` is `{cve}`, which was a vulnerability before"));
        }
    }
    Ok(())
}

/// What is said for all vulnerabilities of the document.
fn frame(about: &About, source: String, id: &str) -> Advisory {
    let About { category, title, tracking, references, .. } = about;
    let modified = instant(Some(&tracking.current_release_date));
    let holds_no_longer = matches!(category.as_str(), "csaf_withdrawn" | "csaf_superseded");
    Advisory {
        id: id.to_owned(),
        source,
        title: prose(title.clone()),
        published: instant(tracking.initial_release_date.as_deref()),
        modified,
        withdrawn: holds_no_longer.then(|| modified.unwrap_or_default()),
        references: references.iter().map(reference).collect(),
        ..Advisory::default()
    }
}

fn reference(stated: &DocumentReference) -> Reference {
    let is_self = stated.category.as_deref() == Some("self");
    let kind = if is_self { "advisory" } else { "web" };
    Reference { url: stated.url.clone(), kind: Some(kind.to_owned()), is_exploit: false }
}

/// The advisory, and how many products could not be told.
fn advisory_of(frame: Advisory, stated: Vulnerability, products: &Products<'_>, about: &About) -> (Advisory, usize) {
    let told = affected::told(&stated.product_status, products);
    let by = Some(about.publisher.name.as_str());
    let mut advisory = frame;
    let others = stated.ids.into_iter().map(|id| id.text).filter(|id| is_vulnerability(id));
    let ids = stated.cve.iter().map(|cve| cve.trim().to_owned()).chain(others);
    advisory.upstream = reading::ids(ids.collect(), &advisory.id);
    advisory.title = prose(stated.title).or(advisory.title);
    advisory.details = details(&stated.notes, &stated.remediations);
    advisory.cwes = reading::cwes(stated.cwe.iter().chain(&stated.cwes).map(|cwe| cwe.id.as_str()));
    let contents = stated.scores.iter().chain(stated.metrics.iter().map(|metric| &metric.content));
    for content in contents {
        let vectors = ["cvss_v4", "cvss_v3", "cvss_v2"].map(|key| content.get(key)?.get("vectorString")?.as_str());
        advisory.ratings.extend(vectors.into_iter().flatten().map(|vector| reading::vector(vector, by)));
        let ssvc = ["ssvc_v2", "ssvc_v1"].into_iter().find_map(|key| content.get(key));
        advisory.ssvc = ssvc.map(crate::cve::ssvc_of).or(advisory.ssvc);
    }
    let words =
        stated.threats.iter().filter(|threat| threat.category == "impact").map(|threat| threat.details.as_str());
    let words: Vec<&str> = words.filter(|word| is_word(word)).collect();
    let of_document = about.aggregate_severity.text.as_deref().filter(|word| words.is_empty() && is_word(word));
    let scheme = about.publisher.name.to_lowercase();
    let rating =
        |word: &str| Rating { scheme: scheme.clone(), value: word.trim().to_owned(), by: by.map(str::to_owned) };
    advisory.ratings.extend(words.into_iter().chain(of_document).map(rating));
    let mut seen = BTreeSet::new();
    advisory.ratings.retain(|rating| seen.insert((rating.scheme.clone(), rating.value.clone())));
    let fixes = stated.remediations.iter().filter(|remedy| remedy.category == "vendor_fix");
    let fixes: BTreeSet<&str> = fixes.filter_map(|remedy| remedy.url.as_deref()).collect();
    let fixes =
        fixes.into_iter().map(|url| Reference { url: url.to_owned(), kind: Some("fix".to_owned()), is_exploit: false });
    advisory.references.extend(stated.references.iter().map(reference).chain(fixes));
    let mut seen = BTreeSet::new();
    advisory.references.retain(|reference| seen.insert(reference.url.clone()) && seen.len() <= 500);
    advisory.affected = told.affected;
    advisory.configurations = told.configurations;
    (advisory, told.untold)
}

/// Vendors state numbers of their bug trackers among the ids.
fn is_vulnerability(id: &str) -> bool {
    ["CVE-", "GHSA-", "OSV-", "PYSEC-", "RUSTSEC-", "GO-", "EUVD-"].iter().any(|start| id.starts_with(start))
}

/// A word for how bad it is, rather than a sentence about the impact.
fn is_word(text: &str) -> bool {
    !text.trim().is_empty() && text.trim().bytes().all(|byte| byte.is_ascii_alphabetic())
}

/// The description, and what to do about it.
fn details(notes: &[Note], remediations: &[Remark]) -> Option<String> {
    let of = |category: &str| notes.iter().find(|note| note.category == category);
    let description = of("description").or_else(|| of("summary")).or_else(|| of("details"));
    let mut paragraphs: Vec<String> = description.map(|note| note.text.trim().to_owned()).into_iter().collect();
    for Remark { category, details, .. } in remediations.iter().filter(|remedy| !remedy.details.trim().is_empty()) {
        let what = match category.as_str() {
            "vendor_fix" => "Fix",
            "workaround" => "Workaround",
            "mitigation" => "Mitigation",
            "no_fix_planned" => "No fix is planned",
            "none_available" => "Nothing can be done yet",
            "fix_planned" => "A fix is planned",
            _ => continue,
        };
        let paragraph = format!("{what}: {}", details.trim());
        let length: usize = paragraphs.iter().map(String::len).sum();
        if length < DETAILS_BYTES && paragraphs.len() < 50 && !paragraphs.contains(&paragraph) {
            paragraphs.push(paragraph);
        }
    }
    prose(Some(paragraphs.join("\n\n")))
}
