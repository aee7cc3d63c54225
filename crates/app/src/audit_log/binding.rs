//! What binds an entry to the rows that it tells of: the digest of each object as it was when the entry was written.

use serde::{Deserialize, Serialize};
use shipworthy_model::Digest;
use shipworthy_store::audit::{self, NewEntry};
use shipworthy_store::bound::{self, Noun};
use shipworthy_store::{Session, StoreError};
use shipworthy_trust::canonical;
use std::collections::BTreeMap;

/// An object by its kind and id.
pub(crate) type Object = (&'static str, String);

/// An object as it was when an entry was written. Members in the order of their names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Binding {
    /// What it was before, where another entry about it says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) before: Option<Digest>,
    /// SHA-256 over the canonical JSON of its rows.
    pub(crate) digest: Digest,
    pub(crate) id: String,
    pub(crate) kind: String,
}

/// The kinds whose objects are written once, of which nothing came before.
const WRITTEN_ONCE: &[&str] = &["evidence", "decision", "policy"];

/// The bindings of an entry to its own object and to others.
///
/// # Errors
/// When the database fails.
pub(crate) async fn of_entry(
    session: &mut Session,
    entry: &NewEntry,
    also: &[Object],
) -> Result<Vec<Binding>, StoreError> {
    let own = Noun::of(&entry.object_kind).map(|noun| (noun, entry.object_id.clone()));
    let others = also.iter().filter_map(|(kind, id)| Some((Noun::of(kind)?, id.clone())));
    let mut bindings = Vec::new();
    for (noun, id) in own.into_iter().chain(others) {
        let ids = [id.clone()];
        let Some(digest) = digests(session, noun, &ids).await?.remove(&id) else { continue };
        let is_own = noun.kind == entry.object_kind && id == entry.object_id;
        let before = match is_own && !WRITTEN_ONCE.contains(&noun.kind) {
            true => before(session, noun.kind, &id).await?,
            false => None,
        };
        bindings.push(Binding { before, digest, id, kind: noun.kind.to_owned() });
    }
    Ok(bindings)
}

async fn before(session: &mut Session, kind: &str, id: &str) -> Result<Option<Digest>, StoreError> {
    let last = audit::last_bindings(session, kind, id).await?;
    let last = last.and_then(|text| serde_json::from_str::<Vec<Binding>>(&text).ok()).unwrap_or_default();
    Ok(last.into_iter().find(|binding| binding.kind == kind && binding.id == id).map(|binding| binding.digest))
}

/// The digests of objects as they are now, by id. What does not exist is left out.
///
/// # Errors
/// When the database fails.
pub(crate) async fn digests(
    session: &mut Session,
    noun: &Noun,
    ids: &[String],
) -> Result<BTreeMap<String, Digest>, StoreError> {
    let objects = bound::read(session, noun, ids).await?;
    objects
        .into_iter()
        .map(|(id, object)| {
            let named = serde_json::json!({ "id": id, "kind": noun.kind, "rows": object });
            let digest = canonical::digest(&named).map_err(|error| StoreError::Corrupt(error.to_string()))?;
            Ok((id, digest))
        })
        .collect()
}
