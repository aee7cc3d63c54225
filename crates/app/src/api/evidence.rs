//! Evidence: documents bound to what they are about.

use crate::api::release_choice::ReleaseChoice;
use crate::app::App;
use crate::caller::{Allowed, Caller, Push, Read, ReadDocuments};
use crate::extract::{Json, Path, Query};
use crate::ingest::{self, Context, Outcome, Received};
use crate::page::{Page, PageQuery};
use crate::problem::{Answer, Problem};
use crate::server::attachment;
use crate::trust;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use shipworthy_model::{self as model, Digest, EvidenceId, Permission, ReleaseId, Subject};
use shipworthy_store::document::Document;
use shipworthy_store::evidence::{self, Filter, ReleaseRef};
use std::collections::BTreeMap;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this noun.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_evidence, push_evidence))
        .routes(routes!(get_evidence))
        .routes(routes!(get_evidence_document))
        .routes(routes!(get_evidence_report))
        // Documents are larger than other bodies; `ingest::receive` has limits of its own.
        .layer(DefaultBodyLimit::disable())
}

/// What is said about all documents of one upload. Every field helps them find their release.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EvidenceContext {
    /// What they are about: `git:<commit>`, `build:<system>/<id>`, `sha256:<digest>`, `release:<id>`,
    /// `deployment:<id>`, `environment:<name>`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub subjects: Vec<String>,
    /// The release they are about. It exists already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release: Option<ReleaseChoice>,
    /// The name of the environment they are about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment: Option<String>,
    /// Their format, where it should not be found out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
    /// The repository.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repository: Option<String>,
    /// The branch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub branch: Option<String>,
    /// The source commit, 40 or 64 hexadecimal digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// The run that built it, as `<system>/<id>`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub build: Option<String>,
}

/// An upload: `context` first, then each document.
#[derive(Debug, utoipa::ToSchema)]
#[expect(dead_code, reason = "describes the form in the OpenAPI; the parts are taken one by one as they arrive")]
struct EvidenceForm {
    /// What is said about all documents, as JSON.
    context: Option<EvidenceContext>,
    /// The bytes of a document, as they are, compressed with gzip or zstd, or many in a zip or tar archive; the part may be repeated.
    #[schema(value_type = String, format = Binary)]
    document: Vec<u8>,
}

/// What to do with documents that no reader knows.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct PushQuery {
    /// Keep them all the same, to be read when a reader learns their format.
    #[serde(default)]
    keep_unknown: bool,
}

/// What became of each document.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Receipts {
    /// In the order of the documents.
    pub receipts: Vec<Receipt>,
}

/// What became of a document.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Receipt {
    /// The evidence.
    pub evidence_id: String,
    /// The document's digest.
    pub document: String,
    /// Its size as received.
    pub size_bytes: u64,
    /// Its format; `unknown` when it is kept unread.
    pub format: String,
    /// The format's name for people.
    pub title: String,
    /// The phase it speaks of; absent when it is kept unread.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phase: Option<String>,
    /// The tool that wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tool: Option<String>,
    /// What it is about.
    pub subjects: Vec<String>,
    /// What it holds in a few words, such as `1,204 components`.
    pub summary: String,
    /// How many of what it holds, by name.
    pub counts: BTreeMap<String, u64>,
    /// What its reader could not use, and where.
    pub warnings: Vec<EvidenceWarning>,
    /// Whether anything of it was not here.
    pub is_new: bool,
    /// The place of the entry about it in the audit log, which `GET /audit/proofs/inclusion` proves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audit_entry: Option<i64>,
    /// Its page.
    pub link: String,
    /// The releases it counts for at this moment.
    pub releases: Vec<EvidenceRelease>,
}

/// Something that a reader could not use.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct EvidenceWarning {
    /// Where.
    pub at: String,
    /// What was expected and what was found instead.
    pub message: String,
}

/// A release that evidence counts for.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct EvidenceRelease {
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: String,
    /// The name of its service.
    pub service: String,
}

/// A document bound to what it is about.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Evidence {
    /// Its id.
    pub id: String,
    /// The document's digest.
    pub document: String,
    /// Its size as received.
    pub size_bytes: u64,
    /// Its format; `unknown` when it is kept unread.
    pub format: String,
    /// The format's name for people.
    pub title: String,
    /// The phase it speaks of; absent when it is kept unread.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phase: Option<String>,
    /// The tool that wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tool: Option<String>,
    /// Who handed it in.
    pub submitted_by: String,
    /// When.
    pub submitted_at: String,
    /// What it is about.
    pub subjects: Vec<String>,
    /// What is known of its signatures by the trust roots: `verified`, `unsigned`, `invalid`, `unknown-signer` or
    /// `unchecked`. Whether the signer may say it of a release is in the DBOM of that release.
    pub verification: String,
    /// What it holds in a few words.
    pub summary: String,
    /// How many of what it holds, by name.
    pub counts: BTreeMap<String, u64>,
    /// How many warnings its reader had.
    pub warnings: u64,
    /// The releases it counts for at this moment.
    pub releases: Vec<EvidenceRelease>,
}

/// Which evidence is asked for.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct EvidenceQuery {
    /// What counts for the release with this id.
    release: Option<String>,
    /// What is about this subject.
    subject: Option<String>,
    /// What has this format.
    format: Option<String>,
    /// What speaks of this phase: `source`, `build`, `artifact` or `deploy`.
    phase: Option<String>,
    /// How many items at most, 1 to 500; 50 when not given.
    limit: Option<usize>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Hands in documents
///
/// All of them are recorded, or none. The same documents again are found again: a retry never doubles.
#[utoipa::path(post, path = "/evidence", tag = "evidence", security(("bearer" = [])), params(PushQuery),
    request_body(content = EvidenceForm, content_type = "multipart/form-data"),
    responses((status = 201, body = Receipts), (status = 200, body = Receipts, description = "Nothing was new"),
        (status = 403, body = Problem), (status = 413, body = Problem), (status = 415, body = Problem),
        (status = 422, body = Problem)))]
async fn push_evidence(
    State(app): State<App>,
    caller: Allowed<Push>,
    Query(query): Query<PushQuery>,
    request: Request,
) -> Answer<(StatusCode, Json<Receipts>)> {
    let upload = ingest::receive(request, app.settings.largest_document_bytes).await?;
    let context = context(upload.context.as_ref())?;
    let outcomes = ingest::ingest(&app, &caller, &context, &upload.documents, query.keep_unknown).await?;
    let status = if outcomes.iter().any(|outcome| outcome.is_new) { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(Receipts { receipts: receipts(&app, &caller, outcomes).await? })))
}

/// Lists evidence, newest first
#[utoipa::path(get, path = "/evidence", tag = "evidence", security(("bearer" = [])), params(EvidenceQuery),
    responses((status = 200, body = Page<Evidence>), (status = 422, body = Problem)))]
async fn list_evidence(
    State(app): State<App>,
    caller: Allowed<Read>,
    Query(query): Query<EvidenceQuery>,
) -> Answer<Json<Page<Evidence>>> {
    let filter = filter(&query)?;
    let page = PageQuery { limit: query.limit, cursor: query.cursor };
    let (limit, before) = (page.limit()?, page.after::<EvidenceId>()?);
    let visibility = caller.visibility(Permission::Read);
    let mut session = app.db.read().await?;
    let found = evidence::list(&mut session, &filter, &visibility, before, limit + 1).await?;
    let ids: Vec<EvidenceId> = found.iter().map(|evidence| evidence.id).collect();
    let releases = evidence::releases(&mut session, &ids, &visibility).await?;
    let documents = found.iter().map(|evidence| evidence.document.digest.clone()).collect::<Vec<_>>();
    let outcomes = trust::outcomes(&mut session, &documents).await?;
    let item = |evidence: evidence::Evidence| {
        let releases = releases.get(&evidence.id).cloned().unwrap_or_default();
        wire(evidence, releases, &outcomes)
    };
    Ok(Json(Page::of(found, limit, |evidence| evidence.id, item)))
}

/// One piece of evidence
#[utoipa::path(get, path = "/evidence/{id}", tag = "evidence", security(("bearer" = [])),
    params(("id" = String, Path, description = "The evidence's id")),
    responses((status = 200, body = Evidence), (status = 404, body = Problem)))]
async fn get_evidence(
    State(app): State<App>,
    caller: Allowed<Read>,
    Path(id): Path<EvidenceId>,
) -> Answer<Json<Evidence>> {
    let visibility = caller.visibility(Permission::Read);
    let mut session = app.db.read().await?;
    let found = evidence::get(&mut session, id, &visibility).await?;
    let mut releases = evidence::releases(&mut session, &[id], &visibility).await?;
    let outcomes = trust::outcomes(&mut session, std::slice::from_ref(&found.document.digest)).await?;
    Ok(Json(wire(found, releases.remove(&id).unwrap_or_default(), &outcomes)))
}

/// The document as it was received
#[utoipa::path(get, path = "/evidence/{id}/document", tag = "evidence", security(("bearer" = [])),
    params(("id" = String, Path, description = "The evidence's id")),
    responses((status = 200, content_type = "application/octet-stream", body = Vec<u8>),
        (status = 404, body = Problem)))]
async fn get_evidence_document(
    State(app): State<App>,
    caller: Allowed<ReadDocuments>,
    Path(id): Path<EvidenceId>,
) -> Answer<Response> {
    let document = document(&app, &caller, Permission::ReadDocuments, id).await?;
    let bytes = app.documents.get(&document.digest).await?;
    let format = document.format.as_deref().unwrap_or("unknown");
    let name = format!("{format}-{}", &document.digest.hex()[..12]);
    Ok((attachment(&name), bytes).into_response())
}

/// What is understood of the document, read anew from its bytes
#[utoipa::path(get, path = "/evidence/{id}/report", tag = "evidence", security(("bearer" = [])),
    params(("id" = String, Path, description = "The evidence's id")),
    responses((status = 200, body = Object), (status = 404, body = Problem)))]
async fn get_evidence_report(
    State(app): State<App>,
    caller: Allowed<Read>,
    Path(id): Path<EvidenceId>,
) -> Answer<Json<model::Report>> {
    let document = document(&app, &caller, Permission::Read, id).await?;
    let format = document.format.ok_or_else(|| Problem::not_found(format!("a report of evidence `{id}`")))?;
    let bytes = Bytes::from(app.documents.get(&document.digest).await?);
    let received = Received { file_name: None, bytes, digest: document.digest };
    Ok(Json(ingest::report(&app, &received, &format).await?))
}

async fn document(app: &App, caller: &Caller, permission: Permission, id: EvidenceId) -> Answer<Document> {
    let mut session = app.db.read().await?;
    Ok(evidence::get(&mut session, id, &caller.visibility(permission)).await?.document)
}

fn context(part: Option<&Bytes>) -> Answer<Context> {
    let Some(bytes) = part else { return Ok(Context::default()) };
    let given: EvidenceContext = serde_json::from_slice(bytes).map_err(|error| {
        let at = format!("context line {} column {}", error.line(), error.column());
        Problem::invalid(&at, format!("the context cannot be read: {error}"))
    })?;
    let EvidenceContext { subjects, release, environment, format, repository, branch, commit, build } = given;
    let invalid = |at: &str, why: model::InvalidSubject| Problem::invalid(&format!("context.{at}"), why);
    let mut all = Vec::new();
    for (index, text) in subjects.iter().enumerate() {
        all.push(text.parse().map_err(|why| invalid(&format!("subjects[{index}]"), why))?);
    }
    if let Some(commit) = &commit {
        all.push(Subject::commit(commit).map_err(|why| invalid("commit", why))?);
    }
    if let Some(build) = &build {
        all.push(format!("build:{build}").parse().map_err(|why| invalid("build", why))?);
    }
    if let Some(environment) = &environment {
        all.push(format!("environment:{environment}").parse().map_err(|why| invalid("environment", why))?);
    }
    let release = release.map(|release| release.name("context.release")).transpose()?;
    Ok(Context { subjects: all, release, format, repository, branch })
}

async fn receipts(app: &App, caller: &Caller, outcomes: Vec<Outcome>) -> Answer<Vec<Receipt>> {
    let ids: Vec<EvidenceId> = outcomes.iter().map(|outcome| outcome.evidence_id).collect();
    let mut session = app.db.read().await?;
    let releases = evidence::releases(&mut session, &ids, &caller.visibility(Permission::Push)).await?;
    let receipt = |outcome: Outcome| {
        let Outcome { evidence_id, is_new, document, subjects, warnings, audit_entry } = outcome;
        let warning = |warning: model::Warning| EvidenceWarning { at: warning.at, message: warning.message };
        Receipt {
            evidence_id: evidence_id.to_string(),
            document: document.digest.to_string(),
            size_bytes: document.size_bytes,
            title: title(document.format.as_deref()),
            format: document.format.unwrap_or_else(|| UNKNOWN.to_owned()),
            phase: document.phase.map(|phase| phase.to_string()),
            tool: document.tool,
            subjects: subjects.iter().map(ToString::to_string).collect(),
            summary: document.summary,
            counts: document.counts,
            warnings: warnings.into_iter().map(warning).collect(),
            is_new,
            audit_entry,
            link: format!("{}/evidence/{evidence_id}", app.settings.public_url),
            releases: releases.get(&evidence_id).cloned().unwrap_or_default().into_iter().map(release).collect(),
        }
    };
    Ok(outcomes.into_iter().map(receipt).collect())
}

fn filter(query: &EvidenceQuery) -> Answer<Filter> {
    let release = query.release.as_deref().map(str::parse::<ReleaseId>).transpose();
    let subject = query.subject.as_deref().map(str::parse::<Subject>).transpose();
    let phase = query.phase.as_deref().map(str::parse::<model::Phase>).transpose();
    Ok(Filter {
        release: release.map_err(|why| Problem::invalid("release", why))?,
        subject: subject.map_err(|why| Problem::invalid("subject", why))?,
        format: query.format.clone(),
        phase: phase.map_err(|why| Problem::invalid("phase", why))?,
    })
}

fn wire(evidence: evidence::Evidence, releases: Vec<ReleaseRef>, outcomes: &BTreeMap<Digest, String>) -> Evidence {
    let evidence::Evidence { id, document, submitted_by, submitted_at, scope: _, subjects } = evidence;
    let verification = trust::stated(&document, outcomes).to_owned();
    Evidence {
        id: id.to_string(),
        document: document.digest.to_string(),
        size_bytes: document.size_bytes,
        title: title(document.format.as_deref()),
        format: document.format.unwrap_or_else(|| UNKNOWN.to_owned()),
        phase: document.phase.map(|phase| phase.to_string()),
        tool: document.tool,
        submitted_by,
        submitted_at: submitted_at.to_string(),
        subjects: subjects.iter().map(ToString::to_string).collect(),
        verification,
        summary: document.summary,
        counts: document.counts,
        warnings: document.warnings,
        releases: releases.into_iter().map(release).collect(),
    }
}

/// How the format of a document that nobody understands yet is written. No format is called so.
const UNKNOWN: &str = "unknown";

fn title(format: Option<&str>) -> String {
    let Some(name) = format else { return "Not understood yet".to_owned() };
    shipworthy_formats::find(name).map_or_else(|_| name.to_owned(), |format| format.title.to_owned())
}

fn release(release: ReleaseRef) -> EvidenceRelease {
    EvidenceRelease { id: release.id.to_string(), version: release.version, service: release.service }
}
