//! Releases and their approvals.

use crate::api::named::Named;
use crate::app::App;
use crate::caller::{Allowed, Approve, Caller, Push, Read};
use crate::extract::{Json, Path, Query, parsed};
use crate::page::{Page, PageQuery};
use crate::portfolio;
use crate::problem::{Answer, Problem};
use crate::register::{self, NewRelease};
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use shipworthy_model::{self as model, Permission, ReleaseId};
use shipworthy_store::approval::{self, PlacedApproval};
use shipworthy_store::release::{self, Filter, OwnedRelease};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this noun.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_releases, create_release))
        .routes(routes!(get_release))
        .routes(routes!(list_approvals, create_approval))
}

/// A version of a service.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Release {
    /// Its id.
    pub id: String,
    /// The application.
    pub application: Named,
    /// The service.
    pub service: Named,
    /// The team that owns the application.
    pub team: Named,
    /// The version.
    pub version: String,
    /// The repository it was built from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repository: Option<String>,
    /// The branch it was built from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub branch: Option<String>,
    /// The source commit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// The run that built it, as `<system>/<id>`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub build: Option<String>,
    /// What it ships.
    pub artifacts: Vec<Artifact>,
    /// Who created it.
    pub created_by: String,
    /// When.
    pub created_at: String,
    /// What the caller may do: `ask-gate`, `deploy`, `approve`, `push-evidence`.
    pub actions: Vec<String>,
}

/// Something that a release ships.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Artifact {
    /// Its digest, `sha256:…`.
    pub digest: String,
    /// Where it can be had.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// `container-image`, `package` or `file`.
    pub kind: String,
}

/// A new release. Application and service are made on first mention.
#[derive(Clone, Debug, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateRelease {
    /// The name of the application.
    pub application: String,
    /// The name of the service.
    pub service: String,
    /// The version, unique for the service.
    pub version: String,
    /// The team that owns the application, where it is made; `default` or your own when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
    /// The repository it was built from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repository: Option<String>,
    /// The branch it was built from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub branch: Option<String>,
    /// The source commit, 40 or 64 hexadecimal digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// The run that built it, as `<system>/<id>`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub build: Option<String>,
    /// What it ships.
    #[serde(default)]
    pub artifacts: Vec<CreateArtifact>,
}

/// Something that a new release ships.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateArtifact {
    /// Its digest, `sha256:…`.
    pub digest: String,
    /// Where it can be had, such as `registry.example/shop/cart:1.4.0`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// `container-image` (when not given), `package` or `file`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
}

/// A person's word that a release may go to an environment.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Approval {
    /// Its id.
    pub id: String,
    /// For where.
    pub environment: Named,
    /// Who approved.
    pub approved_by: Named,
    /// What they wrote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// When.
    pub approved_at: String,
}

/// A new approval.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateApproval {
    /// The environment's name.
    pub environment: String,
    /// What to remember.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

/// Which releases are asked for.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct ReleaseQuery {
    /// Id or name of the application.
    application: Option<String>,
    /// Id or name of the service.
    service: Option<String>,
    /// The commit or its beginning.
    commit: Option<String>,
    /// Digest of an artifact.
    artifact: Option<String>,
    /// Part of the version or of the name of application or service.
    q: Option<String>,
    /// How many items at most, 1 to 500; 50 when not given.
    limit: Option<usize>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Lists releases, newest first
#[utoipa::path(get, path = "/releases", tag = "releases", security(("bearer" = [])), params(ReleaseQuery),
    responses((status = 200, body = Page<Release>), (status = 403, body = Problem)))]
async fn list_releases(
    State(app): State<App>,
    caller: Allowed<Read>,
    Query(query): Query<ReleaseQuery>,
) -> Answer<Json<Page<Release>>> {
    let page = PageQuery { limit: query.limit, cursor: query.cursor };
    let limit = page.limit()?;
    let filter = Filter {
        application: query.application,
        service: query.service,
        commit: query.commit,
        artifact: query.artifact.map(|digest| parsed("artifact", &digest)).transpose()?,
        text: query.q,
        before: page.after()?,
    };
    let mut session = app.db.read().await?;
    let found = release::list(&mut session, &filter, &caller.visibility(Permission::Read), limit + 1).await?;
    Ok(Json(Page::of(found, limit, |owned| owned.release.id, |owned| wire(owned, &caller))))
}

/// Creates a release; the same again gives the same release
#[utoipa::path(post, path = "/releases", tag = "releases", security(("bearer" = [])), request_body = CreateRelease,
    responses((status = 201, body = Release), (status = 200, body = Release, description = "It was there already"),
        (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn create_release(
    State(app): State<App>,
    caller: Allowed<Push>,
    Json(body): Json<CreateRelease>,
) -> Answer<(StatusCode, Json<Release>)> {
    let (owned, is_new) = register::register(&app, &caller, new_release(body)?).await?;
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(wire(owned, &caller))))
}

/// Gives a release
#[utoipa::path(get, path = "/releases/{id}", tag = "releases", security(("bearer" = [])),
    params(("id" = String, Path, description = "The release's id")),
    responses((status = 200, body = Release), (status = 404, body = Problem)))]
async fn get_release(
    State(app): State<App>,
    caller: Allowed<Read>,
    Path(id): Path<ReleaseId>,
) -> Answer<Json<Release>> {
    let mut session = app.db.read().await?;
    let owned = release::get(&mut session, id, &caller.visibility(Permission::Read)).await?;
    Ok(Json(wire(owned, &caller)))
}

/// Lists the approvals of a release, oldest first
#[utoipa::path(get, path = "/releases/{id}/approvals", tag = "releases", security(("bearer" = [])),
    params(("id" = String, Path, description = "The release's id")),
    responses((status = 200, body = Page<Approval>), (status = 404, body = Problem)))]
async fn list_approvals(
    State(app): State<App>,
    caller: Allowed<Read>,
    Path(id): Path<ReleaseId>,
) -> Answer<Json<Page<Approval>>> {
    let mut session = app.db.read().await?;
    release::get(&mut session, id, &caller.visibility(Permission::Read)).await?;
    let approvals = approval::of_release(&mut session, id).await?;
    Ok(Json(Page::whole(approvals.into_iter().map(wire_approval).collect())))
}

/// Approves a release for an environment
#[utoipa::path(post, path = "/releases/{id}/approvals", tag = "releases", security(("bearer" = [])),
    request_body = CreateApproval, params(("id" = String, Path, description = "The release's id")),
    responses((status = 201, body = Approval), (status = 200, body = Approval, description = "You approved before"),
        (status = 404, body = Problem)))]
async fn create_approval(
    State(app): State<App>,
    caller: Allowed<Approve>,
    Path(id): Path<ReleaseId>,
    Json(body): Json<CreateApproval>,
) -> Answer<(StatusCode, Json<Approval>)> {
    let (placed, is_new) = portfolio::approve_release(&app, &caller, id, &body.environment, body.comment).await?;
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(wire_approval(placed))))
}

fn new_release(body: CreateRelease) -> Answer<NewRelease> {
    let artifact = |(index, artifact): (usize, CreateArtifact)| {
        let kind = artifact.kind.unwrap_or_else(|| "container-image".to_owned());
        if !["container-image", "package", "file"].contains(&kind.as_str()) {
            let detail = format!("`{kind}` is not a kind of artifact: expected `container-image`, `package` or `file`");
            return Err(Problem::invalid(&format!("artifacts[{index}].kind"), detail));
        }
        let digest = parsed(&format!("artifacts[{index}].digest"), &artifact.digest)?;
        Ok(model::ReleaseArtifact { digest, name: artifact.name, kind })
    };
    let CreateRelease { application, service, version, team, repository, branch, commit, build, artifacts } = body;
    let artifacts = artifacts.into_iter().enumerate().map(artifact).collect::<Answer<Vec<_>>>()?;
    Ok(NewRelease { application, service, version, team, repository, branch, commit, build, artifacts })
}

fn wire(owned: OwnedRelease, caller: &Caller) -> Release {
    let release = owned.release;
    let actions = [
        (Permission::Gate, "ask-gate"),
        (Permission::Push, "deploy"),
        (Permission::Approve, "approve"),
        (Permission::Push, "push-evidence"),
    ];
    let actions = actions.into_iter().filter(|(needed, _)| caller.may_in_application(*needed, owned.application_id));
    Release {
        id: release.id.to_string(),
        application: Named::new(owned.application_id, owned.application_name),
        service: Named::new(release.service_id, owned.service_name),
        team: Named::new(owned.team_id, owned.team_name),
        version: release.version,
        repository: release.repository,
        branch: release.branch,
        commit: release.commit,
        build: release.build,
        artifacts: release.artifacts.into_iter().map(wire_artifact).collect(),
        created_by: release.created_by,
        created_at: release.created_at.to_string(),
        actions: actions.map(|(_, action)| action.to_owned()).collect(),
    }
}

fn wire_artifact(artifact: model::ReleaseArtifact) -> Artifact {
    Artifact { digest: artifact.digest.to_string(), name: artifact.name, kind: artifact.kind }
}

fn wire_approval(placed: PlacedApproval) -> Approval {
    let approval = placed.approval;
    Approval {
        id: approval.id.to_string(),
        environment: Named::new(approval.environment_id, placed.environment_name),
        approved_by: Named::new(approval.approved_by, approval.approved_by_name),
        comment: approval.comment,
        approved_at: approval.approved_at.to_string(),
    }
}
