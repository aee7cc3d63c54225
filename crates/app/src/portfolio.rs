//! The verbs that make and change what releases belong to: teams, applications, environments; and the approval of a
//! release by a person. Each writes its audit entry in its own transaction.

use crate::app::App;
use crate::audit_log;
use crate::caller::Caller;
use crate::people::entry;
use crate::problem::{Answer, Problem};
use serde_json::json;
use shipworthy_model::{
    Application, ApplicationId, Approval, ApprovalId, Environment, EnvironmentId, EnvironmentKind, Exposure, GateMode,
    Permission, ReleaseId, Scope, Subject, Team, TeamId, Unknowns, check_name,
};
use shipworthy_store::approval::{self, PlacedApproval};
use shipworthy_store::{Session, StoreError, application, environment, release, team};

/// Makes a team.
///
/// # Errors
/// When the caller's permission does not reach that far, or the name is taken or none.
pub async fn create_team(app: &App, caller: &Caller, name: &str) -> Answer<Team> {
    caller.require_everywhere(Permission::Admin, "teams belong to no team")?;
    check_name("a team", name).map_err(|why| Problem::invalid("name", why))?;
    let mut session = app.db.write().await?;
    let (made, is_new) = ensure_team(app, &mut session, name).await?;
    if !is_new {
        return Err(Problem::conflict(format!("a team named `{name}` exists already")));
    }
    audit_team(app, caller, &mut session, &made).await?;
    session.commit().await?;
    app.callers.forget();
    Ok(made)
}

/// Makes an application for a team, which is made as well where the caller may do so.
///
/// # Errors
/// When the team is not the caller's, or the name is taken or none.
pub async fn create_application(
    app: &App,
    caller: &Caller,
    name: &str,
    team_name: Option<&str>,
) -> Answer<Application> {
    check_name("an application", name).map_err(|why| Problem::invalid("name", why))?;
    let mut session = app.db.write().await?;
    if application::find(&mut session, name).await?.is_some() {
        return Err(Problem::conflict(format!("an application named `{name}` exists already")));
    }
    let new = new_application(app, caller, &mut session, name, team_name).await?;
    audit_new(app, caller, &mut session, &new).await?;
    session.commit().await?;
    app.callers.forget();
    Ok(new.application)
}

/// An application that was just made, and its team if that was made with it.
#[derive(Debug)]
pub(crate) struct NewApplication {
    pub(crate) application: Application,
    new_team: Option<Team>,
}

/// Makes an application in the open transaction; [`audit_new`] tells the log of it, last.
///
/// # Errors
/// 404 when the team is not the caller's, whether it exists or not.
pub(crate) async fn new_application(
    app: &App,
    caller: &Caller,
    session: &mut Session,
    name: &str,
    team_name: Option<&str>,
) -> Answer<NewApplication> {
    let (owner, is_new_team) = owner(app, caller, session, name, team_name).await?;
    let new = Application {
        id: ApplicationId(app.clock.new_id()),
        team_id: owner.id,
        name: name.to_owned(),
        created_at: app.clock.now(),
    };
    let (application, _) = application::ensure(session, &new).await?;
    Ok(NewApplication { application, new_team: is_new_team.then_some(owner) })
}

/// The team that will own a new application: the one named, else the caller's own, else the default one.
async fn owner(
    app: &App,
    caller: &Caller,
    session: &mut Session,
    application_name: &str,
    team_name: Option<&str>,
) -> Answer<(Team, bool)> {
    let name = match (team_name, caller.widest_scope(Permission::Push)) {
        (Some(name), _) => name,
        (None, Some(Scope::Team(id))) => return Ok((team::get(session, id).await?, false)),
        (None, Some(Scope::Everything)) => team::DEFAULT_TEAM,
        // Who pushes for one application only makes no others.
        (None, _) => return Err(Problem::not_found(format!("application `{application_name}`"))),
    };
    check_name("a team", name).map_err(|why| Problem::invalid("team", why))?;
    let found = team::find(session, name).await?;
    let is_allowed = match &found {
        Some(found) => caller.may_in_team(Permission::Push, found.id),
        None => caller.may_everywhere(Permission::Push),
    };
    if !is_allowed {
        return Err(Problem::not_found(format!("team `{name}`")));
    }
    match found {
        Some(found) => Ok((found, false)),
        None => ensure_team(app, session, name).await,
    }
}

async fn ensure_team(app: &App, session: &mut Session, name: &str) -> Answer<(Team, bool)> {
    let new = Team { id: TeamId(app.clock.new_id()), name: name.to_owned(), created_at: app.clock.now() };
    Ok(team::ensure(session, &new).await?)
}

/// Tells the log of a new application and its team.
///
/// # Errors
/// When the database fails.
pub(crate) async fn audit_new(
    app: &App,
    caller: &Caller,
    session: &mut Session,
    new: &NewApplication,
) -> Result<(), StoreError> {
    if let Some(team) = &new.new_team {
        audit_team(app, caller, session, team).await?;
    }
    let Application { id, name, .. } = &new.application;
    let summary = format!("made the application `{name}`");
    let line = entry(app, caller.actor(), "application.create", ("application", id.to_string()), summary, json!({}));
    audit_log::append(session, &line).await?;
    Ok(())
}

async fn audit_team(app: &App, caller: &Caller, session: &mut Session, team: &Team) -> Result<(), StoreError> {
    let summary = format!("made the team `{}`", team.name);
    let line = entry(app, caller.actor(), "team.create", ("team", team.id.to_string()), summary, json!({}));
    audit_log::append(session, &line).await?;
    Ok(())
}

/// Makes an environment.
///
/// # Errors
/// When the caller's permission does not reach that far, or the name is taken or none.
pub async fn create_environment(app: &App, caller: &Caller, new: Environment) -> Answer<Environment> {
    caller.require_everywhere(Permission::Govern, "environments belong to no team")?;
    check_name("an environment", &new.name).map_err(|why| Problem::invalid("name", why))?;
    let subject: Result<Subject, _> = format!("environment:{}", new.name).parse();
    subject.map_err(|why| Problem::invalid("name", why))?;
    let mut session = app.db.write().await?;
    environment::insert(&mut session, &new).await?;
    audit_environment(app, caller, &mut session, "environment.create", "made", &new).await?;
    session.commit().await?;
    Ok(new)
}

/// What changes about an environment.
#[derive(Clone, Copy, Debug, Default)]
pub struct EnvironmentChange {
    /// Another kind.
    pub kind: Option<EnvironmentKind>,
    /// Another exposure.
    pub exposure: Option<Exposure>,
    /// Another gate mode.
    pub gate_mode: Option<GateMode>,
    /// Another rule for unknowns.
    pub unknowns: Option<Unknowns>,
}

/// Changes an environment.
///
/// # Errors
/// When the caller's permission does not reach that far, or there is no such environment.
pub async fn update_environment(
    app: &App,
    caller: &Caller,
    id: EnvironmentId,
    change: &EnvironmentChange,
) -> Answer<Environment> {
    caller.require_everywhere(Permission::Govern, "environments belong to no team")?;
    let mut session = app.db.write().await?;
    let old = environment::get(&mut session, id).await?;
    let new = Environment {
        kind: change.kind.unwrap_or(old.kind),
        exposure: change.exposure.unwrap_or(old.exposure),
        gate_mode: change.gate_mode.unwrap_or(old.gate_mode),
        unknowns: change.unknowns.unwrap_or(old.unknowns),
        ..old.clone()
    };
    if new != old {
        environment::update(&mut session, &new).await?;
        audit_environment(app, caller, &mut session, "environment.update", "changed", &new).await?;
        session.commit().await?;
    }
    Ok(new)
}

async fn audit_environment(
    app: &App,
    caller: &Caller,
    session: &mut Session,
    action: &str,
    verb: &str,
    environment: &Environment,
) -> Result<(), StoreError> {
    let Environment { id, name, kind, exposure, gate_mode, unknowns, created_at: _ } = environment;
    let details = json!({ "kind": kind, "exposure": exposure, "gate_mode": gate_mode, "unknowns": unknowns });
    let summary = format!("{verb} the environment `{name}`: {kind}, {exposure}, gate {gate_mode}, unknowns {unknowns}");
    let line = entry(app, caller.actor(), action, ("environment", id.to_string()), summary, details);
    audit_log::append(session, &line).await?;
    Ok(())
}

/// Records the caller's word that the release may go to the environment; `true` when it is new, `false` when the
/// caller had said so before.
///
/// # Errors
/// When the caller may not approve for the release's application, or there is no such release or environment.
pub async fn approve_release(
    app: &App,
    caller: &Caller,
    release_id: ReleaseId,
    environment_name: &str,
    comment: Option<String>,
) -> Answer<(PlacedApproval, bool)> {
    let mut session = app.db.write().await?;
    let owned = release::get(&mut session, release_id, &caller.visibility(Permission::Approve)).await?;
    let environment = environment::by_name(&mut session, environment_name).await?;
    let before = approval::of_release(&mut session, release_id).await?.into_iter().find(|placed| {
        placed.approval.approved_by == caller.user_id && placed.approval.environment_id == environment.id
    });
    if let Some(before) = before {
        return Ok((before, false));
    }
    let approval = Approval {
        id: ApprovalId(app.clock.new_id()),
        release_id,
        environment_id: environment.id,
        approved_by: caller.user_id,
        approved_by_name: caller.user_name.clone(),
        comment,
        approved_at: app.clock.now(),
    };
    approval::insert(&mut session, &approval).await?;
    let (service, version) = (&owned.service_name, &owned.release.version);
    let summary = format!("approved `{service}` {version} for `{}`", environment.name);
    let details = json!({ "environment": environment.name, "comment": approval.comment });
    let line = entry(app, caller.actor(), "release.approve", ("release", release_id.to_string()), summary, details);
    audit_log::append(&mut session, &line).await?;
    session.commit().await?;
    Ok((PlacedApproval { approval, environment_name: environment.name }, true))
}
