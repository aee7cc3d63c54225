//! API tokens.

use crate::api::named::{Named, Scope};
use crate::app::App;
use crate::caller::{Allowed, SignedIn};
use crate::extract::{Json, Path};
use crate::page::Page;
use crate::people::{self, NewToken};
use crate::problem::{Answer, Problem};
use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use shipworthy_model::{Permission, TokenId};
use shipworthy_store::token;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this noun.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_tokens, create_token)).routes(routes!(revoke_token))
}

/// An API token without its secret.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Token {
    /// Its id.
    pub id: String,
    /// What it is for.
    pub name: String,
    /// The first characters of its secret.
    pub prefix: String,
    /// What it may do.
    pub permissions: Vec<String>,
    /// Where.
    pub scope: Scope,
    /// The person it acts for.
    pub owner: Named,
    /// When it was made.
    pub created_at: String,
    /// First instant at which it no longer works.
    pub expires_at: String,
    /// When it was used, to the minute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_used_at: Option<String>,
    /// When it was taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<String>,
    /// What the caller may do: `revoke`.
    pub actions: Vec<String>,
}

/// A new token.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateToken {
    /// What it is for.
    pub name: String,
    /// What it may do: nothing that its owner may not.
    pub permissions: Vec<String>,
    /// Where.
    pub scope: Scope,
    /// When it ends, RFC 3339.
    pub expires_at: String,
}

/// A token and its secret, which is shown this once.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CreatedToken {
    /// The token.
    pub token: Token,
    /// The secret: send it as `Authorization: Bearer …`.
    pub secret: String,
}

/// Lists one's own tokens, or everybody's for an administrator, newest first
#[utoipa::path(get, path = "/tokens", tag = "tokens", security(("bearer" = [])),
    responses((status = 200, body = Page<Token>), (status = 401, body = Problem)))]
async fn list_tokens(State(app): State<App>, caller: Allowed<SignedIn>) -> Answer<Json<Page<Token>>> {
    let owner = (!caller.may_everywhere(Permission::Admin)).then_some(caller.user_id);
    let mut session = app.db.read().await?;
    let tokens = token::list(&mut session, owner).await?;
    Ok(Json(Page::whole(tokens.into_iter().map(wire).collect())))
}

/// Makes a token for oneself
#[utoipa::path(post, path = "/tokens", tag = "tokens", security(("bearer" = [])), request_body = CreateToken,
    responses((status = 201, body = CreatedToken), (status = 403, body = Problem), (status = 422, body = Problem)))]
async fn create_token(
    State(app): State<App>,
    caller: Allowed<SignedIn>,
    Json(body): Json<CreateToken>,
) -> Answer<(StatusCode, Json<CreatedToken>)> {
    if caller.token.is_some() && !caller.may(Permission::Admin) {
        return Err(Problem::forbidden("a token makes no tokens, unless it has the permission `admin`"));
    }
    let (token, secret) = people::create_token(&app, &caller, new_token(&body)?).await?;
    Ok((StatusCode::CREATED, Json(CreatedToken { token: wire(token), secret })))
}

/// Takes a token back
#[utoipa::path(delete, path = "/tokens/{id}", tag = "tokens", security(("bearer" = [])),
    params(("id" = String, Path, description = "The token's id")),
    responses((status = 204), (status = 404, body = Problem)))]
async fn revoke_token(
    State(app): State<App>,
    caller: Allowed<SignedIn>,
    Path(id): Path<TokenId>,
) -> Answer<StatusCode> {
    people::revoke_token(&app, &caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn new_token(body: &CreateToken) -> Answer<NewToken> {
    let permission = |(index, word): (usize, &String)| {
        word.parse().map_err(|why: String| Problem::invalid(&format!("permissions[{index}]"), why))
    };
    let not_a_time = || {
        Problem::invalid(
            "expires_at",
            format!("`{}` is not a time: expected RFC 3339, such as `2027-01-31T00:00:00Z`", body.expires_at),
        )
    };
    Ok(NewToken {
        name: body.name.clone(),
        permissions: body.permissions.iter().enumerate().map(permission).collect::<Answer<_>>()?,
        scope: (&body.scope).try_into().map_err(|why: String| Problem::invalid("scope", why))?,
        expires_at: body.expires_at.parse::<Timestamp>().map_err(|_| not_a_time())?,
    })
}

fn wire(token: token::Token) -> Token {
    let actions = if token.revoked_at.is_none() { vec!["revoke".to_owned()] } else { Vec::new() };
    Token {
        id: token.id.to_string(),
        name: token.name,
        prefix: token.prefix,
        permissions: token.permissions.iter().map(ToString::to_string).collect(),
        scope: token.scope.into(),
        owner: Named::new(token.user_id, token.user_name),
        created_at: token.created_at.to_string(),
        expires_at: token.expires_at.to_string(),
        last_used_at: token.last_used_at.map(|at| at.to_string()),
        revoked_at: token.revoked_at.map(|at| at.to_string()),
        actions,
    }
}
