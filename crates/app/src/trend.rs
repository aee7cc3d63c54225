//! How exposure develops: each hour what runs is counted for the day, and each deployment that replaces another notes what it
//! mended.

use crate::app::App;
use crate::exposure::{self, All, environments};
use crate::problem::Answer;
use crate::usage::Places;
use jiff::Timestamp;
use shipworthy_advisories::due::RunsIn;
use shipworthy_advisories::risk::{Level, together};
use shipworthy_model::{ApplicationId, EnvironmentId, ReleaseId, SeverityCounts};
use shipworthy_store::deployment::PlacedDeployment;
use shipworthy_store::history::{self, Day, Mended};
use shipworthy_store::vulnerability_match::{self, VulnerabilityMatch};
use shipworthy_store::{Session, inventory};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

const SECONDS_OF_A_DAY: i64 = 86_400;

/// The day that an instant is on, in days since 1970 in UTC.
pub(crate) fn day_of(at: Timestamp) -> i64 {
    at.as_second().div_euclid(SECONDS_OF_A_DAY)
}

/// Counts again and again until the server ends. A failure is told and tried again an hour later.
pub(crate) async fn keep_counting(app: App) {
    let mut hours = tokio::time::interval(Duration::from_secs(3_600));
    loop {
        hours.tick().await;
        if let Err(problem) = count(&app).await {
            tracing::warn!(%problem, "today's exposure could not be counted");
        }
    }
}

/// What is counted of an application.
#[derive(Default)]
struct Counted {
    counts: SeverityCounts,
    known_exploited: u64,
    overdue: u64,
    risks: Vec<(u8, Level)>,
}

/// Counts what runs now and keeps it for today.
///
/// # Errors
/// When the database fails.
async fn count(app: &App) -> Answer<()> {
    let days = today(app).await?;
    let mut session = app.db.write().await?;
    history::keep(&mut session, &days).await?;
    Ok(session.commit().await?)
}

/// What runs now, by application, as it is kept for today.
///
/// # Errors
/// When the database fails.
pub(crate) async fn today(app: &App) -> Answer<Vec<Day>> {
    let mut session = app.db.read().await?;
    let all = app.exposures.read(&mut session).await?;
    let places = environments(&mut session).await?;
    let usage = app.usage.read(&mut session).await?;
    Ok(counted(app, &all, &places, &usage))
}

fn counted(app: &App, all: &All, places: &BTreeMap<EnvironmentId, RunsIn>, usage: &Places) -> Vec<Day> {
    let now = app.clock.now();
    // An application without any vulnerability has a row, too: nothing is an answer, and no row is none.
    let running = usage.running_applications().into_iter();
    let mut counted: BTreeMap<ApplicationId, Counted> = running.map(|id| (id, Counted::default())).collect();
    for known in all.by_name.values() {
        for (application, reach) in usage.reach_by_application(&known.components) {
            let (due, risk) = exposure::worst(app, known, &reach, places, now);
            let of_it = counted.entry(application).or_default();
            of_it.counts.add(known.severity, 1);
            of_it.known_exploited += u64::from(known.known_exploited.is_some());
            of_it.overdue += u64::from(due.is_over(now));
            of_it.risks.push((risk.score, risk.level));
        }
    }
    let day = |(application_id, counted): (ApplicationId, Counted)| Day {
        number: day_of(now),
        application_id,
        counts: counted.counts,
        known_exploited: counted.known_exploited,
        overdue: counted.overdue,
        risk: u64::from(together(counted.risks, &app.settings.risk_weights).score),
    };
    counted.into_iter().map(day).collect()
}

/// Notes what a deployment mends that takes the place of another.
///
/// # Errors
/// When the database fails.
pub(crate) async fn note_mended(
    session: &mut Session,
    previous: &PlacedDeployment,
    next: &PlacedDeployment,
    now: Timestamp,
) -> Answer<()> {
    let before = affected(session, previous.deployment.release_id).await?;
    let after = affected(session, next.deployment.release_id).await?;
    let still: BTreeSet<&str> = after.iter().map(|found| found.vulnerability.as_str()).collect();
    let mut gone: BTreeMap<&str, Mended> = BTreeMap::new();
    for found in before.iter().filter(|found| !still.contains(found.vulnerability.as_str())) {
        let mended = Mended {
            deployment_id: next.deployment.id,
            vulnerability: found.vulnerability.clone(),
            application_id: next.application_id,
            severity: found.severity,
            known_at: found.first_at.max(previous.deployment.started_at),
            mended_at: now,
        };
        let so_far = gone.entry(&found.vulnerability).or_insert_with(|| mended.clone());
        so_far.severity = so_far.severity.max(mended.severity);
        so_far.known_at = so_far.known_at.min(mended.known_at);
    }
    Ok(history::note_mended(session, gone.into_values().collect()).await?)
}

async fn affected(session: &mut Session, release: ReleaseId) -> Answer<Vec<VulnerabilityMatch>> {
    let components = inventory::components_of_release(session, release).await?;
    let matches = vulnerability_match::of_components(session, &components).await?;
    Ok(matches.into_iter().filter(|found| found.is_affected).collect())
}
