//! The verbs of those who administer trust: bring a root, renew it, revoke it; say who may sign what; trust a builder.

use super::check::{catch_up, roots_changed};
use crate::app::App;
use crate::audit_log;
use crate::caller::Caller;
use crate::govern;
use crate::people::entry;
use crate::problem::{Answer, Problem};
use jiff::Timestamp;
use serde_json::{Value, json};
use shipworthy_model::{BuilderId, Digest, Permission, ServiceId, SignerId, TrustRootId};
use shipworthy_store::assignment::AssignmentScope;
use shipworthy_store::audit::Actor;
use shipworthy_store::builder::{self, Builder};
use shipworthy_store::expectation::{self, Expectation};
use shipworthy_store::signer::{self, SignedWith, Signer};
use shipworthy_store::trust_root::{self, TrustRoot, TrustRootKind};
use shipworthy_store::{Session, StoreError, service, stamp};
use shipworthy_trust::PublicKey;
use shipworthy_trust::slsa::Expectations;
use shipworthy_trust::verify::identity::{IdentityRule, Pattern};
use shipworthy_trust::verify::{Demands, SigstoreRoot};

/// Why a team's governor cannot change roots and builders.
const WHY: &str = "trust roots and builders belong to no team";

/// The largest trusted root that is read: the public one has some 10 kB.
const LARGEST_ROOT_BYTES: usize = 1_000_000;

/// A trust root to be added.
#[derive(Clone, Debug)]
pub struct NewTrustRoot {
    /// What it is called.
    pub name: String,
    /// A public key in PEM or as a JSON Web Key, a certificate in PEM, or a trusted root of Sigstore in JSON.
    pub body: String,
    /// What a signature under a Sigstore instance must prove; nothing for all that it offers.
    pub demands: Option<Demands>,
    /// The instant from which a key's signatures count.
    pub valid_from: Option<Timestamp>,
    /// The instant from which they count no more.
    pub valid_until: Option<Timestamp>,
}

/// Adds a trust root, and checks anew what is here.
///
/// # Errors
/// 403 without the permission on everything; a sentence that says what is wrong with the key or root; a conflict when name
/// or key is there already.
pub async fn add_root(app: &App, caller: &Caller, new: NewTrustRoot) -> Answer<TrustRoot> {
    caller.require_everywhere(Permission::Govern, WHY)?;
    let NewTrustRoot { name, body, demands, valid_from, valid_until } = new;
    let name = named(&name)?;
    in_order(valid_from, valid_until)?;
    let (kind, body) = read_body(&name, &body)?;
    if kind == TrustRootKind::Sigstore && (valid_from.is_some() || valid_until.is_some()) {
        let detail = "a Sigstore instance has no period of its own: its certificates and logs say when they hold";
        return Err(Problem::invalid("valid_from", detail));
    }
    if kind != TrustRootKind::Sigstore && demands.is_some() {
        return Err(Problem::invalid("demands", "a key has none: its signature proves what it proves"));
    }
    let demands = demands.map(serde_json::to_value).transpose().map_err(Problem::internal)?;
    let root = TrustRoot {
        id: TrustRootId(app.clock.new_id()),
        name,
        kind,
        body,
        demands,
        valid_from,
        valid_until,
        created_by: caller.actor().name,
        created_at: app.clock.now(),
        revoked: None,
    };
    let mut session = app.db.write().await?;
    trust_root::insert(&mut session, &root).await.map_err(|error| match error {
        StoreError::Conflict(_) => Problem::conflict("a trust root of this name, or with this key, is there already"),
        other => other.into(),
    })?;
    let summary = format!("the {} `{}` is a trust root", noun(&root.kind), root.name);
    let object = ("trust-root", root.id.to_string());
    root_changed(app, caller, session, ("trust-root.create", object), summary, &root).await?;
    Ok(root)
}

/// Adds the public Sigstore instances, if there never was a trust root: they say who signed, and nobody may sign anything
/// until a rule says so.
///
/// # Errors
/// When the database fails.
pub async fn seed(app: &App) -> Answer<()> {
    let mut session = app.db.write().await?;
    if !trust_root::list(&mut session).await?.is_empty() {
        return Ok(());
    }
    let actor = Actor::system("shipworthy");
    for (name, body) in SigstoreRoot::built_in() {
        let root = TrustRoot {
            id: TrustRootId(app.clock.new_id()),
            name: name.to_owned(),
            kind: TrustRootKind::Sigstore,
            body: body.to_owned(),
            demands: None,
            valid_from: None,
            valid_until: None,
            created_by: actor.name.clone(),
            created_at: app.clock.now(),
            revoked: None,
        };
        match trust_root::insert(&mut session, &root).await {
            // Another replica that starts at the same time was faster.
            Err(StoreError::Conflict(_)) => return Ok(()),
            inserted => inserted?,
        }
    }
    roots_changed(&mut session).await?;
    let summary = "the public instances of Sigstore are trust roots".to_owned();
    let details = json!({ "names": SigstoreRoot::built_in().map(|(name, _)| name) });
    let object = ("trust-root", "built-in".to_owned());
    audit_log::append(&mut session, &entry(app, actor, "trust-root.seed", object, summary, details)).await?;
    Ok(session.commit().await?)
}

/// Puts another edition of a Sigstore instance's trusted root in the place of the one before.
///
/// # Errors
/// As [`add_root`]; a conflict when it is a key, which has no editions.
pub async fn replace_root(app: &App, caller: &Caller, id: TrustRootId, body: &str) -> Answer<TrustRoot> {
    caller.require_everywhere(Permission::Govern, WHY)?;
    let mut session = app.db.write().await?;
    let before = trust_root::get(&mut session, id).await?;
    let (kind, body) = read_body(&before.name, body)?;
    if kind != TrustRootKind::Sigstore || before.kind != TrustRootKind::Sigstore {
        return Err(Problem::conflict("only the trusted root of a Sigstore instance is replaced by another edition")
            .hint("add the new key as another trust root, and revoke the old one"));
    }
    trust_root::replace_body(&mut session, id, &body).await?;
    let root = TrustRoot { body, ..before };
    let summary = format!("the trusted root `{}` has another edition", root.name);
    let object = ("trust-root", id.to_string());
    root_changed(app, caller, session, ("trust-root.update", object), summary, &root).await?;
    Ok(root)
}

/// Revokes a trust root: what is signed with it from now on counts no more.
///
/// # Errors
/// 403 without the permission on everything; when none of this id is in use.
pub async fn revoke_root(app: &App, caller: &Caller, id: TrustRootId) -> Answer<TrustRoot> {
    caller.require_everywhere(Permission::Govern, WHY)?;
    let mut session = app.db.write().await?;
    let (by, at) = (caller.actor().name, app.clock.now());
    trust_root::revoke(&mut session, id, &by, at).await?;
    let root = trust_root::get(&mut session, id).await?;
    let summary = format!("the {} `{}` is no trust root any more", noun(&root.kind), root.name);
    let object = ("trust-root", id.to_string());
    root_changed(app, caller, session, ("trust-root.revoke", object), summary, &root).await?;
    Ok(root)
}

async fn root_changed(
    app: &App,
    caller: &Caller,
    mut session: Session,
    (action, object): (&str, (&str, String)),
    summary: String,
    root: &TrustRoot,
) -> Answer<()> {
    roots_changed(&mut session).await?;
    let key = if let TrustRootKind::Key(id) = &root.kind { Some(id) } else { None };
    let details = json!({ "name": root.name, "kind": root.kind.as_str(), "key": key,
        "digest": Digest::of(root.body.as_bytes()), "demands": root.demands, "valid_from": root.valid_from, "valid_until": root.valid_until });
    finish(app, caller, session, action, object, summary, details).await?;
    catch_up(app).await
}

fn noun(kind: &TrustRootKind) -> &'static str {
    match kind {
        TrustRootKind::Key(_) => "key",
        TrustRootKind::Sigstore => "Sigstore instance",
    }
}

/// What the text is, and how it is kept: a key in PEM whatever it came as.
fn read_body(name: &str, body: &str) -> Answer<(TrustRootKind, String)> {
    if body.len() > LARGEST_ROOT_BYTES {
        return Err(Problem::invalid("body", format!("it is larger than {LARGEST_ROOT_BYTES} bytes")));
    }
    let is_sigstore = serde_json::from_str::<Value>(body).is_ok_and(|value| value.get("mediaType").is_some());
    if is_sigstore {
        SigstoreRoot::from_json(name, body).map_err(|error| Problem::invalid("body", error.to_string()))?;
        return Ok((TrustRootKind::Sigstore, body.to_owned()));
    }
    let key = PublicKey::from_text(body).map_err(|error| Problem::invalid("body", error.to_string()))?;
    Ok((TrustRootKind::Key(key.id()), key.to_pem()))
}

/// A rule to be made.
#[derive(Clone, Debug)]
pub struct NewSigner {
    /// What it is called.
    pub name: String,
    /// Who signs.
    pub who: Who,
    /// The predicate types that count from him; `*` stands for any.
    pub predicate_types: Vec<String>,
    /// Where his word counts, by kind, id and name as assignments have it.
    pub scope: (String, Option<String>, Option<String>),
    /// The instant from which signatures count.
    pub valid_from: Option<Timestamp>,
    /// The instant from which they count no more.
    pub valid_until: Option<Timestamp>,
}

/// By what a signer is known.
#[derive(Clone, Debug)]
pub enum Who {
    /// The name of a key among the trust roots.
    Key(String),
    /// An identity in certificates.
    Identity(IdentityRule),
}

/// Says who may sign what. Within a scope its governor may.
///
/// # Errors
/// 403 beyond the caller's reach; a sentence that says what is wrong.
pub async fn add_signer(app: &App, caller: &Caller, new: NewSigner) -> Answer<Signer> {
    let NewSigner { name, who, predicate_types, scope, valid_from, valid_until } = new;
    let name = named(&name)?;
    in_order(valid_from, valid_until)?;
    if predicate_types.is_empty() || predicate_types.iter().any(|kind| kind.trim().is_empty()) {
        let detail = "expected the predicate types that count from this signer, or `*` for any";
        return Err(Problem::invalid("predicate_types", detail));
    }
    let mut session = app.db.write().await?;
    let place = (scope.0.as_str(), scope.1.as_deref(), scope.2.as_deref());
    let (scope, scope_name, reach) = govern::resolve_scope(&mut session, caller, place).await?;
    reach.require(caller, Permission::Govern)?;
    let signer = Signer {
        id: SignerId(app.clock.new_id()),
        name,
        who: signed_with(&mut session, who).await?,
        predicate_types,
        scope,
        scope_name,
        valid_from,
        valid_until,
        created_by: caller.actor().name,
        created_at: app.clock.now(),
        revoked: None,
    };
    signer::insert(&mut session, &signer).await?;
    let summary = format!("signer `{}` may sign {}", signer.name, signer.predicate_types.join(", "));
    let object = ("signer", signer.id.to_string());
    finish(app, caller, session, "signer.create", object, summary, signer_details(&signer)).await?;
    Ok(signer)
}

async fn signed_with(session: &mut Session, who: Who) -> Answer<SignedWith> {
    match who {
        Who::Key(name) => {
            let found = trust_root::list(session).await?.into_iter().find(|root| root.name == name);
            let found = found.filter(|root| root.revoked.is_none());
            match found.map(|root| (root.id, root.kind)) {
                Some((root, TrustRootKind::Key(key_id))) => Ok(SignedWith::Key { root, name, key_id }),
                Some((_, TrustRootKind::Sigstore)) => {
                    let detail = format!("`{name}` is a Sigstore instance: name the identity that signs");
                    Err(Problem::invalid("key", detail))
                }
                None => Err(Problem::invalid("key", format!("there is no key `{name}` among the trust roots"))),
            }
        }
        Who::Identity(rule) => {
            let is_blank = |pattern: &Pattern| match pattern {
                Pattern::Exact(text) | Pattern::Pattern(text) => text.trim().is_empty(),
                Pattern::Any => false,
            };
            if is_blank(&rule.san) || is_blank(&rule.issuer) {
                let detail = "expected a name and its issuer: a name is worth what its issuer is worth";
                return Err(Problem::invalid("identity", detail));
            }
            let stated = serde_json::to_value(rule).map_err(Problem::internal)?;
            Ok(SignedWith::Identity(stated))
        }
    }
}

/// Revokes a rule. Nothing counts by it any more, whenever it was signed.
///
/// # Errors
/// 403 beyond the caller's reach; when none of this id is in force.
pub async fn revoke_signer(app: &App, caller: &Caller, id: SignerId) -> Answer<Signer> {
    let mut session = app.db.write().await?;
    let before = signer::get(&mut session, id).await?;
    govern::reach_of(&mut session, before.scope).await?.require(caller, Permission::Govern)?;
    signer::revoke(&mut session, id, &caller.actor().name, app.clock.now()).await?;
    let signer = signer::get(&mut session, id).await?;
    let summary = format!("signer `{}` may not sign any more", signer.name);
    let object = ("signer", id.to_string());
    finish(app, caller, session, "signer.revoke", object, summary, signer_details(&signer)).await?;
    Ok(signer)
}

fn signer_details(signer: &Signer) -> Value {
    let who = match &signer.who {
        SignedWith::Key { key_id, .. } => json!({ "key": key_id }),
        SignedWith::Identity(rule) => json!({ "identity": rule }),
    };
    let scope = if signer.scope == AssignmentScope::Everything { Some("everything") } else { None };
    json!({ "name": signer.name, "who": who, "predicate_types": signer.predicate_types,
        "scope": scope.or(signer.scope_name.as_deref()), "valid_from": signer.valid_from,
        "valid_until": signer.valid_until })
}

/// A builder to be trusted.
#[derive(Clone, Debug)]
pub struct NewBuilder {
    /// What it is called.
    pub name: String,
    /// What is trusted, as `trust` reads it.
    pub body: Value,
}

/// Trusts a builder to a level.
///
/// # Errors
/// 403 without the permission on everything.
pub async fn add_builder(app: &App, caller: &Caller, new: NewBuilder) -> Answer<Builder> {
    caller.require_everywhere(Permission::Govern, WHY)?;
    let builder = Builder {
        id: BuilderId(app.clock.new_id()),
        name: named(&new.name)?,
        body: new.body,
        created_by: caller.actor().name,
        created_at: app.clock.now(),
        revoked: None,
    };
    let mut session = app.db.write().await?;
    builder::insert(&mut session, &builder).await?;
    let summary = format!("builder `{}` is trusted", builder.name);
    let object = ("builder", builder.id.to_string());
    finish(app, caller, session, "builder.create", object, summary, builder.body.clone()).await?;
    Ok(builder)
}

/// Revokes the trust in a builder.
///
/// # Errors
/// 403 without the permission on everything; when none of this id is trusted.
pub async fn revoke_builder(app: &App, caller: &Caller, id: BuilderId) -> Answer<Builder> {
    caller.require_everywhere(Permission::Govern, WHY)?;
    let mut session = app.db.write().await?;
    builder::revoke(&mut session, id, &caller.actor().name, app.clock.now()).await?;
    let builder = builder::get(&mut session, id).await?;
    let summary = format!("builder `{}` is not trusted any more", builder.name);
    let object = ("builder", id.to_string());
    finish(app, caller, session, "builder.revoke", object, summary, builder.body.clone()).await?;
    Ok(builder)
}

/// Says how what a service ships is to be built, in the place of what was said before.
///
/// # Errors
/// 404 where the service is beyond the caller's sight, 403 beyond his reach.
pub async fn expect(app: &App, caller: &Caller, id: ServiceId, expectations: Expectations) -> Answer<Expectations> {
    let mut session = app.db.write().await?;
    let unknown = || Problem::not_found(format!("service `{id}`"));
    let found = service::get(&mut session, id).await.map_err(|_| unknown())?;
    if !caller.may_in_application(Permission::Read, found.application_id) {
        return Err(unknown());
    }
    govern::reach_of(&mut session, AssignmentScope::Service(id)).await?.require(caller, Permission::Govern)?;
    let body = serde_json::to_value(&expectations).map_err(Problem::internal)?;
    let kept = Expectation { body: body.clone(), updated_by: caller.actor().name, updated_at: app.clock.now() };
    expectation::put(&mut session, id, &kept).await?;
    let summary = format!("it was said how {} is to be built", found.name);
    finish(app, caller, session, "expectations.update", ("service", id.to_string()), summary, body).await?;
    Ok(expectations)
}

fn named(name: &str) -> Answer<String> {
    let name = name.trim();
    if name.is_empty() || name.len() > LONGEST_NAME || name.chars().any(char::is_control) {
        return Err(Problem::invalid("name", format!("expected a name of 1 to {LONGEST_NAME} printable characters")));
    }
    Ok(name.to_owned())
}

const LONGEST_NAME: usize = 200;

fn in_order(from: Option<Timestamp>, until: Option<Timestamp>) -> Answer<()> {
    match (from, until) {
        (Some(from), Some(until)) if until <= from => {
            Err(Problem::invalid("valid_until", format!("{until} does not come after `valid_from`, which is {from}")))
        }
        _ => Ok(()),
    }
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
