//! The audit log: who did what, when.

use crate::app::App;
use crate::audit_view::groups::{self, AuditGroup, GROUPS};
use crate::audit_view::package;
use crate::audit_view::question::{self, AuditQuestion};
use crate::audit_view::table::{self, TableFormat};
use crate::caller::{Allowed, Read};
use crate::extract::{Json, Query};
use crate::page::{LARGEST_PAGE, Page, PageQuery};
use crate::problem::{Answer, Problem};
use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use futures_util::StreamExt as _;
use serde::{Deserialize, Serialize};
use shipworthy_store::audit;
use shipworthy_store::audit_search::{self, Filter};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this noun.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_audit))
        .routes(routes!(list_audit_groups))
        .routes(routes!(export_audit))
        .routes(routes!(package_audit))
}

/// One line of the log.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct AuditEntry {
    /// Its place in the log, from 1 without gaps.
    pub sequence: i64,
    /// When, by the server's clock.
    pub at: String,
    /// Who.
    pub actor: AuditActor,
    /// From where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// What, as `<noun>.<verb>`.
    pub action: String,
    /// The group that the action is in, as `GET /audit/groups` lists them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// The kind of thing it was done to.
    pub object_kind: String,
    /// Its id.
    pub object_id: String,
    /// One sentence for people.
    pub summary: String,
    /// What else matters.
    pub details: serde_json::Value,
    /// The request it came with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}

/// Who did something.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct AuditActor {
    /// `user`, `token`, `system` or `anonymous`.
    pub kind: String,
    /// The id of the user or token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The name at that time.
    pub name: String,
    /// Through what: `session` for a browser, `token` or `system`; absent where nobody is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub via: Option<String>,
}

/// How an export is written.
#[derive(Clone, Copy, Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct ExportQuery {
    /// `csv` for spreadsheets, which is usual, or `jsonl` for programs.
    #[serde(default)]
    #[param(value_type = Option<String>)]
    format: TableFormat,
}

/// How many entries one export gives at most.
const LARGEST_EXPORT: usize = 200_000;

/// Lists the audit log, newest first
#[utoipa::path(get, path = "/audit", tag = "audit", security(("bearer" = [])), params(AuditQuestion, PageQuery),
    responses((status = 200, body = Page<AuditEntry>), (status = 403, body = Problem), (status = 422, body = Problem)))]
async fn list_audit(
    State(app): State<App>,
    caller: Allowed<Read>,
    Query(question): Query<AuditQuestion>,
    Query(page): Query<PageQuery>,
) -> Answer<Json<Page<AuditEntry>>> {
    question::require(&caller)?;
    let limit = page.limit()?;
    let mut session = app.db.read().await?;
    let filter = Filter { before: page.after()?, ..question.filter(&mut session).await? };
    let entries = audit_search::list(&mut session, &filter, limit + 1).await?;
    Ok(Json(Page::of(entries, limit, |entry| entry.sequence, wire)))
}

/// Lists the groups under which the audit log can be searched
#[utoipa::path(get, path = "/audit/groups", tag = "audit", security(("bearer" = [])),
    responses((status = 200, body = Page<AuditGroup>), (status = 403, body = Problem)))]
async fn list_audit_groups(caller: Allowed<Read>) -> Answer<Json<Page<AuditGroup>>> {
    question::require(&caller)?;
    Ok(Json(Page::whole(GROUPS.to_vec())))
}

/// Gives every entry that fits as CSV or JSON lines, newest first
///
/// A cell of CSV that a spreadsheet would take for a formula begins with an apostrophe.
#[utoipa::path(get, path = "/audit/export", tag = "audit", security(("bearer" = [])),
    params(AuditQuestion, ExportQuery),
    responses((status = 200, body = String, content_type = "text/csv"), (status = 403, body = Problem),
        (status = 422, body = Problem)))]
async fn export_audit(
    State(app): State<App>,
    caller: Allowed<Read>,
    Query(question): Query<AuditQuestion>,
    Query(ExportQuery { format }): Query<ExportQuery>,
) -> Answer<Response> {
    question::require(&caller)?;
    let filter = {
        let mut session = app.db.read().await?;
        let filter = question.filter(&mut session).await?;
        let count = audit_search::places(&mut session, &filter, LARGEST_EXPORT + 1).await?.len();
        if count > LARGEST_EXPORT {
            let detail = format!("more than {LARGEST_EXPORT} entries fit, which is the most that one export gives");
            return Err(Problem::too_large(detail).hint("ask for a shorter period with `from` and `until`"));
        }
        filter
    };
    let headers = [
        (header::CONTENT_TYPE, format.media_type().to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"audit.{}\"", format.extension())),
    ];
    let heading = futures_util::stream::once(async move { table::heading(format).map_err(std::io::Error::other) });
    let rest = futures_util::stream::try_unfold(Some(filter), move |filter| {
        let app = app.clone();
        async move { next_lines(&app, format, filter).await.map_err(std::io::Error::other) }
    });
    Ok((headers, Body::from_stream(heading.chain(rest))).into_response())
}

/// Gives a signed package for an auditor: what fits, with proofs, decisions, evidence and keys
///
/// A zip archive whose `README.md` says how to check it. Documents are in it for who may read documents everywhere; else their
/// digests.
#[utoipa::path(get, path = "/audit/package", tag = "audit", security(("bearer" = [])), params(AuditQuestion),
    responses((status = 200, body = Vec<u8>, content_type = "application/zip"), (status = 403, body = Problem),
        (status = 413, body = Problem), (status = 422, body = Problem)))]
async fn package_audit(
    State(app): State<App>,
    caller: Allowed<Read>,
    Query(question): Query<AuditQuestion>,
) -> Answer<Response> {
    question::require(&caller)?;
    let bytes = package::make(&app, &caller, &question).await?;
    let headers = [
        (header::CONTENT_TYPE, "application/zip"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"audit-package.zip\""),
    ];
    Ok((headers, bytes).into_response())
}

/// The lines of the next page, and how to go on.
async fn next_lines(
    app: &App,
    format: TableFormat,
    filter: Option<Filter>,
) -> Answer<Option<(Vec<u8>, Option<Filter>)>> {
    let Some(mut filter) = filter else { return Ok(None) };
    let mut session = app.db.read().await?;
    let entries = audit_search::list(&mut session, &filter, LARGEST_PAGE).await?;
    let is_last = entries.len() < LARGEST_PAGE;
    filter.before = entries.last().map(|entry| entry.sequence);
    let entries: Vec<AuditEntry> = entries.into_iter().map(wire).collect();
    Ok(Some((table::lines(format, &entries)?, (!is_last).then_some(filter))))
}

fn wire(line: audit::Entry) -> AuditEntry {
    let audit::NewEntry { at, actor, action, object_kind, object_id, summary, details, request_id, via, address } =
        line.entry;
    let group = groups::of_action(&action).map(str::to_owned);
    AuditEntry {
        sequence: line.sequence,
        at: at.to_string(),
        actor: AuditActor { kind: actor.kind, id: actor.id, name: actor.name, via },
        address,
        action,
        object_kind,
        object_id,
        summary,
        details,
        request_id,
        group,
    }
}
