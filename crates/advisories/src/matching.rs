//! Whether an advisory affects a component: the answer with its reason, by the algorithm of the OSV schema
//! (<https://ossf.github.io/osv-schema/#evaluation>). What cannot be decided is `unknown` and says why; ignorance never
//! becomes `not affected`.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::advisory::{Advisory, Affected, Event, RangeKind};
use crate::cpe::{Attribute, CpeError};
use crate::ecosystem::{Identity, base_and_release, key_of};
use crate::fixes::{Fixes, fixes};
use crate::products::word;
use crate::range::{self, Stretch};
use crate::release::{Fit, fit};
use crate::version::{Unordered, VersionOrder};

/// What an advisory says of a component.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It is affected.
    Affected(Box<Reason>),
    /// It is not affected, or the advisory is not about it.
    NotAffected,
    /// It cannot be decided.
    Unknown {
        /// Why not.
        why: Why,
    },
}

/// Why a component is affected. It can be kept beside the match: new fields will have a default.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// The advisory.
    pub advisory: String,
    /// The package as the advisory names it.
    pub package: String,
    /// Its ecosystem as the advisory names it.
    pub ecosystem: String,
    /// Whether it is the source package that the component was built from.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_source: bool,
    /// The version that was compared, where one was needed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Where the version lies, in words: `from 1.0 before 1.4.2`.
    pub range: String,
    /// The event with which the affected versions begin; absent where the version itself is listed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub begin: Option<Event>,
    /// The event with which they end, where they do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<Event>,
    /// Where to go.
    #[serde(default)]
    pub fixes: Fixes,
}

/// Why it cannot be decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// The component states no version.
    NoVersion,
    /// A version has no place in the order.
    Unordered(Unordered),
    /// Nothing is known of the order of the ecosystem's versions.
    NoOrder {
        /// The ecosystem.
        ecosystem: String,
    },
    /// The advisory names commits only.
    OnlyCommits,
    /// The advisory states its versions in a way that cannot be read.
    UnreadableRange,
    /// The advisory names the package and no version.
    NoVersionsStated,
    /// The advisory or the component does not say of which release of the distribution it speaks.
    NoRelease {
        /// The ecosystem as the advisory names it.
        ecosystem: String,
    },
    /// The advisory is about a module stream of RPM, and the component does not say from which stream it is.
    NoModule,
    /// The tag of an action such as `v4` moves with its releases, and not all of them are affected.
    MovingTag,
    /// The advisory names a product by what is no CPE name.
    NotACpe(CpeError),
    /// The advisory is about some products of this name only, and the component's name leaves open which it is.
    NoAttribute {
        /// What it leaves open.
        attribute: Attribute,
    },
    /// It holds on one platform only, and nothing says that the component runs there.
    NeedsPlatform {
        /// Its CPE name.
        platform: String,
    },
}

impl fmt::Display for Why {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoVersion => out.write_str("the component states no version"),
            Self::Unordered(unordered) => write!(out, "{unordered}"),
            Self::NoOrder { ecosystem } => write!(out, "the versions of `{ecosystem}` have no known order"),
            Self::OnlyCommits => out.write_str("the advisory names commits and no versions"),
            Self::UnreadableRange => out.write_str("the advisory states its versions in an unknown way"),
            Self::NoVersionsStated => out.write_str("the advisory names the package and no versions"),
            Self::NoRelease { ecosystem } => {
                write!(
                    out,
                    "the version would be affected in `{ecosystem}`, and the release is not stated on both sides"
                )
            }
            Self::MovingTag => out.write_str("the tag moves with the releases, and not all of them are affected"),
            Self::NotACpe(error) => write!(out, "{error}"),
            Self::NoAttribute { attribute } => {
                write!(out, "the component's name leaves its {} open", word(*attribute))
            }
            Self::NeedsPlatform { platform } => {
                write!(out, "it holds together with `{platform}` only, which is not stated")
            }
            Self::NoModule => out.write_str("the version would be affected in a module stream that is not stated"),
        }
    }
}

/// What an advisory says of the component that is known by these names.
#[must_use]
pub fn assess(identities: &[Identity], advisory: &Advisory) -> Answer {
    let mut answer = Answer::NotAffected;
    for identity in identities {
        let entries: Vec<_> =
            advisory.affected.iter().filter(|affected| key_of(affected).as_ref() == Some(&identity.key)).collect();
        answer = stronger(answer, assess_entries(identity, advisory, &entries));
    }
    answer
}

/// The same for one name of the component and those entries of the advisory that are filed under its key: what an index has
/// at hand. No entries give `not affected`.
#[must_use]
pub fn assess_entries(identity: &Identity, advisory: &Advisory, entries: &[&Affected]) -> Answer {
    if advisory.withdrawn.is_some() {
        return Answer::NotAffected;
    }
    let mut answer = Answer::NotAffected;
    for entry in entries {
        let next = match place_in(identity, entry) {
            Ok(None) => continue,
            Ok(Some(place)) => Answer::Affected(Box::new(reason(identity, advisory, entry, &place, entries))),
            Err(why) => Answer::Unknown { why },
        };
        answer = stronger(answer, next);
        if matches!(answer, Answer::Affected(_)) {
            break;
        }
    }
    answer
}

/// One entry that affects is enough, and one that cannot be decided leaves the whole undecided.
fn stronger(left: Answer, right: Answer) -> Answer {
    match (&left, &right) {
        (Answer::NotAffected, _) | (Answer::Unknown { .. }, Answer::Affected(_)) => right,
        _ => left,
    }
}

/// Where the affected version was found.
pub(crate) enum Place<'a> {
    Listed(&'a str),
    Everything,
    Within(Stretch<'a>),
}

/// Where the component's version is affected by one entry; `None` where it is not.
pub(crate) fn place_in<'a>(identity: &Identity, entry: &'a Affected) -> Result<Option<Place<'a>>, Why> {
    if !concerns(identity, entry) {
        return Ok(None);
    }
    let place = place_of_version(identity.version.as_deref(), entry)?;
    if let Some(last) = identity.version.as_deref().and_then(|version| end_of_tag(&identity.ecosystem, version))
        && place_of_version(Some(&last), entry)?.is_some() != place.is_some()
    {
        return Err(Why::MovingTag);
    }
    let is_same_release = fit(&entry.package.ecosystem, identity.release.as_deref()) == Fit::Same;
    if place.is_some() && !is_same_release {
        return Err(Why::NoRelease { ecosystem: entry.package.ecosystem.clone() });
    }
    if place.is_some() && entry.module.is_some() && identity.module.is_none() {
        return Err(Why::NoModule);
    }
    Ok(place)
}

/// The last version that a moving tag of an action may stand for: people write `v4` and get the newest release of it.
/// <https://docs.github.com/en/actions/sharing-automations/creating-actions/releasing-and-maintaining-actions>
pub(crate) fn end_of_tag(ecosystem: &str, version: &str) -> Option<String> {
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_tag = ecosystem == "GitHub Actions" && version.split('.').all(is_number);
    let missing = 3_usize.checked_sub(version.split('.').count()).filter(|missing| is_tag && *missing > 0)?;
    Some(format!("{version}{}", ".999999999".repeat(missing)))
}

/// Whether the entry may be about this component, as far as release and module stream are stated.
pub(crate) fn concerns(identity: &Identity, entry: &Affected) -> bool {
    fit(&entry.package.ecosystem, identity.release.as_deref()) != Fit::Other && !is_other_module(identity, entry)
}

/// A package of a module stream is another than the package of the same name outside of it or in another stream. RPMs of
/// modules say in their release that they are, not of which.
fn is_other_module(identity: &Identity, entry: &Affected) -> bool {
    let Some(module) = &entry.module else { return false };
    match &identity.module {
        Some(stated) => stated.split(':').take(2).ne(module.split(':').take(2)),
        None => identity.version.as_deref().is_some_and(|version| !version.contains("module")),
    }
}

/// The same, wherever the package comes from.
pub(crate) fn place_of_version<'a>(version: Option<&str>, entry: &'a Affected) -> Result<Option<Place<'a>>, Why> {
    if entry.ranges.iter().any(range::holds_everything) {
        return Ok(Some(Place::Everything));
    }
    let Some(version) = version else { return Err(Why::NoVersion) };
    if let Some(listed) = listed(version, entry) {
        return Ok(Some(Place::Listed(listed)));
    }
    if entry.ranges.is_empty() && entry.versions.is_empty() {
        return Err(Why::NoVersionsStated);
    }
    let mut undecided = None;
    for range in &entry.ranges {
        // Without the repository's history, the versions that are listed have to do; a package of no registry lists tags,
        // which may be anything.
        let is_listed_too = !entry.versions.is_empty() || entry.ranges.iter().any(|range| range.kind != RangeKind::Git);
        if range.kind == RangeKind::Git && is_listed_too && !entry.package.ecosystem.is_empty() {
            continue;
        }
        if range.kind == RangeKind::Tags && range::is_pseudo_version(version) {
            continue;
        }
        let within = range::order_of(range, &entry.package.ecosystem)
            .and_then(|order| range::lies_in(range, order, version).map_err(Why::Unordered));
        match within {
            Ok(Some(stretch)) => return Ok(Some(Place::Within(stretch))),
            Ok(None) => {}
            Err(why) => undecided = Some(why),
        }
    }
    undecided.map_or(Ok(None), Err)
}

/// The listed version that this is, by its text or by the order of its ecosystem.
fn listed<'a>(version: &str, entry: &'a Affected) -> Option<&'a str> {
    let same_text = entry.versions.iter().find(|listed| *listed == version);
    let order = VersionOrder::of_ecosystem(&entry.package.ecosystem);
    let is_same = |listed: &&String| {
        order.is_some_and(|order| order.compare(version, listed).is_ok_and(std::cmp::Ordering::is_eq))
    };
    same_text.or_else(|| entry.versions.iter().find(is_same)).map(String::as_str)
}

fn reason(
    identity: &Identity,
    advisory: &Advisory,
    entry: &Affected,
    place: &Place<'_>,
    entries: &[&Affected],
) -> Reason {
    let (begin, end, range) = match place {
        Place::Listed(version) => (None, None, format!("version {version}")),
        Place::Everything => (None, None, "every version".to_owned()),
        Place::Within(Stretch { begin, end }) => (Some((*begin).clone()), end.cloned(), in_words(begin, *end)),
    };
    Reason {
        advisory: advisory.id.clone(),
        package: entry.package.name.clone(),
        ecosystem: entry.package.ecosystem.clone(),
        is_source: identity.is_source,
        version: identity.version.clone(),
        range,
        begin,
        end,
        fixes: fixes(identity, entries),
    }
}

pub(crate) fn in_words(begin: &Event, end: Option<&Event>) -> String {
    let begin = match begin {
        Event::Introduced(version) if version == "0" => None,
        Event::IntroducedAfter(version) => Some(format!("after {version}")),
        other => Some(format!("from {}", other.version())),
    };
    let end = end.map(|end| match end {
        Event::LastAffected(version) => format!("up to {version}"),
        other => format!("before {}", other.version()),
    });
    let words: Vec<_> = begin.into_iter().chain(end).collect();
    if words.is_empty() { "every version".to_owned() } else { words.join(" ") }
}

/// The ecosystem without its release, for the order of its versions.
pub(crate) fn order_of(entry: &Affected) -> Option<VersionOrder> {
    VersionOrder::of_ecosystem(base_and_release(&entry.package.ecosystem).0)
}
