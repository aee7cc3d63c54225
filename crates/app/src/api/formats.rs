//! The formats that are read.

use crate::app::App;
use crate::caller::{Allowed, Read};
use crate::extract::Json;
use crate::page::Page;
use crate::problem::{Answer, Problem};
use serde::{Deserialize, Serialize};
use shipworthy_formats::FORMATS;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this noun.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_formats))
}

/// One kind of document that is read.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Format {
    /// Its name.
    pub name: String,
    /// Its name for people.
    pub title: String,
    /// Where the tool or the standard documents it.
    pub homepage: String,
    /// The phase that its documents speak of.
    pub phase: String,
    /// The tool that writes it, or the standard.
    pub tool: String,
    /// The layouts and versions that are read.
    pub reads: String,
}

impl Format {
    /// Every format, by name.
    #[must_use]
    pub fn all() -> Vec<Self> {
        let wire = |format: &&shipworthy_formats::Format| Self {
            name: format.name.to_owned(),
            title: format.title.to_owned(),
            homepage: format.homepage.to_owned(),
            phase: format.phase.to_string(),
            tool: format.tool.to_owned(),
            reads: format.reads.to_owned(),
        };
        FORMATS.iter().map(wire).collect()
    }
}

/// Lists the formats that are read
#[utoipa::path(get, path = "/formats", tag = "formats", security(("bearer" = [])),
    responses((status = 200, body = Page<Format>), (status = 401, body = Problem)))]
async fn list_formats(_caller: Allowed<Read>) -> Answer<Json<Page<Format>>> {
    Ok(Json(Page::whole(Format::all())))
}
