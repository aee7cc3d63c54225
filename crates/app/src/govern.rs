//! The verbs that change the rules: new versions of policies, assignments, the catalogue of known exploited
//! vulnerabilities. Each makes every gate decide anew, and writes its audit entry in its own transaction.

use crate::app::App;
use crate::audit_log;
use crate::caller::Caller;
use crate::people::entry;
use crate::problem::{Answer, Problem};
use crate::reach::Reach;
use serde_json::{Value, json};
use shipworthy_advisories::known_exploited as cisa;
use shipworthy_advisories::source::Kind;
use shipworthy_model::{AssignmentId, EnvironmentId, Permission, PolicyId, Verdict};
use shipworthy_policy::Policy;
use shipworthy_policy::worker::WorkPolicy;
use shipworthy_store::assignment::{Assignment, AssignmentScope};
use shipworthy_store::known_exploited::{Catalog, Entry};
use shipworthy_store::policy::PolicyVersion;
use shipworthy_store::{Session, advisory_source, assignment, environment, known_exploited, policy, service, stamp};

/// Keeps a policy as the next version of its name. Nothing is decided by it until it is assigned.
///
/// # Errors
/// A sentence that says what is wrong with the source, or a conflict when the newest version has the same text.
pub async fn push_policy(app: &App, caller: &Caller, source: &str) -> Answer<PolicyVersion> {
    caller.require_everywhere(Permission::Govern, "policies belong to no team")?;
    let read = Policy::parse(source).map_err(|error| refused(&error.to_string()))?;
    let work = WorkPolicy { digest: read.digest.clone(), source: Some(source.to_owned()), parameters: json!({}) };
    if let Some(why) = app.workers.refusal(work).await.map_err(Problem::internal)? {
        return Err(refused(&why));
    }
    let mut session = app.db.write().await?;
    let latest = policy::find(&mut session, &read.name).await?;
    if latest.as_ref().is_some_and(|latest| latest.digest == read.digest) {
        return Err(Problem::conflict(format!("the newest version of `{}` has this very text", read.name)));
    }
    let new = PolicyVersion {
        id: PolicyId(app.clock.new_id()),
        name: read.name,
        version: latest.map_or(1, |latest| latest.version + 1),
        digest: read.digest,
        source: read.source,
        is_builtin: false,
        created_by: caller.actor().name,
        created_at: app.clock.now(),
    };
    policy::insert(&mut session, &new).await?;
    let summary = format!("version {} of policy {} was kept", new.version, new.name);
    let details = json!({ "version": new.version, "digest": new.digest });
    finish(app, caller, session, "policy.push", ("policy", new.id.to_string()), summary, details).await?;
    Ok(new)
}

fn refused(why: &str) -> Problem {
    Problem::refused_source(why, "`shipworthy policy test DIR` says the same without a server")
}

/// What is put into force.
#[derive(Clone, Debug)]
pub struct NewAssignment {
    /// The policy's name; its newest version is meant.
    pub policy: String,
    /// Values of parameters; the others have the policy's own.
    pub parameters: Value,
    /// What a failure makes of the verdict; nothing switches the policy off.
    pub action: Option<Verdict>,
    /// `everything`, `team`, `application` or `service`.
    pub scope_kind: String,
    /// The id of what the scope names.
    pub scope_id: Option<String>,
    /// Or its name; that of a service is `application/service`.
    pub scope_name: Option<String>,
    /// The environments by name; empty means all.
    pub environments: Vec<String>,
}

/// Puts the newest version of a policy into force.
///
/// # Errors
/// When something it names does not exist, a parameter is not allowed, or the scope is beyond the caller's reach.
pub async fn create_assignment(app: &App, caller: &Caller, new: NewAssignment) -> Answer<Assignment> {
    let mut session = app.db.write().await?;
    let place = (new.scope_kind.as_str(), new.scope_id.as_deref(), new.scope_name.as_deref());
    let (scope, scope_name, reach) = resolve_scope(&mut session, caller, place).await?;
    reach.require(caller, Permission::Govern)?;
    let unknown = || Problem::invalid("policy", format!("there is no policy named `{}`", new.policy));
    let version = policy::find(&mut session, &new.policy).await?.ok_or_else(unknown)?;
    let read = Policy::parse(&version.source).map_err(Problem::internal)?;
    read.parameters.fill(&new.parameters).map_err(|why| Problem::invalid("parameters", why))?;
    let made = Assignment {
        id: AssignmentId(app.clock.new_id()),
        policy_id: version.id,
        policy: version.name,
        version: version.version,
        parameters: if new.parameters.is_null() { json!({}) } else { new.parameters },
        action: new.action,
        scope,
        scope_name,
        environments: environments(&mut session, &new.environments).await?,
        created_by: caller.actor().name,
        created_at: app.clock.now(),
    };
    assignment::insert(&mut session, &made).await?;
    let action = made.action.map_or("off", Verdict::as_str);
    let place = made.scope_name.as_deref().unwrap_or("everything");
    let summary = format!("policy {} version {} is `{action}` for {place}", made.policy, made.version);
    let environments: Vec<_> = made.environments.iter().map(|(_, name)| name).collect();
    let details = json!({ "policy": made.policy, "version": made.version, "parameters": made.parameters,
        "action": action, "environments": environments });
    let object = ("assignment", made.id.to_string());
    finish(app, caller, session, "assignment.create", object, summary, details).await?;
    Ok(made)
}

/// The scope of this kind and id or name, with its name and how far it reaches.
///
/// # Errors
/// A sentence that says what is wrong with it.
pub(crate) async fn resolve_scope(
    session: &mut Session,
    caller: &Caller,
    (kind, id, name): (&str, Option<&str>, Option<&str>),
) -> Answer<(AssignmentScope, Option<String>, Reach)> {
    let (scope, reach) = match (kind, id, name) {
        ("everything", None, None) => (AssignmentScope::Everything, Reach::default()),
        ("everything", ..) => {
            return Err(Problem::invalid("scope", "a scope of `everything` has neither `id` nor `name`"));
        }
        ("team" | "application" | "service", Some(id), _) => scope_by_id(session, kind, id).await?,
        ("team" | "application" | "service", None, Some(name)) => scope_by_name(session, caller, kind, name).await?,
        ("team" | "application" | "service", None, None) => {
            return Err(Problem::invalid("scope", format!("a scope of `{kind}` needs an `id` or a `name`")));
        }
        (other, ..) => {
            let expected = "expected `everything`, `team`, `application` or `service`";
            return Err(Problem::invalid("scope.kind", format!("`{other}` is no scope: {expected}")));
        }
    };
    Ok((scope, assignment::scope_name(session, scope).await?, reach))
}

async fn scope_by_id(session: &mut Session, kind: &str, id: &str) -> Answer<(AssignmentScope, Reach)> {
    let scope = AssignmentScope::read(kind, Some(id))
        .ok_or_else(|| Problem::invalid("scope.id", format!("`{id}` is not an id: expected a UUID")))?;
    if assignment::scope_name(session, scope).await?.is_none() {
        return Err(Problem::invalid("scope.id", format!("there is no {kind} with the id `{id}`")));
    }
    Ok((scope, reach_of(session, scope).await?))
}

async fn scope_by_name(
    session: &mut Session,
    caller: &Caller,
    kind: &str,
    name: &str,
) -> Answer<(AssignmentScope, Reach)> {
    let reach = match kind {
        "team" => Reach::named(session, caller, Some(name), None, None).await?,
        "application" => Reach::named(session, caller, None, Some(name), None).await?,
        _ => {
            let (application, service) = name.split_once('/').ok_or_else(|| {
                Problem::invalid("scope.name", "a service is named with its application, as `application/service`")
            })?;
            Reach::named(session, caller, None, Some(application), Some(service)).await?
        }
    };
    let scope = match (reach.service, reach.application, reach.team) {
        (Some(service), ..) => AssignmentScope::Service(service),
        (None, Some(application), _) => AssignmentScope::Application(application),
        (None, None, Some(team)) => AssignmentScope::Team(team),
        (None, None, None) => AssignmentScope::Everything,
    };
    Ok((scope, reach))
}

async fn environments(session: &mut Session, names: &[String]) -> Answer<Vec<(EnvironmentId, String)>> {
    let mut found = Vec::new();
    for (index, name) in names.iter().enumerate() {
        let environment = environment::by_name(session, name).await.map_err(|_| {
            Problem::invalid(&format!("environments[{index}]"), format!("there is no environment named `{name}`"))
        })?;
        found.push((environment.id, environment.name));
    }
    found.sort_by(|one, other| one.1.cmp(&other.1));
    found.dedup();
    Ok(found)
}

/// Ends an assignment. Decisions that were made by it keep it.
///
/// # Errors
/// When there is none in force with this id, or its scope is beyond the caller's reach.
pub async fn delete_assignment(app: &App, caller: &Caller, id: AssignmentId) -> Answer<()> {
    let mut session = app.db.write().await?;
    let found = assignment::get(&mut session, id).await?;
    reach_of(&mut session, found.scope).await?.require(caller, Permission::Govern)?;
    assignment::end(&mut session, id, app.clock.now()).await?;
    let summary = format!("policy {} version {} is no longer assigned as it was", found.policy, found.version);
    let details = json!({ "policy": found.policy, "version": found.version, "scope": found.scope_name });
    finish(app, caller, session, "assignment.delete", ("assignment", id.to_string()), summary, details).await
}

/// How far an assignment reaches.
pub(crate) async fn reach_of(session: &mut Session, scope: AssignmentScope) -> Answer<Reach> {
    let none = Reach::default();
    Ok(match scope {
        AssignmentScope::Everything => none,
        AssignmentScope::Team(team) => Reach { team: Some(team), ..none },
        AssignmentScope::Application(application) => Reach { application: Some(application), ..none },
        AssignmentScope::Service(service) => {
            let application = service::get(session, service).await?.application_id;
            Reach { application: Some(application), service: Some(service), ..none }
        }
    })
}

/// Whether what reaches so far concerns the caller: what holds for everything concerns everybody, and what holds for a team
/// concerns whoever sees some of the team's applications.
///
/// # Errors
/// When the database fails.
pub(crate) async fn concerns(session: &mut Session, caller: &Caller, reach: Reach) -> Answer<bool> {
    if (reach.team.is_none() && reach.application.is_none()) || reach.is_within(caller, Permission::Read) {
        return Ok(true);
    }
    let (Some(team), None) = (reach.team, reach.application) else { return Ok(false) };
    let applications =
        shipworthy_store::visibility::applications_of(session, shipworthy_model::Scope::Team(team)).await?;
    Ok(applications.into_iter().any(|application| caller.may_in_application(Permission::Read, application)))
}

/// Puts an edition of the catalogue of known exploited vulnerabilities in the place of the one before.
///
/// # Errors
/// When the document is not the catalogue, is cut short, or names far fewer vulnerabilities than the one before; then
/// the one before stays.
pub async fn import_known_exploited(app: &App, caller: &Caller, document: &[u8]) -> Answer<Catalog> {
    caller.require_everywhere(Permission::Govern, "vulnerability data belongs to no team")?;
    let read = cisa::read(document).map_err(|error| Problem::invalid("body", error))?;
    load_known_exploited(app, caller, read).await
}

/// The same for a catalogue that was read already.
///
/// # Errors
/// When it names far fewer vulnerabilities than the one before; then the one before stays.
pub(crate) async fn load_known_exploited(app: &App, caller: &Caller, read: cisa::Catalog) -> Answer<Catalog> {
    let mut session = app.db.write().await?;
    let count = i64::try_from(read.entries.len()).unwrap_or(i64::MAX);
    if let Some(before) = known_exploited::catalog(&mut session).await? {
        // The catalogue only grows. One that lost more than a fifth is a broken download, not good news.
        if count < before.entries - before.entries / 5 {
            let detail = format!(
                "the catalogue names {count} vulnerabilities, the one of {} that is loaded names {}",
                before.released, before.entries
            );
            return Err(Problem::conflict(detail).hint("nothing was changed; download the catalogue again"));
        }
    }
    let catalog =
        Catalog { version: read.version, released: read.released, entries: count, imported_at: app.clock.now() };
    let entry_of = |entry: cisa::Entry| {
        let cisa::Entry { vulnerability, name, date_added, due_date, is_used_by_ransomware } = entry;
        Entry { vulnerability, name, date_added, due_date, is_ransomware: is_used_by_ransomware }
    };
    known_exploited::replace(&mut session, &catalog, read.entries.into_iter().map(entry_of).collect()).await?;
    let (source, records) = (Kind::KnownExploited.as_str(), count.unsigned_abs());
    advisory_source::replaced(&mut session, source, records, catalog.imported_at).await?;
    let summary = format!("the catalogue of known exploited vulnerabilities {} was loaded", catalog.version);
    let details = json!({ "version": catalog.version, "released": catalog.released, "entries": count });
    let object = ("advisories", source.to_owned());
    finish(app, caller, session, "advisories.import", object, summary, details).await?;
    Ok(catalog)
}

async fn finish(
    app: &App,
    caller: &Caller,
    mut session: Session,
    action: &str,
    object: (&str, String),
    summary: String,
    details: Value,
) -> Answer<()> {
    stamp::touch_rules(&mut session).await?;
    audit_log::append(&mut session, &entry(app, caller.actor(), action, object, summary, details)).await?;
    Ok(session.commit().await?)
}
