//! A release beside another: what it brings that the other had not, and what it no longer has.

use crate::api::named::{Named, SeverityCounts};
use crate::app::App;
use crate::caller::{Allowed, Read};
use crate::comparison::components::{Change, Direction, LicenseUse};
use crate::comparison::findings::Compared;
use crate::comparison::{Differences, Known, NotCompared, compare, looked_for};
use crate::current;
use crate::extract::{Json, Path, Query, parsed};
use crate::page::{Page, PageQuery};
use crate::problem::{Answer, Problem};
use crate::sbom;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use shipworthy_model::{self as model, Digest, Permission, ReleaseId};
use shipworthy_store::release::{self, Filter, OwnedRelease};
use shipworthy_store::{Session, StoreError, Visibility, gate_finding, generation};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this noun.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_comparison))
}

/// A release beside another.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Comparison {
    /// The release.
    pub release: ComparedRelease,
    /// The one that it is compared with; absent for the first release of a service, which is compared with nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub with: Option<ComparedRelease>,
    /// How the components differ.
    pub components: ComparedComponents,
    /// How the licences differ.
    pub licenses: ComparedLicenses,
    /// How the findings differ.
    pub findings: ComparedFindings,
    /// What is not compared, because one of the two was not looked at for it.
    pub not_compared: Vec<NotComparedPart>,
}

/// A release of a comparison.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ComparedRelease {
    /// Its id.
    pub id: String,
    /// Its application.
    pub application: Named,
    /// Its service.
    pub service: Named,
    /// Its version.
    pub version: String,
    /// When it was created.
    pub created_at: String,
}

/// How the components of two releases differ.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ComparedComponents {
    /// Packages that only the release has, in this many versions.
    pub added: ComparedList<ComparedComponent>,
    /// Packages that only the other one has.
    pub removed: ComparedList<ComparedComponent>,
    /// Packages in another version.
    pub changed: ComparedList<ChangedComponent>,
    /// How many are the same in both.
    pub same: u64,
}

/// A part of what differs.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ComparedList<T> {
    /// How many there are on all pages.
    pub total: u64,
    /// The first of them. Empty when a cursor asks for another list.
    pub items: Vec<T>,
    /// Where the next page of this list begins; absent on the last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

/// A component that one of the releases has.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ComparedComponent {
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
}

/// A package that both releases have, each in another version.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ChangedComponent {
    /// Its name.
    pub name: String,
    /// The version in the other release.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The version in the release.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// `up`, `down`, or `unknown` where the two versions have no order.
    pub direction: String,
    /// Its package URL in the release.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purl: Option<String>,
    /// Its licence in the other release, where it has another one now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub license_before: Option<String>,
    /// Its licence as an SPDX expression.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub license: Option<String>,
}

/// How the licences of two releases differ.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ComparedLicenses {
    /// Those that no component of the other release has.
    pub added: ComparedList<ComparedLicense>,
    /// Those that no component of the release has any more.
    pub removed: ComparedList<ComparedLicense>,
}

/// A licence that one of the releases has.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ComparedLicense {
    /// The SPDX expression.
    pub license: String,
    /// The first 20 components that state it, by package URL, else name and version.
    pub components: Vec<String>,
    /// How many components state it.
    pub component_count: u64,
}

/// How the findings of two releases differ.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ComparedFindings {
    /// Those that only the release has.
    pub added: ComparedFindingList,
    /// Those that only the other one has.
    pub fixed: ComparedFindingList,
    /// Those that both have.
    pub same: ComparedFindingList,
}

/// A part of the findings, the most severe first.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ComparedFindingList {
    /// How many there are of each severity.
    pub counts: SeverityCounts,
    /// The first of them. Empty when a cursor asks for another list.
    pub items: Vec<ComparedFinding>,
    /// Where the next page of this list begins; absent on the last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

/// A finding of one or both of the releases.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ComparedFinding {
    /// What sort of problem.
    pub kind: String,
    /// The vulnerability or rule.
    pub rule: String,
    /// One line for people.
    pub title: String,
    /// How bad.
    pub severity: String,
    /// The name of the component it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub component: Option<String>,
    /// The component's version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The component's package URL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purl: Option<String>,
    /// The file it is in, or the address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Versions of the component without the problem.
    pub fixed_versions: Vec<String>,
    /// Whether it is known to be exploited.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub known_exploited: bool,
}

/// Something that is not compared.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct NotComparedPart {
    /// `everything`, `components`, `licenses` or a kind of findings.
    pub what: String,
    /// Why, in a sentence.
    pub because: String,
}

/// What is compared.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct ComparisonQuery {
    /// The id of the release to compare with; the one before of the same service when not given.
    with: Option<String>,
    /// How many items of each list at most, 1 to 500; 50 when not given.
    limit: Option<usize>,
    /// The `next_cursor` of one of the lists: its next page, and no items of the others.
    cursor: Option<String>,
}

/// Compares a release with another, the one before when none is named
#[utoipa::path(get, path = "/releases/{id}/comparison", tag = "releases", security(("bearer" = [])),
    params(("id" = String, Path, description = "The release's id"), ComparisonQuery),
    responses((status = 200, body = Comparison), (status = 404, body = Problem)))]
async fn get_comparison(
    State(app): State<App>,
    caller: Allowed<Read>,
    Path(id): Path<ReleaseId>,
    Query(query): Query<ComparisonQuery>,
) -> Answer<Json<Comparison>> {
    let page = PageQuery { limit: query.limit, cursor: query.cursor };
    let pages = Pages { limit: page.limit()?, after: page.after()? };
    let visibility = caller.visibility(Permission::Read);
    let mut session = app.db.snapshot().await?;
    let owned = release::get(&mut session, id, &visibility).await?;
    let with: Option<ReleaseId> = query.with.map(|with| parsed("with", &with)).transpose()?;
    let other = match with {
        Some(with) => Some(release::get(&mut session, with, &visibility).await?),
        None => one_before(&mut session, &owned, &visibility).await?,
    };
    let after = Half::of(&mut session, &owned).await?;
    let before = match &other {
        Some(other) => Some(Half::of(&mut session, other).await?),
        None => None,
    };
    drop(session);
    let differences = match before {
        Some(before) => compare(&before.known(&app).await?, &after.known(&app).await?),
        None => nothing_before(),
    };
    Ok(Json(wire(&owned, other.as_ref(), differences, &pages)))
}

/// The release of the same service that was made before.
async fn one_before(
    session: &mut Session,
    owned: &OwnedRelease,
    visibility: &Visibility,
) -> Result<Option<OwnedRelease>, StoreError> {
    let filter = Filter {
        application: Some(owned.application_id.to_string()),
        service: Some(owned.release.service_id.to_string()),
        before: Some(owned.release.id),
        ..Filter::default()
    };
    Ok(release::list(session, &filter, visibility, 1).await?.pop())
}

fn nothing_before() -> Differences {
    let because = "it is the first release of its service".to_owned();
    Differences { not_compared: vec![NotCompared { what: "everything".to_owned(), because }], ..Differences::default() }
}

/// What the database knows of a release; its inventories are read afterwards.
struct Half {
    version: String,
    current: Vec<current::Read>,
    findings: Vec<gate_finding::GateFinding>,
    has_matches: bool,
}

impl Half {
    async fn of(session: &mut Session, owned: &OwnedRelease) -> Answer<Self> {
        let current = current::of_release(session, owned.release.id, &[]).await?;
        let documents: Vec<Digest> = current.iter().map(|read| read.evidence.document.digest.clone()).collect();
        let findings = gate_finding::of_documents(session, &documents).await?;
        // The number counts up with the first match that is found.
        let has_matches = generation::all(session).await?.get("matches").is_some_and(|number| *number > 0);
        Ok(Self { version: owned.release.version.clone(), current, findings, has_matches })
    }

    async fn known(self, app: &App) -> Answer<Known> {
        let contents = sbom::contents(app, &self.current).await?;
        let looked_for = looked_for(&self.current);
        let is_matched = self.has_matches && contents.inventories > 0;
        Ok(Known { version: self.version, contents, findings: self.findings, looked_for, is_matched })
    }
}

/// Which page of which list is asked for.
struct Pages {
    limit: usize,
    /// The name of the list and the key of the last row of the page before.
    after: Option<(String, String)>,
}

impl Pages {
    /// The page of a list, in the order of the keys.
    fn of<R, T>(&self, list: &str, mut rows: Vec<R>, key: impl Fn(&R) -> String, item: impl Fn(R) -> T) -> Page<T> {
        rows.sort_by_cached_key(&key);
        match &self.after {
            Some((asked, last)) if asked == list => rows.retain(|row| key(row) > *last),
            Some(_) => rows.clear(),
            None => {}
        }
        rows.truncate(self.limit + 1);
        Page::of(rows, self.limit, |row| (list.to_owned(), key(row)), item)
    }

    fn list<R, T>(
        &self,
        list: &str,
        rows: Vec<R>,
        key: impl Fn(&R) -> String,
        item: impl Fn(R) -> T,
    ) -> ComparedList<T> {
        let total = rows.len() as u64;
        let Page { items, next_cursor } = self.of(list, rows, key, item);
        ComparedList { total, items, next_cursor }
    }

    fn findings(&self, list: &str, rows: Vec<Compared>) -> ComparedFindingList {
        let counts: model::SeverityCounts = rows.iter().map(|finding| finding.severity).collect();
        let Page { items, next_cursor } = self.of(list, rows, |finding| finding.key.clone(), finding);
        ComparedFindingList { counts: counts.into(), items, next_cursor }
    }
}

fn wire(owned: &OwnedRelease, other: Option<&OwnedRelease>, differences: Differences, pages: &Pages) -> Comparison {
    let Differences { components, licenses, findings, not_compared } = differences;
    let by_name = |component: &model::Component| format!("{} {}", component.name, component.reference);
    let by_license = |used: &LicenseUse| used.license.clone();
    let not_compared = not_compared.into_iter().map(|NotCompared { what, because }| NotComparedPart { what, because });
    Comparison {
        release: release(owned),
        with: other.map(release),
        components: ComparedComponents {
            added: pages.list("components.added", components.added, by_name, component),
            removed: pages.list("components.removed", components.removed, by_name, component),
            changed: pages.list("components.changed", components.changed, |change| by_name(&change.after), changed),
            same: components.same,
        },
        licenses: ComparedLicenses {
            added: pages.list("licenses.added", licenses.added, by_license, license),
            removed: pages.list("licenses.removed", licenses.removed, by_license, license),
        },
        findings: ComparedFindings {
            added: pages.findings("findings.added", findings.added),
            fixed: pages.findings("findings.fixed", findings.fixed),
            same: pages.findings("findings.same", findings.same),
        },
        not_compared: not_compared.collect(),
    }
}

fn release(owned: &OwnedRelease) -> ComparedRelease {
    ComparedRelease {
        id: owned.release.id.to_string(),
        application: Named::new(owned.application_id, owned.application_name.clone()),
        service: Named::new(owned.release.service_id, owned.service_name.clone()),
        version: owned.release.version.clone(),
        created_at: owned.release.created_at.to_string(),
    }
}

fn component(component: model::Component) -> ComparedComponent {
    let model::Component { name, version, purl, license, .. } = component;
    ComparedComponent { name, version, purl, license }
}

fn changed(change: Change) -> ChangedComponent {
    let Change { before, after, direction } = change;
    let direction = match direction {
        Some(Direction::Up) => "up",
        Some(Direction::Down) => "down",
        None => "unknown",
    };
    ChangedComponent {
        name: after.name,
        from: before.version,
        to: after.version,
        direction: direction.to_owned(),
        purl: after.purl,
        license_before: before.license.filter(|license| Some(license) != after.license.as_ref()),
        license: after.license,
    }
}

/// A licence that half of the release has is not told by all of them.
const COMPONENTS_SHOWN: usize = 20;

fn license(used: LicenseUse) -> ComparedLicense {
    let LicenseUse { license, mut components } = used;
    let component_count = components.len() as u64;
    components.truncate(COMPONENTS_SHOWN);
    ComparedLicense { license, components, component_count }
}

fn finding(compared: Compared) -> ComparedFinding {
    let Compared { kind, rule, title, severity, component, path, fixed_versions, is_known_exploited, key: _ } =
        compared;
    let component = component.unwrap_or_default();
    ComparedFinding {
        kind: kind.to_string(),
        rule,
        title,
        severity: severity.to_string(),
        component: Some(component.name).filter(|name| !name.is_empty()),
        version: component.version,
        purl: component.purl,
        path,
        fixed_versions,
        known_exploited: is_known_exploited,
    }
}
