//! The bill of materials of a release, merged from the inventories of its evidence.

use crate::app::App;
use crate::caller::{Allowed, Read};
use crate::current;
use crate::extract::{Path, Query};
use crate::problem::{Answer, Problem};
use crate::sbom::{self, Bill, cyclonedx, spdx};
use crate::server::attachment;
use crate::vex::Heard;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use shipworthy_model::{Permission, ReleaseId};
use shipworthy_store::release::{self, OwnedRelease};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this noun.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_sbom))
}

/// How the bill of materials is written.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct SbomQuery {
    /// `cyclonedx` (1.6, when not given) or `spdx` (2.3).
    format: Option<String>,
    /// Whether it names the vulnerabilities that are known, with what is said about them; `false` when not given.
    vulnerabilities: Option<bool>,
}

/// What a release is made of, as a document to hand on
///
/// The inventories of the current evidence in one, each component once. The same state gives the same bytes.
#[utoipa::path(get, path = "/releases/{id}/sbom", tag = "sbom", security(("bearer" = [])),
    params(("id" = String, Path, description = "The release's id"), SbomQuery),
    responses((status = 200, content((String = "application/vnd.cyclonedx+json"), (String = "application/spdx+json"))),
        (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn get_sbom(
    State(app): State<App>,
    caller: Allowed<Read>,
    Path(id): Path<ReleaseId>,
    Query(query): Query<SbomQuery>,
) -> Answer<Response> {
    let form = Form::of(query.format.as_deref())?;
    let mut session = app.db.snapshot().await?;
    let owned = release::get(&mut session, id, &caller.visibility(Permission::Read)).await?;
    let current = current::of_release(&mut session, id, &[]).await?;
    let mut made_at = sbom::newest(&owned, &current);
    let vulnerabilities = if query.vulnerabilities == Some(true) {
        let heard = Heard::listen(&mut session, &owned, None, &current, app.clock.now()).await?;
        made_at = made_at.max(heard.newest_exception().unwrap_or(made_at));
        Some(sbom::vulnerabilities::of_release(&mut session, &current, &heard).await?)
    } else {
        None
    };
    drop(session);
    let contents = sbom::contents(&app, &current).await?;
    let author = app.settings.public_url.clone();
    // In a thread of its own, because large ones take longer than others should wait.
    let written = tokio::task::spawn_blocking(move || {
        let vulnerabilities = vulnerabilities.as_deref();
        let bill = Bill { owned: &owned, contents: &contents, vulnerabilities, made_at, author: &author };
        match form {
            Form::CycloneDx => download(&owned, cyclonedx::MEDIA_TYPE, "cdx.json", cyclonedx::bytes(&bill)),
            Form::Spdx => download(&owned, spdx::MEDIA_TYPE, "spdx.json", spdx::bytes(&bill)),
        }
    });
    written.await.map_err(Problem::internal)
}

/// A form of a bill of materials.
#[derive(Clone, Copy)]
enum Form {
    CycloneDx,
    Spdx,
}

impl Form {
    fn of(word: Option<&str>) -> Answer<Self> {
        match word {
            None | Some("cyclonedx") => Ok(Self::CycloneDx),
            Some("spdx") => Ok(Self::Spdx),
            Some(other) => Err(Problem::invalid("format", format!("`{other}` is not a form of it"))
                .hint("expected `cyclonedx` or `spdx`")),
        }
    }
}

/// A document about a release as a file to keep, called by the release.
pub(crate) fn download(owned: &OwnedRelease, media_type: &'static str, ending: &str, bytes: Vec<u8>) -> Response {
    let name = format!("{}-{}-{}.{ending}", owned.application_name, owned.service_name, owned.release.version);
    let mut response = (attachment(&name), bytes).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    response
}
