//! Signed answers: what was decided, and what is known of a release, for those who do not ask the server.

use crate::app::App;
use crate::attest;
use crate::caller::{Allowed, Read};
use crate::extract::{Path, Query};
use crate::problem::{Answer, Problem};
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use shipworthy_model::{DecisionId, Permission, ReleaseId};
use shipworthy_store::decision;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this noun.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_decision_attestation)).routes(routes!(get_release_attestation))
}

/// How an attestation is written.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct AttestationQuery {
    /// `dsse` (when not given) for an envelope, or `bundle` for a Sigstore bundle 0.3.
    format: Option<String>,
}

/// Gives the signed summary of a decision: an in-toto statement with a verification summary of SLSA
///
/// For a release that ships no artifact the statement holds a simple verification result instead.
#[utoipa::path(get, path = "/decisions/{id}/attestation", tag = "attestations", security(("bearer" = [])),
    params(("id" = String, Path, description = "The decision's id"), AttestationQuery),
    responses((status = 200, body = Object, content_type = "application/json"), (status = 404, body = Problem),
        (status = 422, body = Problem)))]
async fn get_decision_attestation(
    State(app): State<App>,
    caller: Allowed<Read>,
    Path(id): Path<DecisionId>,
    Query(query): Query<AttestationQuery>,
) -> Answer<Response> {
    let form = Form::read(query.format.as_deref())?;
    let visibility = caller.visibility(Permission::Read);
    let stored = decision::get(&mut app.db.read().await?, &visibility, id).await?;
    form.write(stored.envelope)
}

/// Gives the signed delivery bill of materials of a release: an in-toto statement about what it ships
///
/// The first time that it is asked for in its present form it is issued, and recorded in the audit log.
#[utoipa::path(get, path = "/releases/{id}/attestation", tag = "attestations", security(("bearer" = [])),
    params(("id" = String, Path, description = "The release's id"), AttestationQuery),
    responses((status = 200, body = Object, content_type = "application/json"), (status = 404, body = Problem),
        (status = 422, body = Problem)))]
async fn get_release_attestation(
    State(app): State<App>,
    caller: Allowed<Read>,
    Path(id): Path<ReleaseId>,
    Query(query): Query<AttestationQuery>,
) -> Answer<Response> {
    // First, so that nothing is issued for a question that has no answer.
    let form = Form::read(query.format.as_deref())?;
    form.write(attest::of_release(&app, &caller, id).await?)
}

/// How an attestation is written.
#[derive(Clone, Copy, Debug)]
enum Form {
    Dsse,
    Bundle,
}

impl Form {
    fn read(format: Option<&str>) -> Answer<Self> {
        match format {
            None | Some("dsse") => Ok(Self::Dsse),
            Some("bundle") => Ok(Self::Bundle),
            Some(other) => Err(Problem::invalid("format", format!("`{other}` is not a form of it"))
                .hint("expected `dsse` or `bundle`")),
        }
    }

    fn write(self, envelope: String) -> Answer<Response> {
        let body = match self {
            Self::Dsse => envelope,
            Self::Bundle => {
                let envelope = serde_json::from_str(&envelope).map_err(Problem::internal)?;
                serde_json::to_string(&attest::bundle(envelope)).map_err(Problem::internal)?
            }
        };
        Ok(([(header::CONTENT_TYPE, "application/json")], body).into_response())
    }
}
