//! Applications.

use crate::api::named::Named;
use crate::app::App;
use crate::caller::{Allowed, Caller, Push, Read};
use crate::extract::{Json, Query};
use crate::page::{Page, PageQuery};
use crate::portfolio;
use crate::problem::{Answer, Problem};
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use shipworthy_model::Permission;
use shipworthy_store::Visibility;
use shipworthy_store::application::{self, OwnedApplication};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this noun.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_applications, create_application))
}

/// What the business names.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Application {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The team that owns it.
    pub team: Named,
    /// How many services it has.
    pub services: u64,
    /// When it was made.
    pub created_at: String,
    /// What the caller may do: `create-release`.
    pub actions: Vec<String>,
}

/// A new application.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateApplication {
    /// Its name, unique.
    pub name: String,
    /// The name of the team that owns it; `default` or your own when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
}

/// Lists applications by name
#[utoipa::path(get, path = "/applications", tag = "applications", security(("bearer" = [])), params(PageQuery),
    responses((status = 200, body = Page<Application>), (status = 403, body = Problem)))]
async fn list_applications(
    State(app): State<App>,
    caller: Allowed<Read>,
    Query(page): Query<PageQuery>,
) -> Answer<Json<Page<Application>>> {
    let limit = page.limit()?;
    let after: Option<String> = page.after()?;
    let mut session = app.db.read().await?;
    let visible = caller.visibility(Permission::Read);
    let found = application::list(&mut session, &visible, after.as_deref(), limit + 1).await?;
    Ok(Json(Page::of(found, limit, |owned| owned.application.name.clone(), |owned| wire(owned, &caller))))
}

/// Makes an application
#[utoipa::path(post, path = "/applications", tag = "applications", security(("bearer" = [])),
    request_body = CreateApplication,
    responses((status = 201, body = Application), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn create_application(
    State(app): State<App>,
    caller: Allowed<Push>,
    Json(body): Json<CreateApplication>,
) -> Answer<(StatusCode, Json<Application>)> {
    let made = portfolio::create_application(&app, &caller, &body.name, body.team.as_deref()).await?;
    let mut session = app.db.read().await?;
    let owned = application::get(&mut session, made.id, &Visibility::Everything).await?;
    let actions = vec!["create-release".to_owned()];
    Ok((StatusCode::CREATED, Json(Application { actions, ..wire(owned, &caller) })))
}

fn wire(owned: OwnedApplication, caller: &Caller) -> Application {
    let OwnedApplication { application, team_name, services } = owned;
    let may_push = caller.may_in_application(Permission::Push, application.id);
    Application {
        id: application.id.to_string(),
        name: application.name,
        team: Named::new(application.team_id, team_name),
        services,
        created_at: application.created_at.to_string(),
        actions: if may_push { vec!["create-release".to_owned()] } else { Vec::new() },
    }
}
