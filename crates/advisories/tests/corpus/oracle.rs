//! Our answers and those of the plain algorithm over the public advisories: every package that they name, in the versions
//! where something begins or ends, and every component of the public SBOMs.

use std::collections::{BTreeMap, BTreeSet};

use shipworthy_advisories::advisory::{Advisory, Affected, RangeKind};
use shipworthy_advisories::ecosystem::{Key, identities, key_of};
use shipworthy_advisories::matching::{Answer, assess, assess_entries};
use shipworthy_advisories::osv;
use shipworthy_advisories::version::VersionOrder;

use crate::algorithm::is_vulnerable;
use crate::samples::{below, text};

/// All records in the OSV form, Grype's among them, which are wrapped in an `item`.
fn advisories() -> Vec<Advisory> {
    let mut advisories = Vec::new();
    let of_grype = below("matching/grype-matcher-db").into_iter().filter_map(|path| {
        let record: serde_json::Value = serde_json::from_str(&text(&path)).ok()?;
        Some(record.get("item")?.to_string())
    });
    let plain = below("vulndb")
        .into_iter()
        .filter(|path| path.contains("/osv-") || path.ends_with(".osv.json"))
        .map(|path| text(&path));
    for record in plain.chain(of_grype) {
        // What Grype keeps in other forms is none of OSV.
        let _ = osv::read(&record, "osv", &mut |advisory| advisories.push(advisory));
    }
    advisories
}

/// The package URL of a package at a version, such that it is of the release that the ecosystem names.
fn purl(ecosystem: &str, name: &str, version: &str) -> Option<String> {
    let (base, release) = ecosystem.split_once(':').unwrap_or((ecosystem, ""));
    let version = version.replace('%', "%25").replace('+', "%2B").replace(':', "%3A").replace('@', "%40");
    let name = name.replace('@', "%40");
    let package = match base {
        "AlmaLinux" => "rpm/almalinux/",
        "Alpine" => "apk/alpine/",
        "Bitnami" => "bitnami/",
        "Chainguard" => "apk/chainguard/",
        "crates.io" => "cargo/",
        "Debian" => "deb/debian/",
        "Go" => "golang/",
        "Hex" => "hex/",
        "Maven" => "maven/",
        "npm" => "npm/",
        "NuGet" => "nuget/",
        "Packagist" => "composer/",
        "PyPI" => "pypi/",
        "Red Hat" => "rpm/redhat/",
        "RubyGems" => "gem/",
        "Wolfi" => "apk/wolfi/",
        _ => return None,
    };
    let name = if base == "Maven" { name.replace(':', "/") } else { name };
    let version = if base == "Go" { format!("v{version}") } else { version };
    let distro = match base {
        "AlmaLinux" | "Debian" => format!("?distro=x-{release}"),
        "Alpine" => format!("?distro=alpine-{}", release.trim_start_matches('v')),
        "Red Hat" => format!("?distro=rhel-{}", release.split(':').nth(1)?),
        _ => String::new(),
    };
    Some(format!("pkg:{package}{name}@{version}{distro}"))
}

/// Whether two entries speak of the same releases: Red Hat's products for one minor release do.
fn same_package(left: &Affected, right: &Affected) -> bool {
    let release = |entry: &Affected| {
        let parts: Vec<_> = entry.package.ecosystem.split(':').map(str::to_owned).collect();
        if parts[0] == "Red Hat" { vec!["Red Hat".to_owned(), parts[2].clone()] } else { parts }
    };
    release(left) == release(right) && left.package.name.eq_ignore_ascii_case(&right.package.name)
}

/// The versions at which something begins or ends, those that are listed, and some beside them.
fn versions(entry: &Affected) -> BTreeSet<String> {
    let ranges = entry.ranges.iter().filter(|range| range.kind != RangeKind::Git);
    let events = ranges.flat_map(|range| &range.events).map(|event| event.version().to_owned());
    let stated: BTreeSet<_> = events.chain(entry.versions.iter().cloned()).filter(|version| version != "*").collect();
    let beside = stated.iter().flat_map(|version| {
        [format!("{version}.1"), version.rsplit_once(['.', '-']).map_or(version.as_str(), |(rest, _)| rest).to_owned()]
    });
    beside
        .collect::<BTreeSet<_>>()
        .into_iter()
        .chain(stated)
        .chain(["0.0.1".to_owned(), "999.0.0".to_owned()])
        .collect()
}

/// The versions of one package that the algorithm can be asked about: all that is compared has a place in the order.
fn is_ordered(order: VersionOrder, version: &str, entry: &Affected) -> bool {
    let ranges = entry.ranges.iter().filter(|range| range.kind != RangeKind::Git);
    let mut events = ranges.flat_map(|range| &range.events).map(|event| event.version()).filter(|event| *event != "*");
    events.all(|event| order.compare(event, version).is_ok())
}

#[derive(Default)]
struct Count {
    affected: usize,
    clean: usize,
    unknown: usize,
}

#[test]
#[expect(clippy::print_stdout, reason = "the table is what one runs it for")]
fn every_package_of_the_advisories() {
    let advisories = advisories();
    let mut counts: BTreeMap<String, Count> = BTreeMap::new();
    let mut wrong = Vec::new();
    for (advisory, entry) in
        advisories.iter().flat_map(|advisory| advisory.affected.iter().map(move |entry| (advisory, entry)))
    {
        let ecosystem = &entry.package.ecosystem;
        let Some(order) = VersionOrder::of_ecosystem(ecosystem) else { continue };
        let count = counts.entry(ecosystem.split(':').next().unwrap_or_default().to_owned()).or_default();
        // One of its records names two hundred packages.
        let step = if advisory.affected.len() > 50 { 5 } else { 1 };
        for version in versions(entry).into_iter().step_by(step) {
            let Some(purl) = purl(ecosystem, &entry.package.name, &version) else { continue };
            let names = identities(&purl, None).unwrap_or_else(|error| panic!("{error}"));
            let version = names[0].version.clone().unwrap_or_default();
            let entries: Vec<&Affected> = advisory.affected.iter().filter(|other| same_package(entry, other)).collect();
            let is_decidable = entries.iter().all(|entry| {
                is_ordered(order, &version, entry)
                    && !(entry.ranges.is_empty() && entry.versions.is_empty())
                    && entry.module.is_none()
            });
            // A version that is made of a commit is no tag.
            let is_commit =
                version.starts_with("0.0.0-") && version.rsplit('-').next().is_some_and(|hash| hash.len() == 12);
            let counts = |kind| kind != RangeKind::Git && !(kind == RangeKind::Tags && is_commit);
            let without_commits = |entry: &Affected| Affected {
                ranges: entry.ranges.iter().filter(|range| counts(range.kind)).cloned().collect(),
                ..entry.clone()
            };
            match assess(&names, advisory) {
                Answer::Unknown { why } if is_decidable => wrong.push(format!("{} {purl}: {why}", advisory.id)),
                Answer::Unknown { .. } => count.unknown += 1,
                _ if !is_decidable => count.unknown += 1,
                answer => {
                    let is_affected = matches!(answer, Answer::Affected(_));
                    let theirs = advisory.withdrawn.is_none()
                        && entries.iter().any(|entry| is_vulnerable(order, &version, &without_commits(entry)));
                    if is_affected != theirs {
                        wrong.push(format!("{} {purl}: ours is {is_affected}", advisory.id));
                    } else if is_affected {
                        count.affected += 1;
                    } else {
                        count.clean += 1;
                    }
                }
            }
        }
    }
    for (ecosystem, Count { affected, clean, unknown }) in &counts {
        println!(
            "the plain algorithm, {ecosystem}: {affected} affected and {clean} not, all agree; {unknown} cannot be decided"
        );
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
    for ecosystem in ["Go", "PyPI", "npm", "Maven", "NuGet", "RubyGems", "Debian", "Red Hat", "AlmaLinux"] {
        let count = counts.get(ecosystem).unwrap_or_else(|| panic!("nothing of {ecosystem}"));
        assert!(count.affected > 0 && count.clean > 0, "{ecosystem}: too little compared");
    }
}

/// Every package URL in the public SBOMs.
fn components() -> BTreeSet<String> {
    let end = |letter: char| letter.is_whitespace() || "\"'<>\\,".contains(letter);
    let mut purls = BTreeSet::new();
    for path in below("sbom") {
        let text = String::from_utf8_lossy(&std::fs::read(crate::samples::root().join(path)).expect("a file"))
            .replace("&amp;", "&");
        let found = text.match_indices("pkg:").filter_map(|(place, _)| text[place..].split(end).next());
        purls.extend(found.filter(|purl| purl.contains('@')).map(str::to_owned));
    }
    purls
}

#[test]
#[expect(clippy::print_stdout, reason = "the table is what one runs it for")]
fn every_component_of_the_sboms_by_an_index_and_without() {
    let advisories = advisories();
    let mut index: BTreeMap<Key, Vec<(&Advisory, &Affected)>> = BTreeMap::new();
    for (advisory, entry) in
        advisories.iter().flat_map(|advisory| advisory.affected.iter().map(move |entry| (advisory, entry)))
    {
        if let Some(key) = key_of(entry) {
            index.entry(key).or_default().push((advisory, entry));
        }
    }
    let (mut looked_up, mut affected) = (0, 0);
    for purl in components() {
        let Ok(names) = identities(&purl, None) else { continue };
        for identity in &names {
            looked_up += 1;
            let filed = index.get(&identity.key).map(Vec::as_slice).unwrap_or_default();
            for advisory in &advisories {
                let entries: Vec<_> =
                    filed.iter().filter(|(by, _)| std::ptr::eq(*by, advisory)).map(|(_, entry)| *entry).collect();
                let by_index = assess_entries(identity, advisory, &entries);
                assert_eq!(by_index, assess(std::slice::from_ref(identity), advisory), "{purl} {}", advisory.id);
                affected += usize::from(matches!(by_index, Answer::Affected(_)));
            }
        }
    }
    println!("components of the SBOMs: {looked_up} names looked up, {affected} affected");
    assert!(looked_up >= 1000, "fewer components than there were");
}
