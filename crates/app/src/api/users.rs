//! Users.

use crate::api::session::RoleGrant;
use crate::app::App;
use crate::caller::{Admin, Allowed};
use crate::extract::{Json, Path};
use crate::page::Page;
use crate::people::{self, UserChange};
use crate::problem::{Answer, Problem};
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use shipworthy_model::{Permission, UserId};
use shipworthy_store::user::{self, Grant};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Why a team's administrator cannot change users.
const WHY: &str = "users belong to no team";

/// The routes of this noun.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_users, create_user)).routes(routes!(update_user))
}

/// A person who can sign in.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct User {
    /// Its id.
    pub id: String,
    /// The name to sign in with.
    pub name: String,
    /// Whether sign-in and tokens work.
    pub is_active: bool,
    /// The person's roles.
    pub grants: Vec<RoleGrant>,
    /// When it was made.
    pub created_at: String,
    /// What the caller may do: `update`.
    pub actions: Vec<String>,
}

/// A new user.
#[derive(Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateUser {
    /// The name to sign in with.
    pub name: String,
    /// At least 15 characters.
    pub password: String,
    /// Roles.
    #[serde(default)]
    pub grants: Vec<RoleGrant>,
}

/// What changes about a user.
#[derive(Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateUser {
    /// A new password.
    pub password: Option<String>,
    /// Other roles in place of all present ones.
    pub grants: Option<Vec<RoleGrant>>,
    /// On or off.
    pub is_active: Option<bool>,
}

/// Lists users by name
#[utoipa::path(get, path = "/users", tag = "users", security(("bearer" = [])),
    responses((status = 200, body = Page<User>), (status = 403, body = Problem)))]
async fn list_users(State(app): State<App>, caller: Allowed<Admin>) -> Answer<Json<Page<User>>> {
    caller.require_everywhere(Permission::Admin, WHY)?;
    let mut session = app.db.read().await?;
    let mut items = Vec::new();
    for person in user::list(&mut session).await? {
        let grants = user::grants(&mut session, person.id).await?;
        items.push(wire(person, &grants));
    }
    Ok(Json(Page::whole(items)))
}

/// Makes a user
#[utoipa::path(post, path = "/users", tag = "users", security(("bearer" = [])), request_body = CreateUser,
    responses((status = 201, body = User), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn create_user(
    State(app): State<App>,
    caller: Allowed<Admin>,
    Json(body): Json<CreateUser>,
) -> Answer<(StatusCode, Json<User>)> {
    caller.require_everywhere(Permission::Admin, WHY)?;
    let grants = model_grants(&body.grants)?;
    let person = people::create_user(&app, &caller, &body.name, &body.password, &grants).await?;
    Ok((StatusCode::CREATED, Json(wire(person, &grants))))
}

/// Changes a user; its browser sessions end
#[utoipa::path(patch, path = "/users/{id}", tag = "users", security(("bearer" = [])), request_body = UpdateUser,
    params(("id" = String, Path, description = "The user's id")),
    responses((status = 200, body = User), (status = 404, body = Problem)))]
async fn update_user(
    State(app): State<App>,
    caller: Allowed<Admin>,
    Path(id): Path<UserId>,
    Json(body): Json<UpdateUser>,
) -> Answer<Json<User>> {
    caller.require_everywhere(Permission::Admin, WHY)?;
    let grants = body.grants.as_deref().map(model_grants).transpose()?;
    let change = UserChange { password: body.password, grants, is_active: body.is_active };
    let person = people::update_user(&app, &caller, id, change).await?;
    let mut session = app.db.read().await?;
    let grants = user::grants(&mut session, id).await?;
    Ok(Json(wire(person, &grants)))
}

fn model_grants(grants: &[RoleGrant]) -> Answer<Vec<Grant>> {
    let grant = |(index, grant): (usize, &RoleGrant)| {
        let invalid = |field: &str, why: String| Problem::invalid(&format!("grants[{index}].{field}"), why);
        let role = grant.role.parse().map_err(|why| invalid("role", why))?;
        let scope = (&grant.scope).try_into().map_err(|why| invalid("scope", why))?;
        Ok(Grant { role, scope })
    };
    grants.iter().enumerate().map(grant).collect()
}

fn wire(person: user::User, grants: &[Grant]) -> User {
    User {
        id: person.id.to_string(),
        name: person.name,
        is_active: person.is_active,
        grants: grants.iter().map(|g| RoleGrant { role: g.role.to_string(), scope: g.scope.into() }).collect(),
        created_at: person.created_at.to_string(),
        actions: vec!["update".to_owned()],
    }
}
