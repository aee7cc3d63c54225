//! Where a gate stands: a release with its owners before an environment.

use crate::release::{self, OwnedRelease};
use crate::{Session, StoreError, Visibility, environment};
use shipworthy_model::{Environment, EnvironmentId, ReleaseId};

/// A release with its owners before an environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The release with its owners.
    pub owned: OwnedRelease,
    /// The environment.
    pub environment: Environment,
}

/// The place of a release before an environment. Whether the caller may see it was asked before.
///
/// # Errors
/// [`StoreError::NotFound`] when one of them does not exist.
pub async fn get(session: &mut Session, release: ReleaseId, environment: EnvironmentId) -> Result<Place, StoreError> {
    let owned = release::get(session, release, &Visibility::Everything).await?;
    let environment = environment::get(session, environment).await?;
    Ok(Place { owned, environment })
}
