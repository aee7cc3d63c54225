//! Reports for auditors, as JSON, as a signed statement, as a page and as a PDF file.

use crate::app::App;
use crate::caller::{Allowed, Caller, Read};
use crate::extract::{Path, Query};
use crate::problem::{Answer, Problem};
use crate::report::period::PeriodReport;
use crate::report::slsa::{self, SlsaRelease, SlsaReport};
use crate::report::{Form, Ready, pdf, period};
use crate::server::attachment;
use crate::slsa::assess_release;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use shipworthy_model::{ApplicationId, Digest, Permission, ReleaseId, Scope};
use shipworthy_store::period::Period;
use shipworthy_store::{Session, Visibility, application, release, team, visibility};
use shipworthy_typeset::{Document, STYLE, html};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this noun.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get_period_report))
        .routes(routes!(get_slsa_report))
        .routes(routes!(get_application_slsa_report))
}

/// What a report is about and how it is written.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct PeriodQuery {
    /// The first instant, RFC 3339; 30 days before `until` when not given.
    #[param(value_type = Option<String>)]
    from: Option<Timestamp>,
    /// The first instant after it, RFC 3339; now when not given.
    #[param(value_type = Option<String>)]
    until: Option<Timestamp>,
    /// The name of an application. Without it and `team`: everything that you may see.
    application: Option<String>,
    /// The name of a team.
    team: Option<String>,
    /// `json` (when not given), `signed` (the same in a signed statement), `html` or `pdf`.
    format: Option<String>,
}

/// Reports what happened in a span of time: releases, decisions, violations, exceptions, due dates, approvals
#[utoipa::path(get, path = "/reports/period", tag = "reports", security(("bearer" = [])), params(PeriodQuery),
    responses((status = 200, content((PeriodReport = "application/json"),
            (String = "application/vnd.dsse.envelope.v1+json"), (String = "text/html"), (String = "application/pdf"))),
        (status = 404, body = Problem), (status = 422, body = Problem), (status = 501, body = Problem)))]
async fn get_period_report(
    State(app): State<App>,
    caller: Allowed<Read>,
    Query(query): Query<PeriodQuery>,
) -> Answer<Response> {
    let form = Form::of(query.format.as_deref())?;
    let (from, until) = span(&app, query.from, query.until)?;
    let mut session = app.db.snapshot().await?;
    let (about, visible) = about(&mut session, &caller, query.application.as_deref(), query.team.as_deref()).await?;
    let asked = Period { from, until, visible, limit: 0 };
    let report = period::report(&app, &mut session, &asked, (about, caller.user_name.clone())).await?;
    drop(session);
    let ready = report.ready(&app)?;
    let name = format!("period-report-{}-{}", &from.to_string()[..10], &until.to_string()[..10]);
    answer(app, form, ready, &name, move || report.document()).await
}

/// How a report of one release is written.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct FormQuery {
    /// `json` (when not given), `signed` (the same in a signed statement), `html` or `pdf`.
    format: Option<String>,
}

/// Reports what is proved by SLSA of how a release was built and of where its source comes from
#[utoipa::path(get, path = "/releases/{id}/slsa-report", tag = "reports", security(("bearer" = [])),
    params(("id" = String, Path, description = "The release's id"), FormQuery),
    responses((status = 200, content((SlsaReport = "application/json"),
            (String = "application/vnd.dsse.envelope.v1+json"), (String = "text/html"), (String = "application/pdf"))),
        (status = 404, body = Problem), (status = 422, body = Problem), (status = 501, body = Problem)))]
async fn get_slsa_report(
    State(app): State<App>,
    caller: Allowed<Read>,
    Path(id): Path<ReleaseId>,
    Query(query): Query<FormQuery>,
) -> Answer<Response> {
    let form = Form::of(query.format.as_deref())?;
    let mut session = app.db.snapshot().await?;
    let owned = release::get(&mut session, id, &caller.visibility(Permission::Read)).await?;
    let assessed = assess_release(&mut session, &owned).await?;
    drop(session);
    let release = SlsaRelease::of(&owned, &assessed);
    let mut report = SlsaReport::about(&app, release.release.clone(), caller.user_name.clone());
    let name = format!("slsa-report-{}", release.release.replace(['/', '@'], "-"));
    report.releases.push(release);
    let ready = report.ready(&app)?;
    answer(app, form, ready, &name, move || report.document()).await
}

/// Which releases of an application are reported, and how that is written.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct SlsaQuery {
    /// Releases made from this instant on, RFC 3339; 30 days before `until` when not given.
    #[param(value_type = Option<String>)]
    from: Option<Timestamp>,
    /// Releases made before this instant, RFC 3339; now when not given.
    #[param(value_type = Option<String>)]
    until: Option<Timestamp>,
    /// `json` (when not given), `signed` (the same in a signed statement), `html` or `pdf`.
    format: Option<String>,
}

/// Reports what is proved by SLSA of the releases of an application that were made in a span of time
#[utoipa::path(get, path = "/applications/{id}/slsa-report", tag = "reports", security(("bearer" = [])),
    params(("id" = String, Path, description = "The application's id"), SlsaQuery),
    responses((status = 200, content((SlsaReport = "application/json"),
            (String = "application/vnd.dsse.envelope.v1+json"), (String = "text/html"), (String = "application/pdf"))),
        (status = 404, body = Problem), (status = 422, body = Problem), (status = 501, body = Problem)))]
async fn get_application_slsa_report(
    State(app): State<App>,
    caller: Allowed<Read>,
    Path(id): Path<ApplicationId>,
    Query(query): Query<SlsaQuery>,
) -> Answer<Response> {
    let form = Form::of(query.format.as_deref())?;
    let (from, until) = span(&app, query.from, query.until)?;
    let visible = caller.visibility(Permission::Read);
    let mut session = app.db.snapshot().await?;
    let application = application::get(&mut session, id, &visible).await?;
    let asked = Period { from, until, visible: Visibility::Applications(vec![id]), limit: slsa::MOST_RELEASES + 1 };
    let made = shipworthy_store::period::releases(&mut session, &asked).await?;
    slsa::require_few(made.len())?;
    let about = format!("application {}", application.application.name);
    let mut report = SlsaReport::about(&app, about, caller.user_name.clone());
    (report.from, report.until) = (Some(from.to_string()), Some(until.to_string()));
    for made in made {
        let owned = release::get(&mut session, made.release.id, &visible).await?;
        let assessed = assess_release(&mut session, &owned).await?;
        report.releases.push(SlsaRelease::of(&owned, &assessed));
    }
    drop(session);
    let ready = report.ready(&app)?;
    answer(app, form, ready, "slsa-report", move || report.document()).await
}

/// The span that is asked for: thirty days until now, where nothing else is said.
pub(crate) fn span(app: &App, from: Option<Timestamp>, until: Option<Timestamp>) -> Answer<(Timestamp, Timestamp)> {
    let until = until.unwrap_or_else(|| app.clock.now());
    let from = from.unwrap_or_else(|| until.checked_sub(SignedDuration::from_hours(24 * 30)).unwrap_or(Timestamp::MIN));
    if from >= until {
        return Err(Problem::invalid("until", format!("it ends at {until} and begins at {from}"))
            .hint("expected an `until` after `from`"));
    }
    Ok((from, until))
}

/// What a report is about, in words, and what may be seen of that.
async fn about(
    session: &mut Session,
    caller: &Caller,
    application_name: Option<&str>,
    team_name: Option<&str>,
) -> Answer<(String, Visibility)> {
    let visible = caller.visibility(Permission::Read);
    let (words, wanted) = match (application_name, team_name) {
        (None, None) => return Ok(("everything".to_owned(), visible)),
        (Some(_), Some(_)) => {
            return Err(Problem::invalid("team", "a report is about an application or about a team")
                .hint("leave out `application` or `team`"));
        }
        (Some(name), None) => {
            let found = application::find(session, name).await?.filter(|found| visible.includes(found.id));
            let found = found.ok_or_else(|| Problem::not_found(format!("application `{name}`")))?;
            (format!("application {name}"), vec![found.id])
        }
        (None, Some(name)) => {
            let missing = || Problem::not_found(format!("team `{name}`"));
            let found = team::find(session, name).await?.ok_or_else(missing)?;
            let all = visibility::applications_of(session, Scope::Team(found.id)).await?;
            let seen: Vec<ApplicationId> = all.into_iter().filter(|id| visible.includes(*id)).collect();
            if seen.is_empty() && visible != Visibility::Everything {
                return Err(missing());
            }
            (format!("team {name}"), seen)
        }
    };
    Ok((words, Visibility::Applications(wanted)))
}

/// A report in the form that was asked for. Documents are put together and set in a thread of their own, because long ones
/// take longer than others should wait.
pub(crate) async fn answer(
    app: App,
    form: Form,
    ready: Ready,
    name: &str,
    document: impl FnOnce() -> Document + Send + 'static,
) -> Answer<Response> {
    match form {
        Form::Json => Ok(([(header::CONTENT_TYPE, "application/json")], ready.json).into_response()),
        Form::Signed => Ok(file(&format!("{name}.dsse.json"), "application/vnd.dsse.envelope.v1+json", ready.envelope)),
        Form::Html => {
            let page = tokio::task::spawn_blocking(move || html(&complete(&app, &ready, document())));
            page_of(page.await.map_err(Problem::internal)?)
        }
        Form::Pdf => {
            let bytes = tokio::task::spawn_blocking(move || pdf(&complete(&app, &ready, document())));
            Ok(file(&format!("{name}.pdf"), "application/pdf", bytes.await.map_err(Problem::internal)??))
        }
    }
}

fn complete(app: &App, ready: &Ready, mut document: Document) -> Document {
    ready.complete(app, &mut document);
    document
}

/// A page whose policy allows its own style and nothing else.
fn page_of(page: String) -> Answer<Response> {
    let digest = hex::decode(Digest::of(STYLE.as_bytes()).hex()).map_err(Problem::internal)?;
    let style = STANDARD.encode(digest);
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{style}'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'"
    );
    let headers =
        [(header::CONTENT_TYPE, "text/html; charset=utf-8".to_owned()), (header::CONTENT_SECURITY_POLICY, policy)];
    Ok((headers, page).into_response())
}

fn file(name: &str, media_type: &'static str, bytes: Vec<u8>) -> Response {
    let mut response = (attachment(name), bytes).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    response
}
