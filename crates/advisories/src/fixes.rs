//! Where to go from an affected version: the nearest version that is mended, and the first that no advisory affects.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use crate::advisory::{Advisory, Affected, Event, RangeKind};
use crate::ecosystem::{Identity, key_of};
use crate::matching::{concerns, order_of, place_in};
use crate::version::VersionOrder;

/// The versions that an advisory says are mended.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fixes {
    /// The nearest one on the same line: the same first number, and where that is `0` the same second. A release of a
    /// distribution is one line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub same_line: Option<String>,
    /// The nearest one of all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nearest: Option<String>,
}

/// The versions later than the component's that the entries of one advisory say are mended.
pub(crate) fn fixes(identity: &Identity, entries: &[&Affected]) -> Fixes {
    let Some(version) = identity.version.as_deref() else { return Fixes::default() };
    let Some(order) = entries.first().and_then(|entry| order_of(entry)) else { return Fixes::default() };
    nearest(version, later_fixes(identity, entries), order, |fix| is_clean(identity, fix, entries))
}

/// The nearest of some later versions that are clean, which come in any order.
pub(crate) fn nearest(
    version: &str,
    mut later: Vec<&str>,
    order: VersionOrder,
    is_clean: impl Fn(&str) -> bool,
) -> Fixes {
    sort(&mut later, order);
    later.dedup();
    let is_distribution = matches!(order, VersionOrder::Apk | VersionOrder::Debian | VersionOrder::Rpm);
    let mut clean = later.into_iter().filter(|fix| is_clean(fix)).peekable();
    let nearest = clean.peek().map(|fix| (*fix).to_owned());
    let same_line = clean.find(|fix| is_distribution || line_of(fix) == line_of(version));
    Fixes { same_line: same_line.map(str::to_owned), nearest }
}

/// The first version after the component's that none of these advisories affects, among those that one of them calls
/// mended. `None` where no such version is known: one of the advisories has no fix, or the version cannot be ordered.
#[must_use]
pub fn first_clean_version(identity: &Identity, advisories: &[&Advisory]) -> Option<String> {
    let current = advisories.iter().filter(|advisory| advisory.withdrawn.is_none());
    let entries = current.flat_map(|advisory| &advisory.affected);
    let entries: Vec<_> = entries.filter(|entry| key_of(entry).as_ref() == Some(&identity.key)).collect();
    fixes(identity, &entries).nearest
}

/// What is called mended and comes after the component's version, in the order of the events.
pub(crate) fn later_fixes<'a>(identity: &Identity, entries: &[&'a Affected]) -> Vec<&'a str> {
    let Some(version) = identity.version.as_deref() else { return Vec::new() };
    let Some(order) = entries.first().and_then(|entry| order_of(entry)) else { return Vec::new() };
    let concerning = entries.iter().filter(|entry| concerns(identity, entry));
    let ranges = concerning.flat_map(|entry| &entry.ranges).filter(|range| range.kind != RangeKind::Git);
    let fixed = ranges.flat_map(|range| &range.events).filter_map(|event| match event {
        Event::Fixed(fixed) => Some(fixed.as_str()),
        Event::Introduced(_) | Event::IntroducedAfter(_) | Event::LastAffected(_) | Event::Limit(_) => None,
    });
    fixed.filter(|fixed| order.compare(fixed, version).is_ok_and(Ordering::is_gt)).collect()
}

/// All of them were compared before, so that none is without a place.
fn sort(versions: &mut [&str], order: VersionOrder) {
    versions.sort_by(|left, right| order.compare(left, right).unwrap_or(Ordering::Equal));
}

/// Whether none of the entries has this version.
pub(crate) fn is_clean(identity: &Identity, version: &str, entries: &[&Affected]) -> bool {
    let mended = Identity { version: Some(version.to_owned()), ..identity.clone() };
    entries.iter().all(|entry| matches!(place_in(&mended, entry), Ok(None)))
}

/// The first number, with the second where the first is zero.
fn line_of(version: &str) -> (&str, &str) {
    let mut parts = version.split(['.', '-', '+']);
    let (first, second) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    (first, if first == "0" { second } else { "" })
}
