//! The parts of a report of the Snyk command line that are read.

use crate::json::{self, List, Odd, Text};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Document<'a> {
    #[serde(borrow, default)]
    pub(super) vulnerabilities: List<'a>,
    #[serde(borrow, rename = "infrastructureAsCodeIssues")]
    pub(super) settings: Option<List<'a>>,
    #[serde(borrow, default)]
    pub(super) filtered: Odd<Filtered<'a>>,
    /// The projects that were found in an image.
    #[serde(borrow, default)]
    pub(super) applications: List<'a>,
    #[serde(borrow, rename = "packageManager")]
    pub(super) manager: Option<Text<'a>>,
    #[serde(borrow, rename = "displayTargetFile")]
    pub(super) display_target: Option<Text<'a>>,
    #[serde(borrow, rename = "targetFile")]
    pub(super) target: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) path: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) error: Option<Text<'a>>,
}

#[derive(Default, Deserialize)]
pub(super) struct Filtered<'a> {
    #[serde(borrow, default)]
    pub(super) ignore: List<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Issue<'a> {
    #[serde(borrow)]
    pub(super) id: Option<Text<'a>>,
    #[serde(borrow, rename = "type")]
    pub(super) kind: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) title: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) severity: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) severity_with_critical: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) description: Option<Text<'a>>,
    #[serde(borrow, rename = "packageName")]
    pub(super) package: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) name: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) version: Option<Text<'a>>,
    #[serde(borrow, rename = "packageManager")]
    pub(super) manager: Option<Text<'a>>,
    #[serde(borrow, rename = "CVSSv3")]
    pub(super) vector: Option<Text<'a>>,
    #[serde(rename = "cvssScore")]
    pub(super) score: Option<f64>,
    #[serde(borrow, default, rename = "cvssSources")]
    pub(super) sources: Odd<Vec<Rating<'a>>>,
    #[serde(borrow, default)]
    pub(super) identifiers: Odd<Identifiers<'a>>,
    #[serde(borrow, default, rename = "fixedIn")]
    pub(super) fixed: Odd<Vec<Text<'a>>>,
    #[serde(borrow, default, rename = "upgradePath")]
    pub(super) upgrade: Odd<Vec<Text<'a>>>,
    #[serde(borrow, default)]
    pub(super) references: Odd<Vec<Reference<'a>>>,
}

#[derive(Deserialize)]
pub(super) struct Rating<'a> {
    #[serde(borrow)]
    pub(super) assigner: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) vector: Option<Text<'a>>,
    #[serde(rename = "baseScore")]
    pub(super) score: Option<f64>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) struct Identifiers<'a> {
    #[serde(borrow, default, deserialize_with = "json::null_is_default")]
    pub(super) cve: Vec<Text<'a>>,
    #[serde(borrow, default, deserialize_with = "json::null_is_default")]
    pub(super) cwe: Vec<Text<'a>>,
    #[serde(borrow, default, deserialize_with = "json::null_is_default")]
    pub(super) ghsa: Vec<Text<'a>>,
}

#[derive(Deserialize)]
pub(super) struct Reference<'a> {
    #[serde(borrow)]
    pub(super) url: Option<Text<'a>>,
}

/// An unsafe setting in infrastructure code.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Setting<'a> {
    #[serde(borrow)]
    pub(super) id: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) public_id: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) title: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) severity: Option<Text<'a>>,
    #[serde(borrow, rename = "msg")]
    pub(super) message: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) resolve: Option<Text<'a>>,
    #[serde(borrow, default, rename = "iacDescription")]
    pub(super) words: Odd<Words<'a>>,
    #[serde(borrow)]
    pub(super) documentation: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) references: Odd<Vec<Text<'a>>>,
    #[serde(rename = "lineNumber")]
    pub(super) line: Option<u32>,
    pub(super) is_ignored: Option<bool>,
}

#[derive(Default, Deserialize)]
pub(super) struct Words<'a> {
    #[serde(borrow)]
    pub(super) issue: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) impact: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) resolve: Option<Text<'a>>,
}
