//! Deployments: releases in environments. Each is a subject of its release, so that what is said about it reaches the
//! DBOM, and each change of one makes the release's gates decide anew.

use crate::{Row, Session, StoreError, Visibility, args, generation, release, stamp};
use shipworthy_model::{
    ApplicationId, Deployment, DeploymentId, DeploymentState, Digest, EnvironmentId, ReleaseId, ServiceId, Subject,
};

/// A deployment with the names of what it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlacedDeployment {
    /// The deployment.
    pub deployment: Deployment,
    /// The release's version.
    pub version: String,
    /// The service.
    pub service_id: ServiceId,
    /// Its name.
    pub service_name: String,
    /// The application.
    pub application_id: ApplicationId,
    /// Its name.
    pub application_name: String,
    /// The environment's name.
    pub environment_name: String,
    /// The digests that the release ships.
    pub released: Vec<Digest>,
}

impl PlacedDeployment {
    /// Whether everything that runs was released. Nothing when nobody said what runs or what was released.
    #[must_use]
    pub fn is_right_image(&self) -> Option<bool> {
        let running = &self.deployment.running;
        if running.is_empty() || self.released.is_empty() {
            return None;
        }
        Some(running.iter().all(|digest| self.released.contains(digest)))
    }
}

/// Adds a deployment.
///
/// # Errors
/// When the database fails.
pub async fn insert(session: &mut Session, deployment: &Deployment) -> Result<(), StoreError> {
    let Deployment { id, release_id, environment_id, state, running, tool, started_by, started_at, changed_at } =
        deployment;
    let sql = "INSERT INTO deployment (id, release_id, environment_id, state, running, tool, started_by, started_at,
                 changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let running = written(running);
    let arguments =
        args![*id, *release_id, *environment_id, *state, running, tool, started_by, *started_at, *changed_at];
    session.execute(sql, arguments).await?;
    generation::advance(session, "releases", 1).await?;
    release::add_subjects(session, *release_id, &[Subject::Deployment(*id)]).await
}

/// Writes state, running digests and the time of the change anew.
///
/// # Errors
/// When the database fails.
pub async fn update(session: &mut Session, deployment: &Deployment) -> Result<(), StoreError> {
    let Deployment { id, state, running, changed_at, .. } = deployment;
    let sql = "UPDATE deployment SET state = $2, running = $3, changed_at = $4 WHERE id = $1";
    session.execute(sql, args![*id, *state, written(running), *changed_at]).await?;
    generation::advance(session, "releases", 1).await?;
    stamp::touch_subjects(session, &[Subject::Deployment(*id)]).await
}

fn written(running: &[Digest]) -> String {
    serde_json::to_string(running).expect("a list of digests has a JSON form")
}

const SELECT: &str = "SELECT d.id, d.release_id, d.environment_id, d.state, d.running, d.tool, d.started_by,
    d.started_at, d.changed_at, r.version, s.id, s.name, a.id, a.name, e.name
    FROM deployment d JOIN release r ON r.id = d.release_id JOIN service s ON s.id = r.service_id
    JOIN application a ON a.id = s.application_id JOIN environment e ON e.id = d.environment_id";

/// The deployment with this id.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn get(
    session: &mut Session,
    id: DeploymentId,
    visible: &Visibility,
) -> Result<PlacedDeployment, StoreError> {
    let mut arguments = args![id];
    let condition = visible.condition("a.id", &mut arguments);
    let rows = session.rows(&format!("{SELECT} WHERE d.id = $1 AND {condition}"), arguments).await?;
    let found = with_released(session, &rows).await?.pop();
    found.ok_or_else(|| StoreError::not_found("deployment", id))
}

/// Waits until no other transaction changes deployments of this service in this environment, so that two that finish
/// at once do not both stay running. SQLite has one writer anyway.
///
/// # Errors
/// When the database fails.
pub async fn lock_place(
    session: &mut Session,
    service: ServiceId,
    environment: EnvironmentId,
) -> Result<(), StoreError> {
    // An update that changes nothing locks the rows on every engine.
    let sql = "UPDATE deployment SET changed_at = changed_at WHERE environment_id = $2
               AND release_id IN (SELECT r.id FROM release r WHERE r.service_id = $1)";
    session.execute(sql, args![service, environment]).await?;
    Ok(())
}

/// Which deployments are asked for.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// The release.
    pub release: Option<ReleaseId>,
    /// Id or name of the environment.
    pub environment: Option<String>,
    /// Id or name of the application.
    pub application: Option<String>,
    /// Id of the service.
    pub service: Option<ServiceId>,
    /// The state.
    pub state: Option<DeploymentState>,
    /// Deployments made before this one (newest first).
    pub before: Option<DeploymentId>,
}

/// The deployments that match, newest first, at most `limit`.
///
/// # Errors
/// When the database fails.
pub async fn list(
    session: &mut Session,
    filter: &Filter,
    visible: &Visibility,
    limit: usize,
) -> Result<Vec<PlacedDeployment>, StoreError> {
    let Filter { release, environment, application, service, state, before } = filter;
    let mut arguments = args![*release, environment, application, *service, *state, *before, limit];
    let condition = visible.condition("a.id", &mut arguments);
    let sql = format!(
        "{SELECT} WHERE ($1 IS NULL OR r.id = $1) AND ($2 IS NULL OR e.id = $2 OR e.name = $2)
           AND ($3 IS NULL OR a.id = $3 OR a.name = $3) AND ($4 IS NULL OR s.id = $4)
           AND ($5 IS NULL OR d.state = $5) AND ($6 IS NULL OR d.id < $6) AND {condition}
         ORDER BY d.id DESC LIMIT $7"
    );
    let rows = session.rows(&sql, arguments).await?;
    with_released(session, &rows).await
}

async fn with_released(session: &mut Session, rows: &[Row]) -> Result<Vec<PlacedDeployment>, StoreError> {
    let mut deployments = rows.iter().map(placed).collect::<Result<Vec<_>, _>>()?;
    let ids: Vec<ReleaseId> = deployments.iter().map(|placed| placed.deployment.release_id).collect();
    let artifacts = release::artifacts(session, &ids).await?;
    for placed in &mut deployments {
        let released = artifacts.get(&placed.deployment.release_id);
        placed.released = released.into_iter().flatten().map(|artifact| artifact.digest.clone()).collect();
    }
    Ok(deployments)
}

fn placed(row: &Row) -> Result<PlacedDeployment, StoreError> {
    let mut column = row.columns();
    Ok(PlacedDeployment {
        deployment: Deployment {
            id: column.read()?,
            release_id: column.read()?,
            environment_id: column.read()?,
            state: column.read()?,
            running: column.read_json()?,
            tool: column.read()?,
            started_by: column.read()?,
            started_at: column.read()?,
            changed_at: column.read()?,
        },
        version: column.read()?,
        service_id: column.read()?,
        service_name: column.read()?,
        application_id: column.read()?,
        application_name: column.read()?,
        environment_name: column.read()?,
        released: Vec::new(),
    })
}
