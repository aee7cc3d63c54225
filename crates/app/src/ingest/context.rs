//! What a sender says a document is about, checked against what the sender may speak for.

use crate::app::App;
use crate::caller::Caller;
use crate::problem::{Answer, Problem};
use shipworthy_model::{DeploymentId, Permission, ReleaseId, Scope, Subject};
use shipworthy_store::release::OwnedRelease;
use shipworthy_store::{Session, Visibility, deployment, evidence, release};

/// What a sender says.
#[derive(Clone, Debug, Default)]
pub(crate) struct Context {
    /// What the documents are about.
    pub(crate) subjects: Vec<Subject>,
    /// The release they are about.
    pub(crate) release: Option<ReleaseName>,
    /// The format they have.
    pub(crate) format: Option<String>,
    /// The repository, for the audit log.
    pub(crate) repository: Option<String>,
    /// The branch, for the audit log.
    pub(crate) branch: Option<String>,
}

/// How a release is named in a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ReleaseName {
    /// By its id.
    Id(ReleaseId),
    /// By the names of its application and service, and its version.
    Names { application: String, service: String, version: String },
}

impl ReleaseName {
    /// The release, where it is visible.
    ///
    /// # Errors
    /// 404.
    pub(crate) async fn find(&self, session: &mut Session, visibility: &Visibility) -> Answer<OwnedRelease> {
        let found = match self {
            Self::Id(id) => release::get(session, *id, visibility).await,
            Self::Names { application, service, version } => {
                release::by_name(session, application, service, version, visibility).await
            }
        };
        Ok(found?)
    }
}

/// What the documents are bound to, and in whose name.
#[derive(Clone, Debug)]
pub(crate) struct Binding {
    pub(crate) subjects: Vec<Subject>,
    pub(crate) scope: Scope,
    /// What the named release ships.
    pub(crate) shipped: Vec<Subject>,
}

/// Finds out what documents are bound to, and refuses what the caller may not speak for.
///
/// # Errors
/// 404 when a named release or deployment is not visible, 403 when an artifact belongs to another application.
pub(crate) async fn bind(app: &App, caller: &Caller, context: &Context) -> Answer<Binding> {
    let visibility = caller.visibility(Permission::Push);
    let mut session = app.db.read().await?;
    let mut subjects = context.subjects.clone();
    let mut scope = caller.widest_scope(Permission::Push).unwrap_or(Scope::Everything);
    let mut shipped = Vec::new();
    if let Some(name) = &context.release {
        let hint = "create it with `shipworthy release create`, or give the commit, build or artifact: the evidence \
                    joins the release when it comes";
        let release = name.find(&mut session, &visibility).await.map_err(|problem| problem.hint(hint))?;
        if !covers(scope, &release) {
            scope = Scope::Application(release.application_id);
        }
        subjects.push(Subject::Release(release.release.id));
        shipped = release.release.artifacts.into_iter().map(|artifact| Subject::Artifact(artifact.digest)).collect();
    }
    for subject in &subjects {
        refuse_foreign(&mut session, subject, &visibility).await?;
    }
    subjects.sort();
    subjects.dedup();
    Ok(Binding { subjects, scope, shipped })
}

fn covers(scope: Scope, release: &OwnedRelease) -> bool {
    match scope {
        Scope::Everything => true,
        Scope::Team(team) => team == release.team_id,
        Scope::Application(application) => application == release.application_id,
    }
}

async fn refuse_foreign(session: &mut Session, subject: &Subject, visibility: &Visibility) -> Answer<()> {
    match subject {
        Subject::Release(id) => drop(find_release(session, *id, visibility).await?),
        Subject::Deployment(id) => drop(find_deployment(session, *id, visibility).await?),
        Subject::Artifact(_) if !may_speak_for(session, subject, visibility).await? => {
            let detail = format!("`{subject}` belongs to an application that you may not speak for");
            return Err(Problem::forbidden(detail).at("context.subjects"));
        }
        Subject::Artifact(_) | Subject::Commit(_) | Subject::Build { .. } | Subject::Environment(_) => {}
    }
    Ok(())
}

async fn find_release(session: &mut Session, id: ReleaseId, visibility: &Visibility) -> Answer<OwnedRelease> {
    ReleaseName::Id(id).find(session, visibility).await
}

async fn find_deployment(
    session: &mut Session,
    id: DeploymentId,
    visibility: &Visibility,
) -> Answer<deployment::PlacedDeployment> {
    Ok(deployment::get(session, id, visibility).await?)
}

/// Whether a subject is nobody's yet or of an application in sight.
///
/// # Errors
/// When the database fails.
pub(crate) async fn may_speak_for(session: &mut Session, subject: &Subject, visibility: &Visibility) -> Answer<bool> {
    if *visibility == Visibility::Everything {
        return Ok(true);
    }
    let owners = evidence::applications_with(session, subject).await?;
    Ok(owners.is_empty() || owners.iter().any(|owner| visibility.includes(*owner)))
}
