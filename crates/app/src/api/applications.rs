//! Applications.

use crate::api::decisions::{self, DecisionSummary};
use crate::api::deployments::{self, DeploymentSummary};
use crate::api::environments::{self, Environment};
use crate::api::named::Named;
use crate::api::overview::{PhaseRisk, phase_risk};
use crate::app::App;
use crate::caller::{Allowed, Caller, Push, Read};
use crate::extract::{Json, Path, Query};
use crate::page::{Page, PageQuery};
use crate::portfolio;
use crate::problem::{Answer, Problem};
use crate::risk;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use shipworthy_model::{self as model, ApplicationId, DeploymentState, Permission};
use shipworthy_store::application::{self, OwnedApplication};
use shipworthy_store::decision::{self, Summary};
use shipworthy_store::deployment::{self, PlacedDeployment};
use shipworthy_store::{Session, Visibility, environment, release, service};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this noun.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_applications, create_application)).routes(routes!(get_application))
}

/// What the business names.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Application {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The team that owns it.
    pub team: Named,
    /// How many services it has.
    pub services: u64,
    /// When it was made.
    pub created_at: String,
    /// What the caller may do: `create-release`.
    pub actions: Vec<String>,
}

/// An application with what runs where.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ApplicationDetail {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The team that owns it.
    pub team: Named,
    /// When it was made.
    pub created_at: String,
    /// The risk of each phase.
    pub phases: Vec<PhaseRisk>,
    /// The worst of them.
    pub level: String,
    /// Every environment, in the order in which they were made.
    pub environments: Vec<Environment>,
    /// Its services by name.
    pub services: Vec<ServicePlaces>,
    /// What the caller may do: `create-release`.
    pub actions: Vec<String>,
}

/// A service and how it stands in each environment.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ServicePlaces {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its newest release.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latest_release: Option<LatestRelease>,
    /// One entry for each environment.
    pub places: Vec<Place>,
}

/// The newest release of a service.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct LatestRelease {
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: String,
    /// When it was created.
    pub created_at: String,
}

/// A service in an environment.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Place {
    /// The environment.
    pub environment_id: String,
    /// What runs there, else what was tried there last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deployment: Option<DeploymentSummary>,
    /// The newest answer about what runs there, else about whatever was asked about last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<DecisionSummary>,
}

/// A new application.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateApplication {
    /// Its name, unique.
    pub name: String,
    /// The name of the team that owns it; `default` or your own when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
}

/// Lists applications by name
#[utoipa::path(get, path = "/applications", tag = "applications", security(("bearer" = [])), params(PageQuery),
    responses((status = 200, body = Page<Application>), (status = 403, body = Problem)))]
async fn list_applications(
    State(app): State<App>,
    caller: Allowed<Read>,
    Query(page): Query<PageQuery>,
) -> Answer<Json<Page<Application>>> {
    let limit = page.limit()?;
    let after: Option<String> = page.after()?;
    let mut session = app.db.read().await?;
    let visible = caller.visibility(Permission::Read);
    let found = application::list(&mut session, &visible, after.as_deref(), limit + 1).await?;
    Ok(Json(Page::of(found, limit, |owned| owned.application.name.clone(), |owned| wire(owned, &caller))))
}

/// Makes an application
#[utoipa::path(post, path = "/applications", tag = "applications", security(("bearer" = [])),
    request_body = CreateApplication,
    responses((status = 201, body = Application), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn create_application(
    State(app): State<App>,
    caller: Allowed<Push>,
    Json(body): Json<CreateApplication>,
) -> Answer<(StatusCode, Json<Application>)> {
    let made = portfolio::create_application(&app, &caller, &body.name, body.team.as_deref()).await?;
    let mut session = app.db.read().await?;
    let owned = application::get(&mut session, made.id, &Visibility::Everything).await?;
    let actions = vec!["create-release".to_owned()];
    Ok((StatusCode::CREATED, Json(Application { actions, ..wire(owned, &caller) })))
}

/// Gives an application with what runs where
#[utoipa::path(get, path = "/applications/{id}", tag = "applications", security(("bearer" = [])),
    params(("id" = String, Path, description = "The application's id")),
    responses((status = 200, body = ApplicationDetail), (status = 404, body = Problem)))]
async fn get_application(
    State(app): State<App>,
    caller: Allowed<Read>,
    Path(id): Path<ApplicationId>,
) -> Answer<Json<ApplicationDetail>> {
    let visible = caller.visibility(Permission::Read);
    let mut session = app.db.snapshot().await?;
    let owned = application::get(&mut session, id, &visible).await?;
    let risks = risk::gather(&mut session, &visible, Some(id)).await?.phases(id);
    let environments = environment::list(&mut session).await?;
    let services = services(&mut session, id, &environments, &visible).await?;
    let Application { id, name, team, services: _, created_at, actions } = wire(owned, &caller);
    Ok(Json(ApplicationDetail {
        id,
        name,
        team,
        created_at,
        level: risk::worst(&risks).as_str().to_owned(),
        phases: risks.into_iter().map(phase_risk).collect(),
        environments: environments.into_iter().map(|found| environments::wire(found, &caller)).collect(),
        services,
        actions,
    }))
}

/// As many newest answers and running deployments of one application as are looked at.
const MOST_LOOKED_AT: usize = 2_000;

async fn services(
    session: &mut Session,
    application: ApplicationId,
    environments: &[model::Environment],
    visible: &Visibility,
) -> Answer<Vec<ServicePlaces>> {
    let asked = decision::Filter { application: Some(application), is_current: true, ..decision::Filter::default() };
    let asked = decision::list(session, visible, &asked, MOST_LOOKED_AT).await?;
    let running = deployment::Filter {
        application: Some(application.to_string()),
        state: Some(DeploymentState::Running),
        ..deployment::Filter::default()
    };
    let running = deployment::list(session, &running, visible, MOST_LOOKED_AT).await?;
    let mut services = Vec::new();
    for found in service::of_application(session, application).await? {
        let newest = release::Filter { service: Some(found.id.to_string()), ..release::Filter::default() };
        let newest = release::list(session, &newest, visible, 1).await?.pop();
        let mut places = Vec::new();
        for environment in environments {
            let runs = running.iter().find(|placed| is_at(placed, found.id, environment)).cloned();
            let deployment = match runs {
                Some(runs) => Some(runs),
                None => tried_last(session, found.id, environment, visible).await?,
            };
            places.push(place(&asked, found.id, environment, deployment.as_ref()));
        }
        services.push(ServicePlaces {
            id: found.id.to_string(),
            name: found.name,
            latest_release: newest.map(|owned| LatestRelease {
                id: owned.release.id.to_string(),
                version: owned.release.version,
                created_at: owned.release.created_at.to_string(),
            }),
            places,
        });
    }
    Ok(services)
}

fn is_at(placed: &PlacedDeployment, service: model::ServiceId, environment: &model::Environment) -> bool {
    placed.service_id == service && placed.deployment.environment_id == environment.id
}

async fn tried_last(
    session: &mut Session,
    service: model::ServiceId,
    environment: &model::Environment,
    visible: &Visibility,
) -> Answer<Option<PlacedDeployment>> {
    let filter = deployment::Filter {
        service: Some(service),
        environment: Some(environment.id.to_string()),
        ..deployment::Filter::default()
    };
    Ok(deployment::list(session, &filter, visible, 1).await?.pop())
}

fn place(
    asked: &[Summary],
    service: model::ServiceId,
    environment: &model::Environment,
    deployment: Option<&PlacedDeployment>,
) -> Place {
    let here: Vec<&Summary> =
        asked.iter().filter(|found| found.service_id == service && found.environment_id == environment.id).collect();
    let runs = deployment.filter(|placed| placed.deployment.state == DeploymentState::Running);
    let of_running =
        here.iter().find(|found| runs.is_some_and(|placed| placed.deployment.release_id == found.release_id));
    Place {
        environment_id: environment.id.to_string(),
        deployment: deployment.map(deployments::summary),
        decision: of_running.or(here.first()).map(|found| decisions::summary_view((*found).clone())),
    }
}

fn wire(owned: OwnedApplication, caller: &Caller) -> Application {
    let OwnedApplication { application, team_name, services } = owned;
    let may_push = caller.may_in_application(Permission::Push, application.id);
    Application {
        id: application.id.to_string(),
        name: application.name,
        team: Named::new(application.team_id, team_name),
        services,
        created_at: application.created_at.to_string(),
        actions: if may_push { vec!["create-release".to_owned()] } else { Vec::new() },
    }
}
