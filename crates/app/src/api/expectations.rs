//! Expectations: how what a service ships is to be built.

use crate::api::signers::Pattern;
use crate::app::App;
use crate::caller::{Allowed, Govern, Read};
use crate::extract::{Json, Path};
use crate::problem::{Answer, Problem};
use crate::trust;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use shipworthy_model::{Permission, ServiceId};
use shipworthy_store::{expectation, service};
use shipworthy_trust::slsa::{self, RefRule};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this noun.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_expectations, put_expectations))
}

/// How what a service ships is to be built. What is left out is not checked, and reports say so.
#[derive(Clone, Debug, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Expectations {
    /// How they came about, in words for reports, such as `stated by the producer`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub formed: Option<String>,
    /// The source repository, in any way of writing it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_repository: Option<String>,
    /// The ids of the builders, one of which must build it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub builders: Vec<Pattern>,
    /// The branches and tags, one of which it must be built from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub refs: Vec<ExpectedRef>,
    /// The build types, one of which it must have.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub build_types: Vec<String>,
    /// All external parameters of the build: one that is not here must not be there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_parameters: Option<serde_json::Value>,
    /// Places in the external parameters that may be anything, as JSON pointers (RFC 6901).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub ignored_parameters: Vec<String>,
}

/// A branch or tag.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExpectedRef {
    /// `branch`, `tag`, `versioned_tag` (`v1` stands for every `v1.x.y`) or `any_tag`.
    pub kind: String,
    /// Its name; absent for `any_tag`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// Shows what is expected of a service's builds
#[utoipa::path(get, path = "/services/{id}/expectations", tag = "expectations", security(("bearer" = [])),
    params(("id" = String, Path, description = "The service's id")),
    responses((status = 200, body = Expectations), (status = 404, body = Problem)))]
async fn get_expectations(
    State(app): State<App>,
    caller: Allowed<Read>,
    Path(id): Path<ServiceId>,
) -> Answer<Json<Expectations>> {
    let mut session = app.db.read().await?;
    let unknown = || Problem::not_found(format!("service `{id}`"));
    let found = service::get(&mut session, id).await.map_err(|_| unknown())?;
    if !caller.may_in_application(Permission::Read, found.application_id) {
        return Err(unknown());
    }
    let kept = expectation::find(&mut session, id).await?;
    let read: Option<slsa::Expectations> =
        kept.map(|kept| serde_json::from_value(kept.body)).transpose().map_err(Problem::internal)?;
    Ok(Json(Expectations::of(read.unwrap_or_default())))
}

/// Says how what a service ships is to be built, in the place of what was said before
#[utoipa::path(put, path = "/services/{id}/expectations", tag = "expectations", security(("bearer" = [])),
    params(("id" = String, Path, description = "The service's id")), request_body = Expectations,
    responses((status = 200, body = Expectations), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 422, body = Problem)))]
async fn put_expectations(
    State(app): State<App>,
    caller: Allowed<Govern>,
    Path(id): Path<ServiceId>,
    Json(body): Json<Expectations>,
) -> Answer<Json<Expectations>> {
    let kept = trust::expect(&app, &caller, id, body.read()?).await?;
    Ok(Json(Expectations::of(kept)))
}

impl Expectations {
    fn of(expectations: slsa::Expectations) -> Self {
        let slsa::Expectations { formed, source_repository, builders, refs, build_types, .. } = expectations;
        Self {
            formed,
            source_repository,
            builders: builders.into_iter().map(Pattern::from).collect(),
            refs: refs.into_iter().map(ExpectedRef::from).collect(),
            build_types,
            external_parameters: expectations.external_parameters,
            ignored_parameters: expectations.ignored_parameters,
        }
    }

    fn read(self) -> Answer<slsa::Expectations> {
        let pointers = self.ignored_parameters.iter();
        if let Some(wrong) = pointers.clone().find(|pointer| !pointer.starts_with('/')) {
            let detail = format!("`{wrong}` is no JSON pointer: expected one such as `/workflow/ref`");
            return Err(Problem::invalid("ignored_parameters", detail));
        }
        Ok(slsa::Expectations {
            formed: self.formed,
            source_repository: self.source_repository,
            builders: self.builders.into_iter().map(|id| id.read("builders")).collect::<Answer<_>>()?,
            refs: self.refs.into_iter().map(ExpectedRef::read).collect::<Answer<_>>()?,
            build_types: self.build_types,
            external_parameters: self.external_parameters,
            ignored_parameters: self.ignored_parameters,
        })
    }
}

impl ExpectedRef {
    fn read(self) -> Answer<RefRule> {
        match (self.kind.as_str(), self.name) {
            ("branch", Some(name)) => Ok(RefRule::Branch(name)),
            ("tag", Some(name)) => Ok(RefRule::Tag(name)),
            ("versioned_tag", Some(name)) => Ok(RefRule::VersionedTag(name)),
            ("any_tag", None) => Ok(RefRule::AnyTag),
            (other, _) => {
                let detail = format!(
                    "`{other}` with this name means nothing: expected `branch`, `tag` or `versioned_tag` with a name, or `any_tag`"
                );
                Err(Problem::invalid("refs", detail))
            }
        }
    }
}

impl From<RefRule> for ExpectedRef {
    fn from(rule: RefRule) -> Self {
        let (kind, name) = match rule {
            RefRule::Branch(name) => ("branch", Some(name)),
            RefRule::Tag(name) => ("tag", Some(name)),
            RefRule::VersionedTag(name) => ("versioned_tag", Some(name)),
            RefRule::AnyTag => ("any_tag", None),
        };
        Self { kind: kind.to_owned(), name }
    }
}
