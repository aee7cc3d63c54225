//! Recorded answers of gates.

use crate::api::exceptions::{self, ExceptionView, parse};
use crate::api::named::Named;
use crate::app::App;
use crate::caller::{Allowed, Read};
use crate::extract::{Json, Path, Query};
use crate::page::{Page, PageQuery};
use crate::problem::{Answer, Problem};
use crate::replay::replay;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use shipworthy_model::{self as model, Decision, DecisionId, ExcusedBy, Permission};
use shipworthy_store::decision::{self, Filter, Stored, Summary};
use shipworthy_store::{Session, Visibility, application, audit, exception};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this noun.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_decisions))
        .routes(routes!(get_decision))
        .routes(routes!(get_decision_record))
        .routes(routes!(replay_decision))
}

/// A decision as lists show it.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct DecisionSummary {
    /// Its id.
    pub id: String,
    /// The release; its name is its version.
    pub release: Named,
    /// The service.
    pub service: Named,
    /// The application.
    pub application: Named,
    /// The environment.
    pub environment: Named,
    /// `allow`, `warn` or `deny`.
    pub verdict: String,
    /// When it was made.
    pub decided_at: String,
    /// Who asked.
    pub asked_by: String,
    /// How many policies fail.
    pub failed: i64,
    /// How many policies are unknown.
    pub unknown: i64,
    /// How many violations or findings are excused.
    pub excused: i64,
    /// Whether it is the newest of its release and environment.
    pub is_current: bool,
    /// The decision in one line.
    pub headline: String,
}

/// A decision with every reason.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct DecisionView {
    /// Its id.
    pub id: String,
    /// The release; its name is its version.
    pub release: Named,
    /// The service.
    pub service: Named,
    /// The application.
    pub application: Named,
    /// The environment.
    pub environment: Named,
    /// `allow`, `warn` or `deny`.
    pub verdict: String,
    /// When it was made.
    pub decided_at: String,
    /// Who asked.
    pub asked_by: String,
    /// How many policies fail.
    pub failed: i64,
    /// How many policies are unknown.
    pub unknown: i64,
    /// How many violations or findings are excused.
    pub excused: i64,
    /// Whether it is the newest of its release and environment.
    pub is_current: bool,
    /// The decision in one line.
    pub headline: String,
    /// The instant from which time alone could change the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<String>,
    /// How the environment's gate stood: `enforce`, `warn` or `off`.
    pub gate_mode: String,
    /// What an unknown counted for: `closed` or `open`.
    pub unknowns: String,
    /// Digest of the facts that the policies saw.
    pub facts: String,
    /// The evidence behind the facts.
    pub evidence: Vec<DecisionEvidence>,
    /// Every policy with its result, by phase and name.
    pub policies: Vec<PolicyResult>,
    /// The exceptions that were used, as they stand now.
    pub exceptions: Vec<ExceptionView>,
    /// Findings that an exception took out of the count.
    pub excused_findings: Vec<ExcusedFinding>,
    /// The page that shows it.
    pub link: String,
    /// Digest of the record.
    pub digest: String,
    /// The place of the entry about it in the audit log, which `GET /audit/proofs/inclusion` proves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audit_entry: Option<i64>,
}

/// Evidence as a decision names it.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct DecisionEvidence {
    /// Its id.
    pub id: String,
    /// The document's digest.
    pub document: String,
    /// The document's format.
    pub format: String,
}

/// The result of a policy.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct PolicyResult {
    /// Its name.
    pub name: String,
    /// Its title.
    pub title: String,
    /// Its phase.
    pub phase: String,
    /// How much it matters.
    pub severity: String,
    /// What to do about violations in general.
    pub remediation: String,
    /// Digest of its source.
    pub digest: String,
    /// What a failure makes of the verdict: `warn` or `deny`.
    pub action: String,
    /// The parameter values it ran with.
    pub parameters: serde_json::Value,
    /// `pass`, `fail`, `unknown` or `not_applicable`.
    pub outcome: String,
    /// What was missing or went wrong.
    pub reasons: Vec<String>,
    /// Why it did not pass, excused ones included.
    pub violations: Vec<ViolationView>,
}

/// One reason why a policy did not pass.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ViolationView {
    /// The reason, one sentence. It may quote tools: text, never markup.
    pub message: String,
    /// The vulnerability or rule it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finding: Option<String>,
    /// The component it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub component: Option<String>,
    /// What to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remediation: Option<String>,
    /// The exceptions that excuse it.
    pub excused_by: Vec<ExcusedByView>,
}

/// An exception as a violation names it.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ExcusedByView {
    /// The exception.
    pub exception: String,
    /// When it ends.
    pub until: String,
}

/// A finding that an exception took out of the count.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ExcusedFinding {
    /// The vulnerability or rule.
    pub rule: String,
    /// The component.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub component: Option<String>,
    /// Its severity.
    pub severity: String,
    /// The exception.
    pub exception: String,
}

/// Which decisions are asked for.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct DecisionQuery {
    /// The release's id.
    release: Option<String>,
    /// The environment's name.
    environment: Option<String>,
    /// The application's id or name.
    application: Option<String>,
    /// `allow`, `warn` or `deny`.
    verdict: Option<String>,
    /// `true` for the newest of each release and environment alone.
    current: Option<bool>,
    /// How many items at most, 1 to 500; 50 when not given.
    limit: Option<usize>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Lists decisions, newest first
#[utoipa::path(get, path = "/decisions", tag = "decisions", security(("bearer" = [])), params(DecisionQuery),
    responses((status = 200, body = Page<DecisionSummary>), (status = 400, body = Problem)))]
async fn list_decisions(
    State(app): State<App>,
    caller: Allowed<Read>,
    Query(query): Query<DecisionQuery>,
) -> Answer<Json<Page<DecisionSummary>>> {
    let page = PageQuery { limit: query.limit, cursor: query.cursor.clone() };
    let limit = page.limit()?;
    let after = page.after()?;
    let mut session = app.db.read().await?;
    let Some(filter) = filter(&mut session, query).await? else { return Ok(Json(Page::whole(Vec::new()))) };
    let filter = Filter { after, ..filter };
    let found = decision::list(&mut session, &caller.visibility(Permission::Read), &filter, limit + 1).await?;
    Ok(Json(Page::of(found, limit, |summary| (summary.decided_at, summary.id), summary_view)))
}

/// The filter, or nothing when it names an application that does not exist.
async fn filter(session: &mut Session, query: DecisionQuery) -> Answer<Option<Filter>> {
    let mut filter = Filter {
        release: query.release.map(|id| parse("release", &id)).transpose()?,
        environment: query.environment,
        verdict: query.verdict.map(|verdict| parse("verdict", &verdict)).transpose()?,
        is_current: query.current.unwrap_or_default(),
        ..Filter::default()
    };
    if let Some(key) = query.application {
        let id = match key.parse() {
            Ok(id) => Some(id),
            Err(_) => application::find(session, &key).await?.map(|found| found.id),
        };
        let Some(id) = id else { return Ok(None) };
        filter.application = Some(id);
    }
    Ok(Some(filter))
}

/// Shows a decision with every reason
#[utoipa::path(get, path = "/decisions/{id}", tag = "decisions", security(("bearer" = [])),
    params(("id" = String, Path, description = "The decision's id")),
    responses((status = 200, body = DecisionView), (status = 404, body = Problem)))]
async fn get_decision(
    State(app): State<App>,
    caller: Allowed<Read>,
    Path(id): Path<DecisionId>,
) -> Answer<Json<DecisionView>> {
    let mut session = app.db.read().await?;
    let stored = decision::get(&mut session, &caller.visibility(Permission::Read), id).await?;
    Ok(Json(decision_view(&app, &mut session, stored).await?))
}

/// Gives the record of a decision, byte for byte as it was made
#[utoipa::path(get, path = "/decisions/{id}/record", tag = "decisions", security(("bearer" = [])),
    params(("id" = String, Path, description = "The decision's id")),
    responses((status = 200, body = Object, content_type = "application/json"), (status = 404, body = Problem)))]
async fn get_decision_record(
    State(app): State<App>,
    caller: Allowed<Read>,
    Path(id): Path<DecisionId>,
) -> Answer<Response> {
    let visibility = caller.visibility(Permission::Read);
    Ok(json(decision::get(&mut app.db.read().await?, &visibility, id).await?.record))
}

/// Makes a decision again out of what was recorded with it: the same bytes as the record
#[utoipa::path(get, path = "/decisions/{id}/replay", tag = "decisions", security(("bearer" = [])),
    params(("id" = String, Path, description = "The decision's id")),
    responses((status = 200, body = Object, content_type = "application/json"), (status = 404, body = Problem),
        (status = 500, description = "`replay-differs`", body = Problem)))]
async fn replay_decision(
    State(app): State<App>,
    caller: Allowed<Read>,
    Path(id): Path<DecisionId>,
) -> Answer<Response> {
    let visibility = caller.visibility(Permission::Read);
    let stored = decision::get(&mut app.db.read().await?, &visibility, id).await?;
    Ok(json(replay(&app, &stored.record).await?))
}

fn json(body: String) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], body).into_response()
}

/// A decision as the gate answers it, written once. That the caller may see it was asked when it was found.
pub(crate) async fn written(app: &App, id: DecisionId) -> Answer<Bytes> {
    if let Some(answer) = app.answers.get(id) {
        return Ok(answer);
    }
    let mut session = app.db.read().await?;
    let stored = decision::get(&mut session, &Visibility::Everything, id).await?;
    let view = decision_view(app, &mut session, stored).await?;
    let answer = Bytes::from(serde_json::to_vec(&view).map_err(Problem::internal)?);
    app.answers.keep(id, answer.clone());
    Ok(answer)
}

/// A decision as lists show it.
#[must_use]
pub fn summary_view(summary: Summary) -> DecisionSummary {
    DecisionSummary {
        id: summary.id.to_string(),
        release: Named::new(summary.release_id, summary.version),
        service: Named::new(summary.service_id, summary.service),
        application: Named::new(summary.application_id, summary.application),
        environment: Named::new(summary.environment_id, summary.environment),
        verdict: summary.verdict.to_string(),
        decided_at: summary.decided_at.to_string(),
        asked_by: summary.asked_by,
        failed: summary.counts.failed,
        unknown: summary.counts.unknown,
        excused: summary.counts.excused,
        is_current: summary.is_current,
        headline: summary.headline,
    }
}

async fn decision_view(app: &App, session: &mut Session, stored: Stored) -> Answer<DecisionView> {
    let made: Decision = serde_json::from_str(&stored.record).map_err(Problem::internal)?;
    let now = app.clock.now();
    let mut exceptions = Vec::new();
    for used in &made.exceptions {
        let named = exception::get(session, &Visibility::Everything, used.id).await?;
        exceptions.push(exceptions::view(named, now, None));
    }
    let summary = summary_view(stored.summary);
    let audit_entry = audit::first_about(session, "decision", &summary.id, "decision.make").await?;
    Ok(DecisionView {
        audit_entry,
        link: format!("{}/decisions/{}", app.settings.public_url, summary.id),
        id: summary.id,
        release: summary.release,
        service: summary.service,
        application: summary.application,
        environment: summary.environment,
        verdict: summary.verdict,
        decided_at: summary.decided_at,
        asked_by: summary.asked_by,
        failed: summary.failed,
        unknown: summary.unknown,
        excused: summary.excused,
        is_current: summary.is_current,
        headline: summary.headline,
        valid_until: made.valid_until.map(|until| until.to_string()),
        gate_mode: made.gate_mode.to_string(),
        unknowns: made.unknowns.to_string(),
        facts: made.facts.to_string(),
        evidence: made.evidence.into_iter().map(evidence_view).collect(),
        policies: made.policies.into_iter().map(policy_view).collect(),
        exceptions,
        excused_findings: made.excused_findings.into_iter().map(excused_view).collect(),
        digest: stored.record_digest.to_string(),
    })
}

fn evidence_view(evidence: model::EvidenceRef) -> DecisionEvidence {
    let model::EvidenceRef { id, document, format } = evidence;
    DecisionEvidence { id: id.to_string(), document: document.to_string(), format }
}

fn excused_view(excused: model::ExcusedFinding) -> ExcusedFinding {
    let model::ExcusedFinding { rule, component, severity, exception } = excused;
    ExcusedFinding { rule, component, severity: severity.to_string(), exception: exception.to_string() }
}

fn policy_view(policy: model::EvaluatedPolicy) -> PolicyResult {
    PolicyResult {
        name: policy.name,
        title: policy.title,
        phase: policy.phase.to_string(),
        severity: policy.severity.to_string(),
        remediation: policy.remediation,
        digest: policy.digest.to_string(),
        action: policy.action.to_string(),
        parameters: policy.parameters,
        outcome: policy.outcome.to_string(),
        reasons: policy.reasons,
        violations: policy.violations.into_iter().map(violation_view).collect(),
    }
}

fn violation_view(violation: model::Violation) -> ViolationView {
    let model::Violation { message, finding, component, remediation, excused_by } = violation;
    let by = |by: ExcusedBy| ExcusedByView { exception: by.exception.to_string(), until: by.until.to_string() };
    ViolationView { message, finding, component, remediation, excused_by: excused_by.into_iter().map(by).collect() }
}
