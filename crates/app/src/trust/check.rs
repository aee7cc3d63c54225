//! Checks signatures: of a document that comes, and of those that are here when the roots have changed.

use crate::app::App;
use crate::audit_log;
use crate::people::entry;
use crate::problem::{Answer, Problem};
use crate::wording::counted;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use shipworthy_formats::{Room, each_document};
use shipworthy_model::{Digest, Subject};
use shipworthy_store::attestation::{self, Attestation};
use shipworthy_store::audit::Actor;
use shipworthy_store::{Session, document, generation, stamp};
use shipworthy_trust::predicate::{self, Provenance};
use shipworthy_trust::verify::{Attested, Outcome, Roots, verify};
use shipworthy_trust::vsa::Summary;
use std::sync::Arc;

/// So many documents are checked anew in one transaction.
const AT_ONCE: usize = 50;

/// What verification says of the attestations in a document that was received at `received_at`, by these roots. Without
/// attestations in it the list is empty. What came packed is unpacked up to `largest_bytes`.
pub(crate) fn checked(bytes: &[u8], largest_bytes: u64, roots: &Roots, received_at: Timestamp) -> Vec<Attestation> {
    let room = Room { document_bytes: largest_bytes, archive_bytes: largest_bytes, documents: MOST_DOCUMENTS };
    let mut all: Vec<Attested> = Vec::new();
    let mut check = |_: &str, document: &[u8]| all.extend(verify(document, roots, received_at));
    // What cannot be unpacked was not understood either, and holds nothing that could be verified.
    drop(each_document(bytes, room, &mut check));
    all.iter().zip(0..).map(|(attested, position)| kept(attested, position)).collect()
}

/// So many documents of an archive are checked.
const MOST_DOCUMENTS: usize = 1_000;

fn kept(attested: &Attested, position: i64) -> Attestation {
    let outcome = match &attested.outcome {
        Outcome::Verified => super::word::VERIFIED,
        Outcome::Unsigned => super::word::UNSIGNED,
        Outcome::Invalid { .. } => super::word::INVALID,
        Outcome::UnknownSigner { .. } => super::word::UNKNOWN_SIGNER,
        Outcome::Unchecked { .. } => super::word::UNCHECKED,
    };
    let body = serde_json::to_string(attested).unwrap_or_default();
    let content = Content::of(attested).and_then(|content| serde_json::to_string(&content).ok());
    Attestation { position, outcome: outcome.to_owned(), body, content }
}

/// What an attestation says that decisions about trust rest on. Kept, so that nobody has to read the document again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "content", rename_all = "snake_case")]
pub(crate) enum Content {
    /// How something was built.
    Provenance(Provenance),
    /// What another verifier says.
    Summary(Summary),
}

impl Content {
    /// Only what is signed: nothing rests on the rest.
    fn of(attested: &Attested) -> Option<Self> {
        let statement = predicate::read(&attested.said.as_ref()?.payload).ok()?;
        let provenance = || Provenance::read(&statement).ok().map(Self::Provenance);
        provenance().or_else(|| Summary::read(&statement).ok().map(Self::Summary))
    }
}

/// Checks anew what was checked by earlier roots, part by part. What says something else now is touched, so that gates
/// decide anew.
///
/// # Errors
/// When the database or the documents fail.
pub(crate) async fn catch_up(app: &App) -> Answer<()> {
    let mut last = None;
    loop {
        let mut session = app.db.read().await?;
        let (generation, roots) = app.roots.read(&mut session).await?;
        let some = attestation::to_check(&mut session, generation, AT_ONCE).await?;
        drop(session);
        // The same documents twice are such that cannot be read; they stay as they are.
        if some.is_empty() || last.as_ref() == Some(&some) {
            return Ok(());
        }
        recheck(app, generation, &roots, &some).await?;
        last = Some(some);
    }
}

async fn recheck(app: &App, generation: i64, roots: &Arc<Roots>, documents: &[Digest]) -> Answer<()> {
    let mut checked_anew = Vec::new();
    for digest in documents {
        let Some(known) = document::find(&mut app.db.read().await?, digest).await? else { continue };
        let bytes = app.documents.get(digest).await?;
        let (roots, largest) = (Arc::clone(roots), app.settings.largest_decoded_bytes);
        let work = tokio::task::spawn_blocking(move || checked(&bytes, largest, &roots, known.received_at));
        checked_anew.push((digest, work.await.map_err(Problem::internal)?));
    }
    let mut session = app.db.write().await?;
    let mut changed: Vec<&Digest> = Vec::new();
    let mut touched: Vec<Subject> = Vec::new();
    for (digest, attestations) in checked_anew {
        let now = app.clock.now();
        if attestation::replace(&mut session, digest, &attestations, generation, now).await? {
            touched.extend(document::subjects(&mut session, digest).await?);
            changed.push(digest);
        }
    }
    note(app, &mut session, &changed, &touched).await?;
    Ok(session.commit().await?)
}

async fn note(app: &App, session: &mut Session, changed: &[&Digest], touched: &[Subject]) -> Answer<()> {
    if changed.is_empty() {
        return Ok(());
    }
    stamp::touch_subjects(session, touched).await?;
    let count = counted(changed.len() as u64, "document");
    let summary = format!("the trust roots say something else of the signatures in {count} now");
    let details = json!({ "documents": changed });
    let object = ("trust-root", "all".to_owned());
    let entry = entry(app, Actor::system("shipworthy"), "attestation.check", object, summary, details);
    let also: Vec<_> = changed.iter().map(|digest| ("document", digest.to_string())).collect();
    audit_log::append_with(session, &entry, &also).await?;
    Ok(())
}

/// Counts the generation of the roots up: what is here is checked anew.
///
/// # Errors
/// When the database fails.
pub(super) async fn roots_changed(session: &mut Session) -> Answer<()> {
    generation::advance(session, "roots", 1).await?;
    Ok(())
}
