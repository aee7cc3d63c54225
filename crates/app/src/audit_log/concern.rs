//! Files entries under the applications and environments that they concern, so that they are found by them.

use crate::audit_log::binding::Object;
use shipworthy_store::audit::NewEntry;
use shipworthy_store::{Session, StoreError, audit_concern};
use std::collections::BTreeSet;

/// What an entry concerns, as kind and id.
pub(crate) type Concerns = BTreeSet<(String, String)>;

/// What an entry concerns: its object, the other objects that changed with it, and the environment that it names.
///
/// # Errors
/// When the database fails.
pub(crate) async fn of_entry(session: &mut Session, entry: &NewEntry, also: &[Object]) -> Result<Concerns, StoreError> {
    let mut all = Concerns::new();
    all.extend(audit_concern::of_object(session, &entry.object_kind, &entry.object_id).await?);
    for (kind, id) in also {
        all.extend(audit_concern::of_object(session, kind, id).await?);
    }
    if entry.action == "release.approve"
        && let Some(name) = entry.details.get("environment").and_then(serde_json::Value::as_str)
    {
        all.extend(audit_concern::of_environment(session, name).await?);
    }
    if entry.action == "release.create" {
        audit_concern::adopt(session, &entry.object_id).await?;
    }
    Ok(all)
}

/// Files what was written from this place on.
///
/// # Errors
/// When the database fails.
pub(crate) async fn file(session: &mut Session, first: i64, concerns: Vec<Concerns>) -> Result<(), StoreError> {
    let placed = (first..).zip(concerns);
    let all: Vec<_> = placed
        .flat_map(|(sequence, concerns)| concerns.into_iter().map(move |(kind, id)| (sequence, kind, id)))
        .collect();
    if all.is_empty() { Ok(()) } else { audit_concern::insert(session, &all).await }
}
