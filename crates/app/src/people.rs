//! The verbs about people: set up, sign in, make and change users and tokens. Each writes its audit entry in its own
//! transaction.

use crate::app::App;
use crate::audit_log::{self, queue};
use crate::caller::{Caller, hash_secret, load_session_caller};
use crate::password;
use crate::problem::{Answer, Problem};
use axum::http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use shipworthy_model::{Permission, Role, Scope, SessionId, TokenId, UserId, check_name};
use shipworthy_store::Session;
use shipworthy_store::audit::{Actor, NewEntry};
use shipworthy_store::token::{self, Token};
use shipworthy_store::user::{self, Grant, User};
use shipworthy_store::user_session::{self, UserSession};

/// A browser session that was just made: its secret goes into a cookie and is kept nowhere.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// The secret.
    pub secret: String,
    /// Who signed in.
    pub caller: Caller,
}

/// The entry of the audit log for something done by `actor`, now.
#[must_use]
pub fn entry(
    app: &App,
    actor: Actor,
    action: &str,
    object: (&str, String),
    summary: String,
    details: Value,
) -> NewEntry {
    let via = match actor.kind.as_str() {
        "user" => Some("session"),
        "token" => Some("token"),
        "system" => Some("system"),
        _ => None,
    };
    NewEntry {
        at: app.clock.now(),
        actor,
        action: action.to_owned(),
        object_kind: object.0.to_owned(),
        object_id: object.1,
        summary,
        details,
        request_id: crate::metrics::request_id(),
        via: via.map(str::to_owned),
        address: crate::metrics::address(),
    }
}

/// Whether nobody was made yet.
///
/// # Errors
/// When the database fails.
pub async fn is_setup_open(app: &App) -> Answer<bool> {
    let mut session = app.db.read().await?;
    Ok(user::count(&mut session).await? == 0)
}

/// Makes a new one-time setup link, if nobody was made yet, and gives its address.
///
/// # Errors
/// When the database fails.
pub async fn make_setup_link(app: &App) -> Answer<Option<String>> {
    if !is_setup_open(app).await? {
        return Ok(None);
    }
    let secret = app.clock.new_secret();
    let mut session = app.db.write().await?;
    user::replace_setup_link(&mut session, &hash_secret(&secret), app.clock.now()).await?;
    session.commit().await?;
    // After `#` the secret stays in the browser and out of every log on the way.
    Ok(Some(format!("{}/setup#{secret}", app.settings.public_url)))
}

/// Makes the first administrator.
///
/// # Errors
/// When the link is not the valid one, or name or password cannot be accepted.
pub async fn set_up(app: &App, link_hash: &str, name: &str, password: &str) -> Answer<NewSession> {
    let person = new_user(app, name, password).await?;
    let mut session = app.db.write().await?;
    let is_first = user::count(&mut session).await? == 0;
    if !is_first || !user::use_setup_link(&mut session, link_hash).await? {
        return Err(Problem::forbidden("the setup link is not valid, or was used already")
            .hint("start `shipworthy serve` again: while nobody was made it prints a new link"));
    }
    let grants = [Grant { role: Role::Administrator, scope: Scope::Everything }];
    user::insert(&mut session, &person, &grants).await?;
    let new = begin_session(app, &mut session, person.id).await?;
    let actor = new.caller.actor();
    let summary = format!("set up the server and made the administrator `{name}`");
    let object = ("user", person.id.to_string());
    audit_log::append(&mut session, &entry(app, actor, "setup.create", object, summary, json!({}))).await?;
    session.commit().await?;
    Ok(new)
}

/// Signs in with name and password.
///
/// # Errors
/// The same for an unknown name and a wrong password, after the same work.
pub async fn sign_in(app: &App, name: &str, password: &str) -> Answer<NewSession> {
    app.attempts.check(name)?;
    let found = {
        let mut session = app.db.read().await?;
        user::find(&mut session, name).await?
    };
    let hash = found.as_ref().filter(|person| person.is_active).map(|person| person.password_hash.clone());
    let is_right = password::verify(password, hash).await;
    let mut session = app.db.write().await?;
    let Some(person) = found.filter(|_| is_right) else {
        app.attempts.failed(name);
        let shown: String = name.chars().take(120).collect();
        let actor = Actor { kind: "anonymous".to_owned(), id: None, name: "anonymous".to_owned() };
        let summary = format!("failed to sign in as `{shown}`");
        drop(session);
        queue::submit(app, entry(app, actor, "session.refuse", ("user", shown), summary, json!({}))).await?;
        return Err(Problem::new(
            StatusCode::UNAUTHORIZED,
            "wrong-password",
            "Not signed in",
            "the name or the password is wrong",
        ));
    };
    app.attempts.succeeded(name);
    let new = begin_session(app, &mut session, person.id).await?;
    let object = ("user", person.id.to_string());
    let summary = format!("`{name}` signed in");
    audit_log::append(&mut session, &entry(app, new.caller.actor(), "session.create", object, summary, json!({})))
        .await?;
    session.commit().await?;
    Ok(new)
}

async fn begin_session(app: &App, session: &mut Session, user_id: UserId) -> Answer<NewSession> {
    let now = app.clock.now();
    let secret = app.clock.new_secret();
    let new = UserSession {
        id: SessionId(app.clock.new_id()),
        user_id,
        csrf_token: app.clock.new_secret(),
        created_at: now,
        expires_at: later(now, app.settings.session_hours * 3600)?,
    };
    user_session::insert(session, &new, &hash_secret(&secret)).await?;
    let caller = load_session_caller(session, new).await?;
    Ok(NewSession { secret, caller })
}

fn later(now: Timestamp, seconds: i64) -> Answer<Timestamp> {
    now.checked_add(SignedDuration::from_secs(seconds)).map_err(Problem::internal)
}

async fn new_user(app: &App, name: &str, password: &str) -> Answer<User> {
    check_name("a user", name).map_err(|why| Problem::invalid("name", why))?;
    Ok(User {
        id: UserId(app.clock.new_id()),
        name: name.to_owned(),
        password_hash: password::hash(&app.clock, password).await?,
        is_active: true,
        created_at: app.clock.now(),
    })
}

/// Makes a user.
///
/// # Errors
/// When the name is taken, or name or password cannot be accepted.
pub async fn create_user(app: &App, caller: &Caller, name: &str, password: &str, grants: &[Grant]) -> Answer<User> {
    let person = new_user(app, name, password).await?;
    let mut session = app.db.write().await?;
    user::insert(&mut session, &person, grants).await?;
    let object = ("user", person.id.to_string());
    let details = json!({ "grants": describe(grants) });
    let summary = format!("made the user `{name}`");
    audit_log::append(&mut session, &entry(app, caller.actor(), "user.create", object, summary, details)).await?;
    session.commit().await?;
    Ok(person)
}

/// What changes about a user.
#[derive(Clone, Debug, Default)]
pub struct UserChange {
    /// A new password.
    pub password: Option<String>,
    /// Other grants in place of all present ones.
    pub grants: Option<Vec<Grant>>,
    /// On or off.
    pub is_active: Option<bool>,
}

/// Changes a user. Its browser sessions end.
///
/// # Errors
/// When there is no such user, or when an administrator would switch itself off or lose its role.
pub async fn update_user(app: &App, caller: &Caller, id: UserId, change: UserChange) -> Answer<User> {
    if caller.user_id == id && (change.is_active == Some(false) || change.grants.is_some()) {
        return Err(Problem::forbidden("nobody changes their own roles or switches themselves off")
            .hint("ask another administrator"));
    }
    let new_hash = match &change.password {
        Some(password) => Some(password::hash(&app.clock, password).await?),
        None => None,
    };
    let mut session = app.db.write().await?;
    let mut person = user::get(&mut session, id).await?;
    person.is_active = change.is_active.unwrap_or(person.is_active);
    let details = json!({
        "password_changed": new_hash.is_some(),
        "grants": change.grants.as_deref().map(describe),
        "is_active": change.is_active,
    });
    person.password_hash = new_hash.unwrap_or(person.password_hash);
    user::update(&mut session, &person).await?;
    if let Some(grants) = &change.grants {
        user::replace_grants(&mut session, id, grants).await?;
    }
    user_session::delete_of_user(&mut session, id).await?;
    let summary = format!("changed the user `{}`", person.name);
    let object = ("user", id.to_string());
    audit_log::append(&mut session, &entry(app, caller.actor(), "user.update", object, summary, details)).await?;
    session.commit().await?;
    app.callers.forget();
    Ok(person)
}

fn describe(grants: &[Grant]) -> Vec<String> {
    grants.iter().map(|grant| format!("{} on {:?}", grant.role, grant.scope)).collect()
}

/// What a new token shall be.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// What it is for.
    pub name: String,
    /// What it may do.
    pub permissions: Vec<Permission>,
    /// Where.
    pub scope: Scope,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// The longest life of a token.
const LONGEST_TOKEN_DAYS: i64 = 366;

/// Makes a token for the caller and gives it with its secret, which is shown this once.
///
/// # Errors
/// When it would be able to do what the caller is not, or would never end.
pub async fn create_token(app: &App, caller: &Caller, new: NewToken) -> Answer<(Token, String)> {
    let now = app.clock.now();
    check_name("a token", &new.name).map_err(|why| Problem::invalid("name", why))?;
    if new.permissions.is_empty() {
        return Err(Problem::invalid("permissions", "a token without a permission is of no use: name at least one"));
    }
    if new.expires_at <= now || new.expires_at > later(now, LONGEST_TOKEN_DAYS * 86_400)? {
        let expected = format!("an instant within the next {LONGEST_TOKEN_DAYS} days");
        return Err(Problem::invalid("expires_at", format!("a token must end: expected {expected}")));
    }
    refuse_more_than_own(caller, &new)?;
    // The prefix lets secret scanners find a token in the open.
    let secret = format!("swt_{}", app.clock.new_secret());
    let token = Token {
        id: TokenId(app.clock.new_id()),
        user_id: caller.user_id,
        user_name: caller.user_name.clone(),
        name: new.name,
        prefix: secret.chars().take(8).collect(),
        permissions: new.permissions,
        scope: new.scope,
        created_at: now,
        expires_at: new.expires_at,
        last_used_at: None,
        revoked_at: None,
    };
    let mut session = app.db.write().await?;
    token::insert(&mut session, &token, &hash_secret(&secret)).await?;
    let permissions: Vec<&str> = token.permissions.iter().map(|p| p.as_str()).collect();
    let details =
        json!({ "permissions": permissions, "scope": format!("{:?}", token.scope), "expires_at": token.expires_at });
    let summary = format!("made the token `{}`", token.name);
    let object = ("token", token.id.to_string());
    audit_log::append(&mut session, &entry(app, caller.actor(), "token.create", object, summary, details)).await?;
    session.commit().await?;
    Ok((token, secret))
}

fn refuse_more_than_own(caller: &Caller, new: &NewToken) -> Answer<()> {
    for permission in &new.permissions {
        let has_it = match new.scope {
            Scope::Everything => caller.may_everywhere(*permission),
            Scope::Team(team) => caller.may_in_team(*permission, team),
            Scope::Application(application) => caller.may_in_application(*permission, application),
        };
        if !has_it {
            return Err(Problem::forbidden(format!(
                "you do not have the permission `{permission}` in that scope yourself, so a token of yours cannot either"
            )));
        }
    }
    Ok(())
}

/// Takes a token back. Its owner may, and an administrator.
///
/// # Errors
/// When there is no such token, or it is another's.
pub async fn revoke_token(app: &App, caller: &Caller, id: TokenId) -> Answer<()> {
    let mut session = app.db.write().await?;
    let token = token::get(&mut session, id).await?;
    if token.user_id != caller.user_id && !caller.may_everywhere(Permission::Admin) {
        return Err(Problem::not_found(format!("token `{id}`")));
    }
    token::revoke(&mut session, id, app.clock.now()).await?;
    let summary = format!("revoked the token `{}`", token.name);
    let object = ("token", id.to_string());
    audit_log::append(&mut session, &entry(app, caller.actor(), "token.revoke", object, summary, json!({}))).await?;
    session.commit().await?;
    app.callers.forget();
    Ok(())
}
