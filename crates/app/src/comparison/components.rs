//! Compares the components and licences of two releases. The same package in another version is a change and neither
//! added nor removed; which of several versions became which is told by their order.

use shipworthy_advisories::version::VersionOrder;
use shipworthy_model::Component;
use shipworthy_store::finding::without_qualifiers;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// How the components differ, each list by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Components {
    pub(crate) added: Vec<Component>,
    pub(crate) removed: Vec<Component>,
    pub(crate) changed: Vec<Change>,
    /// How many are the same in both.
    pub(crate) same: u64,
}

/// A package in another version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) before: Component,
    pub(crate) after: Component,
    /// Whether the version went `Up` or `Down`; nothing when the two cannot be ordered or are equal in their order.
    pub(crate) direction: Option<Direction>,
}

/// Where a version went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    Up,
    Down,
}

/// How the licences differ, each list by expression.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Licenses {
    pub(crate) added: Vec<LicenseUse>,
    pub(crate) removed: Vec<LicenseUse>,
}

/// A licence and who has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LicenseUse {
    /// The SPDX expression.
    pub(crate) license: String,
    /// The references of the components that state it.
    pub(crate) components: Vec<String>,
}

/// The components of one package, by their version.
type Versions<'a> = BTreeMap<Option<&'a str>, &'a Component>;

/// Compares components.
pub(crate) fn compare(before: &[Component], after: &[Component]) -> Components {
    let (old, new) = (by_package(before), by_package(after));
    let mut found = Components::default();
    let packages: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let none = Versions::new();
    for package in packages {
        let (old, new) = (old.get(package).unwrap_or(&none), new.get(package).unwrap_or(&none));
        let order = order_of(package);
        let gone = only_in(old, new, order);
        let come = only_in(new, old, order);
        found.same += (new.len() - come.len()) as u64;
        for (before, after) in gone.iter().zip(&come) {
            let direction = direction(order, before.version.as_deref(), after.version.as_deref());
            found.changed.push(Change { before: (*before).clone(), after: (*after).clone(), direction });
        }
        let changed = gone.len().min(come.len());
        found.removed.extend(gone[changed..].iter().map(|component| (*component).clone()));
        found.added.extend(come[changed..].iter().map(|component| (*component).clone()));
    }
    found
}

/// The components by what stays the same when the version changes: the package URL without it, else the name.
fn by_package(components: &[Component]) -> BTreeMap<String, Versions<'_>> {
    let mut packages: BTreeMap<String, Versions<'_>> = BTreeMap::new();
    for component in components {
        let versions = packages.entry(package_of(component.purl.as_deref(), &component.name)).or_default();
        versions.entry(component.version.as_deref()).or_insert(component);
    }
    packages
}

/// What stays the same when the version changes.
pub(crate) fn package_of(purl: Option<&str>, name: &str) -> String {
    let Some(purl) = purl.map(without_qualifiers) else { return name.to_owned() };
    let last = purl.rfind('/').map_or(0, |slash| slash + 1);
    let end = purl[last..].find('@').filter(|at| *at > 0).map_or(purl.len(), |at| last + at);
    purl[..end].to_owned()
}

fn order_of(package: &str) -> Option<VersionOrder> {
    VersionOrder::of_purl_type(package.strip_prefix("pkg:")?.split('/').next()?)
}

/// The versions that only one of the two has, the lowest first.
fn only_in<'a>(these: &Versions<'a>, those: &Versions<'_>, order: Option<VersionOrder>) -> Vec<&'a Component> {
    let mut only: Vec<&Component> =
        these.iter().filter(|(version, _)| !those.contains_key(*version)).map(|(_, component)| *component).collect();
    only.sort_by(|one, other| {
        let (one, other) = (one.version.as_deref().unwrap_or_default(), other.version.as_deref().unwrap_or_default());
        let ordered = order.and_then(|order| order.compare(one, other).ok());
        ordered.unwrap_or(Ordering::Equal).then_with(|| one.cmp(other))
    });
    only
}

fn direction(order: Option<VersionOrder>, before: Option<&str>, after: Option<&str>) -> Option<Direction> {
    match order?.compare(before?, after?).ok()? {
        Ordering::Less => Some(Direction::Up),
        Ordering::Greater => Some(Direction::Down),
        Ordering::Equal => None,
    }
}

/// Compares licences.
pub(crate) fn compare_licenses(before: &[Component], after: &[Component]) -> Licenses {
    let (old, new) = (by_license(before), by_license(after));
    let only = |these: &BTreeMap<&str, Vec<&str>>, those: &BTreeMap<&str, Vec<&str>>| {
        let only = these.iter().filter(|(license, _)| !those.contains_key(*license));
        let owned = |components: &Vec<&str>| components.iter().map(|reference| (*reference).to_owned()).collect();
        only.map(|(license, components)| LicenseUse { license: (*license).to_owned(), components: owned(components) })
            .collect()
    };
    Licenses { added: only(&new, &old), removed: only(&old, &new) }
}

fn by_license(components: &[Component]) -> BTreeMap<&str, Vec<&str>> {
    let mut licenses: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for component in components {
        if let Some(license) = component.license.as_deref() {
            licenses.entry(license).or_default().push(&component.reference);
        }
    }
    licenses
}

#[cfg(test)]
mod tests {
    use super::*;

    fn component(purl: &str, license: Option<&str>) -> Component {
        let version = without_qualifiers(purl).rsplit_once('@').map(|(_, version)| version.to_owned());
        Component {
            reference: purl.to_owned(),
            name: package_of(Some(purl), ""),
            version,
            purl: Some(purl.to_owned()),
            license: license.map(str::to_owned),
            ..Component::default()
        }
    }

    fn of(purls: &[&str]) -> Vec<Component> {
        purls.iter().map(|purl| component(purl, None)).collect()
    }

    /// The differences, each in a line.
    fn told(before: &[&str], after: &[&str]) -> Vec<String> {
        let Components { added, removed, changed, same } = compare(&of(before), &of(after));
        let version = |component: &Component| component.version.clone().unwrap_or_default();
        let change = |change: Change| {
            let Change { before, after, direction } = change;
            let direction = direction.map_or_else(|| "?".to_owned(), |direction| format!("{direction:?}"));
            format!("{} {} {direction} {}", before.name, version(&before), version(&after))
        };
        let mut told: Vec<String> = added.iter().map(|component| format!("+ {}", component.reference)).collect();
        told.extend(removed.iter().map(|component| format!("- {}", component.reference)));
        told.extend(changed.into_iter().map(change));
        told.push(format!("{same} same"));
        told
    }

    #[test]
    fn another_version_is_a_change_and_no_other_package() {
        let before = ["pkg:npm/a@1.9.0", "pkg:npm/b@2.0.0", "pkg:npm/%40x/c@1.0.0", "pkg:deb/debian/d@1?arch=amd64"];
        let after = ["pkg:npm/a@1.10.0", "pkg:npm/e@1.0.0", "pkg:npm/%40x/c@0.9.0", "pkg:deb/debian/d@1?arch=arm64"];
        assert_eq!(
            told(&before, &after),
            [
                "+ pkg:npm/e@1.0.0",
                "- pkg:npm/b@2.0.0",
                "pkg:npm/%40x/c 1.0.0 Down 0.9.0",
                "pkg:npm/a 1.9.0 Up 1.10.0",
                "1 same"
            ]
        );
    }

    #[test]
    fn of_several_versions_the_lowest_becomes_the_lowest() {
        let before = ["pkg:npm/a@1.0.0", "pkg:npm/a@10.0.0", "pkg:npm/a@2.0.0"];
        let after = ["pkg:npm/a@1.0.0", "pkg:npm/a@2.1.0"];
        assert_eq!(told(&before, &after), ["- pkg:npm/a@10.0.0", "pkg:npm/a 2.0.0 Up 2.1.0", "1 same"]);
    }

    #[test]
    fn versions_without_an_order_change_all_the_same() {
        let told = told(&["pkg:generic/a@red", "pkg:pypi/b@1.0"], &["pkg:generic/a@blue", "pkg:pypi/b@1.0.0"]);
        assert_eq!(told, ["pkg:generic/a red ? blue", "pkg:pypi/b 1.0 ? 1.0.0", "0 same"]);
    }

    #[test]
    fn a_licence_is_added_when_no_component_had_it() {
        let before = [component("pkg:npm/a@1.0.0", Some("MIT")), component("pkg:npm/b@1.0.0", Some("ISC"))];
        let after = [component("pkg:npm/a@1.0.0", Some("GPL-3.0-only")), component("pkg:npm/c@1.0.0", Some("MIT"))];
        let one = |license: &str, reference: &str| LicenseUse {
            license: license.to_owned(),
            components: vec![reference.to_owned()],
        };
        let expected = Licenses {
            added: vec![one("GPL-3.0-only", "pkg:npm/a@1.0.0")],
            removed: vec![one("ISC", "pkg:npm/b@1.0.0")],
        };
        assert_eq!(compare_licenses(&before, &after), expected);
    }
}
