//! Who calls, and what they may do. A handler shows the permission that it asks for in its signature:
//! `caller: Allowed<Read>`. Without a valid token or session the handler does not run (401), without the permission
//! anywhere it does not run either (403); where in the portfolio the permission holds is the caller's `visibility`.

use crate::app::App;
use crate::problem::{Answer, Problem};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use jiff::Timestamp;
use shipworthy_model::{ApplicationId, Digest, Permission, Scope, SessionId, TeamId, TokenId, UserId};
use shipworthy_store::audit::Actor;
use shipworthy_store::user::Grant;
use shipworthy_store::user_session::UserSession;
use shipworthy_store::{Session, Visibility, token, user, user_session, visibility};
use std::collections::HashMap;
use std::marker::PhantomData;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Who calls.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The person; a token counts as the person it acts for.
    pub user_id: UserId,
    /// That person's name.
    pub user_name: String,
    /// The token, when the call came with one.
    pub token: Option<(TokenId, String)>,
    /// The browser session, when the call came with one, with its guard against forged requests.
    pub session: Option<(SessionId, String)>,
    /// The roles of the person. A token has only its own permissions, see `powers`.
    pub grants: Vec<Grant>,
    expires_at: Timestamp,
    powers: Vec<Power>,
    /// Whether it is nobody but the product itself.
    is_system: bool,
}

/// Permissions in a scope, with the applications that the scope means.
#[derive(Clone, Debug)]
struct Power {
    permissions: Vec<Permission>,
    scope: Scope,
    applications: Vec<ApplicationId>,
}

impl Caller {
    /// The product itself in a scheduled job, which may do one thing everywhere.
    pub(crate) fn system(name: &str, permission: Permission) -> Self {
        Self {
            user_id: UserId(uuid::Uuid::nil()),
            user_name: name.to_owned(),
            token: None,
            session: None,
            grants: Vec::new(),
            expires_at: Timestamp::MAX,
            powers: vec![Power { permissions: vec![permission], scope: Scope::Everything, applications: Vec::new() }],
            is_system: true,
        }
    }

    /// Everything the caller may do somewhere.
    #[must_use]
    pub fn permissions(&self) -> Vec<Permission> {
        Permission::ALL.iter().copied().filter(|permission| self.may(*permission)).collect()
    }

    /// Whether the caller has the permission anywhere.
    #[must_use]
    pub fn may(&self, permission: Permission) -> bool {
        self.powers.iter().any(|power| power.permissions.contains(&permission))
    }

    /// Whether the caller has the permission on everything.
    #[must_use]
    pub fn may_everywhere(&self, permission: Permission) -> bool {
        self.with(permission).any(|power| power.scope == Scope::Everything)
    }

    /// Makes sure that the caller has the permission on everything; `why` says what makes that necessary.
    ///
    /// # Errors
    /// 403 without it.
    pub fn require_everywhere(&self, permission: Permission, why: &str) -> Answer<()> {
        if self.may_everywhere(permission) {
            return Ok(());
        }
        Err(Problem::forbidden(format!("{why}: this needs the permission `{permission}` on everything")))
    }

    /// Whether the caller has the permission on this team, and so on what will be made in it.
    #[must_use]
    pub fn may_in_team(&self, permission: Permission, team: TeamId) -> bool {
        self.with(permission).any(|power| matches!(power.scope, Scope::Everything) || power.scope == Scope::Team(team))
    }

    /// Whether the caller has the permission on this application.
    #[must_use]
    pub fn may_in_application(&self, permission: Permission, application: ApplicationId) -> bool {
        self.visibility(permission).includes(application)
    }

    /// The applications on which the caller has the permission.
    #[must_use]
    pub fn visibility(&self, permission: Permission) -> Visibility {
        if self.may_everywhere(permission) {
            return Visibility::Everything;
        }
        let mut applications: Vec<ApplicationId> =
            self.with(permission).flat_map(|power| power.applications.iter().copied()).collect();
        applications.sort();
        applications.dedup();
        Visibility::Applications(applications)
    }

    /// The widest scope in which the caller has the permission: what is made without an application belongs to it.
    #[must_use]
    pub fn widest_scope(&self, permission: Permission) -> Option<Scope> {
        let rank = |scope: Scope| match scope {
            Scope::Everything => 0,
            Scope::Team(_) => 1,
            Scope::Application(_) => 2,
        };
        self.with(permission).map(|power| power.scope).min_by_key(|scope| rank(*scope))
    }

    /// The caller as the audit log names it.
    #[must_use]
    pub fn actor(&self) -> Actor {
        match &self.token {
            None if self.is_system => Actor::system(&self.user_name),
            Some((id, name)) => Actor {
                kind: "token".to_owned(),
                id: Some(id.to_string()),
                name: format!("{} ({name})", self.user_name),
            },
            None => Actor { kind: "user".to_owned(), id: Some(self.user_id.to_string()), name: self.user_name.clone() },
        }
    }

    fn with(&self, permission: Permission) -> impl Iterator<Item = &Power> {
        self.powers.iter().filter(move |power| power.permissions.contains(&permission))
    }
}

/// A caller who has the permission `P` somewhere.
#[derive(Clone, Debug)]
pub struct Allowed<P> {
    caller: Arc<Caller>,
    permission: PhantomData<P>,
}

impl<P> std::ops::Deref for Allowed<P> {
    type Target = Caller;
    fn deref(&self) -> &Caller {
        &self.caller
    }
}

/// A permission as a type.
pub trait Needed {
    /// The permission; nothing means that any valid token or session will do.
    const PERMISSION: Option<Permission>;
}

macro_rules! needed {
    ($($(#[$doc:meta])* $name:ident = $permission:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        pub struct $name;
        impl Needed for $name {
            const PERMISSION: Option<Permission> = $permission;
        }
    )*};
}

needed! {
    /// Any valid token or session.
    SignedIn = None;
    /// [`Permission::Push`].
    Push = Some(Permission::Push);
    /// [`Permission::Read`].
    Read = Some(Permission::Read);
    /// [`Permission::Gate`].
    Gate = Some(Permission::Gate);
    /// [`Permission::RequestException`].
    RequestException = Some(Permission::RequestException);
    /// [`Permission::Approve`].
    Approve = Some(Permission::Approve);
    /// [`Permission::ReadDocuments`].
    ReadDocuments = Some(Permission::ReadDocuments);
    /// [`Permission::Govern`].
    Govern = Some(Permission::Govern);
    /// [`Permission::Admin`].
    Admin = Some(Permission::Admin);
}

impl<P: Needed> FromRequestParts<App> for Allowed<P> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Answer<Self> {
        let caller = identify(app, &parts.headers).await?;
        if let Some((_, csrf_token)) = &caller.session {
            refuse_forged(&parts.method, &parts.headers, csrf_token)?;
        }
        if let Some(permission) = P::PERMISSION
            && !caller.may(permission)
        {
            return Err(Problem::forbidden(format!("this needs the permission `{permission}`, which you do not have"))
                .hint("ask an administrator for a role or token with it"));
        }
        Ok(Self { caller, permission: PhantomData })
    }
}

/// The name of the cookie that carries a browser session. Over https it cannot be set by a neighbouring host.
#[must_use]
pub fn cookie_name(app: &App) -> &'static str {
    if app.settings.public_url.starts_with("https://") { "__Host-shipworthy" } else { "shipworthy" }
}

/// The form in which secrets are kept and looked up: their SHA-256, so that the comparison tells nothing by its time.
#[must_use]
pub fn hash_secret(secret: &str) -> String {
    Digest::of(secret.as_bytes()).to_string()
}

enum Credential {
    Token(String),
    Cookie(String),
}

fn credential(app: &App, headers: &HeaderMap) -> Option<Credential> {
    if let Some(value) = headers.get(header::AUTHORIZATION) {
        // A bearer token ignores cookies: a request is judged by one credential only.
        let secret = value.to_str().ok()?.strip_prefix("Bearer ")?;
        return Some(Credential::Token(hash_secret(secret.trim())));
    }
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let wanted = cookie_name(app);
    cookies
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == wanted)
        .map(|(_, secret)| Credential::Cookie(hash_secret(secret)))
}

async fn identify(app: &App, headers: &HeaderMap) -> Answer<Arc<Caller>> {
    let credential = credential(app, headers).ok_or_else(Problem::not_signed_in)?;
    let key = match &credential {
        Credential::Token(hash) | Credential::Cookie(hash) => hash.clone(),
    };
    if let Some(caller) = app.callers.get(&key, app.clock.now()) {
        return Ok(caller);
    }
    let mut session = app.db.read().await?;
    let found = match credential {
        Credential::Token(hash) => by_token(app, &mut session, &hash).await?,
        Credential::Cookie(hash) => by_cookie(app, &mut session, &hash).await?,
    };
    let caller = Arc::new(found.ok_or_else(Problem::not_signed_in)?);
    app.callers.keep(key, Arc::clone(&caller));
    Ok(caller)
}

async fn by_token(app: &App, session: &mut Session, hash: &str) -> Answer<Option<Caller>> {
    let now = app.clock.now();
    let Some(token) = token::find_valid(session, hash, now).await? else { return Ok(None) };
    let last = token.last_used_at;
    if last.is_none_or(|last| now.duration_since(last).as_secs() >= 60) {
        let mut writing = app.db.write().await?;
        token::touch(&mut writing, token.id, now).await?;
        writing.commit().await?;
    }
    let grants = user::grants(session, token.user_id).await?;
    let applications = visibility::applications_of(session, token.scope).await?;
    let powers = vec![Power { permissions: token.permissions, scope: token.scope, applications }];
    Ok(Some(Caller {
        user_id: token.user_id,
        user_name: token.user_name,
        token: Some((token.id, token.name)),
        session: None,
        grants,
        expires_at: token.expires_at,
        powers,
        is_system: false,
    }))
}

async fn by_cookie(app: &App, session: &mut Session, hash: &str) -> Answer<Option<Caller>> {
    match user_session::find_valid(session, hash, app.clock.now()).await? {
        Some(found) => load_session_caller(session, found).await.map(Some),
        None => Ok(None),
    }
}

/// The person behind a browser session with everything the person's roles permit.
pub(crate) async fn load_session_caller(session: &mut Session, found: UserSession) -> Answer<Caller> {
    let person = user::get(session, found.user_id).await?;
    let grants = user::grants(session, person.id).await?;
    let mut powers = Vec::new();
    for grant in &grants {
        let applications = visibility::applications_of(session, grant.scope).await?;
        powers.push(Power { permissions: grant.role.permissions().to_vec(), scope: grant.scope, applications });
    }
    Ok(Caller {
        user_id: person.id,
        user_name: person.name,
        token: None,
        session: Some((found.id, found.csrf_token)),
        grants,
        expires_at: found.expires_at,
        powers,
        is_system: false,
    })
}

/// The header in which unsafe requests of a browser session repeat the session's guard.
pub const CSRF_HEADER: &str = "x-shipworthy-csrf";

/// Refuses an unsafe request of a browser session that another site could have made.
fn refuse_forged(method: &Method, headers: &HeaderMap, csrf_token: &str) -> Answer<()> {
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return Ok(());
    }
    let given = headers.get(CSRF_HEADER).map(header::HeaderValue::as_bytes).unwrap_or_default();
    let is_same = aws_lc_rs::constant_time::verify_slices_are_equal(given, csrf_token.as_bytes()).is_ok();
    let is_cross_site = headers.get("sec-fetch-site").is_some_and(|site| site == "cross-site");
    if is_same && !is_cross_site {
        return Ok(());
    }
    Err(Problem::forbidden(format!("a browser's request that changes something must repeat `{CSRF_HEADER}`"))
        .hint("take the value from `GET /api/v1/session`"))
}

/// Callers that were looked up a moment ago. A revoked token or changed role is noticed within a second, on every
/// replica, and at once on the one that changed it.
#[derive(Debug, Default)]
pub struct KnownCallers(Mutex<HashMap<String, (Instant, Arc<Caller>)>>);

const REMEMBERED: Duration = Duration::from_millis(900);
const MOST_REMEMBERED: usize = 1_000;

impl KnownCallers {
    fn get(&self, key: &str, now: Timestamp) -> Option<Arc<Caller>> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_fresh =
            |(since, caller): &&(Instant, Arc<Caller>)| since.elapsed() < REMEMBERED && now < caller.expires_at;
        known.get(key).filter(is_fresh).map(|(_, caller)| Arc::clone(caller))
    }

    fn keep(&self, key: String, caller: Arc<Caller>) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST_REMEMBERED {
            known.clear();
        }
        known.insert(key, (Instant::now(), caller));
    }

    /// Forgets everybody: called wherever users, grants, tokens, sessions, teams or applications change.
    pub fn forget(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
