//! How a package is to be built: what somebody expects before he looks at its provenance.
//! <https://slsa.dev/spec/v1.2/verifying-artifacts#step-2-check-expectations>

use super::tag::is_of_version;
use crate::verify::identity::Pattern;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// How a package is to be built. What is left out is not checked, and the check says so.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Expectations {
    /// How these expectations came about, in words for the report: `stated by the producer`, `as first seen on 2026-11-02`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub formed: Option<String>,
    /// The ids of the builders, one of which must have built it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub builders: Vec<Pattern>,
    /// The repository, in any way of writing it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_repository: Option<String>,
    /// The branches and tags, one of which it must be built from.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub refs: Vec<RefRule>,
    /// The build types, one of which it must have.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub build_types: Vec<String>,
    /// All external parameters. A field that is not here must not be there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_parameters: Option<Value>,
    /// Places in the external parameters that may be anything: JSON pointers (RFC 6901).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ignored_parameters: Vec<String>,
}

/// A branch or tag that a package may be built from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "ref", content = "name", rename_all = "snake_case")]
pub enum RefRule {
    /// The branch of this name.
    Branch(String),
    /// The tag of this name.
    Tag(String),
    /// A tag of this version: `v1` stands for every `v1.x.y`, `v1.2` for every `v1.2.x`.
    VersionedTag(String),
    /// Any tag.
    AnyTag,
}

impl RefRule {
    /// Whether a ref such as `refs/tags/v1.2.3` is meant.
    #[must_use]
    pub fn names(&self, reference: &str) -> bool {
        let branch = reference.strip_prefix("refs/heads/");
        let tag = reference.strip_prefix("refs/tags/");
        match self {
            Self::Branch(name) => branch == Some(name.as_str()),
            Self::Tag(name) => tag == Some(name.as_str()),
            Self::VersionedTag(version) => tag.and_then(|tag| is_of_version(tag, version)).unwrap_or(false),
            Self::AnyTag => tag.is_some_and(|tag| !tag.is_empty()),
        }
    }

    /// What is meant, in words.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Branch(name) => format!("the branch {name}"),
            Self::Tag(name) => format!("the tag {name}"),
            Self::VersionedTag(version) => format!("a tag of version {version}"),
            Self::AnyTag => "any tag".to_owned(),
        }
    }
}
