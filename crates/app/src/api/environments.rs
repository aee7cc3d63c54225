//! Environments.

use crate::app::App;
use crate::caller::{Allowed, Caller, Govern, Read};
use crate::extract::{Json, Path, parsed};
use crate::page::Page;
use crate::portfolio::{self, EnvironmentChange};
use crate::problem::{Answer, Problem};
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use shipworthy_model::{self as model, EnvironmentId, Exposure, GateMode, Permission, Unknowns};
use shipworthy_store::environment;
use std::str::FromStr;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this noun.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_environments, create_environment)).routes(routes!(update_environment))
}

/// Where releases run.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Environment {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// `sandbox`, `development`, `test`, `staging` or `production`.
    pub kind: String,
    /// Who can reach it: `internet`, `internal` or `isolated`.
    pub exposure: String,
    /// `enforce`: a deny is a deny; `warn`: a deny becomes a warn; `off`: the verdict is allow.
    pub gate_mode: String,
    /// What an unknown makes of the verdict: `closed` fails, `open` warns.
    pub unknowns: String,
    /// When it was made.
    pub created_at: String,
    /// What the caller may do: `update`.
    pub actions: Vec<String>,
}

/// A new environment.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateEnvironment {
    /// Its name, unique and without blanks: evidence refers to it as `environment:<name>`.
    pub name: String,
    /// `sandbox`, `development`, `test`, `staging` or `production`.
    pub kind: String,
    /// `internet`, `internal` (when not given) or `isolated`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exposure: Option<String>,
    /// `enforce` (when not given), `warn` or `off`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gate_mode: Option<String>,
    /// `closed` (when not given) or `open`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unknowns: Option<String>,
}

/// What changes about an environment.
#[derive(Clone, Debug, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateEnvironment {
    /// Another kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Another exposure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exposure: Option<String>,
    /// Another gate mode.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gate_mode: Option<String>,
    /// Another rule for unknowns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unknowns: Option<String>,
}

/// Lists environments in the order in which they were made
#[utoipa::path(get, path = "/environments", tag = "environments", security(("bearer" = [])),
    responses((status = 200, body = Page<Environment>), (status = 403, body = Problem)))]
async fn list_environments(State(app): State<App>, caller: Allowed<Read>) -> Answer<Json<Page<Environment>>> {
    let mut session = app.db.read().await?;
    let environments = environment::list(&mut session).await?;
    Ok(Json(Page::whole(environments.into_iter().map(|found| wire(found, &caller)).collect())))
}

/// Makes an environment
#[utoipa::path(post, path = "/environments", tag = "environments", security(("bearer" = [])),
    request_body = CreateEnvironment,
    responses((status = 201, body = Environment), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn create_environment(
    State(app): State<App>,
    caller: Allowed<Govern>,
    Json(body): Json<CreateEnvironment>,
) -> Answer<(StatusCode, Json<Environment>)> {
    let new = model::Environment {
        id: EnvironmentId(app.clock.new_id()),
        kind: parsed("kind", &body.kind)?,
        exposure: optional("exposure", body.exposure.as_deref())?.unwrap_or(Exposure::Internal),
        gate_mode: optional("gate_mode", body.gate_mode.as_deref())?.unwrap_or(GateMode::Enforce),
        unknowns: optional("unknowns", body.unknowns.as_deref())?.unwrap_or(Unknowns::Closed),
        name: body.name,
        created_at: app.clock.now(),
    };
    let made = portfolio::create_environment(&app, &caller, new).await?;
    Ok((StatusCode::CREATED, Json(wire(made, &caller))))
}

/// Changes an environment
#[utoipa::path(patch, path = "/environments/{id}", tag = "environments", security(("bearer" = [])),
    request_body = UpdateEnvironment, params(("id" = String, Path, description = "The environment's id")),
    responses((status = 200, body = Environment), (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn update_environment(
    State(app): State<App>,
    caller: Allowed<Govern>,
    Path(id): Path<EnvironmentId>,
    Json(body): Json<UpdateEnvironment>,
) -> Answer<Json<Environment>> {
    let change = EnvironmentChange {
        kind: optional("kind", body.kind.as_deref())?,
        exposure: optional("exposure", body.exposure.as_deref())?,
        gate_mode: optional("gate_mode", body.gate_mode.as_deref())?,
        unknowns: optional("unknowns", body.unknowns.as_deref())?,
    };
    let changed = portfolio::update_environment(&app, &caller, id, &change).await?;
    Ok(Json(wire(changed, &caller)))
}

fn optional<T: FromStr<Err: std::fmt::Display>>(at: &str, text: Option<&str>) -> Answer<Option<T>> {
    text.map(|text| parsed(at, text)).transpose()
}

/// An environment as the caller sees it.
pub(crate) fn wire(environment: model::Environment, caller: &Caller) -> Environment {
    let may_update = caller.may_everywhere(Permission::Govern);
    Environment {
        id: environment.id.to_string(),
        name: environment.name,
        kind: environment.kind.to_string(),
        exposure: environment.exposure.to_string(),
        gate_mode: environment.gate_mode.to_string(),
        unknowns: environment.unknowns.to_string(),
        created_at: environment.created_at.to_string(),
        actions: if may_update { vec!["update".to_owned()] } else { Vec::new() },
    }
}
