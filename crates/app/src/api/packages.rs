//! The components of all releases, each once: search, and what is known of one.

use crate::api::exposures::RiskView;
use crate::api::named::SeverityCounts;
use crate::app::App;
use crate::caller::{Allowed, Read};
use crate::correlate::Because;
use crate::exposure::{self, All};
use crate::extract::{Json, Path, Query};
use crate::page::{Page, PageQuery};
use crate::problem::{Answer, Problem};
use crate::remedy;
use crate::usage::Reach;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use shipworthy_advisories::patch_status::{Distance, PatchStatus};
use shipworthy_model::{self as model, Permission};
use shipworthy_store::component::{Filter, Named};
use shipworthy_store::component_search::{self, Described};
use shipworthy_store::vulnerability_match::{self, VulnerabilityMatch, of_tenths};
use shipworthy_store::{Session, Visibility};
use std::collections::BTreeSet;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this noun.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(search_components)).routes(routes!(get_component))
}

/// A component of some releases.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ComponentSummary {
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
    /// What it is, as stated, such as `library`.
    pub kind: String,
    /// Its licence as an SPDX expression.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub license: Option<String>,
    /// Who supplies it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supplier: Option<String>,
    /// How many vulnerabilities of each severity it has.
    pub vulnerabilities: SeverityCounts,
    /// Of how many vulnerabilities it cannot be decided whether it has them.
    pub undecided_count: u64,
    /// How many releases have it.
    pub release_count: u64,
    /// How many deployments of these run.
    pub running_count: u64,
}

/// What is known of a component.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ComponentDetail {
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
    /// What it is, as stated, such as `library`.
    pub kind: String,
    /// Its licence as an SPDX expression.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub license: Option<String>,
    /// Who supplies it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supplier: Option<String>,
    /// How many vulnerabilities of each severity it has.
    pub vulnerabilities: SeverityCounts,
    /// Of how many vulnerabilities it cannot be decided whether it has them.
    pub undecided_count: u64,
    /// How many releases have it.
    pub release_count: u64,
    /// How many deployments of these run.
    pub running_count: u64,
    /// Its digests, `algorithm:hex`.
    pub hashes: Vec<String>,
    /// Its vulnerabilities, the worst first, and those of which it cannot be decided.
    pub matches: Vec<ComponentMatch>,
    /// How far it is behind; absent where it is no package of a known ecosystem.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patch_status: Option<PatchStatusView>,
    /// The upgrade that mends the most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upgrade: Option<UpgradeView>,
    /// Other versions of the same package that releases have.
    pub other_versions: Vec<OtherVersion>,
}

/// A vulnerability of a component.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ComponentMatch {
    /// Its name.
    pub vulnerability: String,
    /// Whether the component has it; otherwise it cannot be decided.
    pub is_affected: bool,
    /// How bad.
    pub severity: String,
    /// The CVSS score from 0 to 10.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cvss_score: Option<f64>,
    /// One line for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The first version without it, as far as one is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fixed_version: Option<String>,
    /// Since when it is known here.
    pub known_since: String,
    /// Whether the catalogue of known exploited vulnerabilities has it.
    pub known_exploited: bool,
    /// The risk where it runs nowhere; what runs is among the vulnerabilities of all releases.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub risk: Option<RiskView>,
    /// Why, by advisory.
    pub because: Vec<MatchReason>,
}

/// Why a component has a vulnerability, or why that cannot be decided.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct MatchReason {
    /// The advisory.
    pub advisory: String,
    /// What it says, in words.
    pub words: String,
}

/// How far a component is behind.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct PatchStatusView {
    /// In words.
    pub words: String,
    /// The latest version that is known, where that is a later one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latest: Option<String>,
    /// Whether its line is no longer maintained, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_end_of_life: Option<bool>,
}

/// An upgrade.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct UpgradeView {
    /// The component as it is named.
    pub component: String,
    /// The package that has to be upgraded.
    pub package: String,
    /// Its version now.
    pub from: String,
    /// The version to go to.
    pub to: String,
    /// The vulnerabilities that it mends.
    pub fixes: Vec<String>,
    /// How many of each severity that are.
    pub counts: SeverityCounts,
    /// The vulnerabilities that it leaves, or of which it is not known.
    pub leaves: Vec<String>,
    /// The nearest step on the same line of versions, where that is another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_the_same_line: Option<String>,
    /// In words.
    pub words: String,
}

impl UpgradeView {
    /// `None` where nothing can be mended.
    pub(crate) fn of(upgrade: &shipworthy_advisories::upgrades::Upgrade) -> Option<Self> {
        let best = upgrade.best()?;
        let same_line = upgrade.same_line.as_ref().map(|step| step.to.clone()).filter(|to| *to != best.to);
        Some(Self {
            component: upgrade.component.clone(),
            package: upgrade.package.clone(),
            from: upgrade.from.clone(),
            to: best.to.clone(),
            fixes: best.fixes.clone(),
            counts: best.counts.into(),
            leaves: best.leaves.clone(),
            on_the_same_line: same_line,
            words: upgrade.in_words(),
        })
    }
}

/// Another version of the same package.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct OtherVersion {
    /// Its id.
    pub id: u64,
    /// The version.
    pub version: String,
    /// How many vulnerabilities of each severity it has.
    pub vulnerabilities: SeverityCounts,
    /// How many deployments with it run.
    pub running_count: u64,
}

/// Which components are asked for.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct SearchQuery {
    /// Part of the name or package URL.
    q: Option<String>,
    /// Part of the licence expression.
    license: Option<String>,
    /// Only those that have a vulnerability.
    vulnerable: Option<bool>,
    /// How many items at most, 1 to 500; 50 when not given.
    limit: Option<usize>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Searches the components of all releases, by name
#[utoipa::path(get, path = "/components", tag = "components", security(("bearer" = [])), params(SearchQuery),
    responses((status = 200, body = Page<ComponentSummary>)))]
async fn search_components(
    State(app): State<App>,
    caller: Allowed<Read>,
    Query(query): Query<SearchQuery>,
) -> Answer<Json<Page<ComponentSummary>>> {
    let SearchQuery { q, license, vulnerable, limit, cursor } = query;
    let page = PageQuery { limit, cursor };
    let (limit, after) = (page.limit()?, page.after::<(String, u32)>()?);
    let visible = caller.visibility(Permission::Read);
    let mut session = app.db.read().await?;
    let known = app.exposures.read(&mut session).await?;
    let affected = (vulnerable == Some(true)).then(|| known.affected());
    let among = match &visible {
        Visibility::Everything => affected,
        Visibility::Applications(_) => {
            let seen = app.usage.read(&mut session).await?.components_of(&visible);
            Some(affected.map_or_else(|| seen.clone(), |affected| affected.intersection(&seen).copied().collect()))
        }
    };
    let filter = Filter { text: q, license };
    let found = component_search::search(&mut session, &filter, among.as_ref(), after.as_ref(), limit + 1).await?;
    let usage = app.usage.read(&mut session).await?;
    let wire = |component: Described| {
        let reach = usage.reach(&BTreeSet::from([component.number]), &visible);
        summary(component, &known, &reach)
    };
    Ok(Json(Page::of(found, limit, |component| (component.name.clone(), component.number), wire)))
}

fn summary(component: Described, known: &All, reach: &Reach) -> ComponentSummary {
    let (counts, undecided) = known.counts(component.number);
    ComponentSummary {
        id: u64::from(component.number),
        name: component.name,
        version: component.version,
        purl: component.purl,
        kind: component.kind,
        license: component.license,
        supplier: component.supplier,
        vulnerabilities: counts.into(),
        undecided_count: undecided,
        release_count: reach.releases as u64,
        running_count: reach.running as u64,
    }
}

/// Shows what is known of a component: vulnerabilities with their reasons, how far it is behind, what to upgrade to
#[utoipa::path(get, path = "/components/{id}", tag = "components", security(("bearer" = [])),
    params(("id" = u32, Path, description = "The component's id")),
    responses((status = 200, body = ComponentDetail), (status = 404, body = Problem)))]
async fn get_component(
    State(app): State<App>,
    caller: Allowed<Read>,
    Path(id): Path<u32>,
) -> Answer<Json<ComponentDetail>> {
    let visible = caller.visibility(Permission::Read);
    let mut session = app.db.read().await?;
    let it = BTreeSet::from([id]);
    let reach = app.usage.read(&mut session).await?.reach(&it, &visible);
    let found = component_search::described(&mut session, &it).await?.into_iter().next();
    let is_visible = reach.releases > 0 || visible == Visibility::Everything;
    let component = found.filter(|_| is_visible).ok_or_else(|| Problem::not_found(format!("component `{id}`")))?;
    let known = app.exposures.read(&mut session).await?;
    let named = Named {
        number: id,
        name: component.name.clone(),
        version: component.version.clone(),
        purl: component.purl.clone(),
        cpe: None,
    };
    let worth = |name: &str| exposure::worth(&app, &known, name);
    let upgrade = remedy::best_upgrades(&mut session, &it, worth).await?.first().and_then(UpgradeView::of);
    let matches = vulnerability_match::of_components(&mut session, &it).await?;
    let mut matches = matches.into_iter().map(|found| wire(&app, found, &known)).collect::<Answer<Vec<_>>>()?;
    let rank = |found: &ComponentMatch| found.risk.as_ref().map(|risk| risk.score);
    matches.sort_by_key(|found| std::cmp::Reverse((found.is_affected, rank(found))));
    let status = remedy::status(&app, &mut session, named.clone(), &visible).await?;
    let summary = summary(component, &known, &reach);
    Ok(Json(ComponentDetail {
        id: summary.id,
        name: summary.name,
        version: summary.version,
        purl: summary.purl,
        kind: summary.kind,
        license: summary.license,
        supplier: summary.supplier,
        vulnerabilities: summary.vulnerabilities,
        undecided_count: summary.undecided_count,
        release_count: summary.release_count,
        running_count: summary.running_count,
        hashes: component_search::hashes(&mut session, id).await?,
        matches,
        patch_status: status.map(patch_status),
        upgrade,
        other_versions: other_versions(&app, &mut session, &named, &known, &visible).await?,
    }))
}

fn wire(app: &App, found: VulnerabilityMatch, known: &All) -> Answer<ComponentMatch> {
    let because: Because = serde_json::from_str(&found.body)
        .map_err(|error| Problem::internal(format!("what is kept of {}: {error}", found.vulnerability)))?;
    let vulnerable = known.by_name.get(&found.vulnerability);
    Ok(ComponentMatch {
        is_affected: found.is_affected,
        severity: found.severity.to_string(),
        cvss_score: found.score.map(of_tenths),
        title: Some(found.title).filter(|title| !title.is_empty()),
        fixed_version: found.fixed_version,
        known_since: found.first_at.to_string(),
        known_exploited: vulnerable.is_some_and(|known| known.known_exploited.is_some()),
        risk: vulnerable.map(|known| known.judged(app, None, app.clock.now()).1.into()),
        because: because.in_words().into_iter().map(|(advisory, words)| MatchReason { advisory, words }).collect(),
        vulnerability: found.vulnerability,
    })
}

fn patch_status(status: PatchStatus) -> PatchStatusView {
    let latest = if let Distance::Behind { latest, .. } = &status.distance { Some(latest.clone()) } else { None };
    let is_end_of_life = status.line.as_ref().and_then(|line| line.has_ended);
    PatchStatusView { words: status.in_words(), latest, is_end_of_life }
}

/// So many other versions are told.
const MOST_VERSIONS: usize = 50;

async fn other_versions(
    app: &App,
    session: &mut Session,
    named: &Named,
    known: &All,
    visible: &Visibility,
) -> Answer<Vec<OtherVersion>> {
    let same = component_search::with_name(session, &named.name).await?;
    let without_version = |purl: &Option<String>| {
        purl.as_ref().map(|purl| purl.split(['@', '?', '#']).next().unwrap_or_default().to_owned())
    };
    let of_package = without_version(&named.purl);
    let usage = app.usage.read(session).await?;
    let others = same.into_iter().filter(|other| other.number != named.number && other.name == named.name);
    let others = others.filter(|other| without_version(&other.purl) == of_package).filter_map(|other| {
        let reach = usage.reach(&BTreeSet::from([other.number]), visible);
        let (counts, _): (model::SeverityCounts, u64) = known.counts(other.number);
        (reach.releases > 0).then(|| OtherVersion {
            id: u64::from(other.number),
            version: other.version.unwrap_or_default(),
            vulnerabilities: counts.into(),
            running_count: reach.running as u64,
        })
    });
    Ok(others.take(MOST_VERSIONS).collect())
}
