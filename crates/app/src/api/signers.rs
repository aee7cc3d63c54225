//! Signers: the rules that say who may sign what for which applications.

use crate::api::assignments::AssignmentScope;
use crate::api::named::Named;
use crate::api::trust_roots::Revoked;
use crate::app::App;
use crate::caller::{Allowed, Caller, Govern, Read};
use crate::extract::{Json, Path};
use crate::govern;
use crate::page::Page;
use crate::problem::{Answer, Problem};
use crate::trust::{self, NewSigner, Who};
use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use shipworthy_model::{Permission, SignerId};
use shipworthy_store::Session;
use shipworthy_store::signer::{self, SignedWith};
use shipworthy_trust::verify::identity as trusted;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this noun.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_signers, create_signer)).routes(routes!(revoke_signer))
}

/// A rule that says who may sign what.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Signer {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// The trust root whose key signs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<Named>,
    /// Or the identity in the certificate that signs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<IdentityRule>,
    /// The predicate types that count from him; `*` stands for any.
    pub predicate_types: Vec<String>,
    /// The applications for which they count.
    pub scope: AssignmentScope,
    /// The instant from which signatures count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<String>,
    /// The instant from which they count no more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<String>,
    /// Who made the rule.
    pub created_by: String,
    /// When.
    pub created_at: String,
    /// Since when it is revoked, and by whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked: Option<Revoked>,
    /// What the caller may do: `revoke`.
    pub actions: Vec<String>,
}

/// How a rule names a signer by the certificate with which he signs. Both are needed: a name is worth what its issuer is
/// worth.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IdentityRule {
    /// The subject alternative name, such as the address of a workflow.
    pub name: Pattern,
    /// Who vouched for it: the address of the OpenID Connect issuer.
    pub issuer: Pattern,
}

/// How a text is named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Pattern {
    /// `exact`: this text; `pattern`: a text in which each `*` stands for any characters, from the first to the last
    /// character; `any`: whatever it is.
    #[serde(rename = "match")]
    pub kind: String,
    /// The text or pattern; absent for `any`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

/// A rule to be made.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateSigner {
    /// What it is called.
    pub name: String,
    /// The name of the trust root whose key signs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Or the identity in the certificate that signs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<IdentityRule>,
    /// The predicate types that count from him; `*` stands for any.
    pub predicate_types: Vec<String>,
    /// Where they count, by id or by name.
    pub scope: AssignmentScope,
    /// The instant from which signatures count, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub valid_from: Option<Timestamp>,
    /// The instant from which they count no more, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub valid_until: Option<Timestamp>,
}

/// Lists the rules that concern what the caller may see, by name, revoked ones too
#[utoipa::path(get, path = "/signers", tag = "signers", security(("bearer" = [])),
    responses((status = 200, body = Page<Signer>)))]
async fn list_signers(State(app): State<App>, caller: Allowed<Read>) -> Answer<Json<Page<Signer>>> {
    let mut session = app.db.read().await?;
    let mut seen = Vec::new();
    for signer in signer::list(&mut session).await? {
        let reach = govern::reach_of(&mut session, signer.scope).await?;
        if govern::concerns(&mut session, &caller, reach).await? {
            seen.push(wire(&mut session, &caller, signer).await?);
        }
    }
    Ok(Json(Page::whole(seen)))
}

/// Says who may sign what
#[utoipa::path(post, path = "/signers", tag = "signers", security(("bearer" = [])), request_body = CreateSigner,
    responses((status = 201, body = Signer), (status = 403, body = Problem), (status = 422, body = Problem)))]
async fn create_signer(
    State(app): State<App>,
    caller: Allowed<Govern>,
    Json(body): Json<CreateSigner>,
) -> Answer<(StatusCode, Json<Signer>)> {
    let CreateSigner { name, key, identity, predicate_types, scope, valid_from, valid_until } = body;
    let who = match (key, identity) {
        (Some(key), None) => Who::Key(key),
        (None, Some(rule)) => Who::Identity(rule.read()?),
        _ => return Err(Problem::invalid("key", "expected either `key` or `identity`: who signs?")),
    };
    let scope = (scope.kind, scope.id, scope.name);
    let new = NewSigner { name, who, predicate_types, scope, valid_from, valid_until };
    let signer = trust::add_signer(&app, &caller, new).await?;
    Ok((StatusCode::CREATED, Json(wire(&mut app.db.read().await?, &caller, signer).await?)))
}

/// Revokes a rule: nothing counts by it any more, whenever it was signed
#[utoipa::path(delete, path = "/signers/{id}", tag = "signers", security(("bearer" = [])),
    params(("id" = String, Path, description = "The signer's id")),
    responses((status = 200, body = Signer), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn revoke_signer(
    State(app): State<App>,
    caller: Allowed<Govern>,
    Path(id): Path<SignerId>,
) -> Answer<Json<Signer>> {
    let signer = trust::revoke_signer(&app, &caller, id).await?;
    Ok(Json(wire(&mut app.db.read().await?, &caller, signer).await?))
}

async fn wire(session: &mut Session, caller: &Caller, signer: signer::Signer) -> Answer<Signer> {
    let reach = govern::reach_of(session, signer.scope).await?;
    let may_revoke = signer.revoked.is_none() && reach.is_within(caller, Permission::Govern);
    let (key, identity) = match signer.who {
        SignedWith::Key { root, name, .. } => (Some(Named::new(root, name)), None),
        SignedWith::Identity(rule) => {
            let rule: trusted::IdentityRule = serde_json::from_value(rule).map_err(Problem::internal)?;
            (None, Some(IdentityRule::from(rule)))
        }
    };
    Ok(Signer {
        id: signer.id.to_string(),
        name: signer.name,
        key,
        identity,
        predicate_types: signer.predicate_types,
        scope: AssignmentScope { kind: signer.scope.kind().to_owned(), id: signer.scope.id(), name: signer.scope_name },
        valid_from: signer.valid_from.map(|at| at.to_string()),
        valid_until: signer.valid_until.map(|at| at.to_string()),
        created_by: signer.created_by,
        created_at: signer.created_at.to_string(),
        revoked: signer.revoked.map(Revoked::from),
        actions: may_revoke.then(|| "revoke".to_owned()).into_iter().collect(),
    })
}

impl IdentityRule {
    pub(crate) fn read(self) -> Answer<trusted::IdentityRule> {
        Ok(trusted::IdentityRule {
            san: self.name.read("identity.name")?,
            issuer: self.issuer.read("identity.issuer")?,
        })
    }
}

impl From<trusted::IdentityRule> for IdentityRule {
    fn from(rule: trusted::IdentityRule) -> Self {
        Self { name: rule.san.into(), issuer: rule.issuer.into() }
    }
}

impl Pattern {
    pub(crate) fn read(self, at: &str) -> Answer<trusted::Pattern> {
        match (self.kind.as_str(), self.value) {
            ("exact", Some(value)) => Ok(trusted::Pattern::Exact(value)),
            ("pattern", Some(value)) => Ok(trusted::Pattern::Pattern(value)),
            ("any", None) => Ok(trusted::Pattern::Any),
            ("exact" | "pattern", None) => Err(Problem::invalid(at, "expected a `value`")),
            ("any", Some(_)) => Err(Problem::invalid(at, "`any` has no `value`")),
            (other, _) => {
                let detail = format!("`{other}` names nothing: expected `exact`, `pattern` or `any`");
                Err(Problem::invalid(at, detail))
            }
        }
    }
}

impl From<trusted::Pattern> for Pattern {
    fn from(pattern: trusted::Pattern) -> Self {
        let (kind, value) = match pattern {
            trusted::Pattern::Exact(value) => ("exact", Some(value)),
            trusted::Pattern::Pattern(value) => ("pattern", Some(value)),
            trusted::Pattern::Any => ("any", None),
        };
        Self { kind: kind.to_owned(), value }
    }
}
