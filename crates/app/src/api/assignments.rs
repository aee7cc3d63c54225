//! Assignments: policy versions put into force.

use crate::api::exceptions::parse;
use crate::api::named::Named;
use crate::app::App;
use crate::caller::{Allowed, Caller, Govern, Read};
use crate::extract::{Json, Path};
use crate::govern::{self, NewAssignment};
use crate::page::Page;
use crate::problem::{Answer, Problem};
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use shipworthy_model::{AssignmentId, Permission, Verdict};
use shipworthy_store::{Session, assignment};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this noun.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_assignments, create_assignment)).routes(routes!(delete_assignment))
}

/// A policy version put into force.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Assignment {
    /// Its id.
    pub id: String,
    /// The policy: the id of the version and the policy's name.
    pub policy: Named,
    /// The version.
    pub version: i64,
    /// Values of parameters; the others have the policy's own.
    pub parameters: serde_json::Value,
    /// What a failure makes of the verdict: `deny` or `warn`; `off` switches the policy off here.
    pub action: String,
    /// Where it holds.
    pub scope: AssignmentScope,
    /// The environments it holds in; empty means all.
    pub environments: Vec<Named>,
    /// Who made it.
    pub created_by: String,
    /// When.
    pub created_at: String,
    /// What the caller may do: `delete`.
    pub actions: Vec<String>,
}

/// Where an assignment holds.
#[derive(Clone, Debug, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignmentScope {
    /// `everything`, `team`, `application` or `service`.
    pub kind: String,
    /// The id of the team, application or service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The name of the team or application; of a service as `application/service`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// A policy to be put into force.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateAssignment {
    /// The policy's name; its newest version is meant.
    pub policy: String,
    /// Values of parameters.
    #[serde(default)]
    pub parameters: serde_json::Value,
    /// `deny`, `warn` or `off`.
    pub action: String,
    /// Where it shall hold, by id or by name.
    pub scope: AssignmentScope,
    /// The environments by name; empty means all.
    #[serde(default)]
    pub environments: Vec<String>,
}

/// Lists the assignments in force, by policy
#[utoipa::path(get, path = "/assignments", tag = "assignments", security(("bearer" = [])),
    responses((status = 200, body = Page<Assignment>)))]
async fn list_assignments(State(app): State<App>, caller: Allowed<Read>) -> Answer<Json<Page<Assignment>>> {
    let mut session = app.db.read().await?;
    Ok(Json(Page::whole(visible(&mut session, &caller, None).await?)))
}

/// Puts the newest version of a policy into force
#[utoipa::path(post, path = "/assignments", tag = "assignments", security(("bearer" = [])),
    request_body = CreateAssignment,
    responses((status = 201, body = Assignment), (status = 403, body = Problem), (status = 422, body = Problem)))]
async fn create_assignment(
    State(app): State<App>,
    caller: Allowed<Govern>,
    Json(body): Json<CreateAssignment>,
) -> Answer<(StatusCode, Json<Assignment>)> {
    let made = govern::create_assignment(&app, &caller, new_assignment(body)?).await?;
    Ok((StatusCode::CREATED, Json(wire(made, true))))
}

/// Ends an assignment
#[utoipa::path(delete, path = "/assignments/{id}", tag = "assignments", security(("bearer" = [])),
    params(("id" = String, Path, description = "The assignment's id")),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn delete_assignment(
    State(app): State<App>,
    caller: Allowed<Govern>,
    Path(id): Path<AssignmentId>,
) -> Answer<StatusCode> {
    govern::delete_assignment(&app, &caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn new_assignment(body: CreateAssignment) -> Answer<NewAssignment> {
    let CreateAssignment { policy, parameters, action, scope, environments } = body;
    let action = match action.as_str() {
        "off" => None,
        "deny" | "warn" => Some(parse::<Verdict>("action", &action)?),
        _ => {
            let detail = format!("`{action}` is no action: expected `deny`, `warn` or `off`");
            return Err(Problem::invalid("action", detail));
        }
    };
    Ok(NewAssignment {
        policy,
        parameters,
        action,
        scope_kind: scope.kind,
        scope_id: scope.id,
        scope_name: scope.name,
        environments,
    })
}

/// The assignments that concern what the caller may see, of one policy or of all.
pub(crate) async fn visible(session: &mut Session, caller: &Caller, policy: Option<&str>) -> Answer<Vec<Assignment>> {
    let mut seen = Vec::new();
    for assignment in assignment::list(session).await? {
        if policy.is_some_and(|policy| policy != assignment.policy) {
            continue;
        }
        let reach = govern::reach_of(session, assignment.scope).await?;
        if govern::concerns(session, caller, reach).await? {
            seen.push(wire(assignment, reach.is_within(caller, Permission::Govern)));
        }
    }
    Ok(seen)
}

fn wire(assignment: assignment::Assignment, may_delete: bool) -> Assignment {
    Assignment {
        id: assignment.id.to_string(),
        policy: Named::new(assignment.policy_id, assignment.policy),
        version: assignment.version,
        parameters: assignment.parameters,
        action: assignment.action.map_or("off", Verdict::as_str).to_owned(),
        scope: AssignmentScope {
            kind: assignment.scope.kind().to_owned(),
            id: assignment.scope.id(),
            name: assignment.scope_name,
        },
        environments: assignment.environments.into_iter().map(|(id, name)| Named::new(id, name)).collect(),
        created_by: assignment.created_by,
        created_at: assignment.created_at.to_string(),
        actions: may_delete.then(|| "delete".to_owned()).into_iter().collect(),
    }
}
