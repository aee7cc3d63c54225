//! Who needs whom in a release, as a graph that a page can draw, and by which ways a component gets in.

use crate::api::named::Named;
use crate::app::App;
use crate::caller::{Allowed, Read};
use crate::current;
use crate::extract::{Json, Path, Query};
use crate::problem::{Answer, Problem};
use crate::sbom::graph::{Graph, Way, Ways, is_group};
use crate::sbom::{self, Contents};
use axum::extract::State;
use serde::{Deserialize, Serialize};
use shipworthy_model::{Permission, ReleaseId};
use shipworthy_store::release::{self, OwnedRelease};
use std::collections::{BTreeSet, HashMap};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this noun.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_dependencies))
}

/// Who needs whom in a release.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct DependencyGraph {
    /// The release.
    pub release: DependencyRelease,
    /// The components, the nearest to the release first; of those that are as near, by name.
    pub nodes: Vec<DependencyNode>,
    /// Who needs whom: the dependent's place in `nodes`, then the place of what it needs. Those of the release itself are
    /// in `direct`.
    pub edges: Vec<[u32; 2]>,
    /// The places of what the release itself needs.
    pub direct: Vec<u32>,
    /// How many components the release has.
    pub total_nodes: u64,
    /// How many dependencies it has, those of the release itself included.
    pub total_edges: u64,
    /// Which limit cut the graph: `nodes`, `depth` or `edges`; absent when it is whole. A graph of the ways of a component is
    /// not cut.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cut_by: Option<String>,
    /// How the component that was asked for gets in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub component: Option<ComponentPaths>,
}

/// The release that a graph is about.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct DependencyRelease {
    /// Its id.
    pub id: String,
    /// Its service.
    pub service: Named,
    /// Its version.
    pub version: String,
}

/// A component in the graph.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct DependencyNode {
    /// What it is called in the release: its package URL, else name and version.
    pub reference: String,
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
    /// Whether it stands for a part of the release, such as its operating system, rather than for something taken from
    /// elsewhere.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_group: bool,
    /// Whether the release itself, or a group of it, needs it. Absent when no inventory says how it gets in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_direct: Option<bool>,
    /// How many steps it is away from the release; a group is no step. Absent when no inventory says how it gets in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub depth: Option<u32>,
    /// How many components need it.
    pub dependents: u64,
    /// How many components it needs.
    pub dependencies: u64,
}

/// How a component gets into a release.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ComponentPaths {
    /// The places of the component, of several when what was asked for means several versions.
    pub places: Vec<u32>,
    /// Whether the release itself, or a group of it, needs one of them. Absent when no inventory says how they get in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_direct: Option<bool>,
    /// The ways by which it gets in, the shortest first, at most 20.
    pub paths: Vec<DependencyPath>,
    /// Whether there are more.
    pub has_more_paths: bool,
}

/// A way by which a component gets into a release.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct DependencyPath {
    /// Whether the release needs the first one; else no inventory says how that one gets in.
    pub is_from_release: bool,
    /// The places of the components on it; each needs the next, and the last one is what was asked for.
    pub places: Vec<u32>,
}

/// What of the graph is asked for.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct DependencyQuery {
    /// A component by reference or package URL (without version for any): the graph of the ways by which it gets in.
    component: Option<String>,
    /// How many components at most, 1 to 25000; 1000 when not given. The nearest to the release are given.
    limit: Option<usize>,
    /// How many steps away from the release at most.
    depth: Option<u32>,
}

const MOST_NODES: usize = 25_000;
const MOST_EDGES: usize = 125_000;
const MOST_PATHS: usize = 20;

/// Who needs whom in a release, and how a component gets in
#[utoipa::path(get, path = "/releases/{id}/dependencies", tag = "sbom", security(("bearer" = [])),
    params(("id" = String, Path, description = "The release's id"), DependencyQuery),
    responses((status = 200, body = DependencyGraph), (status = 404, body = Problem)))]
async fn get_dependencies(
    State(app): State<App>,
    caller: Allowed<Read>,
    Path(id): Path<ReleaseId>,
    Query(query): Query<DependencyQuery>,
) -> Answer<Json<DependencyGraph>> {
    let limit = match query.limit.unwrap_or(1_000) {
        limit @ 1..=MOST_NODES => limit,
        limit => return Err(Problem::bad_request(format!("`limit` is {limit}: expected 1 to {MOST_NODES}"))),
    };
    let mut session = app.db.snapshot().await?;
    let owned = release::get(&mut session, id, &caller.visibility(Permission::Read)).await?;
    let current = current::of_release(&mut session, id, &[]).await?;
    drop(session);
    let contents = sbom::contents(&app, &current).await?;
    let graph = Graph::of(&contents);
    let Some(asked) = query.component else {
        return Ok(Json(nearest(&owned, &contents, &graph, limit, query.depth)));
    };
    let places = graph.find(&asked);
    if places.is_empty() {
        return Err(Problem::not_found(format!("component `{asked}` of this release")));
    }
    let ways = graph.ways(&places, MOST_PATHS);
    Ok(Json(of_ways(&owned, &contents, &graph, &places, &ways)))
}

fn nearest(
    owned: &OwnedRelease,
    contents: &Contents,
    graph: &Graph<'_>,
    limit: usize,
    depth: Option<u32>,
) -> DependencyGraph {
    let mut places = graph.nearest_first();
    let mut cut_by = None;
    if let Some(most) = depth {
        let all = places.len();
        places.retain(|place| graph.depth[*place as usize].is_some_and(|depth| depth <= most));
        cut_by = (places.len() < all).then_some("depth");
    }
    if places.len() > limit {
        places.truncate(limit);
        cut_by = Some("nodes");
    }
    let mut whole = drawn(owned, contents, graph, &places);
    if whole.edges.len() > MOST_EDGES {
        whole.edges.truncate(MOST_EDGES);
        cut_by = Some("edges");
    }
    DependencyGraph { cut_by: cut_by.map(str::to_owned), ..whole }
}

/// The components on the ways, and every dependency among them.
fn of_ways(
    owned: &OwnedRelease,
    contents: &Contents,
    graph: &Graph<'_>,
    asked: &[u32],
    ways: &Ways,
) -> DependencyGraph {
    let on_ways = ways.ways.iter().flat_map(|way| &way.places).chain(asked);
    let on_ways: BTreeSet<u32> = on_ways.copied().collect();
    let places: Vec<u32> = graph.nearest_first().into_iter().filter(|place| on_ways.contains(place)).collect();
    let drawn = drawn(owned, contents, graph, &places);
    let new = new_places(&places);
    let path = |way: &Way| DependencyPath {
        is_from_release: way.is_from_release,
        places: way.places.iter().filter_map(|place| new.get(place).copied()).collect(),
    };
    let component = ComponentPaths {
        places: asked.iter().filter_map(|place| new.get(place).copied()).collect(),
        is_direct: asked.iter().filter_map(|place| graph.is_direct(*place)).max(),
        paths: ways.ways.iter().map(path).collect(),
        has_more_paths: ways.has_more,
    };
    DependencyGraph { component: Some(component), ..drawn }
}

/// The graph of the components at these places.
fn drawn(owned: &OwnedRelease, contents: &Contents, graph: &Graph<'_>, places: &[u32]) -> DependencyGraph {
    let new = new_places(places);
    let mut edges = Vec::new();
    for place in places {
        let needs = contents.needs[*place as usize].iter();
        edges.extend(needs.filter_map(|needed| Some([*new.get(place)?, *new.get(needed)?])));
    }
    let release = DependencyRelease {
        id: owned.release.id.to_string(),
        service: Named::new(owned.release.service_id, owned.service_name.clone()),
        version: owned.release.version.clone(),
    };
    let mut direct: Vec<u32> = contents.direct.iter().filter_map(|place| new.get(place).copied()).collect();
    direct.sort_unstable();
    DependencyGraph {
        release,
        nodes: places.iter().map(|place| node(contents, graph, *place)).collect(),
        edges,
        direct,
        total_nodes: contents.components.len() as u64,
        total_edges: contents.edges() as u64,
        cut_by: None,
        component: None,
    }
}

fn new_places(places: &[u32]) -> HashMap<u32, u32> {
    places.iter().copied().zip(0_u32..).collect()
}

fn node(contents: &Contents, graph: &Graph<'_>, place: u32) -> DependencyNode {
    let component = &contents.components[place as usize];
    DependencyNode {
        reference: component.reference.clone(),
        name: component.name.clone(),
        version: component.version.clone(),
        purl: component.purl.clone(),
        kind: component.kind.clone(),
        is_group: is_group(component),
        is_direct: graph.is_direct(place),
        depth: graph.depth[place as usize],
        dependents: graph.needed_by[place as usize].len() as u64,
        dependencies: contents.needs[place as usize].len() as u64,
    }
}
