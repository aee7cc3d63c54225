//! How far a component is behind: the versions that are known of its package come in, with what is known of its line's life;
//! how many versions later than its own there are comes out, and whether it is still maintained. Where the versions have no
//! order, the answer is unknown and says why.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::ecosystem::Identity;
use crate::end_of_life::{End, Line, Product};
use crate::matching::{Why, end_of_tag};
use crate::version::VersionOrder;

/// What is known of a package and its product.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// Versions of the package, in any order, each as often as it likes: those of inventories and those that advisories call
    /// mended. Of a package of a distribution those of the same release of it only.
    pub versions: &'a [&'a str],
    /// The product that the component is, see [`crate::lifecycle`].
    pub product: Option<&'a Product>,
    /// The day on which it is asked.
    pub today: Date,
}

/// How far a component is behind, and whether it is still maintained.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PatchStatus {
    /// How far it is behind.
    pub distance: Distance,
    /// The life of its line, where its product and line are known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<Life>,
}

/// How far a component is behind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Distance {
    /// It cannot be said.
    Unknown {
        /// Why not.
        why: String,
    },
    /// No later version is known.
    Latest,
    /// Later versions are known.
    Behind {
        /// The latest version that is known. A preview counts only for a component that is one itself.
        latest: String,
        /// How many later versions are known.
        versions: usize,
        /// How many first numbers they have that are greater than its own.
        majors: usize,
        /// How many second numbers they have beside its own first number that are greater than its own.
        minors: usize,
    },
}

/// The life of a line of versions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Life {
    /// Its name, such as `3.12`.
    pub name: String,
    /// Its latest version, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latest: Option<String>,
    /// The day on which its maintenance ends or ended, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<String>,
    /// Whether it has ended; absent where that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub has_ended: Option<bool>,
}

/// How far the component of this name is behind.
#[must_use]
pub fn patch_status(identity: &Identity, known: &Known<'_>) -> PatchStatus {
    let line = known.product.zip(identity.version.as_deref());
    let line = line.and_then(|(product, version)| life(product, version, known.today));
    let distance = distance(identity, known, line.as_ref()).unwrap_or_else(|why| Distance::Unknown { why });
    PatchStatus { distance, line }
}

/// The life of the line of a product that this version is in; `None` where the product states no such line.
#[must_use]
pub fn life(product: &Product, version: &str, today: Date) -> Option<Life> {
    let Line { name, latest, end, .. } = product.line_of(version)?;
    let day = match end {
        End::On(day) => Some(day.clone()),
        End::Unknown | End::Ended | End::Open => None,
    };
    let has_ended = match end {
        End::Unknown => None,
        End::Ended => Some(true),
        End::Open => Some(false),
        // What ends on a day is maintained on that day.
        End::On(day) => day.parse::<Date>().ok().map(|day| day < today),
    };
    Some(Life { name: name.clone(), latest: latest.clone(), end: day, has_ended })
}

impl PatchStatus {
    /// In words, such as `3 known versions behind 2.17.1 (2 minor versions); its line 2 is maintained until 2027-01-01`.
    #[must_use]
    pub fn in_words(&self) -> String {
        let distance = match &self.distance {
            Distance::Unknown { why } => format!("it is not known whether there is a later version: {why}"),
            Distance::Latest => "no later version is known".to_owned(),
            Distance::Behind { latest, versions, majors, minors } => {
                let steps = [(majors, "major"), (minors, "minor")].into_iter().filter(|(count, _)| **count > 0);
                let steps: Vec<_> = steps.map(|(count, what)| plural(*count, &format!("{what} version"))).collect();
                let steps = if steps.is_empty() { String::new() } else { format!(" ({})", steps.join(", ")) };
                format!("{} behind {latest}{steps}", plural(*versions, "known version"))
            }
        };
        match &self.line {
            None => distance,
            Some(line) => format!("{distance}; {}", line.in_words()),
        }
    }
}

impl Life {
    /// In words, such as `its line 3.8 has not been maintained since 2024-10-07`.
    #[must_use]
    pub fn in_words(&self) -> String {
        let Self { name, end, has_ended, .. } = self;
        match (has_ended, end) {
            (Some(true), Some(end)) => format!("its line {name} has not been maintained since {end}"),
            (Some(true), None) => format!("its line {name} is no longer maintained"),
            (Some(false), Some(end)) => format!("its line {name} is maintained until {end}"),
            (Some(false), None) => format!("its line {name} is maintained, no end is set"),
            (None, _) => format!("it is not known how long its line {name} is maintained"),
        }
    }
}

fn distance(identity: &Identity, known: &Known<'_>, line: Option<&Life>) -> Result<Distance, String> {
    let Identity { ecosystem, version, .. } = identity;
    let version = version.as_deref().ok_or_else(|| Why::NoVersion.to_string())?;
    let order = VersionOrder::of_ecosystem(ecosystem);
    let order = order.ok_or_else(|| Why::NoOrder { ecosystem: ecosystem.clone() }.to_string())?;
    if end_of_tag(ecosystem, version).is_some() {
        return Err("the tag moves with the releases".to_owned());
    }
    order.compare(version, version).map_err(|unordered| unordered.to_string())?;
    let is_preview = order.is_preview(version);
    let of_line = line.and_then(|line| line.latest.as_deref());
    let is_later = |other: &&str| {
        order.compare(other, version).is_ok_and(Ordering::is_gt) && (is_preview || !order.is_preview(other))
    };
    let mut later: Vec<&str> = known.versions.iter().copied().chain(of_line).filter(is_later).collect();
    // All of them were compared before, so that none is without a place; of two texts for one version the first by the
    // alphabet stands.
    let compare = |left: &str, right: &str| order.compare(left, right).unwrap_or(Ordering::Equal);
    later.sort_by(|left, right| compare(left, right).then_with(|| left.cmp(right)));
    later.dedup_by(|next, kept| compare(next, kept).is_eq());
    let Some(latest) = later.last() else { return Ok(Distance::Latest) };
    let (major, minor) = numbers(version);
    let numbers: Vec<(u64, u64)> = later.iter().map(|version| numbers(version)).collect();
    let majors: BTreeSet<u64> = numbers.iter().map(|(first, _)| *first).filter(|first| *first > major).collect();
    let beside = numbers.iter().filter(|(first, second)| *first == major && *second > minor);
    let minors: BTreeSet<u64> = beside.map(|(_, second)| *second).collect();
    let (versions, majors, minors) = (later.len(), majors.len(), minors.len());
    Ok(Distance::Behind { latest: (*latest).to_owned(), versions, majors, minors })
}

/// The first two numbers of a version, without its epoch.
fn numbers(version: &str) -> (u64, u64) {
    let plain = version.split_once([':', '!']).map_or(version, |(_, rest)| rest);
    let plain = plain.trim_start_matches(|letter: char| !letter.is_ascii_digit());
    let mut numbers = plain.split(|letter: char| !letter.is_ascii_digit());
    let mut next = || numbers.next().and_then(|number| number.parse().ok()).unwrap_or(0);
    (next(), next())
}

fn plural(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}
