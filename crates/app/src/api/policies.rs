//! Policies in their newest versions.

use crate::api::assignments::{self, Assignment};
use crate::app::App;
use crate::caller::{Allowed, Caller, Govern, Read};
use crate::extract::{Json, Path};
use crate::govern;
use crate::page::Page;
use crate::problem::{Answer, Problem};
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use shipworthy_model::Permission;
use shipworthy_policy as rego;
use shipworthy_store::policy::{self, PolicyVersion};
use shipworthy_store::{Session, StoreError};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this noun.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_policies, push_policy)).routes(routes!(get_policy))
}

/// A policy in its newest version.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Policy {
    /// The id of the version.
    pub id: String,
    /// Its name.
    pub name: String,
    /// One line for people.
    pub title: String,
    /// Why it matters.
    pub description: String,
    /// The phase it is about.
    pub phase: String,
    /// How much it matters.
    pub severity: String,
    /// What to do about violations in general.
    pub remediation: String,
    /// What it helps to fulfil.
    pub controls: Vec<Control>,
    /// Facts that must be present, else it is unknown.
    pub requires: Vec<String>,
    /// The version, from 1.
    pub version: i64,
    /// Digest of its source.
    pub digest: String,
    /// Whether it came with the product.
    pub is_builtin: bool,
    /// How many assignments of it are in force.
    pub assignments: i64,
    /// How many current decisions it fails.
    pub failing: i64,
    /// When this version was made.
    pub created_at: String,
    /// What the caller may do: `assign`.
    pub actions: Vec<String>,
}

/// A policy with its source and where it is in force.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct PolicyDetail {
    /// The id of the version.
    pub id: String,
    /// Its name.
    pub name: String,
    /// One line for people.
    pub title: String,
    /// Why it matters.
    pub description: String,
    /// The phase it is about.
    pub phase: String,
    /// How much it matters.
    pub severity: String,
    /// What to do about violations in general.
    pub remediation: String,
    /// What it helps to fulfil.
    pub controls: Vec<Control>,
    /// Facts that must be present, else it is unknown.
    pub requires: Vec<String>,
    /// The version, from 1.
    pub version: i64,
    /// Digest of its source.
    pub digest: String,
    /// Whether it came with the product.
    pub is_builtin: bool,
    /// How many assignments of it are in force.
    pub assignments: i64,
    /// How many current decisions it fails.
    pub failing: i64,
    /// When this version was made.
    pub created_at: String,
    /// What the caller may do: `assign`.
    pub actions: Vec<String>,
    /// The Rego text.
    pub source: String,
    /// The parameters it declares, as a JSON Schema.
    pub parameters: serde_json::Value,
    /// Where it is in force.
    pub assigned: Vec<Assignment>,
}

/// A control of a framework.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Control {
    /// The framework, such as `NIST SP 800-53`.
    pub framework: String,
    /// The control there, such as `RA-5`.
    pub control: String,
}

/// A policy to be kept.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PushPolicy {
    /// The Rego text with its `# METADATA`.
    pub source: String,
}

/// Lists policies by name, each in its newest version
#[utoipa::path(get, path = "/policies", tag = "policies", security(("bearer" = [])),
    responses((status = 200, body = Page<Policy>)))]
async fn list_policies(State(app): State<App>, caller: Allowed<Read>) -> Answer<Json<Page<Policy>>> {
    let mut session = app.db.read().await?;
    let numbers = Numbers::read(&mut session, &caller).await?;
    let items = policy::latest(&mut session).await?.into_iter().map(|version| wire(version, &numbers, &caller));
    Ok(Json(Page::whole(items.map(|policy| policy.map(|(policy, _)| policy)).collect::<Answer<_>>()?)))
}

/// Shows a policy with its source and where it is in force
#[utoipa::path(get, path = "/policies/{name}", tag = "policies", security(("bearer" = [])),
    params(("name" = String, Path, description = "The policy's name")),
    responses((status = 200, body = PolicyDetail), (status = 404, body = Problem)))]
async fn get_policy(
    State(app): State<App>,
    caller: Allowed<Read>,
    Path(name): Path<String>,
) -> Answer<Json<PolicyDetail>> {
    let mut session = app.db.read().await?;
    let found = policy::find(&mut session, &name).await?;
    let found = found.ok_or_else(|| Problem::from(StoreError::not_found("policy", &name)))?;
    Ok(Json(detail(&mut session, found, &caller).await?))
}

/// Keeps a policy as the next version of its name
#[utoipa::path(post, path = "/policies", tag = "policies", security(("bearer" = [])), request_body = PushPolicy,
    responses((status = 201, body = PolicyDetail), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn push_policy(
    State(app): State<App>,
    caller: Allowed<Govern>,
    Json(body): Json<PushPolicy>,
) -> Answer<(StatusCode, Json<PolicyDetail>)> {
    let kept = govern::push_policy(&app, &caller, &body.source).await?;
    let mut session = app.db.read().await?;
    Ok((StatusCode::CREATED, Json(detail(&mut session, kept, &caller).await?)))
}

/// What is counted about policies.
struct Numbers {
    assignments: std::collections::BTreeMap<String, i64>,
    failing: std::collections::BTreeMap<String, i64>,
}

impl Numbers {
    async fn read(session: &mut Session, caller: &Caller) -> Answer<Self> {
        let visibility = caller.visibility(Permission::Read);
        Ok(Self {
            assignments: policy::assignment_counts(session).await?,
            failing: policy::failing_counts(session, &visibility).await?,
        })
    }
}

async fn detail(session: &mut Session, version: PolicyVersion, caller: &Caller) -> Answer<PolicyDetail> {
    let numbers = Numbers::read(session, caller).await?;
    let assigned = assignments::visible(session, caller, Some(&version.name)).await?;
    let source = version.source.clone();
    let (policy, read) = wire(version, &numbers, caller)?;
    Ok(PolicyDetail {
        id: policy.id,
        name: policy.name,
        title: policy.title,
        description: policy.description,
        phase: policy.phase,
        severity: policy.severity,
        remediation: policy.remediation,
        controls: policy.controls,
        requires: policy.requires,
        version: policy.version,
        digest: policy.digest,
        is_builtin: policy.is_builtin,
        assignments: policy.assignments,
        failing: policy.failing,
        created_at: policy.created_at,
        actions: policy.actions,
        source,
        parameters: serde_json::to_value(&read.parameters).map_err(Problem::internal)?,
        assigned,
    })
}

fn wire(version: PolicyVersion, numbers: &Numbers, caller: &Caller) -> Answer<(Policy, rego::Policy)> {
    let read = rego::Policy::parse(&version.source)
        .map_err(|error| Problem::internal(format!("policy `{}`: {error}", version.name)))?;
    let control = |control: &rego::ControlReference| Control {
        framework: control.framework.clone(),
        control: control.control.clone(),
    };
    let may_assign = caller.may(Permission::Govern);
    let policy = Policy {
        id: version.id.to_string(),
        title: read.title.clone(),
        description: read.description.clone(),
        phase: read.phase.to_string(),
        severity: read.severity.to_string(),
        remediation: read.remediation.clone(),
        controls: read.controls.iter().map(control).collect(),
        requires: read.requires.clone(),
        version: version.version,
        digest: version.digest.to_string(),
        is_builtin: version.is_builtin,
        assignments: numbers.assignments.get(&version.name).copied().unwrap_or_default(),
        failing: numbers.failing.get(&version.name).copied().unwrap_or_default(),
        created_at: version.created_at.to_string(),
        actions: may_assign.then(|| "assign".to_owned()).into_iter().collect(),
        name: version.name,
    };
    Ok((policy, read))
}
