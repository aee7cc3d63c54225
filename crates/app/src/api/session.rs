//! Signing in and out, and the first administrator.

use crate::api::named::{Named, Scope};
use crate::app::App;
use crate::caller::{Allowed, Caller, SignedIn, cookie_name, hash_secret};
use crate::extract::Json;
use crate::people::{self, NewSession};
use crate::problem::{Answer, Problem};
use axum::extract::State;
use axum::http::{HeaderName, StatusCode, header};
use serde::{Deserialize, Serialize};
use shipworthy_store::user_session;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this noun.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_setup, create_setup)).routes(routes!(
        get_session,
        create_session,
        delete_session
    ))
}

/// Who is signed in, and what they may do.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Session {
    /// The person.
    pub user: Named,
    /// The token, when the call came with one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<Named>,
    /// The person's roles.
    pub grants: Vec<RoleGrant>,
    /// Everything the caller may do somewhere.
    pub permissions: Vec<String>,
    /// What unsafe requests of a browser repeat in `X-Shipworthy-CSRF`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub csrf_token: Option<String>,
    /// The version of the server.
    pub version: String,
}

/// A role in a scope.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RoleGrant {
    /// `viewer`, `developer`, `approver`, `security` or `administrator`.
    pub role: String,
    /// Where it holds.
    pub scope: Scope,
}

/// Whether the first administrator is still to be made.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Setup {
    /// True until somebody used the setup link.
    pub is_open: bool,
}

/// The first administrator.
#[derive(Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateSetup {
    /// The secret of the one-time link that `shipworthy serve` printed.
    pub token: String,
    /// The name to sign in with.
    pub name: String,
    /// At least 15 characters.
    pub password: String,
}

/// Name and password.
#[derive(Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateSession {
    /// The name.
    pub name: String,
    /// The password.
    pub password: String,
}

type WithCookie = (StatusCode, [(HeaderName, String); 1], Json<Session>);

/// Says whether the first administrator is still to be made
#[utoipa::path(get, path = "/setup", tag = "session", responses((status = 200, body = Setup)))]
async fn get_setup(State(app): State<App>) -> Answer<Json<Setup>> {
    Ok(Json(Setup { is_open: people::is_setup_open(&app).await? }))
}

/// Makes the first administrator with the one-time setup link
#[utoipa::path(post, path = "/setup", tag = "session", request_body = CreateSetup,
    responses((status = 201, body = Session), (status = 403, body = Problem), (status = 422, body = Problem)))]
async fn create_setup(State(app): State<App>, Json(body): Json<CreateSetup>) -> Answer<WithCookie> {
    let new = people::set_up(&app, &hash_secret(&body.token), &body.name, &body.password).await?;
    Ok(signed_in(&app, StatusCode::CREATED, new))
}

/// Signs in
#[utoipa::path(post, path = "/session", tag = "session", request_body = CreateSession,
    responses((status = 200, body = Session), (status = 401, body = Problem), (status = 429, body = Problem)))]
async fn create_session(State(app): State<App>, Json(body): Json<CreateSession>) -> Answer<WithCookie> {
    let new = people::sign_in(&app, &body.name, &body.password).await?;
    Ok(signed_in(&app, StatusCode::OK, new))
}

/// Says who is signed in
#[utoipa::path(get, path = "/session", tag = "session", security(("bearer" = [])),
    responses((status = 200, body = Session), (status = 401, body = Problem)))]
async fn get_session(caller: Allowed<SignedIn>) -> Json<Session> {
    Json(Session::from(&*caller))
}

/// Signs out
#[utoipa::path(delete, path = "/session", tag = "session", security(("bearer" = [])),
    responses((status = 204), (status = 401, body = Problem)))]
async fn delete_session(
    State(app): State<App>,
    caller: Allowed<SignedIn>,
) -> Answer<(StatusCode, [(HeaderName, String); 1])> {
    if let Some((id, _)) = &caller.session {
        let mut session = app.db.write().await?;
        user_session::delete(&mut session, *id).await?;
        session.commit().await?;
        app.callers.forget();
    }
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie(&app, "", 0))]))
}

fn signed_in(app: &App, status: StatusCode, new: NewSession) -> WithCookie {
    let seconds = app.settings.session_hours * 3600;
    let set_cookie = (header::SET_COOKIE, cookie(app, &new.secret, seconds));
    (status, [set_cookie], Json(Session::from(&new.caller)))
}

fn cookie(app: &App, secret: &str, seconds: i64) -> String {
    let name = cookie_name(app);
    let secure = if name.starts_with("__Host-") { "; Secure" } else { "" };
    format!("{name}={secret}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}")
}

impl From<&Caller> for Session {
    fn from(caller: &Caller) -> Self {
        Self {
            user: Named::new(caller.user_id, &caller.user_name),
            token: caller.token.as_ref().map(|(id, name)| Named::new(id, name)),
            grants: caller
                .grants
                .iter()
                .map(|grant| RoleGrant { role: grant.role.to_string(), scope: grant.scope.into() })
                .collect(),
            permissions: caller.permissions().iter().map(ToString::to_string).collect(),
            csrf_token: caller.session.as_ref().map(|(_, csrf)| csrf.clone()),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }
}
