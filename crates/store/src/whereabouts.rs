//! Where inventories are used: which releases they speak for, and which of those run where. What a copy in memory is made of.

use crate::{Row, Session, StoreError, args};
use jiff::Timestamp;
use serde_json::json;
use shipworthy_model::{ApplicationId, DeploymentId, EnvironmentId, EnvironmentKind, Exposure, ReleaseId};
use std::collections::BTreeMap;

/// An inventory that speaks for a release.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Use {
    /// The inventory by its number.
    pub inventory: u32,
    /// The release.
    pub release_id: ReleaseId,
    /// The application that the release is of.
    pub application_id: ApplicationId,
    /// When the release was made.
    pub created_at: Timestamp,
}

/// Every inventory beside each release that it speaks for, the newest release first.
///
/// # Errors
/// When the database fails.
pub async fn uses(session: &mut Session) -> Result<Vec<Use>, StoreError> {
    let sql = "SELECT ri.inventory, r.id, s.application_id, r.created_at FROM release_inventory ri
               JOIN release r ON r.id = ri.release_id JOIN service s ON s.id = r.service_id
               ORDER BY r.created_at DESC, r.id DESC";
    let read = |row: &Row| {
        let mut column = row.columns();
        Ok(Use {
            inventory: column.read()?,
            release_id: column.read()?,
            application_id: column.read()?,
            created_at: column.read()?,
        })
    };
    session.rows(sql, args![]).await?.iter().map(read).collect()
}

/// A deployment that runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Running {
    /// The deployment.
    pub id: DeploymentId,
    /// Its release.
    pub release_id: ReleaseId,
    /// Where it runs.
    pub environment_id: EnvironmentId,
}

/// Every deployment that runs, the newest first.
///
/// # Errors
/// When the database fails.
pub async fn running(session: &mut Session) -> Result<Vec<Running>, StoreError> {
    let sql = "SELECT id, release_id, environment_id FROM deployment WHERE state = 'running'
               ORDER BY started_at DESC, id DESC";
    let read = |row: &Row| {
        let mut column = row.columns();
        Ok(Running { id: column.read()?, release_id: column.read()?, environment_id: column.read()? })
    };
    session.rows(sql, args![]).await?.iter().map(read).collect()
}

/// A release with the names of those to whom it belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owned {
    /// Its version.
    pub version: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// The name of its service.
    pub service: String,
    /// The application.
    pub application_id: ApplicationId,
    /// Its name.
    pub application: String,
    /// The name of the team that owns it.
    pub team: String,
}

/// These releases with the names of those to whom they belong.
///
/// # Errors
/// When the database fails.
pub async fn owners(session: &mut Session, releases: &[ReleaseId]) -> Result<BTreeMap<ReleaseId, Owned>, StoreError> {
    let texts: Vec<String> = releases.iter().map(ToString::to_string).collect();
    let sql = format!(
        "SELECT r.id, r.version, r.created_at, s.name, a.id, a.name, t.name FROM release r
         JOIN service s ON s.id = r.service_id JOIN application a ON a.id = s.application_id
         JOIN team t ON t.id = a.team_id WHERE r.id IN ({})",
        session.texts_of("$1")
    );
    let rows = session.rows(&sql, args![json!(texts).to_string()]).await?;
    rows.iter()
        .map(|row| {
            let mut column = row.columns();
            let id = column.read()?;
            let owned = Owned {
                version: column.read()?,
                created_at: column.read()?,
                service: column.read()?,
                application_id: column.read()?,
                application: column.read()?,
                team: column.read()?,
            };
            Ok((id, owned))
        })
        .collect()
}

/// An environment in which something runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Surroundings {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub kind: EnvironmentKind,
    /// Who can reach it.
    pub exposure: Exposure,
}

/// Every environment. They are few.
///
/// # Errors
/// When the database fails.
pub async fn environments(session: &mut Session) -> Result<BTreeMap<EnvironmentId, Surroundings>, StoreError> {
    let rows = session.rows("SELECT id, name, kind, exposure FROM environment", args![]).await?;
    rows.iter()
        .map(|row| {
            let mut column = row.columns();
            let id = column.read()?;
            Ok((id, Surroundings { name: column.read()?, kind: column.read()?, exposure: column.read()? }))
        })
        .collect()
}
