//! Deployments.

use crate::api::named::Named;
use crate::app::App;
use crate::caller::{Allowed, Caller, Push, Read};
use crate::deploy;
use crate::extract::{Json, Path, Query, parsed};
use crate::page::{Page, PageQuery};
use crate::problem::{Answer, Problem};
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use shipworthy_model::{DeploymentId, DeploymentState, Digest, Permission};
use shipworthy_store::deployment::{self, Filter, PlacedDeployment};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this noun.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_deployments, start_deployment))
        .routes(routes!(get_deployment))
        .routes(routes!(finish_deployment))
        .routes(routes!(fail_deployment))
        .routes(routes!(rollback_deployment))
}

/// A release in an environment.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Deployment {
    /// Its id.
    pub id: String,
    /// The release, named by its version.
    pub release: Named,
    /// The service.
    pub service: Named,
    /// The application.
    pub application: Named,
    /// The environment.
    pub environment: Named,
    /// `requested`, `running`, `replaced`, `failed` or `rolled-back`.
    pub state: String,
    /// The digests that run.
    pub running: Vec<String>,
    /// Whether everything that runs was released; nothing when that is not known.
    #[schema(required)]
    pub is_right_image: Option<bool>,
    /// With what tool it was deployed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tool: Option<String>,
    /// Who deployed.
    pub started_by: String,
    /// When it was requested.
    pub started_at: String,
    /// When it reached its present state.
    pub changed_at: String,
    /// What the caller may do: `finish`, `fail`, `rollback`.
    pub actions: Vec<String>,
}

/// A deployment in a few words.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct DeploymentSummary {
    /// Its id.
    pub id: String,
    /// The release, named by its version.
    pub release: Named,
    /// `requested`, `running`, `replaced`, `failed` or `rolled-back`.
    pub state: String,
    /// When it was requested.
    pub started_at: String,
    /// When it reached its present state.
    pub changed_at: String,
    /// Whether everything that runs was released; nothing when that is not known.
    #[schema(required)]
    pub is_right_image: Option<bool>,
}

/// A deployment that begins.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StartDeployment {
    /// The release's id.
    pub release: String,
    /// The environment's name.
    pub environment: String,
    /// With what tool, such as `argo-cd`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tool: Option<String>,
}

/// What runs now.
#[derive(Clone, Debug, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FinishDeployment {
    /// The digests that run; those of the release when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub running: Option<Vec<String>>,
}

/// Why a deployment failed.
#[derive(Clone, Debug, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FailDeployment {
    /// One sentence for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Which deployments are asked for.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct DeploymentQuery {
    /// Id of the release.
    release: Option<String>,
    /// Id or name of the environment.
    environment: Option<String>,
    /// Id or name of the application.
    application: Option<String>,
    /// How many items at most, 1 to 500; 50 when not given.
    limit: Option<usize>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Lists deployments, newest first
#[utoipa::path(get, path = "/deployments", tag = "deployments", security(("bearer" = [])), params(DeploymentQuery),
    responses((status = 200, body = Page<Deployment>), (status = 403, body = Problem)))]
async fn list_deployments(
    State(app): State<App>,
    caller: Allowed<Read>,
    Query(query): Query<DeploymentQuery>,
) -> Answer<Json<Page<Deployment>>> {
    let page = PageQuery { limit: query.limit, cursor: query.cursor };
    let limit = page.limit()?;
    let filter = Filter {
        release: query.release.map(|id| parsed("release", &id)).transpose()?,
        environment: query.environment,
        application: query.application,
        before: page.after()?,
        ..Filter::default()
    };
    let mut session = app.db.read().await?;
    let found = deployment::list(&mut session, &filter, &caller.visibility(Permission::Read), limit + 1).await?;
    Ok(Json(Page::of(found, limit, |placed| placed.deployment.id, |placed| wire(placed, &caller))))
}

/// Starts a deployment; one of the same release there that is still requested is given again
#[utoipa::path(post, path = "/deployments", tag = "deployments", security(("bearer" = [])),
    request_body = StartDeployment,
    responses((status = 201, body = Deployment), (status = 200, body = Deployment, description = "It was requested before"),
        (status = 404, body = Problem)))]
async fn start_deployment(
    State(app): State<App>,
    caller: Allowed<Push>,
    Json(body): Json<StartDeployment>,
) -> Answer<(StatusCode, Json<Deployment>)> {
    let release = parsed("release", &body.release)?;
    let (placed, is_new) = deploy::start(&app, &caller, release, &body.environment, body.tool).await?;
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(wire(placed, &caller))))
}

/// Gives a deployment
#[utoipa::path(get, path = "/deployments/{id}", tag = "deployments", security(("bearer" = [])),
    params(("id" = String, Path, description = "The deployment's id")),
    responses((status = 200, body = Deployment), (status = 404, body = Problem)))]
async fn get_deployment(
    State(app): State<App>,
    caller: Allowed<Read>,
    Path(id): Path<DeploymentId>,
) -> Answer<Json<Deployment>> {
    let mut session = app.db.read().await?;
    let placed = deployment::get(&mut session, id, &caller.visibility(Permission::Read)).await?;
    Ok(Json(wire(placed, &caller)))
}

/// Notes that a deployment runs, in place of the previous one of its service
#[utoipa::path(post, path = "/deployments/{id}/finish", tag = "deployments", security(("bearer" = [])),
    request_body = FinishDeployment, params(("id" = String, Path, description = "The deployment's id")),
    responses((status = 200, body = Deployment), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn finish_deployment(
    State(app): State<App>,
    caller: Allowed<Push>,
    Path(id): Path<DeploymentId>,
    Json(body): Json<FinishDeployment>,
) -> Answer<Json<Deployment>> {
    let running: Option<Vec<Digest>> = body.running.map(|texts| digests(&texts)).transpose()?;
    let placed = deploy::finish(&app, &caller, id, running).await?;
    Ok(Json(wire(placed, &caller)))
}

/// Notes that a deployment did not come to run
#[utoipa::path(post, path = "/deployments/{id}/fail", tag = "deployments", security(("bearer" = [])),
    request_body = FailDeployment, params(("id" = String, Path, description = "The deployment's id")),
    responses((status = 200, body = Deployment), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn fail_deployment(
    State(app): State<App>,
    caller: Allowed<Push>,
    Path(id): Path<DeploymentId>,
    Json(body): Json<FailDeployment>,
) -> Answer<Json<Deployment>> {
    let placed = deploy::fail(&app, &caller, id, body.reason).await?;
    Ok(Json(wire(placed, &caller)))
}

/// Notes that a running deployment was taken back; the one that it replaced runs again
#[utoipa::path(post, path = "/deployments/{id}/rollback", tag = "deployments", security(("bearer" = [])),
    params(("id" = String, Path, description = "The deployment's id")),
    responses((status = 200, body = Deployment), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn rollback_deployment(
    State(app): State<App>,
    caller: Allowed<Push>,
    Path(id): Path<DeploymentId>,
) -> Answer<Json<Deployment>> {
    let placed = deploy::roll_back(&app, &caller, id).await?;
    Ok(Json(wire(placed, &caller)))
}

fn digests(texts: &[String]) -> Answer<Vec<Digest>> {
    texts.iter().enumerate().map(|(index, text)| parsed(&format!("running[{index}]"), text)).collect()
}

fn wire(placed: PlacedDeployment, caller: &Caller) -> Deployment {
    let may_push = caller.may_in_application(Permission::Push, placed.application_id);
    let actions: &[&str] = match placed.deployment.state {
        DeploymentState::Requested if may_push => &["finish", "fail"],
        DeploymentState::Running if may_push => &["finish", "fail", "rollback"],
        _ => &[],
    };
    let DeploymentSummary { id, release, state, started_at, changed_at, is_right_image } = summary(&placed);
    Deployment {
        id,
        release,
        service: Named::new(placed.service_id, placed.service_name),
        application: Named::new(placed.application_id, placed.application_name),
        environment: Named::new(placed.deployment.environment_id, placed.environment_name),
        state,
        running: placed.deployment.running.iter().map(ToString::to_string).collect(),
        is_right_image,
        tool: placed.deployment.tool,
        started_by: placed.deployment.started_by,
        started_at,
        changed_at,
        actions: actions.iter().map(|action| (*action).to_owned()).collect(),
    }
}

/// A deployment in a few words.
pub(crate) fn summary(placed: &PlacedDeployment) -> DeploymentSummary {
    DeploymentSummary {
        id: placed.deployment.id.to_string(),
        release: Named::new(placed.deployment.release_id, &placed.version),
        state: placed.deployment.state.to_string(),
        started_at: placed.deployment.started_at.to_string(),
        changed_at: placed.deployment.changed_at.to_string(),
        is_right_image: placed.is_right_image(),
    }
}
