//! Exceptions: time-limited, approved permissions for named violations in a named scope.

use crate::api::named::Named;
use crate::app::App;
use crate::caller::{Allowed, Approve, Caller, Read, RequestException, SignedIn};
use crate::excuse::{self, NewException};
use crate::extract::{Json, Path, Query};
use crate::page::{Page, PageQuery};
use crate::problem::{Answer, Problem};
use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use shipworthy_model::{Exception, ExceptionId, Matchers, Permission};
use shipworthy_store::exception::{self, Filter, NamedException};
use std::str::FromStr;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this noun.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_exceptions, request_exception))
        .routes(routes!(get_exception))
        .routes(routes!(approve_exception))
        .routes(routes!(reject_exception))
        .routes(routes!(revoke_exception))
}

/// An exception.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ExceptionView {
    /// Its id.
    pub id: String,
    /// `requested`, `approved`, `rejected`, `revoked` or `expired`.
    pub state: String,
    /// Whether it excuses anything now.
    pub is_active: bool,
    /// Which violations it is for: all that are given must match.
    pub matchers: ExceptionMatchers,
    /// Where it holds: all that are given must agree; nothing means everywhere.
    pub scope: ExceptionScopeView,
    /// Why it is asked for.
    pub reason: String,
    /// Why the vulnerability does not matter, in the words of OpenVEX.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub justification: Option<String>,
    /// A ticket elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<String>,
    /// First instant at which it holds.
    pub from: String,
    /// First instant at which it holds no more.
    pub until: String,
    /// Who asked.
    pub requested_by: Named,
    /// When.
    pub requested_at: String,
    /// Who approved or rejected; never who asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_by: Option<Named>,
    /// When.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_at: Option<String>,
    /// Who took it back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked_by: Option<Named>,
    /// When.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<String>,
    /// How many decisions named it.
    pub used: i64,
    /// What the caller may do: `approve`, `reject`, `revoke`. Empty in a decision.
    pub actions: Vec<String>,
}

/// Which violations an exception is for.
#[derive(Clone, Debug, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExceptionMatchers {
    /// A policy by its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<String>,
    /// A vulnerability or rule id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// A package URL; without version it means all versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purl: Option<String>,
    /// An artifact, `sha256:…`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub artifact: Option<String>,
}

/// Where an exception holds.
#[derive(Clone, Debug, Default, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ExceptionScopeView {
    /// A team.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<Named>,
    /// An application.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub application: Option<Named>,
    /// A service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<Named>,
    /// An environment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment: Option<Named>,
    /// A kind of environment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment_kind: Option<String>,
    /// An exposure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exposure: Option<String>,
}

/// Where an exception that is asked for shall hold, by names.
#[derive(Clone, Debug, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExceptionScopeNames {
    /// A team.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
    /// An application.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub application: Option<String>,
    /// A service of that application.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// An environment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment: Option<String>,
    /// A kind of environment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment_kind: Option<String>,
    /// An exposure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exposure: Option<String>,
}

/// What is asked for.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RequestedException {
    /// Which violations it is for: at least one of them.
    pub matchers: ExceptionMatchers,
    /// Where it shall hold.
    #[serde(default)]
    pub scope: ExceptionScopeNames,
    /// Why.
    pub reason: String,
    /// Why the vulnerability does not matter, in the words of OpenVEX.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub justification: Option<String>,
    /// A ticket elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<String>,
    /// First instant, RFC 3339; now when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// First instant at which it holds no more, RFC 3339.
    pub until: String,
}

/// What is said with an answer.
#[derive(Clone, Debug, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExceptionAnswer {
    /// A remark, kept in the audit log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

/// Which exceptions are asked for.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct ExceptionQuery {
    /// `requested`, `approved`, `rejected`, `revoked` or `expired`.
    state: Option<String>,
    /// The policy they name.
    policy: Option<String>,
    /// The vulnerability or rule they name.
    rule: Option<String>,
    /// How many items at most, 1 to 500; 50 when not given.
    limit: Option<usize>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Lists exceptions, newest first
#[utoipa::path(get, path = "/exceptions", tag = "exceptions", security(("bearer" = [])), params(ExceptionQuery),
    responses((status = 200, body = Page<ExceptionView>), (status = 400, body = Problem)))]
async fn list_exceptions(
    State(app): State<App>,
    caller: Allowed<Read>,
    Query(query): Query<ExceptionQuery>,
) -> Answer<Json<Page<ExceptionView>>> {
    let page = PageQuery { limit: query.limit, cursor: query.cursor };
    let limit = page.limit()?;
    let now = app.clock.now();
    let state = query.state.as_deref().map(|word| parse("state", word)).transpose()?;
    let filter =
        Filter { state: state.map(|state| (state, now)), policy: query.policy, rule: query.rule, after: page.after()? };
    let visibility = caller.visibility(Permission::Read);
    let found = exception::list(&mut app.db.read().await?, &visibility, &filter, limit + 1).await?;
    Ok(Json(Page::of(found, limit, |named| named.exception.id, |named| view(named, now, Some(&caller)))))
}

/// Shows an exception
#[utoipa::path(get, path = "/exceptions/{id}", tag = "exceptions", security(("bearer" = [])),
    params(("id" = String, Path, description = "The exception's id")),
    responses((status = 200, body = ExceptionView), (status = 404, body = Problem)))]
async fn get_exception(
    State(app): State<App>,
    caller: Allowed<Read>,
    Path(id): Path<ExceptionId>,
) -> Answer<Json<ExceptionView>> {
    let found = exception::get(&mut app.db.read().await?, &caller.visibility(Permission::Read), id).await?;
    Ok(Json(view(found, app.clock.now(), Some(&caller))))
}

/// Asks for an exception
#[utoipa::path(post, path = "/exceptions", tag = "exceptions", security(("bearer" = [])),
    request_body = RequestedException,
    responses((status = 201, body = ExceptionView), (status = 403, body = Problem), (status = 422, body = Problem)))]
async fn request_exception(
    State(app): State<App>,
    caller: Allowed<RequestException>,
    Json(body): Json<RequestedException>,
) -> Answer<(StatusCode, Json<ExceptionView>)> {
    let asked = excuse::request_exception(&app, &caller, new_exception(body)?).await?;
    Ok((StatusCode::CREATED, Json(view(asked, app.clock.now(), Some(&caller)))))
}

/// Approves an exception that somebody else asked for
#[utoipa::path(post, path = "/exceptions/{id}/approve", tag = "exceptions", security(("bearer" = [])),
    request_body = ExceptionAnswer, params(("id" = String, Path, description = "The exception's id")),
    responses((status = 200, body = ExceptionView), (status = 403, body = Problem), (status = 409, body = Problem)))]
async fn approve_exception(
    State(app): State<App>,
    caller: Allowed<Approve>,
    Path(id): Path<ExceptionId>,
    Json(body): Json<ExceptionAnswer>,
) -> Answer<Json<ExceptionView>> {
    let answered = excuse::answer_exception(&app, &caller, id, true, body.comment).await?;
    Ok(Json(view(answered, app.clock.now(), Some(&caller))))
}

/// Rejects an exception that somebody else asked for
#[utoipa::path(post, path = "/exceptions/{id}/reject", tag = "exceptions", security(("bearer" = [])),
    request_body = ExceptionAnswer, params(("id" = String, Path, description = "The exception's id")),
    responses((status = 200, body = ExceptionView), (status = 403, body = Problem), (status = 409, body = Problem)))]
async fn reject_exception(
    State(app): State<App>,
    caller: Allowed<Approve>,
    Path(id): Path<ExceptionId>,
    Json(body): Json<ExceptionAnswer>,
) -> Answer<Json<ExceptionView>> {
    let answered = excuse::answer_exception(&app, &caller, id, false, body.comment).await?;
    Ok(Json(view(answered, app.clock.now(), Some(&caller))))
}

/// Takes an exception back
#[utoipa::path(post, path = "/exceptions/{id}/revoke", tag = "exceptions", security(("bearer" = [])),
    params(("id" = String, Path, description = "The exception's id")),
    responses((status = 200, body = ExceptionView), (status = 403, body = Problem), (status = 409, body = Problem)))]
async fn revoke_exception(
    State(app): State<App>,
    caller: Allowed<SignedIn>,
    Path(id): Path<ExceptionId>,
) -> Answer<Json<ExceptionView>> {
    let revoked = excuse::revoke_exception(&app, &caller, id).await?;
    Ok(Json(view(revoked, app.clock.now(), Some(&caller))))
}

fn new_exception(body: RequestedException) -> Answer<NewException> {
    let RequestedException { matchers, scope, reason, justification, ticket, from, until } = body;
    let word = |at: &str, text: Option<String>| text.map(|text| parse(at, &text)).transpose();
    Ok(NewException {
        matchers: Matchers {
            policy: matchers.policy,
            rule: matchers.rule,
            purl: matchers.purl,
            artifact: matchers.artifact.map(|text| parse("matchers.artifact", &text)).transpose()?,
        },
        team: scope.team,
        application: scope.application,
        service: scope.service,
        environment: scope.environment,
        environment_kind: scope.environment_kind.map(|text| parse("scope.environment_kind", &text)).transpose()?,
        exposure: scope.exposure.map(|text| parse("scope.exposure", &text)).transpose()?,
        reason,
        justification: word("justification", justification)?,
        ticket,
        from: from.map(|text| time("from", &text)).transpose()?,
        until: time("until", &until)?,
    })
}

/// A word of a closed list, or a problem that says where and what was expected.
pub(crate) fn parse<T>(at: &str, text: &str) -> Answer<T>
where
    T: FromStr,
    T::Err: std::fmt::Display,
{
    text.parse().map_err(|why| Problem::invalid(at, why))
}

/// An instant, to the microsecond, which is what the database keeps.
fn time(at: &str, text: &str) -> Answer<Timestamp> {
    let read: Timestamp = text.parse().map_err(|_| {
        Problem::invalid(at, format!("`{text}` is not a time: expected RFC 3339, such as `2027-01-31T00:00:00Z`"))
    })?;
    Timestamp::from_microsecond(read.as_microsecond()).map_err(|error| Problem::invalid(at, error))
}

/// An exception as it stands at `now`, for `caller`.
#[must_use]
pub fn view(named: NamedException, now: Timestamp, caller: Option<&Caller>) -> ExceptionView {
    let NamedException { exception, scope_names, requested_by, decided_by, revoked_by, used } = named;
    let actions = caller.map(|caller| excuse::actions(caller, &exception, now)).unwrap_or_default();
    let (state, is_active) = (exception.state_at(now).to_string(), exception.is_active_at(now));
    let Exception { id, matchers, scope, reason, justification, ticket, from, until, .. } = exception;
    ExceptionView {
        id: id.to_string(),
        state,
        is_active,
        matchers: ExceptionMatchers {
            policy: matchers.policy,
            rule: matchers.rule,
            purl: matchers.purl,
            artifact: matchers.artifact.map(|digest| digest.to_string()),
        },
        scope: ExceptionScopeView {
            team: named_as(scope.team_id, scope_names.team),
            application: named_as(scope.application_id, scope_names.application),
            service: named_as(scope.service_id, scope_names.service),
            environment: named_as(scope.environment_id, scope_names.environment),
            environment_kind: scope.environment_kind.map(|kind| kind.to_string()),
            exposure: scope.exposure.map(|exposure| exposure.to_string()),
        },
        reason,
        justification: justification.map(|justification| justification.to_string()),
        ticket,
        from: from.to_string(),
        until: until.to_string(),
        requested_by: Named::new(exception.requested_by, requested_by),
        requested_at: exception.requested_at.to_string(),
        decided_by: named_as(exception.decided_by, decided_by),
        decided_at: exception.decided_at.map(|at| at.to_string()),
        revoked_by: named_as(exception.revoked_by, revoked_by),
        revoked_at: exception.revoked_at.map(|at| at.to_string()),
        used,
        actions,
    }
}

fn named_as(id: Option<impl ToString>, name: Option<String>) -> Option<Named> {
    id.zip(name).map(|(id, name)| Named::new(id, name))
}
