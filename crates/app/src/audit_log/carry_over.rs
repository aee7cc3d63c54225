//! Takes what is older than the tree into it, once, at the first start: entries become leaves, and evidence, documents,
//! decisions and the rest are bound as they are then.

use crate::app::App;
use crate::audit_log::binding::{self, Binding};
use crate::audit_log::{leaf, shorten, tree};
use crate::people::entry;
use crate::problem::Answer;
use serde_json::{Value, json};
use shipworthy_store::audit::{self, Actor};
use shipworthy_store::bound::{self, NOUNS, Noun};
use shipworthy_store::{Session, StoreError, audit_tree, document_file};
use shipworthy_trust::canonical;

/// How many entries one transaction takes over.
const ENTRIES: usize = 2_000;
/// How many objects one entry is bound to: it stays below the largest size of an entry.
const OBJECTS: usize = 250;

/// Carries everything over that is older than the tree.
///
/// # Errors
/// When the database or the documents fail.
pub(crate) async fn carry_over(app: &App) -> Answer<()> {
    if audit_tree::is_carried_over(&mut app.db.read().await?).await? {
        return Ok(());
    }
    while carry_entries(app).await? {}
    note_files(app).await?;
    for noun in NOUNS {
        bind_all(app, noun).await?;
    }
    let mut session = app.db.write().await?;
    audit_tree::set_carried_over(&mut session).await?;
    Ok(session.commit().await?)
}

/// Gives hashes to some entries that have none; says whether there may be more.
async fn carry_entries(app: &App) -> Answer<bool> {
    let mut session = app.db.write().await?;
    let Some(first) = audit_tree::first_without_leaf(&mut session).await? else { return Ok(false) };
    for (sequence, line) in audit::lines(&mut session, first - 1, ENTRIES).await? {
        let mut line = line?;
        if line.leaf.is_some() {
            continue;
        }
        let corrupt = |why: String| StoreError::Corrupt(format!("audit entry {sequence}: {why}"));
        let details: Value = serde_json::from_str(&line.details).map_err(|error| corrupt(error.to_string()))?;
        line.details = canonical::to_string(&details).map_err(|error| corrupt(error.to_string()))?;
        shorten(&mut session, &mut line).await?;
        let hash = leaf::hash(&line).map_err(corrupt)?;
        audit_tree::set_leaf(&mut session, sequence, &line.details, &hash).await?;
    }
    let whole = match audit_tree::first_without_leaf(&mut session).await? {
        Some(next) => next - 1,
        None => audit::last_sequence(&mut session).await?,
    };
    tree::fill(&mut session, whole).await?;
    session.commit().await?;
    Ok(true)
}

/// Notes the digests of documents as they are stored. One that is not there is left for `audit verify` to name.
async fn note_files(app: &App) -> Answer<()> {
    let mut after = String::new();
    loop {
        let missing = document_file::missing(&mut app.db.read().await?, &after, 100).await?;
        let Some(last) = missing.last() else { return Ok(()) };
        after = last.to_string();
        let mut stored = Vec::new();
        for digest in missing {
            match app.documents.get_stored(&digest).await {
                Ok((_, file)) => stored.push((digest, file)),
                Err(error) => tracing::error!(%digest, %error, "a document is not what was kept"),
            }
        }
        let mut session = app.db.write().await?;
        for (digest, file) in &stored {
            document_file::insert(&mut session, digest, file).await?;
        }
        session.commit().await?;
    }
}

async fn bind_all(app: &App, noun: &Noun) -> Answer<()> {
    let mut after = String::new();
    loop {
        let mut session = app.db.write().await?;
        let ids = bound::ids(&mut session, noun, &after, OBJECTS).await?;
        let Some(last) = ids.last() else { return Ok(()) };
        after.clone_from(last);
        bind(app, &mut session, noun, &ids).await?;
        session.commit().await?;
    }
}

async fn bind(app: &App, session: &mut Session, noun: &Noun, ids: &[String]) -> Answer<()> {
    let digests = binding::digests(session, noun, ids).await?;
    let bindings: Vec<Binding> = digests
        .into_iter()
        .map(|(id, digest)| Binding { before: None, digest, id, kind: noun.kind.to_owned() })
        .collect();
    let summary = format!("bound {} of {} that are older than the tree", bindings.len(), noun.kind);
    let object = ("audit", noun.kind.to_owned());
    let entry = entry(app, Actor::system("shipworthy"), "audit.bind", object, summary, json!({}));
    let line = super::line(&entry, &bindings)?;
    super::write(session, vec![line]).await?;
    Ok(())
}
