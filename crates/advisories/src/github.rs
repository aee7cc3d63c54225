//! Reads GitHub's advisories as its two APIs answer: GraphQL (`ghsaId`, lists in `nodes` or `edges`) and REST (`ghsa_id`).
//! What GitHub publishes as files is in the OSV form, see [`crate::osv`].
//! <https://docs.github.com/en/rest/security-advisories/global-advisories>

use serde_json::Value;
use serde_json::value::RawValue;
use shipworthy_model::Warning;

use crate::advisory::{Advisory, Affected, Event, Functions, Package, Range, RangeKind, Rating, Reference};
use crate::bounds::{self, Bounds};
use crate::reading::{self, Unreadable, alone, each, instant, not_a, prose};

const WHAT: &str = "an answer of GitHub's advisory APIs";

/// GitHub's words for ecosystems and those of OSV.
const ECOSYSTEMS: &[(&str, &str)] = &[
    ("actions", "GitHub Actions"),
    ("composer", "Packagist"),
    ("erlang", "Hex"),
    ("go", "Go"),
    ("maven", "Maven"),
    ("npm", "npm"),
    ("nuget", "NuGet"),
    ("pip", "PyPI"),
    ("pub", "Pub"),
    ("rubygems", "RubyGems"),
    ("rust", "crates.io"),
    ("swift", "SwiftURL"),
];

/// Reads one advisory, a list of them, or GraphQL's `data.securityAdvisories`, and gives each to `keep`, in document
/// order. Their source is `github`. Of a list, what cannot be read is left out and becomes a warning with its place.
///
/// # Errors
/// When the document is something else.
pub fn read(document: &str, keep: &mut dyn FnMut(Advisory)) -> Result<Vec<Warning>, Unreadable> {
    let text = document.trim_start_matches('\u{feff}').trim_start();
    if text.starts_with('[') {
        let records: Vec<&RawValue> = serde_json::from_str(text).map_err(|error| not_a(WHAT, &error.to_string()))?;
        return each(WHAT, "", &records, keep, |record: Value| advisory_of(&record));
    }
    let value: Value = serde_json::from_str(text).map_err(|error| not_a(WHAT, &error.to_string()))?;
    let Some(list) = value.pointer("/data/securityAdvisories") else {
        return alone(text, WHAT, keep, |record: Value| advisory_of(&record));
    };
    let mut warnings = Vec::new();
    for (position, record) in items(list).into_iter().enumerate() {
        match advisory_of(record) {
            Ok(advisory) => keep(advisory),
            Err(message) => warnings.push(Warning { at: format!("/data/securityAdvisories/{position}"), message }),
        }
    }
    Ok(warnings)
}

fn advisory_of(record: &Value) -> Result<Advisory, String> {
    let id = text(record, ["ghsaId", "ghsa_id"]).ok_or("it has neither `ghsaId` nor `ghsa_id`")?;
    let id = reading::id(id)?;
    let identifiers = items(&record["identifiers"]).into_iter().filter_map(|item| text(item, ["value", "value"]));
    let aliases = identifiers.chain(text(record, ["cveId", "cve_id"])).map(str::to_owned).collect();
    let references = items(&record["references"]).into_iter();
    let references = references.filter_map(|item| item.as_str().or_else(|| text(item, ["url", "url"])));
    let cwes = items(&record["cwes"]).into_iter().filter_map(|item| text(item, ["cweId", "cwe_id"]));
    let mut affected: Vec<Affected> = Vec::new();
    for stated in items(&record["vulnerabilities"]) {
        add(&mut affected, affected_of(stated)?);
    }
    Ok(Advisory {
        aliases: reading::ids(aliases, &id),
        source: "github".to_owned(),
        title: prose(text(record, ["summary", "summary"]).map(str::to_owned)),
        details: prose(text(record, ["description", "description"]).map(str::to_owned)),
        ratings: ratings_of(record),
        cwes: reading::cwes(cwes),
        published: instant(text(record, ["publishedAt", "published_at"])),
        modified: instant(text(record, ["updatedAt", "updated_at"])),
        withdrawn: text(record, ["withdrawnAt", "withdrawn_at"])
            .map(|stated| instant(Some(stated)).unwrap_or_default()),
        references: references.map(|url| Reference { url: url.to_owned(), ..Reference::default() }).collect(),
        affected,
        id,
        ..Advisory::default()
    })
}

/// The items of a list in each of the ways in which GitHub writes lists.
fn items(list: &Value) -> Vec<&Value> {
    let plain = list.as_array().or_else(|| list["nodes"].as_array());
    let of_edges = || Some(list["edges"].as_array()?.iter().map(|edge| &edge["node"]).collect());
    plain.map(|items| items.iter().collect()).or_else(of_edges).unwrap_or_default()
}

/// The text under the name of GraphQL or that of REST, where it is not empty.
fn text<'a>(value: &'a Value, names: [&str; 2]) -> Option<&'a str> {
    names.into_iter().find_map(|name| value.get(name)?.as_str()).map(str::trim).filter(|text| !text.is_empty())
}

fn ratings_of(record: &Value) -> Vec<Rating> {
    let of_graphql = ["/cvss", "/cvssSeverities/cvssV3", "/cvssSeverities/cvssV4"];
    let of_rest = ["/cvss_severities/cvss_v3", "/cvss_severities/cvss_v4"];
    let mut ratings: Vec<Rating> = Vec::new();
    for place in of_graphql.iter().chain(&of_rest) {
        let stated = record.pointer(place).and_then(|cvss| text(cvss, ["vectorString", "vector_string"]));
        let rating = stated.map(|vector| reading::vector(vector, None));
        ratings.extend(rating.filter(|rating| !ratings.contains(rating)));
    }
    let word = text(record, ["severity", "severity"]).filter(|word| !word.eq_ignore_ascii_case("unknown"));
    ratings.extend(word.map(|word| Rating { scheme: "github".to_owned(), value: word.to_lowercase(), by: None }));
    ratings
}

fn affected_of(stated: &Value) -> Result<Affected, String> {
    let package = &stated["package"];
    let word = text(package, ["ecosystem", "ecosystem"]).unwrap_or_default();
    let ecosystem = ECOSYSTEMS.iter().find(|(ours, _)| word.eq_ignore_ascii_case(ours)).map_or(word, |(_, osv)| osv);
    let name = text(package, ["name", "name"]).ok_or("a vulnerability names no package")?;
    let range = text(stated, ["vulnerableVersionRange", "vulnerable_version_range"]);
    let Bounds { mut events, versions } = range.and_then(bounds::read).unwrap_or_default();
    let kind = match (events.is_empty() && versions.is_empty(), ecosystem) {
        (true, _) => RangeKind::Other,
        (false, "npm" | "crates.io" | "Go" | "Hex" | "Pub" | "SwiftURL") => RangeKind::Semver,
        (false, _) => RangeKind::Ecosystem,
    };
    events.extend(fix_of(stated).filter(|_| matches!(events.last(), Some(Event::LastAffected(_)))));
    let has_range = !events.is_empty() || kind == RangeKind::Other;
    let functions: Vec<String> =
        items(&stated["vulnerable_functions"]).into_iter().filter_map(Value::as_str).map(str::to_owned).collect();
    Ok(Affected {
        package: Package { ecosystem: ecosystem.to_owned(), name: name.to_owned(), purl: None },
        ranges: has_range.then_some(Range { kind, repository: None, events }).into_iter().collect(),
        versions,
        functions: (!functions.is_empty())
            .then_some(Functions { path: String::new(), symbols: functions })
            .into_iter()
            .collect(),
        ..Affected::default()
    })
}

/// The first version that is mended. Where the range ends with the last affected version, the two say different things.
fn fix_of(stated: &Value) -> Option<Event> {
    let names = ["firstPatchedVersion", "first_patched_version"];
    let object = names.into_iter().find_map(|name| stated.get(name)?.get("identifier")?.as_str());
    object.or_else(|| text(stated, names)).map(|version| Event::Fixed(version.to_owned()))
}

/// GitHub lists a package once for each of its ranges.
fn add(affected: &mut Vec<Affected>, next: Affected) {
    match affected.iter_mut().find(|known| known.package == next.package) {
        Some(known) => {
            known.ranges.extend(next.ranges);
            known.versions.extend(next.versions);
        }
        None => affected.push(next),
    }
}
