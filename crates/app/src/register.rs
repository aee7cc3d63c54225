//! The verb that makes a release: finds or makes team, application and service, and answers a retry with the release
//! that is there already.

use crate::app::App;
use crate::audit_log;
use crate::caller::Caller;
use crate::current;
use crate::people::entry;
use crate::portfolio::{self, NewApplication};
use crate::problem::{Answer, Problem};
use serde_json::json;
use shipworthy_model::{
    Application, Permission, Release, ReleaseArtifact, ReleaseId, Service, ServiceId, Subject, check_name,
};
use shipworthy_store::release::{self, OwnedRelease};
use shipworthy_store::{Session, Visibility, application, service, team};

/// A release as somebody describes it.
#[derive(Clone, Debug)]
pub struct NewRelease {
    /// The name of the application.
    pub application: String,
    /// The name of the service.
    pub service: String,
    /// The version.
    pub version: String,
    /// The team that owns the application, where it is to be made.
    pub team: Option<String>,
    /// The repository it was built from.
    pub repository: Option<String>,
    /// The branch it was built from.
    pub branch: Option<String>,
    /// The source commit.
    pub commit: Option<String>,
    /// The run that built it, as `<system>/<id>`.
    pub build: Option<String>,
    /// What it ships.
    pub artifacts: Vec<ReleaseArtifact>,
}

/// Makes a release; `false` when it was there already with the same content.
///
/// # Errors
/// 404 when application or team are not the caller's, 409 when the version is there with other content or an
/// artifact is another application's, 422 when a value cannot be accepted.
pub async fn register(app: &App, caller: &Caller, mut new: NewRelease) -> Answer<(OwnedRelease, bool)> {
    check(&mut new)?;
    let mut session = app.db.write().await?;
    let (application, new_application) = application_for(app, caller, &mut session, &new).await?;
    let first = Service {
        id: ServiceId(app.clock.new_id()),
        application_id: application.id,
        name: new.service.clone(),
        created_at: app.clock.now(),
    };
    let (service, is_new_service) = service::ensure(&mut session, &first).await?;
    let release = Release {
        id: ReleaseId(app.clock.new_id()),
        service_id: service.id,
        version: new.version.clone(),
        repository: new.repository.clone(),
        branch: new.branch.clone(),
        commit: new.commit.clone(),
        build: new.build.clone(),
        artifacts: new.artifacts.clone(),
        created_by: caller.user_name.clone(),
        created_at: app.clock.now(),
    };
    let subjects = release::subjects_of(&release).map_err(|why| Problem::invalid("body", why))?;
    if !release::insert(&mut session, &release, application.id, &subjects).await? {
        let there = existing(&mut session, &new).await?;
        return refuse_other_content(&there.release, &release, &new).map(|()| (there, false));
    }
    let made = existing(&mut session, &new).await?;
    if let Some(new_application) = &new_application {
        portfolio::audit_new(app, caller, &mut session, new_application).await?;
    }
    audit_release(app, caller, &mut session, &made, is_new_service).await?;
    current::settle(&mut session, made.release.id).await?;
    session.commit().await?;
    if new_application.is_some() {
        app.callers.forget();
    }
    Ok((made, true))
}

/// Checks what people and pipelines write, and brings commit and build into their one written form.
fn check(new: &mut NewRelease) -> Answer<()> {
    for (at, what, name) in [
        ("application", "an application", &new.application),
        ("service", "a service", &new.service),
        ("version", "a version", &new.version),
    ] {
        check_name(what, name).map_err(|why| Problem::invalid(at, why))?;
    }
    for (at, text) in [("repository", &new.repository), ("branch", &new.branch)] {
        if text.as_ref().is_some_and(|text| text.is_empty() || text.len() > 2_048 || text.chars().any(char::is_control))
        {
            let expected = "expected 1 to 2048 bytes without control characters, or no such field";
            return Err(Problem::invalid(at, format!("the {at} cannot be accepted: {expected}")));
        }
    }
    new.commit = written_as("commit", "git:", new.commit.take())?;
    new.build = written_as("build", "build:", new.build.take())?;
    for (index, artifact) in new.artifacts.iter().enumerate() {
        if new.artifacts[..index].iter().any(|other| other.digest == artifact.digest) {
            let at = format!("artifacts[{index}].digest");
            return Err(Problem::invalid(&at, format!("the artifact `{}` is given twice", artifact.digest)));
        }
    }
    Ok(())
}

fn written_as(at: &str, prefix: &str, value: Option<String>) -> Answer<Option<String>> {
    let Some(value) = value else { return Ok(None) };
    let subject: Subject = format!("{prefix}{value}").parse().map_err(|why| Problem::invalid(at, why))?;
    Ok(subject.to_string().strip_prefix(prefix).map(str::to_owned))
}

/// The application that the release belongs to, made on first mention where the caller may make it.
async fn application_for(
    app: &App,
    caller: &Caller,
    session: &mut Session,
    new: &NewRelease,
) -> Answer<(Application, Option<NewApplication>)> {
    let name = &new.application;
    let Some(found) = application::find(session, name).await? else {
        let made = portfolio::new_application(app, caller, session, name, new.team.as_deref()).await?;
        return Ok((made.application.clone(), Some(made)));
    };
    if !caller.may_in_application(Permission::Push, found.id) {
        return Err(Problem::not_found(format!("application `{name}`")));
    }
    if let Some(wanted) = &new.team {
        let owner = team::get(session, found.team_id).await?.name;
        if owner != *wanted {
            let detail = format!("the application `{name}` belongs to the team `{owner}`, not to `{wanted}`");
            return Err(Problem::conflict(detail).at("team"));
        }
    }
    Ok((found, None))
}

async fn existing(session: &mut Session, new: &NewRelease) -> Answer<OwnedRelease> {
    let NewRelease { application, service, version, .. } = new;
    // The permission on the application was asked before.
    Ok(release::by_name(session, application, service, version, &Visibility::Everything).await?)
}

fn refuse_other_content(there: &Release, here: &Release, new: &NewRelease) -> Answer<()> {
    let differences = differences(there, here);
    if differences.is_empty() {
        return Ok(());
    }
    let NewRelease { application, service, version, .. } = new;
    let detail = format!("`{application}/{service}` {version} exists with other content: {}", differences.join("; "));
    Err(Problem::conflict(detail).hint("a release never changes: give what you built another version"))
}

fn differences(there: &Release, here: &Release) -> Vec<String> {
    let artifacts = |release: &Release| {
        let mut artifacts: Vec<String> = release.artifacts.iter().map(shown_artifact).collect();
        artifacts.sort();
        (!artifacts.is_empty()).then(|| artifacts.join(", "))
    };
    let pairs = [
        ("repository", there.repository.clone(), here.repository.clone()),
        ("branch", there.branch.clone(), here.branch.clone()),
        ("commit", there.commit.clone(), here.commit.clone()),
        ("build", there.build.clone(), here.build.clone()),
        ("artifacts", artifacts(there), artifacts(here)),
    ];
    let shown = |value: Option<String>| value.map_or_else(|| "none".to_owned(), |value| format!("`{value}`"));
    pairs
        .into_iter()
        .filter(|(_, there, here)| there != here)
        .map(|(what, there, here)| format!("{what} {} there, {} here", shown(there), shown(here)))
        .collect()
}

fn shown_artifact(artifact: &ReleaseArtifact) -> String {
    let ReleaseArtifact { digest, name, kind } = artifact;
    format!("{digest} ({kind}{}{})", if name.is_some() { " " } else { "" }, name.as_deref().unwrap_or_default())
}

async fn audit_release(
    app: &App,
    caller: &Caller,
    session: &mut Session,
    made: &OwnedRelease,
    is_new_service: bool,
) -> Answer<()> {
    let OwnedRelease { release, service_name, application_name, .. } = made;
    if is_new_service {
        let object = ("service", release.service_id.to_string());
        let summary = format!("made the service `{service_name}` of `{application_name}`");
        audit_log::append(session, &entry(app, caller.actor(), "service.create", object, summary, json!({}))).await?;
    }
    let object = ("release", release.id.to_string());
    let summary = format!("created `{service_name}` {} of `{application_name}`", release.version);
    let details = json!({ "commit": release.commit, "build": release.build, "artifacts": release.artifacts });
    audit_log::append(session, &entry(app, caller.actor(), "release.create", object, summary, details)).await?;
    Ok(())
}
