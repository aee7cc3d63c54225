//! What scanners repeat of an advisory in the form of the Open Source Vulnerability database.
//! <https://ossf.github.io/osv-schema/>

use crate::dependencies::{base_score, cvss};
use crate::json::{Odd, Text, stated};
use serde::Deserialize;
use serde_json::value::RawValue;
use shipworthy_model::Cvss;

/// One advisory.
#[derive(Deserialize)]
pub(crate) struct Advisory<'a> {
    #[serde(borrow)]
    pub(crate) id: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) summary: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) details: Option<Text<'a>>,
    #[serde(borrow, default)]
    aliases: Odd<Vec<Text<'a>>>,
    #[serde(borrow, default)]
    affected: Odd<Vec<Affected<'a>>>,
    #[serde(borrow, default)]
    references: Odd<Vec<Reference<'a>>>,
    #[serde(borrow, default)]
    database_specific: Odd<Specific<'a>>,
    /// A list of ratings; people write a word in its place.
    #[serde(borrow, default)]
    severity: Odd<Rated<'a>>,
}

#[derive(Default, Deserialize)]
struct Specific<'a> {
    #[serde(borrow)]
    severity: Option<Text<'a>>,
    #[serde(borrow)]
    url: Option<Text<'a>>,
    #[serde(borrow, default)]
    cwe_ids: Odd<Vec<Text<'a>>>,
    #[serde(borrow, default)]
    cwes: Odd<Vec<Weakness<'a>>>,
}

#[derive(Deserialize)]
struct Weakness<'a> {
    #[serde(borrow, rename = "cweId")]
    id: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Affected<'a> {
    #[serde(borrow, default)]
    package: Odd<Package<'a>>,
    #[serde(borrow, default)]
    ranges: Odd<Vec<Range<'a>>>,
    #[serde(borrow, default)]
    database_specific: Odd<Specific<'a>>,
}

#[derive(Default, Deserialize)]
struct Package<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Range<'a> {
    #[serde(borrow, rename = "type")]
    kind: Option<Text<'a>>,
    #[serde(borrow, default)]
    events: Odd<Vec<Event<'a>>>,
}

#[derive(Deserialize)]
struct Event<'a> {
    #[serde(borrow)]
    fixed: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Reference<'a> {
    #[serde(borrow)]
    url: Option<Text<'a>>,
}

#[derive(Default)]
struct Rated<'a> {
    word: Option<Text<'a>>,
    ratings: Vec<Rating<'a>>,
}

#[derive(Deserialize)]
struct Rating<'a> {
    #[serde(borrow)]
    score: Option<Text<'a>>,
}

impl<'de: 'a, 'a> Deserialize<'de> for Rated<'a> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&'de RawValue>::deserialize(deserializer)?;
        let word = serde_json::from_str(raw.get()).ok();
        Ok(Self { word, ratings: serde_json::from_str(raw.get()).unwrap_or_default() })
    }
}

impl<'a> Advisory<'a> {
    /// Its other names.
    pub(crate) fn names(&self) -> impl Iterator<Item = String> {
        self.aliases.0.iter().flatten().filter_map(Text::stated)
    }

    /// The word for its severity.
    pub(crate) fn word(&self) -> Option<&Text<'a>> {
        let specific = self.database_specific.0.as_ref().ok().and_then(|specific| specific.severity.as_ref());
        specific.or_else(|| self.severity.0.as_ref().ok()?.word.as_ref())
    }

    /// Its CVSS vectors, with the scores that they mean.
    pub(crate) fn ratings(&self) -> Vec<Cvss> {
        let ratings = self.severity.0.as_ref().ok().map(|rated| &rated.ratings);
        let vectors = ratings.into_iter().flatten().filter_map(|rating| rating.score.as_deref());
        vectors.filter_map(|vector| cvss(Some(vector), base_score(vector), None)).collect()
    }

    /// Its weaknesses.
    pub(crate) fn cwes(&self) -> Vec<u32> {
        let affected = self.affected.0.iter().flatten().map(|affected| &affected.database_specific);
        let mut numbers: Vec<u32> = Vec::new();
        for specific in
            std::iter::once(&self.database_specific).chain(affected).filter_map(|specific| specific.0.as_ref().ok())
        {
            let objects = specific.cwes.0.iter().flatten().filter_map(|weakness| weakness.id.as_ref());
            for number in
                specific.cwe_ids.0.iter().flatten().chain(objects).flat_map(|id| crate::dependencies::cwes(id))
            {
                if !numbers.contains(&number) {
                    numbers.push(number);
                }
            }
        }
        numbers
    }

    /// The versions of `package` in which it is fixed. Ranges of Git name commits and no versions.
    pub(crate) fn fixed(&self, package: &str) -> Vec<String> {
        let is_meant = |affected: &&Affected<'_>| {
            let name = affected.package.0.as_ref().ok().and_then(|package| package.name.as_deref());
            name.is_none_or(|name| name.eq_ignore_ascii_case(package))
        };
        let ranges =
            self.affected.0.iter().flatten().filter(is_meant).flat_map(|affected| affected.ranges.0.iter().flatten());
        let ranges = ranges.filter(|range| range.kind.as_deref() != Some("GIT"));
        let mut versions: Vec<String> = Vec::new();
        for version in
            ranges.flat_map(|range| range.events.0.iter().flatten()).filter_map(|event| stated(event.fixed.as_ref()))
        {
            if !versions.contains(&version) {
                versions.push(version);
            }
        }
        versions
    }

    /// Its page in its database.
    pub(crate) fn page(&self) -> Option<String> {
        stated(self.database_specific.0.as_ref().ok()?.url.as_ref())
    }

    /// Addresses with more about it.
    pub(crate) fn addresses(&self) -> impl Iterator<Item = String> {
        self.references.0.iter().flatten().filter_map(|reference| stated(reference.url.as_ref())).take(50)
    }
}
