//! Wire types that every noun uses: a reference by id and name, a scope, counts by severity.

use serde::{Deserialize, Serialize};
use shipworthy_model as model;

/// Something by its id and its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Named {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
}

impl Named {
    /// A reference.
    #[must_use]
    pub fn new(id: impl ToString, name: impl Into<String>) -> Self {
        Self { id: id.to_string(), name: name.into() }
    }
}

/// Where a role or token is valid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Scope {
    /// `everything`, `team` or `application`.
    pub kind: String,
    /// The id of the team or application.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
}

impl From<model::Scope> for Scope {
    fn from(scope: model::Scope) -> Self {
        let (kind, id) = match scope {
            model::Scope::Everything => ("everything", None),
            model::Scope::Team(id) => ("team", Some(id.to_string())),
            model::Scope::Application(id) => ("application", Some(id.to_string())),
        };
        Self { kind: kind.to_owned(), id }
    }
}

impl TryFrom<&Scope> for model::Scope {
    type Error = String;

    fn try_from(scope: &Scope) -> Result<Self, String> {
        let id = scope.id.as_deref();
        match (scope.kind.as_str(), id) {
            ("everything", None) => Ok(Self::Everything),
            ("everything", Some(_)) => Err("a scope of `everything` has no `id`".to_owned()),
            ("team", Some(id)) => id.parse().map(Self::Team).map_err(|e: model::InvalidId| e.to_string()),
            ("application", Some(id)) => id.parse().map(Self::Application).map_err(|e: model::InvalidId| e.to_string()),
            ("team" | "application", None) => Err(format!("a scope of `{}` needs an `id`", scope.kind)),
            (other, _) => Err(format!("`{other}` is no scope: expected `everything`, `team` or `application`")),
        }
    }
}

/// How many findings there are of each severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct SeverityCounts {
    /// Critical ones.
    pub critical: u64,
    /// High ones.
    pub high: u64,
    /// Medium ones.
    pub medium: u64,
    /// Low ones.
    pub low: u64,
    /// Informational ones.
    pub info: u64,
    /// Those whose severity nobody stated.
    pub unknown: u64,
}

impl From<model::SeverityCounts> for SeverityCounts {
    fn from(counts: model::SeverityCounts) -> Self {
        let model::SeverityCounts { critical, high, medium, low, info, unknown } = counts;
        Self { critical, high, medium, low, info, unknown }
    }
}
