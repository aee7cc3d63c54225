//! Vulnerability data from outside.

use crate::api::advisory_sync::{AdvisorySync, state};
use crate::app::App;
use crate::caller::{Allowed, Govern, Read};
use crate::correlate;
use crate::extract::Json;
use crate::govern;
use crate::learn::{self, Learned};
use crate::problem::{Answer, Problem};
use crate::sync;
use crate::wording::thousands;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Request, State};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use shipworthy_model as model;
use shipworthy_store::advisory_source::{self, Source};
use shipworthy_store::{advisory_sync, known_exploited};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The largest catalogue that is read; CISA's has about 2 MB.
const LARGEST_CATALOGUE_BYTES: usize = 32 * 1024 * 1024;

/// The routes of this noun.
pub fn routes() -> OpenApiRouter<App> {
    let catalogue = OpenApiRouter::new().routes(routes!(import_known_exploited));
    OpenApiRouter::new()
        .routes(routes!(get_advisories))
        .routes(routes!(match_anew))
        .merge(catalogue.layer(DefaultBodyLimit::max(LARGEST_CATALOGUE_BYTES)))
        // Archives are larger than other bodies; the handler has a limit of its own.
        .merge(OpenApiRouter::new().routes(routes!(import_advisories)).layer(DefaultBodyLimit::disable()))
}

/// Which vulnerability data is loaded.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Advisories {
    /// The databases of which anything was imported or tried, by name.
    pub sources: Vec<AdvisorySource>,
    /// The catalogue of known exploited vulnerabilities; absent while none is loaded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known_exploited: Option<KnownExploited>,
    /// How this data is fetched, and how far that is.
    pub sync: AdvisorySync,
}

/// A database of vulnerabilities, as far as it is loaded.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct AdvisorySource {
    /// Its name, such as `osv`, `github`, `nvd`, `cve`, `epss`, `known-exploited`.
    pub name: String,
    /// How many records of it there are.
    pub records: i64,
    /// When it was last imported; absent when no import succeeded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub imported_at: Option<String>,
    /// How long ago that was, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub age_seconds: Option<i64>,
    /// When a sync last found that nothing of it is missing here; absent when it is not fetched, or never was as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checked_at: Option<String>,
    /// How many records that import brought that are new or other than before.
    pub changed: i64,
    /// Why an import or sync after that failed; what was loaded before it still holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
    /// When it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed_at: Option<String>,
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

/// What an import brought.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ImportedAdvisories {
    /// How many documents were read.
    pub documents: u64,
    /// What they held, by the name of the source.
    pub sources: Vec<ImportedSource>,
    /// How many releases have other vulnerabilities now than before; their gates decide anew.
    pub releases: u64,
    /// What could not be read, and where; the first 200.
    pub warnings: Vec<AdvisoryWarning>,
    /// How many warnings there were more.
    pub more_warnings: u64,
}

/// What an import brought of one source.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ImportedSource {
    /// The source.
    pub name: String,
    /// How many records were read.
    pub records: u64,
    /// How many of them are new or other than before.
    pub changed: u64,
}

/// Something in a document that could not be read.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct AdvisoryWarning {
    /// Where: the document in its archive, and the place in it.
    pub at: String,
    /// What was expected and what was found instead.
    pub message: String,
}

/// Shows which vulnerability data is loaded, and how old it is
#[utoipa::path(get, path = "/advisories", tag = "advisories", security(("bearer" = [])),
    responses((status = 200, body = Advisories)))]
async fn get_advisories(State(app): State<App>, _caller: Allowed<Read>) -> Answer<Json<Advisories>> {
    Ok(Json(loaded(&app).await?))
}

/// Loads vulnerability data: OSV, GitHub advisories, NVD 2.0, CVE records, CSAF, EPSS, CISA's catalogue
///
/// One document or a zip or tar archive of any of them, compressed or not; what each is, is found out. What cannot be read
/// of an archive is left out and told. The same again changes nothing.
#[utoipa::path(post, path = "/advisories/import", tag = "advisories", security(("bearer" = [])),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 200, body = ImportedAdvisories), (status = 403, body = Problem), (status = 409, body = Problem),
        (status = 413, body = Problem), (status = 422, body = Problem)))]
async fn import_advisories(
    State(app): State<App>,
    caller: Allowed<Govern>,
    request: Request,
) -> Answer<Json<ImportedAdvisories>> {
    let limit = app.settings.largest_document_bytes;
    let room = usize::try_from(limit).unwrap_or(usize::MAX);
    let too_large = || {
        Problem::too_large(format!("the upload is larger than {} bytes, or broke off", thousands(limit)))
            .hint("send it in parts, as `shipworthy advisories import` does, or raise `largest_document_bytes`")
    };
    let bytes = axum::body::to_bytes(request.into_body(), room).await.map_err(|_| too_large())?;
    Ok(Json(imported(learn::learn(&app, &caller, bytes).await?)))
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
    govern::import_known_exploited(&app, &caller, &body).await?;
    Ok(Json(loaded(&app).await?))
}

/// How many components were matched.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct MatchedAnew {
    /// How many there are.
    pub components: u64,
}

/// Matches all components with all advisories anew
///
/// What changes is matched by itself; this is for those who doubt. The answer comes when it is done.
#[utoipa::path(post, path = "/advisories/match", tag = "advisories", security(("bearer" = [])),
    responses((status = 200, body = MatchedAnew), (status = 403, body = Problem)))]
async fn match_anew(State(app): State<App>, caller: Allowed<Govern>) -> Answer<Json<MatchedAnew>> {
    Ok(Json(MatchedAnew { components: correlate::match_all(&app, &caller).await? }))
}

async fn loaded(app: &App) -> Answer<Advisories> {
    let (mut session, now) = (app.db.read().await?, app.clock.now());
    let checked = sync::checked(&app.settings.advisories, &advisory_sync::feeds(&mut session).await?);
    let checked_at = |source: &Source| checked.get(&source.source).copied().flatten();
    let sources = advisory_source::list(&mut session).await?.into_iter();
    Ok(Advisories {
        sources: sources.map(|source| of_source(checked_at(&source), source, now)).collect(),
        known_exploited: known_exploited::catalog(&mut session).await?.map(wire),
        sync: state(app, &mut session).await?,
    })
}

fn of_source(checked_at: Option<Timestamp>, source: Source, now: Timestamp) -> AdvisorySource {
    let Source { source, imported_at, records, changed, failure, failed_at } = source;
    AdvisorySource {
        name: source,
        records,
        imported_at: imported_at.map(|at| at.to_string()),
        age_seconds: imported_at.map(|at| now.duration_since(at).as_secs()),
        checked_at: checked_at.map(|at| at.to_string()),
        changed,
        failure,
        failed_at: failed_at.map(|at| at.to_string()),
    }
}

fn wire(catalog: known_exploited::Catalog) -> KnownExploited {
    let known_exploited::Catalog { version, released, entries, imported_at } = catalog;
    KnownExploited { version, released, count: entries, imported_at: imported_at.to_string() }
}

/// So many warnings show what is wrong with a file.
const SHOWN_WARNINGS: usize = 200;

fn imported(learned: Learned) -> ImportedAdvisories {
    let Learned { documents, sources, releases, mut warnings } = learned;
    let more_warnings = warnings.len().saturating_sub(SHOWN_WARNINGS) as u64;
    warnings.truncate(SHOWN_WARNINGS);
    let of_source = |(name, (records, changed))| ImportedSource { name, records, changed };
    let warning = |warning: model::Warning| AdvisoryWarning { at: warning.at, message: warning.message };
    ImportedAdvisories {
        documents,
        sources: sources.into_iter().map(of_source).collect(),
        releases: releases.len() as u64,
        warnings: warnings.into_iter().map(warning).collect(),
        more_warnings,
    }
}
