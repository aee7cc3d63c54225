//! The audit log as a tree that cannot lie: every entry is a leaf, written in the transaction of the change that it tells
//! of, with the digests of the rows as they then are. `docs/adr/0010-a-leaf-with-its-change.md` says why so.

pub(crate) mod binding;
pub(crate) mod carry_over;
pub mod checkpoint;
pub(crate) mod concern;
pub(crate) mod leaf;
pub mod queue;
pub(crate) mod tree;
pub mod verify;

use binding::{Binding, Object};
use shipworthy_model::Digest;
use shipworthy_store::audit::{self, Line, NewEntry};
use shipworthy_store::{Session, StoreError};
use shipworthy_trust::canonical;
use shipworthy_trust::tile::LARGEST_ENTRY_BYTES;

/// Appends an entry and gives its place. Call it last in a transaction: from here to the commit others wait. The entry is
/// bound to its object as it is now.
///
/// # Errors
/// When the database fails.
pub async fn append(session: &mut Session, entry: &NewEntry) -> Result<i64, StoreError> {
    append_with(session, entry, &[]).await
}

/// As [`append`], bound to other objects that changed as well.
///
/// # Errors
/// When the database fails.
pub(crate) async fn append_with(session: &mut Session, entry: &NewEntry, also: &[Object]) -> Result<i64, StoreError> {
    append_all(session, &[(entry.clone(), also.to_vec())]).await
}

/// Appends entries one after the other and gives the place of the first.
///
/// # Errors
/// When the database fails.
pub(crate) async fn append_all(session: &mut Session, entries: &[(NewEntry, Vec<Object>)]) -> Result<i64, StoreError> {
    let mut lines = Vec::with_capacity(entries.len());
    let mut concerns = Vec::with_capacity(entries.len());
    for (entry, also) in entries {
        // Read before a place is taken, while nobody waits.
        let bindings = binding::of_entry(session, entry, also).await?;
        lines.push(line(entry, &bindings)?);
        concerns.push(concern::of_entry(session, entry, also).await?);
    }
    let first = write(session, lines).await?;
    concern::file(session, first, concerns).await?;
    Ok(first)
}

/// Gives lines their places and hashes, and writes them.
///
/// # Errors
/// When the database fails.
pub(crate) async fn write(session: &mut Session, mut lines: Vec<Line>) -> Result<i64, StoreError> {
    for line in &mut lines {
        shorten(session, line).await?;
    }
    let first = audit::take_places(session, lines.len()).await?;
    let mut sequence = first;
    for line in &mut lines {
        line.sequence = sequence;
        line.leaf = Some(leaf::hash(line).map_err(StoreError::Corrupt)?);
        sequence += 1;
    }
    audit::insert(session, &lines).await?;
    if tree::fills_a_tile(first, sequence - 1) {
        tree::fill(session, sequence - 1).await?;
    }
    Ok(first)
}

/// The line that an entry becomes, without its place.
fn line(entry: &NewEntry, bindings: &[Binding]) -> Result<Line, StoreError> {
    let NewEntry { at, actor, action, object_kind, object_id, summary, details, request_id, via, address } = entry;
    let canonical = |error: canonical::NotCanonical| StoreError::Corrupt(error.to_string());
    let bindings = if bindings.is_empty() { None } else { Some(canonical::to_string(&bindings).map_err(canonical)?) };
    Ok(Line {
        sequence: 0,
        at: at.as_microsecond(),
        actor_kind: actor.kind.clone(),
        actor_id: actor.id.clone(),
        actor_name: actor.name.clone(),
        via: via.clone(),
        address: address.clone(),
        action: action.clone(),
        object_kind: object_kind.clone(),
        object_id: object_id.clone(),
        summary: summary.clone(),
        details: canonical::to_string(details).map_err(canonical)?,
        request_id: request_id.clone(),
        bindings,
        leaf: None,
    })
}

/// How many bytes the place of an entry takes at most.
const SEQUENCE_BYTES: usize = 20;

/// Puts details elsewhere that would make an entry too large, and their digest in their place.
pub(crate) async fn shorten(session: &mut Session, line: &mut Line) -> Result<(), StoreError> {
    // Nearly every entry is far below, and is not written twice to know.
    if line.details.len() + line.summary.len() + line.bindings.as_ref().map_or(0, String::len) < LARGEST_ENTRY_BYTES / 2
    {
        return Ok(());
    }
    let text = leaf::text(line).map_err(StoreError::Corrupt)?;
    if text.len() + SEQUENCE_BYTES <= LARGEST_ENTRY_BYTES {
        return Ok(());
    }
    let digest = Digest::of(line.details.as_bytes());
    audit::keep_details(session, &digest, &line.details).await?;
    line.details = leaf::elsewhere(&digest, line.details.len());
    Ok(())
}
