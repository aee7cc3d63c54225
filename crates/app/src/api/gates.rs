//! The gate: may this release go to this environment, now?

use crate::api::decisions::{DecisionView, written};
use crate::api::exceptions::parse;
use crate::api::release_choice::{ReleaseChoice, ReleaseNames};
use crate::app::App;
use crate::caller::{Allowed, Gate};
use crate::decide::decide;
use crate::extract::Json;
use crate::problem::{Answer, Problem};
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use shipworthy_store::decision::ReleaseKey;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this noun.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(evaluate_gate))
}

/// The question.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GateQuestion {
    /// The release.
    pub release: ReleaseChoice,
    /// The environment's name.
    pub environment: String,
}

/// Decides whether a release may go to an environment: 201 for a new decision, 200 for one that still holds
#[utoipa::path(post, path = "/gates/evaluate", tag = "gates", security(("bearer" = [])), request_body = GateQuestion,
    responses((status = 200, body = DecisionView), (status = 201, body = DecisionView),
        (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn evaluate_gate(
    State(app): State<App>,
    caller: Allowed<Gate>,
    Json(question): Json<GateQuestion>,
) -> Answer<Response> {
    let release = release_key(&question.release)?;
    let given = decide(&app, &caller, &release, &question.environment).await?;
    let body = written(&app, given.id).await?;
    let status = if given.is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, [(header::CONTENT_TYPE, "application/json")], body).into_response())
}

fn release_key(release: &ReleaseChoice) -> Answer<ReleaseKey> {
    Ok(match release {
        ReleaseChoice::Id(id) => ReleaseKey::Id(parse("release", id)?),
        ReleaseChoice::Names(names) => {
            let ReleaseNames { application, service, version } = names.clone();
            ReleaseKey::Named { application, service, version }
        }
    })
}
