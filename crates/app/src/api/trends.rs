//! How exposure developed, and how long teams took to mend what was known.

use crate::app::App;
use crate::caller::{Allowed, Read};
use crate::extract::{Json, Query};
use crate::problem::{Answer, Problem};
use crate::trend::{self, day_of};
use axum::extract::State;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use shipworthy_model::Permission;
use shipworthy_store::history;
use std::collections::BTreeMap;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this noun.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_trends))
}

/// How exposure developed.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Trends {
    /// Each day on which it was counted, the earliest first.
    pub days: Vec<TrendDay>,
    /// How long each team took to mend what it mended in this time.
    pub mean_time_to_fix: Vec<MeanTimeToFix>,
}

/// The vulnerabilities of everything that ran, on one day; each once for an application.
#[derive(Clone, Debug, Default, Serialize, Deserialize, utoipa::ToSchema)]
pub struct TrendDay {
    /// The day, `2026-11-21`, in UTC.
    pub day: String,
    /// How many critical ones.
    pub critical: u64,
    /// How many high ones.
    pub high: u64,
    /// How many medium ones.
    pub medium: u64,
    /// How many low ones.
    pub low: u64,
    /// How many that nobody rated.
    pub unknown: u64,
    /// How many of all are known to be exploited.
    pub known_exploited: u64,
    /// How many of all were overdue.
    pub overdue: u64,
    /// The greatest risk of an application, from 0 to 100.
    pub highest_risk: u64,
}

/// How long a team took to mend what was known.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct MeanTimeToFix {
    /// The team.
    pub team: String,
    /// The mean time in days, from when a vulnerability was known of what ran until a deployment without it replaced that.
    pub days: f64,
    /// How many vulnerabilities were mended.
    pub fixed_count: u64,
}

/// How many days are asked for.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct TrendQuery {
    /// So many days back, 1 to 730; 90 when not given.
    days: Option<i64>,
}

/// Shows how exposure developed by day, and the mean time to fix by team
#[utoipa::path(get, path = "/trends", tag = "vulnerabilities", security(("bearer" = [])), params(TrendQuery),
    responses((status = 200, body = Trends), (status = 400, body = Problem)))]
async fn get_trends(
    State(app): State<App>,
    caller: Allowed<Read>,
    Query(query): Query<TrendQuery>,
) -> Answer<Json<Trends>> {
    let back = query.days.unwrap_or(90);
    if !(1..=730).contains(&back) {
        return Err(Problem::bad_request(format!("`days` is {back}: expected 1 to 730")));
    }
    let (now, visible) = (app.clock.now(), caller.visibility(Permission::Read));
    let mut session = app.db.read().await?;
    let mut kept = history::days(&mut session, &visible, day_of(now) - back).await?;
    // What is shown of today is of now, and not of the last full hour.
    kept.retain(|day| day.number < day_of(now));
    kept.extend(trend::today(&app).await?.into_iter().filter(|day| visible.includes(day.application_id)));
    let mut days: BTreeMap<i64, TrendDay> = BTreeMap::new();
    for day in kept {
        let all = days.entry(day.number).or_insert_with(|| TrendDay { day: date(day.number), ..TrendDay::default() });
        all.critical += day.counts.critical;
        all.high += day.counts.high;
        all.medium += day.counts.medium;
        all.low += day.counts.low;
        all.unknown += day.counts.unknown;
        all.known_exploited += day.known_exploited;
        all.overdue += day.overdue;
        all.highest_risk = all.highest_risk.max(day.risk);
    }
    let from = now - SignedDuration::from_hours(24 * back);
    let times = history::times_to_mend(&mut session, &visible, from).await?;
    let wire = |time: history::TimeToMend| MeanTimeToFix {
        team: time.team,
        days: in_days(time.mean_seconds),
        fixed_count: time.count,
    };
    Ok(Json(Trends { days: days.into_values().collect(), mean_time_to_fix: times.into_iter().map(wire).collect() }))
}

/// In tenths of a day.
#[expect(clippy::cast_precision_loss, reason = "a time of years has a place in a float")]
fn in_days(seconds: i64) -> f64 {
    (seconds as f64 / 8_640.0).round() / 10.0
}

fn date(day: i64) -> String {
    let at = Timestamp::from_second(day * 86_400).unwrap_or(Timestamp::UNIX_EPOCH);
    at.strftime("%Y-%m-%d").to_string()
}
