//! Vulnerability data from outside.

use crate::app::App;
use crate::caller::{Allowed, Govern, Read};
use crate::extract::Json;
use crate::govern;
use crate::problem::{Answer, Problem};
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use serde::{Deserialize, Serialize};
use shipworthy_store::known_exploited;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The largest catalogue that is read; CISA's has about 2 MB.
const LARGEST_CATALOGUE_BYTES: usize = 32 * 1024 * 1024;

/// The routes of this noun.
pub fn routes() -> OpenApiRouter<App> {
    let import = OpenApiRouter::new().routes(routes!(import_known_exploited));
    OpenApiRouter::new()
        .routes(routes!(get_advisories))
        .merge(import.layer(DefaultBodyLimit::max(LARGEST_CATALOGUE_BYTES)))
}

/// Which vulnerability data is loaded.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Advisories {
    /// The catalogue of known exploited vulnerabilities; absent while none is loaded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known_exploited: Option<KnownExploited>,
}

/// An edition of the catalogue of known exploited vulnerabilities.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct KnownExploited {
    /// Its version.
    pub version: String,
    /// When it was published, as stated.
    pub released: String,
    /// How many vulnerabilities it names.
    pub count: i64,
    /// When it was loaded.
    pub imported_at: String,
}

/// Shows which vulnerability data is loaded
#[utoipa::path(get, path = "/advisories", tag = "advisories", security(("bearer" = [])),
    responses((status = 200, body = Advisories)))]
async fn get_advisories(State(app): State<App>, _caller: Allowed<Read>) -> Answer<Json<Advisories>> {
    let known_exploited = known_exploited::catalog(&mut app.db.read().await?).await?.map(wire);
    Ok(Json(Advisories { known_exploited }))
}

/// Loads the catalogue of known exploited vulnerabilities, as CISA publishes it in JSON
#[utoipa::path(put, path = "/advisories/known-exploited", tag = "advisories", security(("bearer" = [])),
    request_body(content = Object, content_type = "application/json"),
    responses((status = 200, body = Advisories), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn import_known_exploited(
    State(app): State<App>,
    caller: Allowed<Govern>,
    body: Bytes,
) -> Answer<Json<Advisories>> {
    let loaded = govern::import_known_exploited(&app, &caller, &body).await?;
    Ok(Json(Advisories { known_exploited: Some(wire(loaded)) }))
}

fn wire(catalog: known_exploited::Catalog) -> KnownExploited {
    let known_exploited::Catalog { version, released, entries, imported_at } = catalog;
    KnownExploited { version, released, count: entries, imported_at: imported_at.to_string() }
}
