//! The formats that are read: those that come with Shipworthy and those that users described.

use crate::app::App;
use crate::caller::{Allowed, Caller, Govern, Read};
use crate::extract::{Json, Path};
use crate::own_formats;
use crate::page::Page;
use crate::problem::{Answer, Problem};
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use shipworthy_formats::{FORMATS, OwnFormat, SeverityRow, severities};
use shipworthy_model::Permission;
use shipworthy_store::format::{self, FormatVersion};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this noun.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_formats, push_format)).routes(routes!(get_format, retire_format))
}

/// One kind of document that is read.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Format {
    /// Its name.
    pub name: String,
    /// Its name for people.
    pub title: String,
    /// Where the tool or the standard documents it; empty when nobody said.
    pub homepage: String,
    /// The phase that its documents speak of.
    pub phase: String,
    /// The tool that writes it, or the standard.
    pub tool: String,
    /// The layouts and versions that are read.
    pub reads: String,
    /// What makes a finding the same one in the next report; empty where the documents have no findings.
    pub identifies: String,
    /// What the tool's words for severity mean; empty where they have none.
    pub severities: Vec<SeverityWord>,
    /// Whether it comes with Shipworthy.
    pub is_builtin: bool,
    /// The description in TOML of a format that a user described.
    pub source: Option<String>,
    /// Its version, of a format that a user described.
    pub version: Option<i64>,
    /// What the caller may do: `retire`.
    pub actions: Vec<String>,
}

/// What a tool's word for severity means.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct SeverityWord {
    /// The tool's word, in lower case.
    pub word: String,
    /// Ours.
    pub severity: String,
    /// Where that is written.
    pub source: String,
}

/// A format to be kept.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PushFormat {
    /// The description in TOML.
    pub source: String,
}

impl Format {
    /// Every format that comes with Shipworthy, by name.
    #[must_use]
    pub fn all() -> Vec<Self> {
        FORMATS.iter().map(|format| Self::builtin(format)).collect()
    }

    /// A format that comes with Shipworthy.
    #[must_use]
    pub fn builtin(format: &shipworthy_formats::Format) -> Self {
        let of_tool = |row: &&SeverityRow| row.tool == format.severities;
        let word = |row: &SeverityRow| SeverityWord {
            word: row.word.to_owned(),
            severity: row.severity.to_string(),
            source: row.source.to_owned(),
        };
        Self {
            name: format.name.to_owned(),
            title: format.title.to_owned(),
            homepage: format.homepage.to_owned(),
            phase: format.phase.to_string(),
            tool: format.tool.to_owned(),
            reads: format.reads.to_owned(),
            identifies: format.identifies.to_owned(),
            severities: severities().iter().filter(of_tool).map(word).collect(),
            is_builtin: true,
            source: None,
            version: None,
            actions: Vec::new(),
        }
    }

    /// A format that a user described, of which nothing is kept yet.
    #[must_use]
    pub fn described(format: &OwnFormat) -> Self {
        let known = format.known();
        Self {
            name: known.name.to_owned(),
            title: known.title.to_owned(),
            homepage: format.homepage().to_owned(),
            phase: known.phase.to_string(),
            tool: known.tool.to_owned(),
            reads: "as its description says".to_owned(),
            identifies: "its fingerprint where the description names one, else rule, place, component and title"
                .to_owned(),
            severities: Vec::new(),
            is_builtin: false,
            source: Some(format.source().to_owned()),
            version: None,
            actions: Vec::new(),
        }
    }

    fn kept(version: &FormatVersion, caller: &Caller) -> Answer<Self> {
        let described = OwnFormat::parse(&version.source).map_err(Problem::internal)?;
        let may_retire = version.retired_at.is_none() && caller.may_everywhere(Permission::Govern);
        Ok(Self {
            version: Some(version.version),
            actions: may_retire.then(|| "retire".to_owned()).into_iter().collect(),
            ..Self::described(&described)
        })
    }
}

/// Lists the formats that are read, by name
#[utoipa::path(get, path = "/formats", tag = "formats", security(("bearer" = [])),
    responses((status = 200, body = Page<Format>), (status = 401, body = Problem)))]
async fn list_formats(State(app): State<App>, caller: Allowed<Read>) -> Answer<Json<Page<Format>>> {
    let mut session = app.db.read().await?;
    let mut formats = Format::all();
    for version in format::latest(&mut session).await?.iter().filter(|version| version.retired_at.is_none()) {
        formats.push(Format::kept(version, &caller)?);
    }
    formats.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(Json(Page::whole(formats)))
}

/// Shows one format
#[utoipa::path(get, path = "/formats/{name}", tag = "formats", security(("bearer" = [])),
    params(("name" = String, Path, description = "The format's name")),
    responses((status = 200, body = Format), (status = 404, body = Problem)))]
async fn get_format(State(app): State<App>, caller: Allowed<Read>, Path(name): Path<String>) -> Answer<Json<Format>> {
    if let Ok(format) = shipworthy_formats::find(&name) {
        return Ok(Json(Format::builtin(format)));
    }
    let mut session = app.db.read().await?;
    let found = format::find(&mut session, &name).await?;
    let found = found.ok_or_else(|| Problem::not_found(format!("format `{name}` does not exist")))?;
    Ok(Json(Format::kept(&found, &caller)?))
}

/// Keeps a format that a user described, as the next version of its name
#[utoipa::path(post, path = "/formats", tag = "formats", security(("bearer" = [])), request_body = PushFormat,
    responses((status = 201, body = Format), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn push_format(
    State(app): State<App>,
    caller: Allowed<Govern>,
    Json(body): Json<PushFormat>,
) -> Answer<(StatusCode, Json<Format>)> {
    let kept = own_formats::push(&app, &caller, &body.source).await?;
    Ok((StatusCode::CREATED, Json(Format::kept(&kept, &caller)?)))
}

/// Retires a format that a user described
#[utoipa::path(delete, path = "/formats/{name}", tag = "formats", security(("bearer" = [])),
    params(("name" = String, Path, description = "The format's name")),
    responses((status = 204), (status = 404, body = Problem)))]
async fn retire_format(
    State(app): State<App>,
    caller: Allowed<Govern>,
    Path(name): Path<String>,
) -> Answer<StatusCode> {
    own_formats::retire(&app, &caller, &name).await?;
    Ok(StatusCode::NO_CONTENT)
}
