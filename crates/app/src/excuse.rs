//! The verbs about exceptions: ask for one, answer another person's, take one back. Each writes its audit entry in its
//! own transaction. What an exception excuses is decided in `shipworthy_policy::excuse`, nowhere else.

use crate::app::App;
use crate::audit_log;
use crate::caller::Caller;
use crate::people::entry;
use crate::problem::{Answer, Problem};
use crate::reach::Reach;
use axum::http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use packageurl::PackageUrl;
use serde_json::{Value, json};
use shipworthy_model::{
    EnvironmentKind, Exception, ExceptionId, ExceptionScope, ExceptionState, Exposure, Matchers, Permission,
    VexJustification,
};
use shipworthy_store::exception::NamedException;
use shipworthy_store::{Session, Visibility, environment, exception, policy, stamp};

/// The longest that an exception may last: permissions without end are how risks are forgotten.
const LONGEST: SignedDuration = SignedDuration::from_hours(366 * 24);

/// What is asked for.
#[derive(Clone, Debug)]
pub struct NewException {
    /// Which violations it is for.
    pub matchers: Matchers,
    /// A team by name.
    pub team: Option<String>,
    /// An application by name.
    pub application: Option<String>,
    /// A service of that application by name.
    pub service: Option<String>,
    /// An environment by name.
    pub environment: Option<String>,
    /// A kind of environment.
    pub environment_kind: Option<EnvironmentKind>,
    /// An exposure.
    pub exposure: Option<Exposure>,
    /// Why.
    pub reason: String,
    /// Why the vulnerability does not matter.
    pub justification: Option<VexJustification>,
    /// A ticket elsewhere.
    pub ticket: Option<String>,
    /// First instant; now when not given.
    pub from: Option<Timestamp>,
    /// First instant at which it holds no more.
    pub until: Timestamp,
}

/// Asks for an exception.
///
/// # Errors
/// When something it says cannot be, or it reaches further than the caller's permission.
pub async fn request_exception(app: &App, caller: &Caller, new: NewException) -> Answer<NamedException> {
    let now = app.clock.now();
    let mut session = app.db.write().await?;
    let asked = checked(app, caller, &mut session, new, now).await?;
    exception::insert(&mut session, &asked).await?;
    let summary = format!("{} asks for an exception: {}", caller.user_name, described(&asked));
    let details = serde_json::to_value(&asked).unwrap_or_default();
    finish(app, caller, session, asked.id, "exception.request", summary, details).await
}

async fn checked(
    app: &App,
    caller: &Caller,
    session: &mut Session,
    new: NewException,
    now: Timestamp,
) -> Answer<Exception> {
    let from = new.from.unwrap_or(now);
    check_times(from, new.until, now)?;
    if new.reason.trim().is_empty() || new.reason.chars().count() > 4_000 {
        return Err(Problem::invalid("reason", "a reason of 1 to 4,000 characters is required"));
    }
    let matchers = checked_matchers(session, new.matchers).await?;
    let (team, application, service) = (new.team.as_deref(), new.application.as_deref(), new.service.as_deref());
    let reach = Reach::named(session, caller, team, application, service).await?;
    reach.require(caller, Permission::RequestException)?;
    let environment_id = match &new.environment {
        None => None,
        Some(name) => Some(environment::by_name(session, name).await.map_err(|_| unknown_environment(name))?.id),
    };
    Ok(Exception {
        id: ExceptionId(app.clock.new_id()),
        matchers,
        scope: ExceptionScope {
            team_id: reach.team,
            application_id: reach.application,
            service_id: reach.service,
            environment_id,
            environment_kind: new.environment_kind,
            exposure: new.exposure,
        },
        reason: new.reason,
        justification: new.justification,
        ticket: new.ticket,
        from,
        until: new.until,
        requested_by: caller.user_id,
        requested_at: now,
        decided_by: None,
        decided_at: None,
        is_approved: None,
        revoked_by: None,
        revoked_at: None,
    })
}

fn check_times(from: Timestamp, until: Timestamp, now: Timestamp) -> Answer<()> {
    if from < now {
        return Err(Problem::invalid("from", format!("`{from}` has passed: an exception never begins in the past")));
    }
    if until <= from {
        return Err(Problem::invalid("until", format!("`{until}` is not after `{from}`, when the exception begins")));
    }
    if until.duration_since(from) > LONGEST {
        return Err(Problem::invalid("until", "an exception lasts at most 366 days; ask again when it ends"));
    }
    Ok(())
}

async fn checked_matchers(session: &mut Session, mut matchers: Matchers) -> Answer<Matchers> {
    if matchers.is_empty() {
        let detail = "at least one of `policy`, `rule`, `purl` and `artifact` is required";
        return Err(Problem::invalid("matchers", detail)
            .hint("an exception that matches everything would switch the gate off; environments have a gate mode"));
    }
    if let Some(name) = &matchers.policy
        && policy::find(session, name).await?.is_none()
    {
        return Err(Problem::invalid("matchers.policy", format!("there is no policy named `{name}`")));
    }
    if matchers.rule.as_ref().is_some_and(|rule| rule.trim().is_empty()) {
        return Err(Problem::invalid("matchers.rule", "a rule is not empty"));
    }
    if let Some(purl) = &matchers.purl {
        let read: PackageUrl<'_> = purl.parse().map_err(|error: packageurl::Error| {
            Problem::invalid("matchers.purl", format!("`{purl}` is not a package URL: {error}"))
        })?;
        matchers.purl = Some(read.to_string());
    }
    Ok(matchers)
}

fn unknown_environment(name: &str) -> Problem {
    Problem::invalid("scope.environment", format!("there is no environment named `{name}`"))
}

/// Approves or rejects an exception that another person asked for. A token counts as the person it acts for.
///
/// # Errors
/// `own-request` for one's own; conflict when it was answered before or its time is over.
pub async fn answer_exception(
    app: &App,
    caller: &Caller,
    id: ExceptionId,
    is_approved: bool,
    comment: Option<String>,
) -> Answer<NamedException> {
    let now = app.clock.now();
    let mut session = app.db.write().await?;
    let found = exception::get(&mut session, &caller.visibility(Permission::Approve), id).await?.exception;
    reach(&found).require(caller, Permission::Approve)?;
    if found.requested_by == caller.user_id {
        let detail = "who asks for an exception does not answer it";
        return Err(Problem::new(StatusCode::FORBIDDEN, "own-request", "Your own request", detail)
            .hint("ask somebody else with the permission `approve`"));
    }
    let state = found.state_at(now);
    if state != ExceptionState::Requested {
        return Err(Problem::conflict(format!("the exception is `{state}`; only a requested one can be answered")));
    }
    exception::decide(&mut session, id, caller.user_id, now, is_approved).await?;
    let (action, verb) = if is_approved { ("approve", "approves") } else { ("reject", "rejects") };
    let summary = format!("{} {verb} an exception: {}", caller.user_name, described(&found));
    let details = json!({ "comment": comment, "until": found.until });
    finish(app, caller, session, id, &format!("exception.{action}"), summary, details).await
}

/// Takes an exception back: one's own request, or any for whoever could approve it.
///
/// # Errors
/// 403 for others; conflict when it excuses nothing any more.
pub async fn revoke_exception(app: &App, caller: &Caller, id: ExceptionId) -> Answer<NamedException> {
    let now = app.clock.now();
    let mut session = app.db.write().await?;
    let found = exception::get(&mut session, &visible_to(caller), id).await?.exception;
    if !may_revoke(caller, &found) {
        return Err(Problem::forbidden("an exception is taken back by who asked for it or by who could approve it"));
    }
    let state = found.state_at(now);
    if !matches!(state, ExceptionState::Requested | ExceptionState::Approved) {
        return Err(Problem::conflict(format!("the exception is `{state}` already")));
    }
    exception::revoke(&mut session, id, caller.user_id, now).await?;
    let summary = format!("{} takes an exception back: {}", caller.user_name, described(&found));
    finish(app, caller, session, id, "exception.revoke", summary, json!({})).await
}

/// What a person sees who reads, asks for or approves exceptions.
pub(crate) fn visible_to(caller: &Caller) -> Visibility {
    let permissions = [Permission::Read, Permission::RequestException, Permission::Approve];
    let mut applications = Vec::new();
    for permission in permissions {
        match caller.visibility(permission) {
            Visibility::Everything => return Visibility::Everything,
            Visibility::Applications(ids) => applications.extend(ids),
        }
    }
    Visibility::Applications(applications)
}

/// What the caller may do with an exception now: `approve`, `reject`, `revoke`.
#[must_use]
pub fn actions(caller: &Caller, exception: &Exception, now: Timestamp) -> Vec<String> {
    let state = exception.state_at(now);
    let mut actions = Vec::new();
    let is_own = exception.requested_by == caller.user_id;
    if state == ExceptionState::Requested && !is_own && reach(exception).is_within(caller, Permission::Approve) {
        actions.extend(["approve".to_owned(), "reject".to_owned()]);
    }
    let is_open = matches!(state, ExceptionState::Requested | ExceptionState::Approved);
    if is_open && may_revoke(caller, exception) {
        actions.push("revoke".to_owned());
    }
    actions
}

fn may_revoke(caller: &Caller, exception: &Exception) -> bool {
    let is_own = exception.requested_by == caller.user_id && caller.may(Permission::RequestException);
    is_own || reach(exception).is_within(caller, Permission::Approve)
}

fn reach(exception: &Exception) -> Reach {
    let ExceptionScope { team_id, application_id, service_id, .. } = exception.scope;
    Reach { team: team_id, application: application_id, service: service_id }
}

/// What an exception is for, in a few words.
fn described(exception: &Exception) -> String {
    let Matchers { policy, rule, purl, artifact } = &exception.matchers;
    let artifact = artifact.as_ref().map(ToString::to_string);
    let parts = [policy, rule, purl, &artifact];
    let named: Vec<&str> = parts.into_iter().filter_map(|part| part.as_deref()).collect();
    format!("{} until {}", named.join(", "), exception.until)
}

async fn finish(
    app: &App,
    caller: &Caller,
    mut session: Session,
    id: ExceptionId,
    action: &str,
    summary: String,
    details: Value,
) -> Answer<NamedException> {
    stamp::touch_rules(&mut session).await?;
    let done = exception::get(&mut session, &Visibility::Everything, id).await?;
    let object = ("exception", id.to_string());
    audit_log::append(&mut session, &entry(app, caller.actor(), action, object, summary, details)).await?;
    session.commit().await?;
    Ok(done)
}
