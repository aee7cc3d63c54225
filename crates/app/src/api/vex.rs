//! What is said of the vulnerabilities of a release, to hand on.

use crate::api::sbom::download;
use crate::app::App;
use crate::caller::{Allowed, Read};
use crate::current;
use crate::extract::{Path, Query};
use crate::problem::{Answer, Problem};
use crate::sbom::{self, cyclonedx};
use crate::vex::{Heard, Issued, handed_on, openvex};
use axum::extract::State;
use axum::response::Response;
use jiff::Timestamp;
use serde::Deserialize;
use shipworthy_model::{Permission, ReleaseId};
use shipworthy_store::{environment, release};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this noun.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_vex))
}

/// Which statements are handed on, and how they are written.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct VexQuery {
    /// `openvex` (0.2.0, when not given) or `cyclonedx` (1.6).
    format: Option<String>,
    /// Whether the statements of others in the evidence are handed on, too, with the names of their authors; `false` when
    /// not given.
    received: Option<bool>,
    /// The name of an environment, for exceptions that hold there alone. When not given, only those that hold wherever the
    /// release runs are handed on.
    environment: Option<String>,
}

/// What is said of the vulnerabilities of a release, as a document to hand on
///
/// Statements by the exceptions in force: `not_affected` where an exception gives a justification, else `affected` with
/// the exception and its end as the action. The same state gives the same bytes.
#[utoipa::path(get, path = "/releases/{id}/vex", tag = "sbom", security(("bearer" = [])),
    params(("id" = String, Path, description = "The release's id"), VexQuery),
    responses((status = 200, content((String = "application/json"), (String = "application/vnd.cyclonedx+json"))),
        (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn get_vex(
    State(app): State<App>,
    caller: Allowed<Read>,
    Path(id): Path<ReleaseId>,
    Query(query): Query<VexQuery>,
) -> Answer<Response> {
    let is_openvex = match query.format.as_deref() {
        None | Some("openvex") => true,
        Some("cyclonedx") => false,
        Some(other) => {
            return Err(Problem::invalid("format", format!("`{other}` is not a form of it"))
                .hint("expected `openvex` or `cyclonedx`"));
        }
    };
    let mut session = app.db.snapshot().await?;
    let owned = release::get(&mut session, id, &caller.visibility(Permission::Read)).await?;
    let environment = match &query.environment {
        Some(name) => Some(environment::by_name(&mut session, name).await?),
        None => None,
    };
    let current = current::of_release(&mut session, id, &[]).await?;
    let heard = Heard::listen(&mut session, &owned, environment.as_ref(), &current, app.clock.now()).await?;
    let vulnerabilities = sbom::vulnerabilities::of_release(&mut session, &current, &heard).await?;
    drop(session);
    let vulnerabilities = handed_on(vulnerabilities, query.received == Some(true));
    let words = vulnerabilities.iter().filter_map(|vulnerability| vulnerability.word.as_ref()?.stated_at.as_ref());
    let stated_at = words.filter_map(|at| at.parse::<Timestamp>().ok()).max();
    let made_at = stated_at.unwrap_or_else(|| sbom::newest(&owned, &current));
    let issued = Issued { owned: &owned, vulnerabilities, made_at, author: &app.settings.public_url };
    Ok(if is_openvex {
        download(&owned, openvex::MEDIA_TYPE, "openvex.json", openvex::bytes(&issued))
    } else {
        download(&owned, cyclonedx::MEDIA_TYPE, "vex.cdx.json", issued.as_cyclonedx())
    })
}
