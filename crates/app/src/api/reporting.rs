//! What the EU Cyber Resilience Act asks of whoever sells a product with an exploited vulnerability: which released products
//! contain it, since when that is known, and what has to be reported until when.
//! Regulation (EU) 2024/2847, Article 14, <https://eur-lex.europa.eu/eli/reg/2024/2847/oj>.

use crate::app::App;
use crate::caller::{Allowed, Read};
use crate::exposure::Vulnerable;
use crate::extract::{Json, Path};
use crate::locate;
use crate::problem::{Answer, Problem};
use crate::usage::PlacedRelease;
use crate::wording::counted;
use axum::extract::State;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use shipworthy_model::{Permission, ReleaseId};
use shipworthy_store::whereabouts::{self, Owned};
use shipworthy_store::{Session, advisory_alias};
use std::collections::BTreeMap;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this noun.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_reporting))
}

/// What has to be reported of a vulnerability.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Reporting {
    /// The id by which people know it.
    pub vulnerability: String,
    /// Whether it is known to be exploited, by the catalogue that is loaded. Only then do the clocks run.
    pub is_exploited: bool,
    /// From when the clocks run: since when it was known that it is exploited and that a product contains it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aware_at: Option<String>,
    /// What has to be reported until when.
    pub clocks: Vec<ReportingClock>,
    /// The services with a release that contains it: those that run first, then by name.
    pub products: Vec<ReportingProduct>,
    /// All of it in a sentence.
    pub words: String,
}

/// One thing that has to be reported.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ReportingClock {
    /// What: `early-warning`, `notification` or `final-report`.
    pub name: String,
    /// Until when; absent where that depends on a fix that is not known yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<String>,
    /// What is meant, in a sentence.
    pub words: String,
    /// Whether the time is over.
    pub is_over: bool,
}

/// A service with a release that contains it.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ReportingProduct {
    /// The application.
    pub application: String,
    /// Its id.
    pub application_id: String,
    /// The service.
    pub service: String,
    /// The team that owns it.
    pub team: String,
    /// The versions that contain it, the newest first; the first 20.
    pub versions: Vec<String>,
    /// How many releases contain it.
    pub release_count: u64,
    /// How many deployments of these run.
    pub running_count: u64,
}

/// Says what has to be reported of an exploited vulnerability, until when, and which products contain it
#[utoipa::path(get, path = "/vulnerabilities/{id}/reporting", tag = "vulnerabilities", security(("bearer" = [])),
    params(("id" = String, Path, description = "Any id of the vulnerability")),
    responses((status = 200, body = Reporting), (status = 404, body = Problem)))]
async fn get_reporting(
    State(app): State<App>,
    caller: Allowed<Read>,
    Path(id): Path<String>,
) -> Answer<Json<Reporting>> {
    let visible = caller.visibility(Permission::Read);
    let mut session = app.db.read().await?;
    let name = advisory_alias::name(&mut session, &id).await?.vulnerability;
    let all = app.exposures.read(&mut session).await?;
    let unknown = || Problem::not_found(format!("vulnerability `{id}` in any component"));
    let known = all.by_name.get(&name).ok_or_else(unknown)?;
    let places = locate::places(&app, &mut session, &known.components, &visible).await?;
    if places.releases.is_empty() {
        return Err(unknown());
    }
    let products = products(&mut session, &places.releases).await?;
    let aware = aware(known);
    let clocks = aware.map(|aware| clocks(known, aware, app.clock.now())).unwrap_or_default();
    Ok(Json(Reporting {
        words: words(&name, aware, &products),
        vulnerability: name,
        is_exploited: known.known_exploited.is_some(),
        aware_at: aware.map(|at| at.to_string()),
        clocks,
        products,
    }))
}

/// When both were known: that it is exploited, and that a component here has it. The catalogue states a day; its first
/// instant is taken, which is the more urgent.
fn aware(known: &Vulnerable) -> Option<Timestamp> {
    let entry = known.known_exploited.as_ref()?;
    let day: Option<Date> = entry.date_added.parse().ok();
    let listed = day.and_then(|day| day.to_zoned(TimeZone::UTC).ok()).map(|zoned| zoned.timestamp());
    Some(listed.map_or(known.first_at, |listed| listed.max(known.first_at)))
}

fn clocks(known: &Vulnerable, aware: Timestamp, now: Timestamp) -> Vec<ReportingClock> {
    let clock = |name: &str, hours: Option<i64>, words: &str| {
        let due = hours.map(|hours| aware + SignedDuration::from_hours(hours));
        ReportingClock {
            name: name.to_owned(),
            due_at: due.map(|due| due.to_string()),
            words: words.to_owned(),
            is_over: due.is_some_and(|due| due < now),
        }
    };
    let fix = if known.is_fixable {
        "a final report within 14 days after a fix is available; one is known, and the clock is taken to run since then"
    } else {
        "a final report within 14 days after a fix is available; none is known for every component yet"
    };
    vec![
        clock("early-warning", Some(24), "an early warning within 24 hours after becoming aware"),
        clock("notification", Some(72), "a notification with what is known within 72 hours after becoming aware"),
        clock("final-report", known.is_fixable.then_some(14 * 24), fix),
    ]
}

/// So many versions of a product are named.
const MOST_VERSIONS: usize = 20;

async fn products(session: &mut Session, releases: &[PlacedRelease]) -> Answer<Vec<ReportingProduct>> {
    let ids: Vec<ReleaseId> = releases.iter().map(|release| release.id).collect();
    let owners = whereabouts::owners(session, &ids).await?;
    let mut newest: Vec<(&PlacedRelease, &Owned)> =
        releases.iter().filter_map(|release| Some((release, owners.get(&release.id)?))).collect();
    newest.sort_by_key(|(release, owned)| std::cmp::Reverse((owned.created_at, release.id)));
    let mut products: BTreeMap<(&str, &str), ReportingProduct> = BTreeMap::new();
    for (release, owned) in newest {
        let product = products.entry((&owned.application, &owned.service)).or_insert_with(|| ReportingProduct {
            application: owned.application.clone(),
            application_id: owned.application_id.to_string(),
            service: owned.service.clone(),
            team: owned.team.clone(),
            versions: Vec::new(),
            release_count: 0,
            running_count: 0,
        });
        product.release_count += 1;
        product.running_count += release.running.len() as u64;
        if product.versions.len() < MOST_VERSIONS {
            product.versions.push(owned.version.clone());
        }
    }
    let mut products: Vec<ReportingProduct> = products.into_values().collect();
    products.sort_by_key(|product| product.running_count == 0);
    Ok(products)
}

fn words(name: &str, aware: Option<Timestamp>, products: &[ReportingProduct]) -> String {
    let running = products.iter().filter(|product| product.running_count > 0).count();
    let of_all = counted(products.len() as u64, "released product");
    let contain = format!("{name} is in {of_all}, {running} of them running");
    match aware {
        Some(aware) => {
            let since = aware.strftime("%Y-%m-%d %H:%M UTC");
            format!("{contain}; it is exploited, and the clocks run since {since}")
        }
        None => format!("{contain}; it is not known to be exploited, and no clock runs"),
    }
}
