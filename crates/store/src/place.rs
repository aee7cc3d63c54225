//! Where a gate stands: a release with its owners before an environment.

use crate::{Row, Session, StoreError, args};
use jiff::Timestamp;
use shipworthy_model::{
    ApplicationId, EnvironmentId, EnvironmentKind, Exposure, GateMode, ReleaseId, ServiceId, TeamId, Unknowns,
};

/// A release with its owners before an environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The release.
    pub release_id: ReleaseId,
    /// Its version.
    pub version: String,
    /// When it was created.
    pub release_created_at: Timestamp,
    /// Who created it.
    pub release_created_by: String,
    /// Its repository.
    pub repository: Option<String>,
    /// Its branch.
    pub branch: Option<String>,
    /// Its commit.
    pub commit: Option<String>,
    /// The run that built it, `<system>/<id>`.
    pub build: Option<String>,
    /// Its service.
    pub service_id: ServiceId,
    /// The service's name.
    pub service: String,
    /// The application.
    pub application_id: ApplicationId,
    /// The application's name.
    pub application: String,
    /// The team.
    pub team_id: TeamId,
    /// The team's name.
    pub team: String,
    /// The environment.
    pub environment_id: EnvironmentId,
    /// The environment's name.
    pub environment: String,
    /// What it is for.
    pub environment_kind: EnvironmentKind,
    /// Who can reach it.
    pub exposure: Exposure,
    /// How its gate stands.
    pub gate_mode: GateMode,
    /// What an unknown counts for there.
    pub unknowns: Unknowns,
}

/// The place of a release before an environment.
///
/// # Errors
/// [`StoreError::NotFound`] when one of them does not exist.
pub async fn get(session: &mut Session, release: ReleaseId, environment: EnvironmentId) -> Result<Place, StoreError> {
    let sql = "SELECT r.id, r.version, r.created_at, r.created_by, r.repository, r.branch, r.commit_id, r.build,
                 s.id, s.name, a.id, a.name, t.id, t.name,
                 e.id, e.name, e.kind, e.exposure, e.gate_mode, e.unknowns
               FROM release r JOIN service s ON s.id = r.service_id JOIN application a ON a.id = s.application_id
               JOIN team t ON t.id = a.team_id JOIN environment e ON e.id = $2 WHERE r.id = $1";
    let row = session.row(sql, args![release, environment]).await?;
    place(&row.ok_or_else(|| StoreError::not_found("release", release))?)
}

fn place(row: &Row) -> Result<Place, StoreError> {
    let mut column = row.columns();
    Ok(Place {
        release_id: column.read()?,
        version: column.read()?,
        release_created_at: column.read()?,
        release_created_by: column.read()?,
        repository: column.read()?,
        branch: column.read()?,
        commit: column.read()?,
        build: column.read()?,
        service_id: column.read()?,
        service: column.read()?,
        application_id: column.read()?,
        application: column.read()?,
        team_id: column.read()?,
        team: column.read()?,
        environment_id: column.read()?,
        environment: column.read()?,
        environment_kind: column.read()?,
        exposure: column.read()?,
        gate_mode: column.read()?,
        unknowns: column.read()?,
    })
}
