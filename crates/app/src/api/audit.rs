//! The audit log: who did what, when.

use crate::app::App;
use crate::caller::{Allowed, Read};
use crate::extract::{Json, Query};
use crate::page::{Page, PageQuery};
use crate::problem::{Answer, Problem};
use axum::extract::State;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use shipworthy_model::Permission;
use shipworthy_store::audit::{self, Filter};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this noun.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_audit))
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

/// Which entries are asked for.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct AuditQuery {
    /// Part of the actor's name.
    actor: Option<String>,
    /// The action, or its noun alone.
    action: Option<String>,
    /// The id of the object.
    object: Option<String>,
    /// Entries from this instant on, RFC 3339.
    #[param(value_type = Option<String>)]
    from: Option<Timestamp>,
    /// Entries before this instant, RFC 3339.
    #[param(value_type = Option<String>)]
    until: Option<Timestamp>,
    /// How many items at most, 1 to 500; 50 when not given.
    limit: Option<usize>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Lists the audit log, newest first
#[utoipa::path(get, path = "/audit", tag = "audit", security(("bearer" = [])), params(AuditQuery),
    responses((status = 200, body = Page<AuditEntry>), (status = 403, body = Problem)))]
async fn list_audit(
    State(app): State<App>,
    caller: Allowed<Read>,
    Query(query): Query<AuditQuery>,
) -> Answer<Json<Page<AuditEntry>>> {
    if !caller.may_everywhere(Permission::Read) {
        return Err(Problem::forbidden("the audit log needs the permission `read` on everything"));
    }
    let page = PageQuery { limit: query.limit, cursor: query.cursor };
    let limit = page.limit()?;
    let filter = Filter {
        actor: query.actor,
        action: query.action,
        object_id: query.object,
        from: query.from,
        until: query.until,
        before: page.after()?,
    };
    let mut session = app.db.read().await?;
    let entries = audit::list(&mut session, &filter, limit + 1).await?;
    Ok(Json(Page::of(entries, limit, |entry| entry.sequence, wire)))
}

fn wire(line: audit::Entry) -> AuditEntry {
    let audit::NewEntry { at, actor, action, object_kind, object_id, summary, details, request_id, via, address } =
        line.entry;
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
    }
}
