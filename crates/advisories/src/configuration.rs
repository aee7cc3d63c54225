//! The products of an advisory by CPE name, as NVD states them and CVE records do in `cpeApplicability`.
//! <https://csrc.nist.gov/schema/nvd/api/2.0/cve_api_json_2.0.schema>

use serde::{Deserialize, Serialize};

/// Nodes that hold together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Configuration {
    /// Whether one node is enough.
    #[serde(default)]
    pub operator: Operator,
    /// Whether the opposite is meant.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_negated: bool,
    /// Its nodes.
    #[serde(default)]
    pub nodes: Vec<Node>,
}

/// Products that hold together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Node {
    /// Whether one product is enough.
    #[serde(default)]
    pub operator: Operator,
    /// Whether the opposite is meant.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_negated: bool,
    /// Its products.
    #[serde(default)]
    pub products: Vec<Product>,
}

/// How many of several have to hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Operator {
    /// One is enough.
    #[default]
    Any,
    /// All of them.
    All,
}

/// One product in some versions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Product {
    /// Whether it is what is vulnerable, rather than what it has to run on.
    pub is_vulnerable: bool,
    /// A CPE 2.3 formatted string.
    pub cpe: String,
    /// From which version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Bound>,
    /// To which version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Bound>,
}

/// An end of a range.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bound {
    /// The version.
    pub version: String,
    /// Whether it belongs to the range itself.
    pub is_included: bool,
}
