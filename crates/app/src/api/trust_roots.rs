//! Trust roots: the keys and Sigstore instances by which signatures are checked.

use crate::app::App;
use crate::caller::{Allowed, Caller, Govern, Read};
use crate::extract::{Json, Path};
use crate::page::Page;
use crate::problem::{Answer, Problem};
use crate::trust::{self, NewTrustRoot};
use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use shipworthy_model::{Permission, TrustRootId};
use shipworthy_store::trust_root::{self, TrustRootKind};
use shipworthy_trust::verify;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this noun.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_trust_roots, create_trust_root)).routes(routes!(
        get_trust_root,
        replace_trust_root,
        revoke_trust_root
    ))
}

/// A key or a Sigstore instance by which signatures are checked.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct TrustRoot {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// `key` or `sigstore`.
    pub kind: String,
    /// The id of a key: the SHA-256 of its `SubjectPublicKeyInfo` in hexadecimal digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_id: Option<String>,
    /// The key in PEM, or the trusted root of the instance in JSON.
    pub body: String,
    /// What a signature under a Sigstore instance must prove; absent for all that the instance offers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub demands: Option<Demands>,
    /// The instant from which a key's signatures count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<String>,
    /// The instant from which they count no more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<String>,
    /// Who brought it.
    pub created_by: String,
    /// When.
    pub created_at: String,
    /// Since when it is revoked, and by whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked: Option<Revoked>,
    /// What the caller may do: `revoke`, and `replace` for a Sigstore instance.
    pub actions: Vec<String>,
}

/// What a signature under a Sigstore instance must prove beside its identity.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Demands {
    /// That it is in the transparency log.
    pub log_entry: bool,
    /// That its certificate is in the log of certificates.
    pub certificate_log: bool,
    /// That it was made while its certificate was valid. Without a log entry or timestamp in the document nobody can tell.
    pub signing_time: bool,
}

/// That something is trusted no more.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Revoked {
    /// Who revoked it.
    pub by: String,
    /// When.
    pub at: String,
}

/// A trust root to be added.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateTrustRoot {
    /// What it is called.
    pub name: String,
    /// A public key in PEM or as a JSON Web Key, a certificate in PEM, or the trusted root of a Sigstore instance in JSON.
    pub body: String,
    /// What a signature under a Sigstore instance must prove. Leave it out for all that the instance offers; less is for
    /// documents that lack what others look up in the network, such as provenance without its log entry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub demands: Option<Demands>,
    /// The instant from which a key's signatures count, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub valid_from: Option<Timestamp>,
    /// The instant from which they count no more, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub valid_until: Option<Timestamp>,
}

/// Another edition of a trusted root.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplaceTrustRoot {
    /// The trusted root in JSON.
    pub body: String,
}

/// Lists the trust roots by name, revoked ones too
#[utoipa::path(get, path = "/trust-roots", tag = "trust-roots", security(("bearer" = [])),
    responses((status = 200, body = Page<TrustRoot>)))]
async fn list_trust_roots(State(app): State<App>, caller: Allowed<Read>) -> Answer<Json<Page<TrustRoot>>> {
    let all = trust_root::list(&mut app.db.read().await?).await?;
    Ok(Json(Page::whole(all.into_iter().map(|root| wire(root, &caller)).collect::<Answer<_>>()?)))
}

/// Adds a trust root and checks anew what is here
#[utoipa::path(post, path = "/trust-roots", tag = "trust-roots", security(("bearer" = [])),
    request_body = CreateTrustRoot,
    responses((status = 201, body = TrustRoot), (status = 403, body = Problem), (status = 409, body = Problem),
        (status = 422, body = Problem)))]
async fn create_trust_root(
    State(app): State<App>,
    caller: Allowed<Govern>,
    Json(body): Json<CreateTrustRoot>,
) -> Answer<(StatusCode, Json<TrustRoot>)> {
    let CreateTrustRoot { name, body, demands, valid_from, valid_until } = body;
    let demands = demands.map(verify::Demands::from);
    let new = NewTrustRoot { name, body, demands, valid_from, valid_until };
    let root = trust::add_root(&app, &caller, new).await?;
    Ok((StatusCode::CREATED, Json(wire(root, &caller)?)))
}

/// Shows a trust root
#[utoipa::path(get, path = "/trust-roots/{id}", tag = "trust-roots", security(("bearer" = [])),
    params(("id" = String, Path, description = "The trust root's id")),
    responses((status = 200, body = TrustRoot), (status = 404, body = Problem)))]
async fn get_trust_root(
    State(app): State<App>,
    caller: Allowed<Read>,
    Path(id): Path<TrustRootId>,
) -> Answer<Json<TrustRoot>> {
    Ok(Json(wire(trust_root::get(&mut app.db.read().await?, id).await?, &caller)?))
}

/// Puts another edition of a Sigstore instance's trusted root in the place of the one before
#[utoipa::path(put, path = "/trust-roots/{id}", tag = "trust-roots", security(("bearer" = [])),
    params(("id" = String, Path, description = "The trust root's id")), request_body = ReplaceTrustRoot,
    responses((status = 200, body = TrustRoot), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn replace_trust_root(
    State(app): State<App>,
    caller: Allowed<Govern>,
    Path(id): Path<TrustRootId>,
    Json(body): Json<ReplaceTrustRoot>,
) -> Answer<Json<TrustRoot>> {
    let root = trust::replace_root(&app, &caller, id, &body.body).await?;
    Ok(Json(wire(root, &caller)?))
}

/// Revokes a trust root: what is signed with it from now on counts no more
#[utoipa::path(delete, path = "/trust-roots/{id}", tag = "trust-roots", security(("bearer" = [])),
    params(("id" = String, Path, description = "The trust root's id")),
    responses((status = 200, body = TrustRoot), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn revoke_trust_root(
    State(app): State<App>,
    caller: Allowed<Govern>,
    Path(id): Path<TrustRootId>,
) -> Answer<Json<TrustRoot>> {
    let root = trust::revoke_root(&app, &caller, id).await?;
    Ok(Json(wire(root, &caller)?))
}

fn wire(root: trust_root::TrustRoot, caller: &Caller) -> Answer<TrustRoot> {
    let may = root.revoked.is_none() && caller.may_everywhere(Permission::Govern);
    let replace = may && root.kind == TrustRootKind::Sigstore;
    let actions = [("revoke", may), ("replace", replace)];
    let demands: Option<verify::Demands> =
        root.demands.map(serde_json::from_value).transpose().map_err(Problem::internal)?;
    Ok(TrustRoot {
        id: root.id.to_string(),
        name: root.name,
        kind: root.kind.as_str().to_owned(),
        key_id: match root.kind {
            TrustRootKind::Key(id) => Some(id),
            TrustRootKind::Sigstore => None,
        },
        body: root.body,
        demands: demands.map(Demands::from),
        valid_from: root.valid_from.map(|at| at.to_string()),
        valid_until: root.valid_until.map(|at| at.to_string()),
        created_by: root.created_by,
        created_at: root.created_at.to_string(),
        revoked: root.revoked.map(Revoked::from),
        actions: actions.into_iter().filter(|(_, may)| *may).map(|(action, _)| action.to_owned()).collect(),
    })
}

impl From<Demands> for verify::Demands {
    fn from(Demands { log_entry, certificate_log, signing_time }: Demands) -> Self {
        Self { log_entry, certificate_log, signing_time }
    }
}

impl From<verify::Demands> for Demands {
    fn from(verify::Demands { log_entry, certificate_log, signing_time }: verify::Demands) -> Self {
        Self { log_entry, certificate_log, signing_time }
    }
}

impl From<(String, Timestamp)> for Revoked {
    fn from((by, at): (String, Timestamp)) -> Self {
        Self { by, at: at.to_string() }
    }
}
