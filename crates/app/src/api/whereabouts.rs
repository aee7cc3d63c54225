//! Where something is: a vulnerability, a package, a licence, a file by its digest. Running deployments come first.

use crate::app::App;
use crate::caller::{Allowed, Read};
use crate::extract::{Json, Query};
use crate::locate::{self, Meant, Places, Question};
use crate::page::{Page, PageQuery};
use crate::problem::{Answer, Problem};
use crate::usage::PlacedRelease;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use shipworthy_model::{EnvironmentId, Permission, ReleaseId};
use shipworthy_store::component_search::{self, Described};
use shipworthy_store::whereabouts::{self, Owned, Surroundings};
use shipworthy_store::{Session, inventory};
use std::collections::{BTreeMap, BTreeSet};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this noun.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_where))
}

/// Where something is.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Whereabouts {
    /// What was looked for, in words.
    pub asked: String,
    /// Of a vulnerability, whether anything is known of it: where nothing is, nothing could be found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_known: Option<bool>,
    /// The components that are meant; the first 100.
    pub components: Vec<WhereComponent>,
    /// How many components are meant.
    pub component_count: u64,
    /// How many components may be meant: their versions cannot be ordered, or nobody knows whether they are affected.
    pub undecided_count: u64,
    /// How many inventories of the releases have one of the components.
    pub inventory_count: u64,
    /// How many releases have one of them.
    pub release_count: u64,
    /// How many deployments of these run.
    pub running_count: u64,
    /// The releases: those that run first, then the newest first.
    pub items: Vec<WhereRelease>,
    /// Where the next page begins; absent on the last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

/// A component that is meant.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct WhereComponent {
    /// Its id.
    pub id: u64,
    /// Its name.
    pub name: String,
    /// Its version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Its package URL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purl: Option<String>,
    /// Its licence as an SPDX expression.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub license: Option<String>,
    /// Whether it is known to be meant; otherwise it may be.
    pub is_certain: bool,
    /// Of a vulnerability, the first version without it, as far as one is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fixed_version: Option<String>,
    /// Of a vulnerability, since when it is known here that the component has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known_since: Option<String>,
}

/// A release that has one of the components.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct WhereRelease {
    /// The release.
    pub release_id: String,
    /// Its version.
    pub version: String,
    /// When it was made.
    pub created_at: String,
    /// Its service.
    pub service: String,
    /// Its application.
    pub application: String,
    /// The application's id.
    pub application_id: String,
    /// The team that owns it.
    pub team: String,
    /// Where it runs; empty where it does not.
    pub running: Vec<WhereRunning>,
    /// The ids of the components that it has; the first 20.
    pub component_ids: Vec<u64>,
}

/// A deployment that runs.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct WhereRunning {
    /// The deployment.
    pub deployment_id: String,
    /// The environment.
    pub environment: String,
    /// What the environment is for.
    pub environment_kind: String,
    /// Who can reach it.
    pub exposure: String,
}

/// What is looked for: exactly one of the first five.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct WhereQuery {
    /// A package URL, with or without a version.
    purl: Option<String>,
    /// Any id of a vulnerability.
    vulnerability: Option<String>,
    /// A component's name, the whole or its last part, such as `log4j-core`.
    name: Option<String>,
    /// Part of a licence expression.
    license: Option<String>,
    /// A digest of a component, such as `sha256:…`.
    hash: Option<String>,
    /// Which versions of the package URL or name, such as `<2.17.1` or `>=2.0|<3`.
    versions: Option<String>,
    /// Only what runs.
    running: Option<bool>,
    /// How many releases at most, 1 to 500; 50 when not given.
    limit: Option<usize>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Says where a vulnerability, a package, a licence or a file is, running deployments first
#[utoipa::path(get, path = "/where", tag = "components", security(("bearer" = [])), params(WhereQuery),
    responses((status = 200, body = Whereabouts), (status = 400, body = Problem)))]
async fn get_where(
    State(app): State<App>,
    caller: Allowed<Read>,
    Query(query): Query<WhereQuery>,
) -> Answer<Json<Whereabouts>> {
    let WhereQuery { purl, vulnerability, name, license, hash, versions, running, limit, cursor } = query;
    let question = Question { purl, vulnerability, name, license, hash, versions };
    let page = PageQuery { limit, cursor };
    let (limit, after) = (page.limit()?, page.after::<ReleaseId>()?);
    let visible = caller.visibility(Permission::Read);
    let mut session = app.db.read().await?;
    let meant = locate::meant(&mut session, &question).await?;
    let all: BTreeSet<u32> = meant.components.union(&meant.undecided).copied().collect();
    let mut places = locate::places(&app, &mut session, &all, &visible).await?;
    if running == Some(true) {
        places.releases.retain(|release| !release.running.is_empty());
    }
    let Places { components, releases, inventories } = places;
    let running_count = releases.iter().map(|release| release.running.len() as u64).sum();
    let release_count = releases.len() as u64;
    let begin = after.and_then(|last| releases.iter().position(|release| release.id == last)).map_or(0, |at| at + 1);
    let shown: Vec<PlacedRelease> = releases.into_iter().skip(begin).take(limit + 1).collect();
    let details = Details::read(&mut session, &shown, &components).await?;
    let count = |of: &BTreeSet<u32>| of.intersection(&components).count() as u64;
    let (component_count, undecided_count) = (count(&meant.components), count(&meant.undecided));
    let listed = details.components(&meant);
    let Page { items, next_cursor } = Page::of(shown, limit, |release| release.id, |release| details.release(&release));
    Ok(Json(Whereabouts {
        asked: meant.asked,
        is_known: meant.is_known,
        components: listed,
        component_count,
        undecided_count,
        inventory_count: inventories as u64,
        release_count,
        running_count,
        items,
        next_cursor,
    }))
}

/// So many components of a question, and of a release, are listed.
const LISTED: usize = 100;
const LISTED_OF_RELEASE: usize = 20;

/// The names of what is shown.
struct Details {
    components: Vec<Described>,
    owners: BTreeMap<ReleaseId, Owned>,
    environments: BTreeMap<EnvironmentId, Surroundings>,
    of_release: BTreeMap<ReleaseId, Vec<u64>>,
}

impl Details {
    async fn read(session: &mut Session, shown: &[PlacedRelease], components: &BTreeSet<u32>) -> Answer<Self> {
        let ids: Vec<ReleaseId> = shown.iter().map(|release| release.id).collect();
        let numbers: BTreeSet<u32> = shown.iter().flat_map(|release| release.inventories.iter().copied()).collect();
        let inventories = inventory::with_numbers(session, &numbers).await?;
        let inventories: BTreeMap<u32, Vec<u32>> =
            inventories.into_iter().map(|inventory| (inventory.number, inventory.components)).collect();
        let of_release = |release: &PlacedRelease| {
            let named = release.inventories.iter().filter_map(|number| inventories.get(number)).flatten();
            let named: BTreeSet<u32> = named.copied().filter(|number| components.contains(number)).collect();
            (release.id, named.into_iter().take(LISTED_OF_RELEASE).map(u64::from).collect())
        };
        Ok(Self {
            components: component_search::described(session, &components.iter().copied().take(LISTED).collect())
                .await?,
            owners: whereabouts::owners(session, &ids).await?,
            environments: whereabouts::environments(session).await?,
            of_release: shown.iter().map(of_release).collect(),
        })
    }

    fn components(&self, meant: &Meant) -> Vec<WhereComponent> {
        let wire = |component: &Described| {
            let found = meant.matches.get(&component.number);
            WhereComponent {
                id: u64::from(component.number),
                name: component.name.clone(),
                version: component.version.clone(),
                purl: component.purl.clone(),
                license: component.license.clone(),
                is_certain: meant.components.contains(&component.number),
                fixed_version: found.and_then(|found| found.fixed_version.clone()),
                known_since: found.map(|found| found.first_at.to_string()),
            }
        };
        self.components.iter().map(wire).collect()
    }

    fn release(&self, release: &PlacedRelease) -> WhereRelease {
        let owned = self.owners.get(&release.id);
        let text = |of: fn(&Owned) -> String| owned.map(of).unwrap_or_default();
        let running = release.running.iter().filter_map(|(deployment, environment)| {
            let Surroundings { name, kind, exposure } = self.environments.get(environment)?;
            Some(WhereRunning {
                deployment_id: deployment.to_string(),
                environment: name.clone(),
                environment_kind: kind.to_string(),
                exposure: exposure.to_string(),
            })
        });
        WhereRelease {
            release_id: release.id.to_string(),
            version: text(|owned| owned.version.clone()),
            created_at: text(|owned| owned.created_at.to_string()),
            service: text(|owned| owned.service.clone()),
            application: text(|owned| owned.application.clone()),
            application_id: release.application.to_string(),
            team: text(|owned| owned.team.clone()),
            running: running.collect(),
            component_ids: self.of_release.get(&release.id).cloned().unwrap_or_default(),
        }
    }
}
