//! Attestations that were issued about releases. They are never changed: another bill of materials, or another key, is
//! another attestation.

use crate::{Session, StoreError, args};
use jiff::Timestamp;
use shipworthy_model::ReleaseId;

/// An attestation as it was issued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issued {
    /// The release that it is about.
    pub release_id: ReleaseId,
    /// The digest of the bill of materials inside.
    pub dbom_digest: String,
    /// The id of the key that signed it.
    pub key_id: String,
    /// The DSSE envelope in JSON.
    pub envelope: String,
    /// When.
    pub issued_at: Timestamp,
    /// Who asked for it, for people.
    pub issued_by: String,
}

/// The envelope about a release with this bill of materials, signed with this key.
///
/// # Errors
/// When the database fails.
pub async fn find(
    session: &mut Session,
    release: ReleaseId,
    dbom_digest: &str,
    key_id: &str,
) -> Result<Option<String>, StoreError> {
    let sql = "SELECT envelope FROM issued_attestation WHERE release_id = $1 AND dbom_digest = $2 AND key_id = $3";
    let row = session.row(sql, args![release, dbom_digest, key_id]).await?;
    row.map(|row| row.first()).transpose()
}

/// Records an attestation.
///
/// # Errors
/// Conflict when the same one is there already, and when the database fails.
pub async fn insert(session: &mut Session, issued: &Issued) -> Result<(), StoreError> {
    let Issued { release_id, dbom_digest, key_id, envelope, issued_at, issued_by } = issued;
    let sql = "INSERT INTO issued_attestation (release_id, dbom_digest, key_id, envelope, issued_at, issued_by)
               VALUES ($1, $2, $3, $4, $5, $6)";
    session.execute(sql, args![*release_id, dbom_digest, key_id, envelope, *issued_at, issued_by]).await?;
    Ok(())
}
