//! The verb that puts a new key in the place of the one in force, and the entries of the audit log about keys.

use crate::app::App;
use crate::audit_log;
use crate::caller::Caller;
use crate::people::entry;
use crate::problem::{Answer, Problem};
use crate::signing::{KeyUse, Keys, Ring, RingKey, ring};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use shipworthy_model::Permission;
use shipworthy_store::audit::{Actor, NewEntry};
use shipworthy_store::audit_search::{self, Filter};
use shipworthy_trust::SigningKey;

/// Makes a new key for a use. What it replaces holds for `overlap` more, for replicas and verifiers that have not
/// noticed yet; then its private half is deleted and its public half stays.
///
/// # Errors
/// 403 without the permission `admin` on everything; internal when the folder cannot be written.
pub(crate) async fn rotate(app: &App, caller: &Caller, usage: KeyUse, overlap: SignedDuration) -> Answer<RingKey> {
    caller.require_everywhere(Permission::Admin, "a signing key speaks for the whole installation")?;
    let now = app.clock.now();
    let until = now.checked_add(overlap).map_err(|_| Problem::invalid("overlap_hours", "it ends after all time"))?;
    let key = SigningKey::from_seed(&app.clock.random()).map_err(Problem::internal)?;
    let new = RingKey::new(usage, &key.public(), now, now);
    let mut session = app.db.write().await?;
    audit_log::append(&mut session, &made(app, caller.actor(), &new)).await?;
    // From here on no other replica writes: whoever rotates waits for the log.
    app.keys.put(&new, &key, until, app).map_err(|error| Problem::internal(format!("{error:#}")))?;
    session.commit().await?;
    Ok(new)
}

/// Records the keys that the audit log does not know: those of a first start, and those that somebody put there.
///
/// # Errors
/// When the folder or the database cannot be read.
pub async fn record_new(app: &App) -> Answer<()> {
    let ring = app.keys.ring().map_err(|error| Problem::internal(format!("{error:#}")))?;
    let mut session = app.db.write().await?;
    let mut is_any_new = false;
    for key in &ring.keys {
        let filter = Filter { object_id: Some(key.id.clone()), ..Filter::default() };
        if audit_search::list(&mut session, &filter, 1).await?.is_empty() {
            audit_log::append(&mut session, &made(app, Actor::system("shipworthy"), key)).await?;
            is_any_new = true;
        }
    }
    if is_any_new {
        session.commit().await?;
    }
    Ok(())
}

fn made(app: &App, actor: Actor, key: &RingKey) -> NewEntry {
    let summary = format!("the key {} was put in force for the use `{}`", &key.id[..16], key.usage);
    let details = json!({ "use": key.usage, "valid_from": key.valid_from, "public_key": key.public_key });
    entry(app, actor, "key.make", ("key", key.id.clone()), summary, details)
}

impl Keys {
    /// Adds a key to the ring; keys of its use that were in force hold until `until` at most.
    fn put(&self, new: &RingKey, key: &SigningKey, until: Timestamp, app: &App) -> anyhow::Result<()> {
        self.keeper.write(&self.folder, new, key, &app.clock)?;
        let mut ring = Ring::read(&self.folder)?;
        for earlier in ring.keys.iter_mut().filter(|earlier| earlier.usage == new.usage) {
            earlier.valid_until = Some(earlier.valid_until.map_or(until, |already| already.min(until)));
        }
        ring.keys.push(new.clone());
        ring::replace(&self.folder, ring, app.clock.now())
    }
}
