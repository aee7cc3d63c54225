//! The keys with which the server signs: their public halves for everybody, and putting a new one in force.

use crate::app::App;
use crate::caller::{Admin, Allowed, SignedIn};
use crate::extract::Json;
use crate::page::Page;
use crate::problem::{Answer, Problem};
use crate::signing::{self, KeyUse, RingKey};
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use shipworthy_trust::PublicKey;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this noun.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_keys, rotate_key))
}

/// The route outside the API: who verifies needs no account.
pub fn well_known() -> Router<App> {
    Router::new().route("/.well-known/shipworthy-keys", get(get_published_keys))
}

/// The public halves of all keys, as `/.well-known/shipworthy-keys` gives them.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PublishedKeys {
    /// The keys, also those that are not in force any more, in the order in which they were made.
    pub keys: Vec<PublishedKey>,
}

/// The public half of a key, and when what it signed holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct PublishedKey {
    /// The SHA-256 of the key's `SubjectPublicKeyInfo`, in hexadecimal digits.
    pub id: String,
    /// What it signs: `attestation` or `audit`.
    #[serde(rename = "use")]
    pub usage: KeyUse,
    /// When it was made.
    pub created_at: String,
    /// From when on its signatures hold.
    pub valid_from: String,
    /// Until when, exclusively. Absent while nothing replaced it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<String>,
    /// The key in PEM.
    pub pem: String,
    /// The key as JSON Web Key.
    #[schema(value_type = Object)]
    pub jwk: serde_json::Value,
}

/// Which key to replace.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RotateKey {
    /// What it signs: `attestation` or `audit`.
    #[serde(rename = "use")]
    pub usage: KeyUse,
    /// How many hours the key that is replaced still holds, for those who have not noticed yet; 24 when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overlap_hours: Option<u32>,
}

/// Lists the keys with which the server signs, in the order in which they were made
///
/// The same without a token, and as a file for `shipworthy verify`: `GET /.well-known/shipworthy-keys`.
#[utoipa::path(get, path = "/keys", tag = "keys", security(("bearer" = [])),
    responses((status = 200, body = Page<PublishedKey>), (status = 401, body = Problem)))]
async fn list_keys(State(app): State<App>, _caller: Allowed<SignedIn>) -> Answer<Json<Page<PublishedKey>>> {
    Ok(Json(Page::whole(published(&app)?)))
}

/// Makes a new key, which signs from now on
///
/// The key that it replaces holds for the hours of overlap; then its private half is deleted and its public half stays.
#[utoipa::path(post, path = "/keys", tag = "keys", security(("bearer" = [])), request_body = RotateKey,
    responses((status = 201, body = PublishedKey), (status = 403, body = Problem), (status = 422, body = Problem)))]
async fn rotate_key(
    State(app): State<App>,
    caller: Allowed<Admin>,
    Json(body): Json<RotateKey>,
) -> Answer<(StatusCode, Json<PublishedKey>)> {
    let overlap = SignedDuration::from_hours(body.overlap_hours.unwrap_or(USUAL_OVERLAP_HOURS).into());
    let key = signing::rotate(&app, &caller, body.usage, overlap).await?;
    Ok((StatusCode::CREATED, Json(wire(&key)?)))
}

const USUAL_OVERLAP_HOURS: u32 = 24;

async fn get_published_keys(State(app): State<App>) -> Answer<axum::Json<PublishedKeys>> {
    Ok(axum::Json(published_keys(&app)?))
}

/// The public halves of all keys.
///
/// # Errors
/// Internal, when they cannot be read.
pub(crate) fn published_keys(app: &App) -> Answer<PublishedKeys> {
    Ok(PublishedKeys { keys: published(app)? })
}

fn published(app: &App) -> Answer<Vec<PublishedKey>> {
    let ring = app.keys.ring().map_err(|error| Problem::internal(format!("{error:#}")))?;
    ring.keys.iter().map(wire).collect()
}

fn wire(key: &RingKey) -> Answer<PublishedKey> {
    let public = PublicKey::from_pem(&key.public_key).map_err(Problem::internal)?;
    Ok(PublishedKey {
        id: key.id.clone(),
        usage: key.usage,
        created_at: key.created_at.to_string(),
        valid_from: key.valid_from.to_string(),
        valid_until: key.valid_until.map(|until| until.to_string()),
        pem: key.public_key.clone(),
        jwk: serde_json::to_value(public.to_jwk()).map_err(Problem::internal)?,
    })
}
