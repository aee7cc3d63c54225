//! The components of a release: every one once, whatever number of inventories names it.

use crate::api::findings::sources;
use crate::api::named::SeverityCounts;
use crate::app::App;
use crate::caller::{Allowed, Read};
use crate::current;
use crate::extract::{Json, Path, Query};
use crate::page::{Page, PageQuery};
use crate::problem::{Answer, Problem};
use axum::extract::State;
use serde::{Deserialize, Serialize};
use shipworthy_model::{self as model, Digest, EvidenceId, Permission, ReleaseId};
use shipworthy_store::component::{self, Filter, ListedComponent, Place};
use shipworthy_store::finding::{vulnerabilities_by_component, without_qualifiers};
use shipworthy_store::{finding_match, release};
use std::collections::BTreeMap;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this noun.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_components))
}

/// One component of a release.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ComponentView {
    /// Its name.
    pub name: String,
    /// Its version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Its package URL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purl: Option<String>,
    /// What it is, as stated, such as `library`.
    pub kind: String,
    /// Its licence as an SPDX expression.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub license: Option<String>,
    /// Who supplies it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supplier: Option<String>,
    /// How many vulnerabilities of each severity are known of it.
    pub vulnerabilities: SeverityCounts,
    /// The evidence that names it.
    pub evidence_id: String,
}

/// A page of components with their number.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ComponentPage {
    /// The components by name.
    pub items: Vec<ComponentView>,
    /// Where the next page begins; absent on the last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
    /// How many there are on all pages.
    pub total: u64,
}

/// Which components are asked for.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct ComponentQuery {
    /// Part of the name or package URL.
    q: Option<String>,
    /// Part of the licence expression.
    license: Option<String>,
    /// How many items at most, 1 to 500; 50 when not given.
    limit: Option<usize>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Lists the components of a release by name
#[utoipa::path(get, path = "/releases/{id}/components", tag = "components", security(("bearer" = [])),
    params(("id" = String, Path, description = "The release's id"), ComponentQuery),
    responses((status = 200, body = ComponentPage), (status = 404, body = Problem)))]
async fn list_components(
    State(app): State<App>,
    caller: Allowed<Read>,
    Path(id): Path<ReleaseId>,
    Query(query): Query<ComponentQuery>,
) -> Answer<Json<ComponentPage>> {
    let filter = Filter { text: query.q, license: query.license };
    let page = PageQuery { limit: query.limit, cursor: query.cursor };
    let limit = page.limit()?;
    let after = page.after::<(String, String)>()?.map(|(name, identity)| Place { name, identity });
    let mut session = app.db.read().await?;
    release::get(&mut session, id, &caller.visibility(Permission::Read)).await?;
    let sources = sources(&current::of_release(&mut session, id, &[]).await?);
    let documents: Vec<Digest> = sources.keys().cloned().collect();
    let found = component::of_documents(&mut session, &documents, &filter, after.as_ref(), limit + 1).await?;
    let total = component::count(&mut session, &documents, &filter).await?;
    let matched = finding_match::of_documents(&mut session, &documents).await?;
    let vulnerabilities = vulnerabilities_by_component(&mut session, &documents, &matched).await?;
    let key = |found: &ListedComponent| (found.name.clone(), found.identity.clone());
    let Page { items, next_cursor } = Page::of(found, limit, key, |found| wire(found, &sources, &vulnerabilities));
    Ok(Json(ComponentPage { items, next_cursor, total }))
}

fn wire(
    found: ListedComponent,
    sources: &BTreeMap<Digest, (EvidenceId, String)>,
    vulnerabilities: &BTreeMap<String, model::SeverityCounts>,
) -> ComponentView {
    let counts = vulnerabilities.get(without_qualifiers(&found.identity)).copied().unwrap_or_default();
    ComponentView {
        name: found.name,
        version: found.version,
        purl: found.purl,
        kind: found.kind,
        license: found.license,
        supplier: found.supplier,
        vulnerabilities: counts.into(),
        evidence_id: sources.get(&found.document).map(|(id, _)| id.to_string()).unwrap_or_default(),
    }
}
