//! What of a CSAF document is read.

use super::products::ProductTree;
use crate::json::{List, Odd, Text};
use serde::Deserialize;

#[derive(Deserialize)]
pub(super) struct Document<'a> {
    #[serde(borrow)]
    pub(super) document: About<'a>,
    #[serde(borrow, default)]
    pub(super) product_tree: Odd<ProductTree<'a>>,
    #[serde(borrow, default)]
    pub(super) vulnerabilities: List<'a>,
}

#[derive(Deserialize)]
pub(super) struct About<'a> {
    #[serde(borrow, default)]
    pub(super) category: Text<'a>,
    #[serde(borrow)]
    pub(super) csaf_version: Text<'a>,
    #[serde(borrow, default)]
    pub(super) aggregate_severity: Odd<AggregateSeverity<'a>>,
    #[serde(borrow, default)]
    pub(super) publisher: Odd<Engine<'a>>,
    #[serde(borrow, default)]
    pub(super) tracking: Odd<Tracking<'a>>,
}

#[derive(Default, Deserialize)]
pub(super) struct AggregateSeverity<'a> {
    #[serde(borrow)]
    pub(super) text: Option<Text<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Tracking<'a> {
    #[serde(borrow)]
    pub(super) current_release_date: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) generator: Odd<Generator<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Generator<'a> {
    #[serde(borrow)]
    pub(super) engine: Odd<Engine<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Engine<'a> {
    #[serde(borrow)]
    pub(super) name: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) version: Option<Text<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Vulnerability<'a> {
    #[serde(borrow)]
    pub(super) cve: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) ids: Odd<Vec<Id<'a>>>,
    #[serde(borrow)]
    pub(super) title: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) cwe: Odd<Option<Cwe<'a>>>,
    /// Since 2.1.
    #[serde(borrow)]
    pub(super) cwes: Odd<Vec<Cwe<'a>>>,
    #[serde(borrow)]
    pub(super) notes: Odd<Vec<Note<'a>>>,
    #[serde(borrow)]
    pub(super) references: Odd<Vec<Reference<'a>>>,
    #[serde(borrow)]
    pub(super) product_status: Odd<Statuses<'a>>,
    #[serde(borrow)]
    pub(super) flags: Odd<Vec<Remark<'a>>>,
    #[serde(borrow)]
    pub(super) threats: Odd<Vec<Remark<'a>>>,
    #[serde(borrow)]
    pub(super) remediations: Odd<Vec<Remark<'a>>>,
    #[serde(borrow)]
    pub(super) scores: Odd<Vec<Score<'a>>>,
    /// The scores since 2.1.
    #[serde(borrow)]
    pub(super) metrics: Odd<Vec<Score<'a>>>,
}

#[derive(Deserialize)]
pub(super) struct Id<'a> {
    #[serde(borrow)]
    pub(super) text: Text<'a>,
}

#[derive(Deserialize)]
pub(super) struct Cwe<'a> {
    #[serde(borrow)]
    pub(super) id: Text<'a>,
}

#[derive(Deserialize)]
pub(super) struct Note<'a> {
    #[serde(borrow)]
    pub(super) category: Text<'a>,
    #[serde(borrow)]
    pub(super) text: Text<'a>,
}

#[derive(Deserialize)]
pub(super) struct Reference<'a> {
    #[serde(borrow)]
    pub(super) url: Text<'a>,
}

/// The products in each status. `recommended` says nothing of the vulnerability, and `unknown` nothing at all.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Statuses<'a> {
    #[serde(borrow)]
    pub(super) known_affected: Vec<Text<'a>>,
    #[serde(borrow)]
    pub(super) first_affected: Vec<Text<'a>>,
    #[serde(borrow)]
    pub(super) last_affected: Vec<Text<'a>>,
    #[serde(borrow)]
    pub(super) known_not_affected: Vec<Text<'a>>,
    #[serde(borrow)]
    pub(super) fixed: Vec<Text<'a>>,
    #[serde(borrow)]
    pub(super) first_fixed: Vec<Text<'a>>,
    #[serde(borrow)]
    pub(super) under_investigation: Vec<Text<'a>>,
}

/// What is said of some products, or of all where none is named: a flag (why they are not affected, in one of five
/// words), a threat or a remediation.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Remark<'a> {
    #[serde(borrow)]
    pub(super) label: Text<'a>,
    #[serde(borrow)]
    pub(super) category: Text<'a>,
    #[serde(borrow)]
    pub(super) details: Text<'a>,
    #[serde(borrow)]
    pub(super) product_ids: Vec<Text<'a>>,
    #[serde(borrow)]
    pub(super) group_ids: Vec<Text<'a>>,
}

/// How bad it is in some products; since 2.1 the ratings stand in `content`.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Score<'a> {
    #[serde(borrow)]
    pub(super) products: Vec<Text<'a>>,
    #[serde(borrow)]
    pub(super) content: Option<Ratings<'a>>,
    #[serde(borrow)]
    pub(super) cvss_v2: Option<Rating<'a>>,
    #[serde(borrow)]
    pub(super) cvss_v3: Option<Rating<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Ratings<'a> {
    #[serde(borrow)]
    pub(super) cvss_v2: Option<Rating<'a>>,
    #[serde(borrow)]
    pub(super) cvss_v3: Option<Rating<'a>>,
    #[serde(borrow)]
    pub(super) cvss_v4: Option<Rating<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Rating<'a> {
    #[serde(borrow)]
    pub(super) version: Text<'a>,
    #[serde(borrow)]
    pub(super) vector_string: Option<Text<'a>>,
    pub(super) base_score: Option<f64>,
    #[serde(borrow)]
    pub(super) base_severity: Option<Text<'a>>,
}
