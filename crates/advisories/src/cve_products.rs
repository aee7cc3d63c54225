//! The products of a CVE record: packages of a registry become what OSV would say of them, products with CPE names become
//! configurations. <https://github.com/CVEProject/cve-schema/blob/main/schema/docs/versions.md>

use serde::Deserialize;

use crate::advisory::{Affected, Event, Package, Range, RangeKind};
use crate::bounds;
use crate::configuration::{Bound, Configuration, Node, Operator, Product};
use crate::reading::nullable;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RecordAffected {
    #[serde(rename = "collectionURL")]
    collection: Option<String>,
    package_name: Option<String>,
    #[serde(default, deserialize_with = "nullable")]
    cpes: Vec<String>,
    default_status: Option<String>,
    #[serde(default, deserialize_with = "nullable")]
    versions: Vec<RecordVersion>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RecordVersion {
    #[serde(default, deserialize_with = "nullable")]
    version: String,
    #[serde(default, deserialize_with = "nullable")]
    status: String,
    less_than: Option<String>,
    less_than_or_equal: Option<String>,
    version_type: Option<String>,
    #[serde(default, deserialize_with = "nullable")]
    changes: Vec<Change>,
}

#[derive(Deserialize)]
struct Change {
    at: String,
    status: String,
}

/// The registries that CVE records name, by a part of the host's name, and the ecosystem of OSV.
const COLLECTIONS: &[(&str, &str)] = &[
    ("maven", "Maven"),
    ("npmjs", "npm"),
    ("pypi", "PyPI"),
    ("crates", "crates.io"),
    ("rubygems", "RubyGems"),
    ("packagist", "Packagist"),
    ("nuget", "NuGet"),
    ("hex", "Hex"),
    ("pub", "Pub"),
    ("hackage", "Hackage"),
    ("cran", "CRAN"),
];

/// The package of a known registry, else `None`.
pub(crate) fn affected_of(stated: &RecordAffected) -> Option<Affected> {
    let ecosystem = ecosystem_of(stated.collection.as_deref()?)?;
    let name = stated.package_name.as_deref().filter(|name| !name.is_empty())?.to_owned();
    let mut affected =
        Affected { package: Package { ecosystem: ecosystem.to_owned(), name, purl: None }, ..Affected::default() };
    // What is affected unless it is listed cannot be told by ranges of the affected versions.
    if stated.default_status.as_deref() == Some("affected") {
        affected.ranges.push(Range::default());
    }
    for version in stated.versions.iter().filter(|version| version.status == "affected") {
        let Span { kind, events } = span_of(version);
        match events.as_slice() {
            [Event::Introduced(single), Event::LastAffected(last)] if single == last => {
                affected.versions.push(last.clone())
            }
            _ => affected.ranges.push(Range { kind, repository: None, events }),
        }
    }
    Some(affected)
}

fn ecosystem_of(collection: &str) -> Option<&'static str> {
    let host = collection.split_once("://").map_or(collection, |(_, rest)| rest).split('/').next()?.to_lowercase();
    if host.starts_with("pkg.go.") {
        return Some("Go");
    }
    let is_named = |word: &str| host.split('.').any(|part| part == word || (word == "maven" && part.contains(word)));
    COLLECTIONS.iter().find(|(word, _)| is_named(word)).map(|(_, ecosystem)| *ecosystem)
}

/// The products with CPE names, in the affected versions. A CPE name with a version of its own speaks for itself.
pub(crate) fn configuration_of(stated: &RecordAffected) -> Option<Configuration> {
    let affected: Vec<Span> =
        stated.versions.iter().filter(|version| version.status == "affected").map(span_of).collect();
    let mut products = Vec::new();
    for cpe in &stated.cpes {
        let has_version = cpe.split(':').nth(5).is_some_and(|version| version != "*" && version != "-");
        let alone = Product { is_vulnerable: true, cpe: cpe.clone(), ..Product::default() };
        if has_version || affected.is_empty() {
            products.push(alone);
        } else {
            products.extend(affected.iter().flat_map(|span| products_of(&alone, span)));
        }
    }
    let node = Node { operator: Operator::Any, is_negated: false, products };
    (!node.products.is_empty()).then(|| Configuration { nodes: vec![node], ..Configuration::default() })
}

/// One product per stretch of affected versions.
fn products_of(alone: &Product, span: &Span) -> Vec<Product> {
    let bound = |version: &str, is_included| Some(Bound { version: version.to_owned(), is_included });
    let mut products: Vec<Product> = Vec::new();
    for event in &span.events {
        match (event, products.last_mut()) {
            (Event::Introduced(version), _) => {
                let from = if version == "0" { None } else { bound(version, true) };
                products.push(Product { from, ..alone.clone() });
            }
            (Event::IntroducedAfter(version), _) => {
                products.push(Product { from: bound(version, false), ..alone.clone() })
            }
            (Event::Fixed(version), Some(last)) => last.to = bound(version, false),
            (Event::LastAffected(version), Some(last)) => last.to = bound(version, true),
            (Event::Fixed(_) | Event::LastAffected(_) | Event::Limit(_), _) => {}
        }
    }
    products
}

struct Span {
    kind: RangeKind,
    events: Vec<Event>,
}

/// A single version, a stretch with an end, or GitHub's habit of writing the comparison as the version.
fn span_of(stated: &RecordVersion) -> Span {
    let kind = if stated.version_type.as_deref() == Some("git") { RangeKind::Git } else { RangeKind::Ecosystem };
    let from = stated.version.trim();
    let open = ["", "0", "*", "unspecified", "n/a", "all"].contains(&from.to_lowercase().as_str());
    let begin = Event::Introduced(if open { "0".to_owned() } else { from.to_owned() });
    let mut events = vec![begin];
    for Change { at, status } in &stated.changes {
        let at = at.clone();
        events.push(if status == "affected" { Event::Introduced(at) } else { Event::Fixed(at) });
    }
    let is_end = |version: &&String| !version.is_empty() && *version != "*";
    if let Some(end) = stated.less_than.as_ref().filter(is_end) {
        events.push(Event::Fixed(end.clone()));
    } else if let Some(end) = stated.less_than_or_equal.as_ref().filter(is_end) {
        events.push(Event::LastAffected(end.clone()));
    } else if stated.less_than.is_none() && stated.less_than_or_equal.is_none() && !open {
        return single(from, kind);
    }
    Span { kind, events }
}

fn single(stated: &str, kind: RangeKind) -> Span {
    let exact = || vec![Event::Introduced(stated.to_owned()), Event::LastAffected(stated.to_owned())];
    match bounds::read(stated) {
        Some(bounds) if !bounds.events.is_empty() => Span { kind, events: bounds.events },
        _ if stated.starts_with(['<', '>']) => Span { kind: RangeKind::Other, events: Vec::new() },
        _ => Span { kind, events: exact() },
    }
}
