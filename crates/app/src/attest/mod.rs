//! The attestation of a release: its delivery bill of materials in an in-toto statement about what it ships, signed. The
//! same bill of materials under the same key is issued once, and handed out again.

mod bundle;
mod predicate;

pub(crate) use bundle::bundle;
pub(crate) use predicate::{DBOM_PREDICATE, DbomPredicate, json_schema};

use crate::app::App;
use crate::audit_log;
use crate::caller::Caller;
use crate::dbom::{Dbom, dbom};
use crate::people::entry;
use crate::problem::{Answer, Problem};
use crate::signing::Signer;
use crate::summary;
use serde_json::json;
use shipworthy_model::{Digest, Permission, ReleaseId};
use shipworthy_store::issued_attestation::{self, Issued};
use shipworthy_store::release::OwnedRelease;
use shipworthy_store::{StoreError, release};
use shipworthy_trust::dsse;
use shipworthy_trust::statement::{Descriptor, Statement};

/// The envelope with the present bill of materials of a release, in JSON. A new one is recorded.
///
/// # Errors
/// 404 when the caller may not see the release; internal when it cannot be signed or recorded.
pub(crate) async fn of_release(app: &App, caller: &Caller, id: ReleaseId) -> Answer<String> {
    let mut session = app.db.snapshot().await?;
    let owned = release::get(&mut session, id, &caller.visibility(Permission::Read)).await?;
    let dbom = dbom(&mut session, owned.clone()).await?;
    let signer = app.keys.attestation(app.clock.now())?;
    let digest = dbom.digest.clone().unwrap_or_default();
    if let Some(envelope) = issued_attestation::find(&mut session, id, &digest, signer.id()).await? {
        return Ok(envelope);
    }
    drop(session);
    let envelope = sign(app, &owned, dbom, &signer)?;
    let issued = Issued {
        release_id: id,
        dbom_digest: digest,
        key_id: signer.id().to_owned(),
        envelope,
        issued_at: app.clock.now(),
        issued_by: caller.actor().name,
    };
    record(app, caller, &owned, issued).await
}

fn sign(app: &App, owned: &OwnedRelease, dbom: Dbom, signer: &Signer) -> Answer<String> {
    let mut subject = summary::artifacts(&owned.release);
    if subject.is_empty() {
        subject.push(instead_of_artifacts(owned, &dbom));
    }
    let predicate = DbomPredicate::new(app, owned, dbom);
    let payload = serde_json::to_vec(&Statement::new(subject, DBOM_PREDICATE, predicate)).map_err(Problem::internal)?;
    serde_json::to_string(&dsse::sign(dsse::IN_TOTO, &payload, signer.key())).map_err(Problem::internal)
}

/// A release that ships nothing is its commit, and without one what is known of it.
fn instead_of_artifacts(owned: &OwnedRelease, dbom: &Dbom) -> Descriptor {
    let release = &owned.release;
    let name = format!("release:{}", release.id);
    match &release.commit {
        Some(commit) => Descriptor::named(name, "gitCommit", commit),
        None => {
            Descriptor::named(name, "sha256", dbom.digest.as_deref().unwrap_or_default().trim_start_matches("sha256:"))
        }
    }
}

async fn record(app: &App, caller: &Caller, owned: &OwnedRelease, issued: Issued) -> Answer<String> {
    let mut session = app.db.write().await?;
    match issued_attestation::insert(&mut session, &issued).await {
        Ok(()) => {}
        Err(StoreError::Conflict(_)) => {
            // Somebody who asked at the same time was answered a moment earlier.
            drop(session);
            let Issued { release_id, dbom_digest, key_id, .. } = &issued;
            let earlier = issued_attestation::find(&mut app.db.read().await?, *release_id, dbom_digest, key_id).await?;
            return earlier.ok_or_else(|| Problem::internal("an attestation was there and is gone"));
        }
        Err(error) => return Err(error.into()),
    }
    let OwnedRelease { application_name, service_name, release, .. } = owned;
    let summary = format!("an attestation of {application_name}/{service_name}@{} was issued", release.version);
    let details = json!({
        "dbom": issued.dbom_digest,
        "key": issued.key_id,
        "envelope": Digest::of(issued.envelope.as_bytes()),
    });
    let object = ("release", release.id.to_string());
    audit_log::append(&mut session, &entry(app, caller.actor(), "attestation.issue", object, summary, details)).await?;
    session.commit().await?;
    Ok(issued.envelope)
}
