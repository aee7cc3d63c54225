//! The parts of a report of the command line of Wiz that are read.

use crate::json::{List, Odd, Text};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Document<'a> {
    #[serde(borrow)]
    pub(super) created_at: Option<Text<'a>>,
    #[serde(borrow, default, rename = "scanOriginResource")]
    pub(super) origin: Odd<Origin<'a>>,
    #[serde(borrow)]
    pub(super) result: Scan<'a>,
}

#[derive(Default, Deserialize)]
pub(super) struct Origin<'a> {
    #[serde(borrow)]
    pub(super) digest: Option<Text<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Scan<'a> {
    #[serde(borrow, rename = "__typename")]
    pub(super) kind: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) os_packages: List<'a>,
    #[serde(borrow, default)]
    pub(super) libraries: List<'a>,
    #[serde(borrow, default)]
    pub(super) applications: List<'a>,
    #[serde(borrow, default)]
    pub(super) secrets: List<'a>,
    #[serde(borrow, default)]
    pub(super) data_findings: List<'a>,
    #[serde(borrow, default)]
    pub(super) rule_matches: List<'a>,
}

#[derive(Deserialize)]
pub(super) struct Package<'a> {
    #[serde(borrow)]
    pub(super) name: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) version: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) path: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) vulnerabilities: List<'a>,
}

#[derive(Deserialize)]
pub(super) struct Vulnerability<'a> {
    #[serde(borrow)]
    pub(super) name: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) severity: Option<Text<'a>>,
    #[serde(borrow, rename = "fixedVersion")]
    pub(super) fixed: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) source: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) description: Option<Text<'a>>,
    pub(super) score: Option<f64>,
}

#[derive(Deserialize)]
pub(super) struct Secret<'a> {
    #[serde(borrow, rename = "type")]
    pub(super) kind: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) path: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) severity: Option<Text<'a>>,
    #[serde(rename = "lineNumber")]
    pub(super) line: Option<u32>,
}

#[derive(Deserialize)]
pub(super) struct RuleMatch<'a> {
    #[serde(borrow, default)]
    pub(super) rule: Odd<Rule<'a>>,
    #[serde(borrow)]
    pub(super) severity: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) matches: List<'a>,
}

#[derive(Default, Deserialize)]
pub(super) struct Rule<'a> {
    #[serde(borrow)]
    pub(super) id: Option<Text<'a>>,
    #[serde(borrow, rename = "shortId")]
    pub(super) short_id: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) name: Option<Text<'a>>,
}

#[derive(Deserialize)]
pub(super) struct Match<'a> {
    #[serde(borrow, rename = "resourceName")]
    pub(super) resource: Option<Text<'a>>,
    #[serde(borrow, rename = "fileName")]
    pub(super) file: Option<Text<'a>>,
    #[serde(rename = "lineNumber")]
    pub(super) line: Option<u32>,
    #[serde(borrow)]
    pub(super) expected: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) found: Option<Text<'a>>,
}
