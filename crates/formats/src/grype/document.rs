//! The parts of a Grype report that are read. <https://github.com/anchore/grype/tree/main/grype/presenter/models>

use crate::json::{self, List, Odd, Text};
use serde::Deserialize;

#[derive(Deserialize)]
pub(super) struct Document<'a> {
    #[serde(borrow, default)]
    pub(super) matches: List<'a>,
    #[serde(borrow, default, rename = "ignoredMatches")]
    pub(super) ignored: List<'a>,
    #[serde(borrow, default)]
    pub(super) source: Odd<Source<'a>>,
    #[serde(borrow, default)]
    pub(super) descriptor: Odd<Descriptor<'a>>,
}

#[derive(Default, Deserialize)]
pub(super) struct Descriptor<'a> {
    #[serde(borrow)]
    pub(super) version: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) timestamp: Option<Text<'a>>,
}

#[derive(Default, Deserialize)]
pub(super) struct Source<'a> {
    #[serde(borrow, default)]
    pub(super) target: Odd<Target<'a>>,
}

#[derive(Default, Deserialize)]
pub(super) struct Target<'a> {
    #[serde(borrow, rename = "userInput")]
    pub(super) input: Option<Text<'a>>,
    #[serde(borrow, default, rename = "repoDigests")]
    pub(super) digests: Odd<Vec<Text<'a>>>,
}

#[derive(Deserialize)]
pub(super) struct Match<'a> {
    #[serde(borrow)]
    pub(super) vulnerability: Vulnerability<'a>,
    #[serde(borrow)]
    pub(super) artifact: Artifact<'a>,
    #[serde(borrow, default, rename = "relatedVulnerabilities")]
    pub(super) related: Odd<Vec<Vulnerability<'a>>>,
}

#[derive(Deserialize)]
pub(super) struct Vulnerability<'a> {
    #[serde(borrow)]
    pub(super) id: Option<Text<'a>>,
    #[serde(borrow, rename = "dataSource")]
    pub(super) source: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) severity: Option<Text<'a>>,
    #[serde(borrow, default, deserialize_with = "json::null_is_default")]
    pub(super) urls: Vec<Text<'a>>,
    #[serde(borrow)]
    pub(super) description: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) cvss: Odd<Vec<Rating<'a>>>,
    #[serde(borrow, default)]
    pub(super) fix: Odd<Fix<'a>>,
}

#[derive(Deserialize)]
pub(super) struct Rating<'a> {
    #[serde(borrow)]
    pub(super) source: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) vector: Option<Text<'a>>,
    pub(super) metrics: Option<Metrics>,
}

#[derive(Deserialize)]
pub(super) struct Metrics {
    #[serde(rename = "baseScore")]
    pub(super) base_score: Option<f64>,
}

#[derive(Default, Deserialize)]
pub(super) struct Fix<'a> {
    #[serde(borrow, default, deserialize_with = "json::null_is_default")]
    pub(super) versions: Vec<Text<'a>>,
}

#[derive(Deserialize)]
pub(super) struct Artifact<'a> {
    #[serde(borrow)]
    pub(super) name: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) version: Option<Text<'a>>,
    #[serde(borrow, rename = "type")]
    pub(super) kind: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) purl: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) locations: Odd<Vec<Place<'a>>>,
}

#[derive(Deserialize)]
pub(super) struct Place<'a> {
    #[serde(borrow)]
    pub(super) path: Option<Text<'a>>,
}
