//! Teams.

use crate::app::App;
use crate::caller::{Admin, Allowed, Read};
use crate::extract::{Json, Query};
use crate::page::{Page, PageQuery};
use crate::portfolio;
use crate::problem::{Answer, Problem};
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use shipworthy_model::Permission;
use shipworthy_store::team::{self, CountedTeam};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this noun.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_teams, create_team))
}

/// What owns applications.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Team {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// How many applications it owns that the caller sees.
    pub applications: u64,
    /// When it was made.
    pub created_at: String,
}

/// A new team.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateTeam {
    /// Its name, unique.
    pub name: String,
}

/// Lists teams by name
#[utoipa::path(get, path = "/teams", tag = "teams", security(("bearer" = [])), params(PageQuery),
    responses((status = 200, body = Page<Team>), (status = 403, body = Problem)))]
async fn list_teams(
    State(app): State<App>,
    caller: Allowed<Read>,
    Query(page): Query<PageQuery>,
) -> Answer<Json<Page<Team>>> {
    let limit = page.limit()?;
    let after: Option<String> = page.after()?;
    let mut session = app.db.read().await?;
    let visible = caller.visibility(Permission::Read);
    let teams = team::list(&mut session, &visible, after.as_deref(), limit + 1).await?;
    Ok(Json(Page::of(teams, limit, |counted| counted.team.name.clone(), wire)))
}

/// Makes a team
#[utoipa::path(post, path = "/teams", tag = "teams", security(("bearer" = [])), request_body = CreateTeam,
    responses((status = 201, body = Team), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn create_team(
    State(app): State<App>,
    caller: Allowed<Admin>,
    Json(body): Json<CreateTeam>,
) -> Answer<(StatusCode, Json<Team>)> {
    let team = portfolio::create_team(&app, &caller, &body.name).await?;
    Ok((StatusCode::CREATED, Json(wire(CountedTeam { team, applications: 0 }))))
}

fn wire(CountedTeam { team, applications }: CountedTeam) -> Team {
    Team { id: team.id.to_string(), name: team.name, applications, created_at: team.created_at.to_string() }
}
