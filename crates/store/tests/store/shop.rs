//! A small shop that several tests begin with: one team, one application, one service, one environment.

use crate::world::{World, at, id};
use shipworthy_model::{
    Application, ApplicationId, Deployment, DeploymentId, DeploymentState, Digest, Environment, EnvironmentId,
    EnvironmentKind, Exposure, GateMode, Release, ReleaseArtifact, ReleaseId, Service, ServiceId, Team, TeamId,
    Unknowns,
};
use shipworthy_store::{Session, application, deployment, environment, release, service, team};

pub(crate) const TEAM: TeamId = TeamId(id(1));
pub(crate) const SHOP: ApplicationId = ApplicationId(id(2));
pub(crate) const CART: ServiceId = ServiceId(id(3));
pub(crate) const TEST: EnvironmentId = EnvironmentId(id(4));
pub(crate) const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

/// Makes the shop and gives a session that writes on.
pub(crate) async fn open(world: &World) -> Session {
    let mut session = world.db.write().await.expect("a session");
    let new = Team { id: TEAM, name: "harbour".to_owned(), created_at: at(0) };
    team::ensure(&mut session, &new).await.expect("a team");
    add_service(&mut session, SHOP, "shop", CART, "cart").await;
    environment::insert(&mut session, &test_environment()).await.expect("an environment");
    session
}

/// Adds an application with one service.
pub(crate) async fn add_service(
    session: &mut Session,
    application_id: ApplicationId,
    application_name: &str,
    service_id: ServiceId,
    service_name: &str,
) {
    let new = Application { id: application_id, team_id: TEAM, name: application_name.to_owned(), created_at: at(0) };
    application::ensure(session, &new).await.expect("an application");
    let new = Service { id: service_id, application_id, name: service_name.to_owned(), created_at: at(0) };
    service::ensure(session, &new).await.expect("a service");
}

pub(crate) fn test_environment() -> Environment {
    Environment {
        id: TEST,
        name: "test".to_owned(),
        kind: EnvironmentKind::Test,
        exposure: Exposure::Internal,
        gate_mode: GateMode::Enforce,
        unknowns: Unknowns::Closed,
        created_at: at(0),
    }
}

/// The `n`th release of the cart, which ships `digest("image <n>")`.
pub(crate) fn cart(n: u128) -> Release {
    Release {
        id: ReleaseId(id(100 + n)),
        service_id: CART,
        version: format!("1.{n}.0"),
        repository: Some("https://git.example/shop/cart".to_owned()),
        branch: Some("main".to_owned()),
        commit: Some(COMMIT.to_owned()),
        build: Some(format!("jenkins/cart/{n}")),
        artifacts: vec![ReleaseArtifact {
            digest: digest(&format!("image {n}")),
            name: Some(format!("registry.example/shop/cart:1.{n}.0")),
            kind: "container-image".to_owned(),
        }],
        created_by: "ci".to_owned(),
        created_at: at(10),
    }
}

/// Adds a release of the shop.
pub(crate) async fn add_release(session: &mut Session, new: &Release) {
    let subjects = release::subjects_of(new).expect("subjects");
    assert!(release::insert(session, new, SHOP, &subjects).await.expect("inserted"), "it is new");
}

/// Adds the `n`th deployment, of a release to the test environment, running what it says.
pub(crate) async fn add_deployment(session: &mut Session, n: u128, of: &Release, running: Vec<Digest>) -> Deployment {
    let new = Deployment {
        id: DeploymentId(id(200 + n)),
        release_id: of.id,
        environment_id: TEST,
        state: DeploymentState::Running,
        running,
        tool: Some("argo-cd".to_owned()),
        started_by: "ci".to_owned(),
        started_at: at(20),
        changed_at: at(21),
    };
    deployment::insert(session, &new).await.expect("inserted");
    new
}

pub(crate) fn digest(of: &str) -> Digest {
    Digest::of(of.as_bytes())
}
