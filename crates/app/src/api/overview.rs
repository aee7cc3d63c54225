//! What people look at first.

use crate::api::decisions::{self, DecisionSummary};
use crate::api::named::Named;
use crate::app::App;
use crate::caller::{Allowed, Read};
use crate::extract::{Json, Query};
use crate::problem::{Answer, Problem};
use crate::risk::{self, Known};
use axum::extract::State;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use shipworthy_model::{ApplicationId, Permission, Verdict};
use shipworthy_store::application::{self, OwnedApplication};
use shipworthy_store::overview::{self, Day};
use shipworthy_store::{Session, Visibility, decision};
use std::collections::BTreeMap;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this noun.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_overview))
}

/// What people look at first.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Overview {
    /// How much there is.
    pub counts: OverviewCounts,
    /// Every application with its risk, the riskiest first.
    pub applications: Vec<ApplicationRisk>,
    /// The releases that wait before an environment whose newest answer is a deny, newest first.
    pub stopped: Vec<DecisionSummary>,
    /// What happened lately, newest first.
    pub changes: Vec<Change>,
    /// Verdicts by day, one entry for each day of the window.
    pub verdicts: Vec<VerdictsOfDay>,
}

/// How much there is.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct OverviewCounts {
    /// Applications.
    pub applications: u64,
    /// Services.
    pub services: u64,
    /// Releases.
    pub releases: u64,
    /// Deployments that run.
    pub running: u64,
    /// Exceptions that wait for a decision or are active.
    pub open_exceptions: u64,
    /// Pieces of evidence.
    pub evidence: u64,
}

/// The risk of one phase.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct PhaseRisk {
    /// `source`, `build`, `artifact` or `deploy`.
    pub phase: String,
    /// `none`, `unknown`, `low`, `medium`, `high` or `critical`.
    pub level: String,
    /// Why, in a few words.
    pub reason: String,
}

/// An application with its risk.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ApplicationRisk {
    /// The application.
    pub application: Named,
    /// The team that owns it.
    pub team: Named,
    /// How many services it has.
    pub services: u64,
    /// Its worst phase.
    pub level: String,
    /// The risk of each phase.
    pub phases: Vec<PhaseRisk>,
    /// How many deployments run.
    pub running: u64,
    /// How many of its releases are stopped.
    pub stopped: u64,
}

/// Something that happened.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Change {
    /// When.
    pub at: String,
    /// Who did it.
    pub actor: String,
    /// What, as `<noun>.<verb>`.
    pub action: String,
    /// The kind of thing it was done to.
    pub object_kind: String,
    /// Its id.
    pub object_id: String,
    /// Its name.
    pub object_name: String,
    /// One sentence for people.
    pub summary: String,
}

/// The verdicts of one day.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct VerdictsOfDay {
    /// The day in UTC, such as `2026-11-21`.
    pub day: String,
    /// How often the answer was allow.
    pub allow: u64,
    /// How often it was warn.
    pub warn: u64,
    /// How often it was deny.
    pub deny: u64,
}

/// Which window is asked for.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct OverviewQuery {
    /// How many days, 1 to 366; 30 when not given.
    days: Option<i64>,
}

const MOST_STOPPED: usize = 20;
const MOST_CHANGES: usize = 30;
const MOST_APPLICATIONS: usize = 500;

/// Gives what people look at first
#[utoipa::path(get, path = "/overview", tag = "overview", security(("bearer" = [])), params(OverviewQuery),
    responses((status = 200, body = Overview), (status = 403, body = Problem)))]
async fn get_overview(
    State(app): State<App>,
    caller: Allowed<Read>,
    Query(query): Query<OverviewQuery>,
) -> Answer<Json<Overview>> {
    let days = match query.days.unwrap_or(30) {
        days @ 1..=366 => days,
        days => return Err(Problem::bad_request(format!("`days` is {days}: expected 1 to 366"))),
    };
    let visible = caller.visibility(Permission::Read);
    let now = app.clock.now();
    let mut session = app.db.snapshot().await?;
    let stopped = decision::Filter { verdict: Some(Verdict::Deny), is_current: true, ..decision::Filter::default() };
    let stopped = decision::list(&mut session, &visible, &stopped, MOST_STOPPED).await?;
    let changes = overview::changes(&mut session, &visible, MOST_CHANGES).await?;
    Ok(Json(Overview {
        counts: counts(overview::counts(&mut session, &visible, now).await?),
        applications: applications(&mut session, &visible).await?,
        stopped: stopped.into_iter().map(decisions::summary_view).collect(),
        changes: changes.into_iter().map(change).collect(),
        verdicts: verdicts(&mut session, &visible, now, days).await?,
    }))
}

async fn applications(session: &mut Session, visible: &Visibility) -> Answer<Vec<ApplicationRisk>> {
    let known = risk::gather(session, visible, None).await?;
    let stopped = overview::stopped(session, visible).await?;
    let owned = application::list(session, visible, None, MOST_APPLICATIONS).await?;
    let mut risks: Vec<_> = owned.into_iter().map(|owned| application_risk(owned, &known, &stopped)).collect();
    // Stable: by name among equals.
    risks.sort_by_key(|(level, _)| std::cmp::Reverse(*level));
    Ok(risks.into_iter().map(|(_, risk)| risk).collect())
}

fn application_risk(
    owned: OwnedApplication,
    known: &Known,
    stopped: &BTreeMap<ApplicationId, u64>,
) -> (risk::RiskLevel, ApplicationRisk) {
    let OwnedApplication { application, team_name, services } = owned;
    let phases = known.phases(application.id);
    let level = risk::worst(&phases);
    let wire = ApplicationRisk {
        team: Named::new(application.team_id, team_name),
        services,
        level: level.as_str().to_owned(),
        phases: phases.into_iter().map(phase_risk).collect(),
        running: known.running(application.id),
        stopped: stopped.get(&application.id).copied().unwrap_or_default(),
        application: Named::new(application.id, application.name),
    };
    (level, wire)
}

/// The risk of a phase on the wire.
pub(crate) fn phase_risk(risk: risk::PhaseRisk) -> PhaseRisk {
    PhaseRisk { phase: risk.phase.to_string(), level: risk.level.as_str().to_owned(), reason: risk.reason }
}

fn counts(counts: overview::Counts) -> OverviewCounts {
    let overview::Counts { applications, services, releases, running, open_exceptions, evidence } = counts;
    OverviewCounts { applications, services, releases, running, open_exceptions, evidence }
}

fn change(change: overview::Change) -> Change {
    let overview::Change { at, actor, action, object_kind, object_id, object_name, summary } = change;
    Change { at: at.to_string(), actor, action, object_kind, object_id, object_name, summary }
}

const SECONDS_OF_A_DAY: i64 = 86_400;

async fn verdicts(
    session: &mut Session,
    visible: &Visibility,
    now: Timestamp,
    days: i64,
) -> Answer<Vec<VerdictsOfDay>> {
    let last = now.as_second().div_euclid(SECONDS_OF_A_DAY);
    let begin = |day: i64| Timestamp::UNIX_EPOCH + SignedDuration::from_secs(day * SECONDS_OF_A_DAY);
    let window = last - days + 1..=last;
    let counted = overview::verdicts(session, visible, begin(*window.start())).await?;
    let count = |number: i64, verdict: Verdict| {
        let of_day = counted.iter().filter(|day: &&Day| day.number == number && day.verdict == verdict);
        of_day.map(|day| day.count).sum()
    };
    let of_day = |number: i64| VerdictsOfDay {
        day: begin(number).to_string().chars().take(10).collect(),
        allow: count(number, Verdict::Allow),
        warn: count(number, Verdict::Warn),
        deny: count(number, Verdict::Deny),
    };
    Ok(window.map(of_day).collect())
}
