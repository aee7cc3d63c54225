//! The vulnerabilities of everything that the caller may see, each once, the greatest risk first.

use crate::api::named::SeverityCounts;
use crate::api::vulnerabilities::{KnownExploitedEntry, VulnerabilityExploitability};
use crate::app::App;
use crate::caller::{Allowed, Read};
use crate::exposure::{self, All, Exposed, Vulnerable};
use crate::extract::{Json, Query};
use crate::page::{Page, PageQuery};
use crate::problem::{Answer, Problem};
use axum::extract::State;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use shipworthy_advisories::due::{Due, When};
use shipworthy_advisories::risk::Risk;
use shipworthy_model::{self as model, Permission, Severity};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this noun.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_vulnerabilities))
}

/// How risky something is, and why.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct RiskView {
    /// Points from 0 to 100.
    pub score: u8,
    /// The word for them: `critical`, `high`, `medium`, `low`, `none`, or `unknown` where the points are an assumption.
    pub level: String,
    /// Why; the points add up to the score.
    pub because: Vec<RiskReason>,
}

/// One reason of a risk.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct RiskReason {
    /// What, in words.
    pub text: String,
    /// How many points it adds, or takes away.
    pub points: i32,
}

/// Until when something has to be mended.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct DueView {
    /// Until this instant; absent where it is to be mended with the next upgrade, or at no date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// Why, in a sentence.
    pub words: String,
    /// Whether the instant is over.
    pub is_overdue: bool,
    /// Whether it is to be found out, too, if the vulnerability was exploited.
    pub is_investigation_asked: bool,
    /// What is not known and was taken as the more urgent.
    pub assumed: Vec<String>,
}

impl From<Risk> for RiskView {
    fn from(risk: Risk) -> Self {
        let reason =
            |because: shipworthy_advisories::risk::Because| RiskReason { text: because.text, points: because.points };
        Self {
            score: risk.score,
            level: risk.level.as_str().to_owned(),
            because: risk.because.into_iter().map(reason).collect(),
        }
    }
}

impl DueView {
    /// As it is at `now`.
    pub(crate) fn of(due: Due, now: Timestamp) -> Self {
        let is_overdue = due.is_over(now);
        let Due { when, is_investigation_asked, because, assumed } = due;
        let at = if let When::At(at) = when { Some(at) } else { None };
        Self { at: at.map(|at| at.to_string()), words: because, is_overdue, is_investigation_asked, assumed }
    }
}

/// A vulnerability of what the caller may see.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct VulnerabilitySummary {
    /// The id by which people know it.
    pub name: String,
    /// One line for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// How bad.
    pub severity: String,
    /// The CVSS score from 0 to 10.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cvss_score: Option<f64>,
    /// How likely it is exploited in the next 30 days, by EPSS.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exploitability: Option<VulnerabilityExploitability>,
    /// Its entry in CISA's catalogue of known exploited vulnerabilities.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known_exploited: Option<KnownExploitedEntry>,
    /// Whether a version without it is known for every component that has it.
    pub is_fixable: bool,
    /// Since when it is known here.
    pub known_since: String,
    /// Until when it has to be mended where that comes first.
    pub due: DueView,
    /// The greatest risk of where it runs.
    pub risk: RiskView,
    /// How many components have it.
    pub component_count: u64,
    /// How many releases have one of these.
    pub release_count: u64,
    /// How many deployments of these run.
    pub running_count: u64,
}

/// A page of vulnerabilities with counts.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct VulnerabilityPage {
    /// The vulnerabilities, the greatest risk first.
    pub items: Vec<VulnerabilitySummary>,
    /// Where the next page begins; absent on the last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
    /// How many there are of each severity, whichever severity was asked for.
    pub counts: SeverityCounts,
}

/// Which vulnerabilities are asked for.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct VulnerabilityQuery {
    /// Part of the name or the title.
    q: Option<String>,
    /// Of these severities, separated by commas.
    severity: Option<String>,
    /// Only those that the catalogue of known exploited vulnerabilities has.
    known_exploited: Option<bool>,
    /// Only those of what runs.
    running: Option<bool>,
    /// Only those of which a version without it is known.
    fixable: Option<bool>,
    /// Only those whose due date is over.
    overdue: Option<bool>,
    /// How many items at most, 1 to 500; 50 when not given.
    limit: Option<usize>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Lists the vulnerabilities of all releases, each once, the greatest risk first
///
/// They are found by matching the components of inventories with the advisories that were imported. What scanners report
/// beside that is among the findings of each release.
#[utoipa::path(get, path = "/vulnerabilities", tag = "vulnerabilities", security(("bearer" = [])),
    params(VulnerabilityQuery),
    responses((status = 200, body = VulnerabilityPage), (status = 422, body = Problem)))]
async fn list_vulnerabilities(
    State(app): State<App>,
    caller: Allowed<Read>,
    Query(query): Query<VulnerabilityQuery>,
) -> Answer<Json<VulnerabilityPage>> {
    let severities = crate::api::findings::words::<Severity>("severity", query.severity.as_deref())?;
    let page = PageQuery { limit: query.limit, cursor: query.cursor.clone() };
    let (limit, after) = (page.limit()?, page.after::<String>()?);
    let mut session = app.db.read().await?;
    let (all, exposed) = exposure::exposed(&app, &mut session, &caller.visibility(Permission::Read)).await?;
    let now = app.clock.now();
    let asked: Vec<&Exposed> = exposed.iter().filter(|one| is_asked(one, &all, &query, now)).collect();
    let counts: model::SeverityCounts =
        asked.iter().filter_map(|one| Some(all.by_name.get(&one.name)?.severity)).collect();
    let of_severity = |one: &&Exposed| {
        severities.is_empty() || all.by_name.get(&one.name).is_some_and(|known| severities.contains(&known.severity))
    };
    let listed: Vec<&Exposed> = asked.into_iter().filter(of_severity).collect();
    let begin = after.and_then(|last| listed.iter().position(|one| one.name == last)).map_or(0, |at| at + 1);
    let shown: Vec<Exposed> = listed.into_iter().skip(begin).take(limit + 1).cloned().collect();
    let wire = |one: Exposed| all.by_name.get(&one.name).map(|known| summary(known, one, now));
    let Page { items, next_cursor } = Page::of(shown, limit, |one| one.name.clone(), wire);
    Ok(Json(VulnerabilityPage { items: items.into_iter().flatten().collect(), next_cursor, counts: counts.into() }))
}

fn is_asked(one: &Exposed, all: &All, query: &VulnerabilityQuery, now: Timestamp) -> bool {
    let Some(known) = all.by_name.get(&one.name) else { return false };
    let is = |asked: Option<bool>, is_so: bool| asked.is_none_or(|asked| asked == is_so);
    let has = |text: &String| {
        let text = text.trim().to_lowercase();
        known.name.to_lowercase().contains(&text) || known.title.to_lowercase().contains(&text)
    };
    query.q.as_ref().is_none_or(has)
        && is(query.known_exploited, known.known_exploited.is_some())
        && is(query.running, one.reach.running > 0)
        && is(query.fixable, known.is_fixable)
        && is(query.overdue, one.due.is_over(now))
}

fn summary(known: &Vulnerable, one: Exposed, now: Timestamp) -> VulnerabilitySummary {
    VulnerabilitySummary {
        name: one.name,
        title: Some(known.title.clone()).filter(|title| !title.is_empty()),
        severity: known.severity.to_string(),
        cvss_score: known.cvss(),
        exploitability: known.exploitability.map(Into::into),
        known_exploited: known.known_exploited.clone().map(Into::into),
        is_fixable: known.is_fixable,
        known_since: known.first_at.to_string(),
        due: DueView::of(one.due, now),
        risk: one.risk.into(),
        component_count: one.components as u64,
        release_count: one.reach.releases as u64,
        running_count: one.reach.running as u64,
    }
}
