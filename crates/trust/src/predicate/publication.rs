//! What a registry says that it published: npm's publish attestation, which binds a name and a version to a digest.
//! <https://github.com/npm/attestation/tree/main/specs/publish/v0.1>

use super::{Incoming, Unreadable, text};
use serde::{Deserialize, Serialize};

const TYPE: &str = "https://github.com/npm/attestation/tree/main/specs/publish/v0.1";

/// A package as a registry published it. Here a name is signed, and may be compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Publication {
    /// Its name, `@scope/name`.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Where it was published.
    pub registry: String,
}

impl Publication {
    /// Reads the publication that a statement contains.
    ///
    /// # Errors
    /// When the statement says something else, or names no package.
    pub fn read(statement: &Incoming) -> Result<Self, Unreadable> {
        if statement.predicate_type != TYPE {
            return Err(Unreadable::OtherPredicate { found: statement.predicate_type.clone(), expected: TYPE });
        }
        let part = |pointer: &str| text(&statement.predicate, pointer).ok_or(Unreadable::NoObject);
        Ok(Self { name: part("/name")?, version: part("/version")?, registry: part("/registry")? })
    }
}
