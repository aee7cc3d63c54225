//! The verbs about deployments: start, finish, fail, roll back. Each writes its audit entry in its own transaction.

use crate::app::App;
use crate::audit_log::{self, binding::Object};
use crate::caller::Caller;
use crate::people::entry;
use crate::problem::{Answer, Problem};
use crate::trend;
use serde_json::{Value, json};
use shipworthy_model::{Deployment, DeploymentId, DeploymentState, Digest, Permission, ReleaseId};
use shipworthy_store::deployment::{self, Filter, PlacedDeployment};
use shipworthy_store::{Session, Visibility, environment, release};

/// Notes that somebody begins to bring a release into an environment. A deployment of the same release there that is
/// still requested is given again (`false`): a retry is no second deployment.
///
/// # Errors
/// 404 when there is no such release or environment, or the release is not the caller's.
pub async fn start(
    app: &App,
    caller: &Caller,
    release_id: ReleaseId,
    environment_name: &str,
    tool: Option<String>,
) -> Answer<(PlacedDeployment, bool)> {
    let mut session = app.db.write().await?;
    release::get(&mut session, release_id, &caller.visibility(Permission::Push)).await?;
    let environment = environment::by_name(&mut session, environment_name).await?;
    let requested = Filter {
        release: Some(release_id),
        environment: Some(environment.id.to_string()),
        state: Some(DeploymentState::Requested),
        ..Filter::default()
    };
    let under_way = deployment::list(&mut session, &requested, &Visibility::Everything, 1).await?;
    if let Some(under_way) = under_way.into_iter().next() {
        return Ok((under_way, false));
    }
    let now = app.clock.now();
    let new = Deployment {
        id: DeploymentId(app.clock.new_id()),
        release_id,
        environment_id: environment.id,
        state: DeploymentState::Requested,
        running: Vec::new(),
        tool,
        started_by: caller.user_name.clone(),
        started_at: now,
        changed_at: now,
    };
    deployment::insert(&mut session, &new).await?;
    let placed = deployment::get(&mut session, new.id, &Visibility::Everything).await?;
    // The deployment is one more subject of its release.
    let also = [("release", release_id.to_string())];
    tell(app, caller, &mut session, &placed, "start", json!({ "tool": placed.deployment.tool }), &also).await?;
    session.commit().await?;
    Ok((placed, true))
}

/// Notes that a deployment runs, in place of the service's previous one there. For one that runs already it notes
/// what runs now.
///
/// # Errors
/// 404 when it is not the caller's, 409 when it ended already.
pub async fn finish(
    app: &App,
    caller: &Caller,
    id: DeploymentId,
    running: Option<Vec<Digest>>,
) -> Answer<PlacedDeployment> {
    let (mut session, placed) = open(app, caller, id).await?;
    expect_state(&placed, &[DeploymentState::Requested, DeploymentState::Running])?;
    let mut also = Vec::new();
    for previous in of_place(&mut session, &placed, DeploymentState::Running).await? {
        if previous.deployment.id != id {
            also.push(("deployment", previous.deployment.id.to_string()));
            trend::note_mended(&mut session, &previous, &placed, app.clock.now()).await?;
            change(app, &mut session, previous, DeploymentState::Replaced).await?;
        }
    }
    let running = running.unwrap_or_else(|| placed.released.clone());
    let placed = PlacedDeployment { deployment: Deployment { running, ..placed.deployment }, ..placed };
    let placed = change(app, &mut session, placed, DeploymentState::Running).await?;
    let details = json!({ "running": placed.deployment.running, "is_right_image": placed.is_right_image() });
    tell(app, caller, &mut session, &placed, "finish", details, &also).await?;
    session.commit().await?;
    Ok(placed)
}

/// Notes that a deployment did not come to run, or no longer does.
///
/// # Errors
/// 404 when it is not the caller's, 409 when it ended already.
pub async fn fail(app: &App, caller: &Caller, id: DeploymentId, reason: Option<String>) -> Answer<PlacedDeployment> {
    let (mut session, placed) = open(app, caller, id).await?;
    if placed.deployment.state == DeploymentState::Failed {
        return Ok(placed);
    }
    expect_state(&placed, &[DeploymentState::Requested, DeploymentState::Running])?;
    let placed = change(app, &mut session, placed, DeploymentState::Failed).await?;
    tell(app, caller, &mut session, &placed, "fail", json!({ "reason": reason }), &[]).await?;
    session.commit().await?;
    Ok(placed)
}

/// Notes that a running deployment was taken back; the one that it replaced last runs again.
///
/// # Errors
/// 404 when it is not the caller's, 409 when it does not run.
pub async fn roll_back(app: &App, caller: &Caller, id: DeploymentId) -> Answer<PlacedDeployment> {
    let (mut session, placed) = open(app, caller, id).await?;
    if placed.deployment.state == DeploymentState::RolledBack {
        return Ok(placed);
    }
    expect_state(&placed, &[DeploymentState::Running])?;
    let replaced = of_place(&mut session, &placed, DeploymentState::Replaced).await?;
    let previous = replaced.into_iter().max_by_key(|other| (other.deployment.changed_at, other.deployment.id));
    let placed = change(app, &mut session, placed, DeploymentState::RolledBack).await?;
    let (mut details, mut also) = (json!({}), Vec::new());
    if let Some(previous) = previous {
        let again = change(app, &mut session, previous, DeploymentState::Running).await?;
        also.push(("deployment", again.deployment.id.to_string()));
        details = json!({ "running_again": again.deployment.id, "version": again.version });
    }
    tell(app, caller, &mut session, &placed, "roll-back", details, &also).await?;
    session.commit().await?;
    Ok(placed)
}

/// The deployment, with no other transaction changing its service in its environment.
async fn open(app: &App, caller: &Caller, id: DeploymentId) -> Answer<(Session, PlacedDeployment)> {
    let visible = caller.visibility(Permission::Push);
    let mut session = app.db.write().await?;
    let found = deployment::get(&mut session, id, &visible).await?;
    deployment::lock_place(&mut session, found.service_id, found.deployment.environment_id).await?;
    let placed = deployment::get(&mut session, id, &visible).await?;
    Ok((session, placed))
}

fn expect_state(placed: &PlacedDeployment, expected: &[DeploymentState]) -> Answer<()> {
    let state = placed.deployment.state;
    if expected.contains(&state) {
        return Ok(());
    }
    let expected = expected.iter().map(|state| format!("`{state}`")).collect::<Vec<_>>().join(" or ");
    let detail = format!("the deployment `{}` is `{state}`: expected {expected}", placed.deployment.id);
    Err(Problem::conflict(detail).hint("start a new deployment of the release"))
}

async fn of_place(
    session: &mut Session,
    placed: &PlacedDeployment,
    state: DeploymentState,
) -> Answer<Vec<PlacedDeployment>> {
    let filter = Filter {
        service: Some(placed.service_id),
        environment: Some(placed.deployment.environment_id.to_string()),
        state: Some(state),
        ..Filter::default()
    };
    Ok(deployment::list(session, &filter, &Visibility::Everything, 100).await?)
}

async fn change(
    app: &App,
    session: &mut Session,
    placed: PlacedDeployment,
    state: DeploymentState,
) -> Answer<PlacedDeployment> {
    let deployment = Deployment { state, changed_at: app.clock.now(), ..placed.deployment };
    deployment::update(session, &deployment).await?;
    Ok(PlacedDeployment { deployment, ..placed })
}

async fn tell(
    app: &App,
    caller: &Caller,
    session: &mut Session,
    placed: &PlacedDeployment,
    verb: &str,
    details: Value,
    also: &[Object],
) -> Answer<()> {
    let PlacedDeployment { deployment, version, service_name, environment_name, .. } = placed;
    let summary = match verb {
        "start" => format!("began to deploy `{service_name}` {version} to `{environment_name}`"),
        "finish" if placed.is_right_image() == Some(false) => {
            format!("deployed `{service_name}` {version} to `{environment_name}`, where another image runs")
        }
        "finish" => format!("deployed `{service_name}` {version} to `{environment_name}`"),
        "fail" => format!("failed to deploy `{service_name}` {version} to `{environment_name}`"),
        _ => format!("took `{service_name}` {version} back from `{environment_name}`"),
    };
    let object = ("deployment", deployment.id.to_string());
    let line = entry(app, caller.actor(), &format!("deployment.{verb}"), object, summary, details);
    audit_log::append_with(session, &line, also).await?;
    Ok(())
}
