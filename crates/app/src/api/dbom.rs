//! The delivery bill of materials of a release.

use crate::app::App;
use crate::caller::{Allowed, Read};
use crate::dbom::{Dbom, dbom, to_json, to_markdown};
use crate::extract::{Path, Query};
use crate::problem::{Answer, Problem};
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use shipworthy_model::{Permission, ReleaseId};
use shipworthy_store::release;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this noun.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_dbom))
}

/// How the bill of materials is written.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct DbomQuery {
    /// `json` (when not given) or `markdown`.
    format: Option<String>,
}

/// What is known of a release, by phase, and what is missing
///
/// The same evidence gives the same bytes.
#[utoipa::path(get, path = "/releases/{id}/dbom", tag = "dbom", security(("bearer" = [])),
    params(("id" = String, Path, description = "The release's id"), DbomQuery),
    responses((status = 200, content((Dbom = "application/json"), (String = "text/markdown"))),
        (status = 404, body = Problem)))]
async fn get_dbom(
    State(app): State<App>,
    caller: Allowed<Read>,
    Path(id): Path<ReleaseId>,
    Query(query): Query<DbomQuery>,
) -> Answer<Response> {
    // One state of the data throughout, so that the parts fit together.
    let mut session = app.db.snapshot().await?;
    let owned = release::get(&mut session, id, &caller.visibility(Permission::Read)).await?;
    let dbom = dbom(&mut session, owned).await?;
    match query.format.as_deref() {
        None | Some("json") => Ok(([(header::CONTENT_TYPE, "application/json")], to_json(&dbom)).into_response()),
        Some("markdown") => {
            Ok(([(header::CONTENT_TYPE, "text/markdown; charset=utf-8")], to_markdown(&dbom)).into_response())
        }
        Some(other) => {
            Err(Problem::invalid("format", format!("`{other}` is not a form of it"))
                .hint("expected `json` or `markdown`"))
        }
    }
}
