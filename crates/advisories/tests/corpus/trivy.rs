//! What Trivy finds in its test images and SBOMs with its own small vulnerability database, against what we find with the
//! same database in the same packages. <https://github.com/aquasecurity/trivy/tree/main/integration>

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use serde_json::Value;
use shipworthy_advisories::advisory::{Advisory, Affected, Event, Package, Range, RangeKind};
use shipworthy_advisories::ecosystem::identities;
use shipworthy_advisories::matching::{Answer, assess};

use crate::samples::{Comparison, below, text};

const DATABASE: &str = "matching/trivy-db-fixtures";

/// Its words for ecosystems; `None` for those that OSV does not have.
fn ecosystem_of(bucket: &str) -> Option<String> {
    let registries = [
        ("cargo", "crates.io"),
        ("composer", "Packagist"),
        ("conan", "ConanCenter"),
        ("erlang", "Hex"),
        ("go", "Go"),
        ("k8s", "Kubernetes"),
        ("maven", "Maven"),
        ("npm", "npm"),
        ("nuget", "NuGet"),
        ("pip", "PyPI"),
        ("pub", "Pub"),
        ("rubygems", "RubyGems"),
        ("swift", "SwiftURL"),
    ];
    if let Some((registry, _)) = bucket.split_once("::") {
        return registries.iter().find(|(theirs, _)| *theirs == registry).map(|(_, osv)| (*osv).to_owned());
    }
    let (name, release) = bucket.rsplit_once(' ')?;
    Some(match name {
        "alma" => format!("AlmaLinux:{release}"),
        "alpine" if release == "edge" => "Alpine:edge".to_owned(),
        "alpine" => format!("Alpine:v{release}"),
        "debian" => format!("Debian:{release}"),
        "openSUSE Leap" => format!("openSUSE:Leap {release}"),
        "openSUSE" => "openSUSE:Tumbleweed".to_owned(),
        "Photon OS" => format!("Photon OS:{release}"),
        "Red" => "Red Hat:enterprise_linux:7::server".to_owned(),
        "rocky" => format!("Rocky Linux:{release}"),
        "SUSE Linux Enterprise" => format!("SUSE:Linux Enterprise Server {}", release.replace('-', " ")),
        "ubuntu" => format!("Ubuntu:{release}:LTS"),
        _ => return None,
    })
}

fn texts<'a>(value: &'a Value, key: &str) -> Vec<&'a str> {
    value[key].as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

/// `>= 1.0, < 2.0` and the like, each comparison an event.
fn range_of(stated: &str) -> Range {
    let mut events: Vec<Event> = stated
        .split(',')
        .filter_map(|comparison| {
            let comparison = comparison.trim();
            let version = comparison.trim_start_matches(['<', '>', '=']).trim().to_owned();
            let operator = &comparison[..comparison.find(|letter: char| !"<>=".contains(letter))?];
            Some(match operator {
                "<" => Event::Fixed(version),
                "<=" => Event::LastAffected(version),
                ">=" => Event::Introduced(version),
                _ => return None,
            })
        })
        .collect();
    if !events.iter().any(|event| matches!(event, Event::Introduced(_))) {
        events.insert(0, Event::Introduced("0".to_owned()));
    }
    Range { kind: RangeKind::Ecosystem, repository: None, events }
}

fn add(ecosystem: &str, package: &str, id: &str, value: &Value, advisories: &mut Vec<Advisory>) {
    let stated = texts(value, "VulnerableVersions");
    let whole = |fixed: &Value| {
        let fixed = fixed.as_str().map(|fixed| Event::Fixed(fixed.to_owned()));
        Range {
            kind: RangeKind::Ecosystem,
            repository: None,
            events: [Event::Introduced("0".to_owned())].into_iter().chain(fixed).collect(),
        }
    };
    // Red Hat's entries are for products by number; 869 is Enterprise Linux 7.
    let mut stated_for: Vec<(String, Range)> = Vec::new();
    for entry in value["Entries"].as_array().into_iter().flatten().filter(|entry| entry["Affected"].is_array()) {
        if entry["Affected"].as_array().into_iter().flatten().any(|product| *product == 869) {
            for cve in entry["Cves"].as_array().into_iter().flatten() {
                stated_for.push((cve["ID"].as_str().unwrap_or(id).to_owned(), whole(&entry["FixedVersion"])));
            }
        }
    }
    if !ecosystem.starts_with("Red Hat") {
        let ranges: Vec<Range> = if stated.is_empty() {
            vec![whole(&value["FixedVersion"])]
        } else {
            stated.into_iter().map(range_of).collect()
        };
        stated_for.extend(ranges.into_iter().map(|range| (id.to_owned(), range)));
    }
    for (id, range) in stated_for {
        let package = Package { ecosystem: ecosystem.to_owned(), name: package.to_owned(), purl: None };
        let affected = vec![Affected { package, ranges: vec![range], ..Affected::default() }];
        advisories.push(Advisory { id, affected, ..Advisory::default() });
    }
}

fn database() -> Vec<Advisory> {
    let mut advisories = Vec::new();
    for path in below(DATABASE) {
        let buckets: Value = serde_saphyr::from_str(&text(&path)).unwrap_or_else(|error| panic!("{path}: {error}"));
        for bucket in buckets.as_array().into_iter().flatten() {
            let Some(ecosystem) = ecosystem_of(bucket["bucket"].as_str().unwrap_or_default()) else { continue };
            for package in bucket["pairs"].as_array().into_iter().flatten() {
                for pair in package["pairs"].as_array().into_iter().flatten() {
                    let (name, id) =
                        (package["bucket"].as_str().expect("a package"), pair["key"].as_str().expect("an id"));
                    add(&ecosystem, name, id.trim(), &pair["value"], &mut advisories);
                }
            }
        }
    }
    advisories
}

/// Ids by the package URL of the package in which they were found.
type Found = BTreeMap<String, BTreeSet<String>>;

fn theirs(path: &str) -> Found {
    let golden: Value = serde_json::from_str(&text(path)).expect("JSON");
    let mut found = Found::new();
    for vulnerability in golden["Results"]
        .as_array()
        .into_iter()
        .flatten()
        .flat_map(|result| result["Vulnerabilities"].as_array().into_iter().flatten())
    {
        let purl = vulnerability["PkgIdentifier"]["PURL"].as_str().expect("a package URL").to_owned();
        found.entry(purl).or_default().insert(vulnerability["VulnerabilityID"].as_str().expect("an id").to_owned());
    }
    found
}

/// What we find in a package, and what we cannot decide.
fn ours(purl: &str, database: &[Advisory]) -> BTreeSet<String> {
    let names = identities(purl, None).unwrap_or_else(|error| panic!("{error}"));
    let id = |advisory: &Advisory| match assess(&names, advisory) {
        Answer::Affected(_) => Some(advisory.id.clone()),
        Answer::NotAffected => None,
        Answer::Unknown { .. } => Some(format!("{}?", advisory.id)),
    };
    database.iter().filter_map(id).collect()
}

fn listed(ids: &BTreeSet<String>) -> String {
    ids.iter().map(String::as_str).collect::<Vec<_>>().join(" ")
}

#[test]
fn what_trivy_finds_in_its_images() {
    let database = database();
    let mut comparison = Comparison::default();
    for path in below("scans/trivy").iter().filter(|path| path.contains("/golden-")) {
        for (purl, ids) in theirs(path) {
            comparison.add(path, &purl, &listed(&ours(&purl, &database)), &listed(&ids));
        }
    }
    comparison.end("Trivy's images, packages", "scans/trivy/golden-", 36);
}

/// SBOM and what Trivy finds in it.
const SBOMS: &[(&str, &str)] = &[
    ("centos-7-spdx.json", "centos-7.json"),
    ("centos-7-cyclonedx.intoto.jsonl", "centos-7.json"),
    ("fluentd-multiple-lockfiles-cyclonedx.json", "fluentd-multiple-lockfiles.json"),
    ("minikube-kbom.json", "minikube-kbom.json"),
];

/// The package URLs of the components, with the source package where Trivy states it beside.
fn components(path: &str) -> BTreeSet<String> {
    let mut document: Value =
        serde_json::from_str(text(path).lines().next().filter(|line| line.len() > 1).unwrap_or(&text(path)))
            .expect("JSON");
    if let Some(payload) = document["payload"].as_str() {
        let bytes = base64::engine::general_purpose::STANDARD.decode(payload).expect("base64");
        document = serde_json::from_slice::<Value>(&bytes).expect("JSON")["predicate"].take();
    }
    let of_cyclonedx = document["components"].as_array().into_iter().flatten().filter_map(|component| {
        let property = |name: &str| {
            component["properties"].as_array()?.iter().find(|property| property["name"] == name)?["value"].as_str()
        };
        let purl = component["purl"].as_str()?;
        let upstream = property("aquasecurity:trivy:SrcName").filter(|_| purl.starts_with("pkg:deb/"));
        Some(upstream.map_or(purl.to_owned(), |upstream| format!("{purl}&upstream={upstream}")))
    });
    let of_spdx = document["packages"]
        .as_array()
        .into_iter()
        .flatten()
        .flat_map(|package| package["externalRefs"].as_array().into_iter().flatten());
    let of_spdx = of_spdx
        .filter(|reference| reference["referenceType"] == "purl")
        .filter_map(|reference| reference["referenceLocator"].as_str());
    of_cyclonedx.chain(of_spdx.map(str::to_owned)).map(|purl| sorted(&purl)).collect()
}

/// Trivy's results sort the qualifiers, its SBOMs do not.
fn sorted(purl: &str) -> String {
    let (package, qualifiers) = purl.split_once('?').unwrap_or((purl, ""));
    let mut qualifiers: Vec<_> = qualifiers.split('&').collect();
    qualifiers.sort_unstable_by_key(|qualifier| (qualifier.starts_with("upstream="), *qualifier));
    if qualifiers == [""] { package.to_owned() } else { format!("{package}?{}", qualifiers.join("&")) }
}

#[test]
fn what_trivy_finds_in_its_sboms() {
    let database = database();
    let mut comparison = Comparison::default();
    for (sbom, golden) in SBOMS {
        let path = format!("matching/trivy-sbom-inputs/{sbom}");
        let theirs = theirs(&format!("matching/trivy-sbom-golden/{golden}"));
        let mut left: BTreeSet<&String> = theirs.keys().collect();
        for component in components(&path) {
            let plain = component.split("&upstream=").next().unwrap_or(&component).to_owned();
            left.remove(&plain);
            let expected = theirs.get(&plain).map(listed).unwrap_or_default();
            comparison.add(&path, &plain, &listed(&ours(&component, &database)), &expected);
        }
        assert!(left.is_empty(), "{path}: not among the components: {left:?}");
    }
    comparison.end("Trivy's SBOMs, components", "matching/trivy-sbom-inputs", 10);
}
