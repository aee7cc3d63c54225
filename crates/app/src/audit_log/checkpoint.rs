//! Checkpoints: the log says how long it is and what its root is, and signs that. Two that contradict each other are never
//! signed: size and root are durable before the signature is made, in the database and in a file beside the key, and
//! what was signed before must be the beginning of what is signed now.

use crate::app::App;
use crate::audit_log::tree;
use crate::problem::{Answer, Problem};
use crate::signing::KeyUse;
use anyhow::Context as _;
use shipworthy_store::audit;
use shipworthy_store::audit_tree::{self, Kept};
use shipworthy_trust::PublicKey;
use shipworthy_trust::checkpoint::Checkpoint;
use shipworthy_trust::merkle::{Hash, to_hex};
use shipworthy_trust::note::NoteKey;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How often a checkpoint is made while entries come.
const EVERY: Duration = Duration::from_secs(60);

/// The file with the last checkpoint that was signed here, beside the keys.
pub(crate) fn last_file(keys: &Path) -> PathBuf {
    keys.join("audit-checkpoint.txt")
}

/// The file with the public keys of the log as signed notes name them, for who verifies here.
pub(crate) fn keys_file(keys: &Path) -> PathBuf {
    keys.join("audit-keys.txt")
}

/// The public keys of the log under the log's name, also those that signed before.
///
/// # Errors
/// When the database fails, or the keys cannot be read.
pub async fn keys(app: &App) -> Answer<Vec<NoteKey>> {
    let origin = origin(app).await?;
    let ring = app.keys.ring().map_err(|error| Problem::internal(format!("{error:#}")))?;
    let audit = ring.keys.iter().filter(|key| key.usage == KeyUse::Audit);
    audit
        .map(|key| {
            let public = PublicKey::from_pem(&key.public_key).map_err(Problem::internal)?;
            NoteKey::of(&origin, &public).map_err(Problem::internal)
        })
        .collect()
}

/// The log's name, which stays what it was at the first checkpoint.
async fn origin(app: &App) -> Answer<String> {
    if let Some(origin) = audit_tree::origin(&mut app.db.read().await?).await? {
        return Ok(origin);
    }
    let mut session = app.db.write().await?;
    audit_tree::keep_origin(&mut session, &origin_of(&app.settings.public_url)).await?;
    let origin = audit_tree::origin(&mut session).await?;
    session.commit().await?;
    origin.ok_or_else(|| Problem::internal("the head of the audit log is missing"))
}

/// The log's name: where people reach it, without the scheme.
fn origin_of(public_url: &str) -> String {
    let host = public_url.split_once("://").map_or(public_url, |(_, host)| host);
    format!("{}/audit", host.replace(['+', ' '], "-"))
}

/// The signed checkpoint of the log as it is now: the last one while nothing was added, else a new one.
///
/// # Errors
/// Conflict when the log is not the continuation of what was signed; internal when it is not whole.
pub async fn current(app: &App) -> Answer<String> {
    let keys = keys(app).await?;
    let mut session = app.db.snapshot().await?;
    let size = audit::last_sequence(&mut session).await?;
    let last = audit_tree::last_checkpoint(&mut session, i64::MAX).await?;
    if let Some(Kept { size: last, note: Some(note), .. }) = &last
        && *last == size
        && signed_here(app, &keys)?.is_none_or(|here| here.size <= size.unsigned_abs())
    {
        return Ok(note.clone());
    }
    let root = tree::root_at(&mut session, size.unsigned_abs()).await?;
    refuse_other_past(app, &mut session, &keys, last.as_ref(), size.unsigned_abs()).await?;
    drop(session);
    keep(app, size, &root).await?;
    let checkpoint = Checkpoint { origin: origin(app).await?, size: size.unsigned_abs(), root };
    let signer = app.keys.audit(app.clock.now())?;
    let note = checkpoint.sign(signer.key()).map_err(Problem::internal)?;
    let keys: String = keys.iter().map(|key| format!("{key}\n")).collect();
    write_file(&keys_file(&app.settings.signing_keys), &keys).map_err(Problem::internal)?;
    write_file(&last_file(&app.settings.signing_keys), &note).map_err(Problem::internal)?;
    let mut session = app.db.write().await?;
    audit_tree::sign_checkpoint(&mut session, size, &note).await?;
    session.commit().await?;
    Ok(note)
}

/// Makes sure that the log begins with everything that was signed.
async fn refuse_other_past(
    app: &App,
    session: &mut shipworthy_store::Session,
    keys: &[NoteKey],
    last: Option<&Kept>,
    size: u64,
) -> Answer<()> {
    let kept = last.map(|kept| (kept.size.unsigned_abs(), kept.root.clone()));
    let here = signed_here(app, keys)?.map(|checkpoint| (checkpoint.size, to_hex(&checkpoint.root)));
    for (before, root) in kept.into_iter().chain(here) {
        let is_same = before <= size && to_hex(&tree::root_at(session, before).await?) == root;
        if !is_same {
            tracing::error!(size, signed = before, "the audit log is not what was signed; nothing more is signed");
            let detail = format!(
                "the audit log has {size} entries and is not the continuation of the {before} that were signed"
            );
            return Err(
                Problem::conflict(detail).hint("run `shipworthy audit verify`; docs/guide/audit.md says what then")
            );
        }
    }
    Ok(())
}

/// The last checkpoint that was signed on this machine.
fn signed_here(app: &App, keys: &[NoteKey]) -> Answer<Option<Checkpoint>> {
    let path = last_file(&app.settings.signing_keys);
    let note = match std::fs::read_to_string(&path) {
        Ok(note) => note,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Problem::internal(format!("`{}`: {error}", path.display()))),
    };
    let read = Checkpoint::open(&note, keys);
    read.map(Some).map_err(|error| Problem::internal(format!("`{}`: {error}", path.display())))
}

/// Makes size and root durable before they are signed. Of two who do so at once both sign the same.
async fn keep(app: &App, size: i64, root: &Hash) -> Answer<()> {
    let root = to_hex(root);
    let mut session = app.db.write().await?;
    audit_tree::keep_checkpoint(&mut session, size, &root, app.clock.now()).await?;
    let kept = audit_tree::last_checkpoint(&mut session, size).await?;
    if kept.is_none_or(|kept| kept.size != size || kept.root != root) {
        return Err(Problem::conflict(format!("another root of {size} entries was signed before")));
    }
    Ok(session.commit().await?)
}

/// Replaces a file so that it is whole at every moment.
fn write_file(path: &Path, text: &str) -> anyhow::Result<()> {
    let shown = || format!("`{}` cannot be written", path.display());
    let folder = path.parent().with_context(shown)?;
    let mut file = tempfile::NamedTempFile::new_in(folder).with_context(shown)?;
    file.write_all(text.as_bytes()).with_context(shown)?;
    file.as_file().sync_all().with_context(shown)?;
    file.persist(path).with_context(shown)?;
    Ok(())
}

/// Makes a checkpoint now and whenever entries came, for as long as it is let.
pub(crate) async fn keep_making(app: App) {
    loop {
        if let Err(problem) = current(&app).await {
            tracing::error!(%problem, "no checkpoint of the audit log could be made");
        }
        tokio::time::sleep(EVERY).await;
    }
}
