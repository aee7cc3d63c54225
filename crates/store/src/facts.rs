//! What policies saw, by digest and compressed: a decision is given again from it.

use crate::{Session, StoreError, args};
use shipworthy_model::Digest;

/// zstd level 3, as for documents.
const COMPRESSION_LEVEL: i32 = 3;

/// Keeps facts under their digest. Facts that are there already are left alone.
///
/// # Errors
/// When the database fails.
pub async fn keep(session: &mut Session, digest: &Digest, facts: &[u8]) -> Result<(), StoreError> {
    let body = zstd::bulk::compress(facts, COMPRESSION_LEVEL)
        .map_err(|error| StoreError::Corrupt(format!("facts cannot be compressed: {error}")))?;
    let sql = "INSERT INTO facts (digest, body) VALUES ($1, $2) ON CONFLICT (digest) DO NOTHING";
    session.execute(sql, args![digest, body]).await?;
    Ok(())
}

/// The facts with this digest, checked against it.
///
/// # Errors
/// [`StoreError::NotFound`], or [`StoreError::Corrupt`] when they are not what was kept.
pub async fn get(session: &mut Session, digest: &Digest) -> Result<Vec<u8>, StoreError> {
    let row = session.row("SELECT body FROM facts WHERE digest = $1", args![digest]).await?;
    let body: Vec<u8> = row.ok_or_else(|| StoreError::not_found("facts", digest))?.first()?;
    let facts = zstd::stream::decode_all(body.as_slice())
        .map_err(|error| StoreError::Corrupt(format!("facts `{digest}`: {error}")))?;
    if Digest::of(&facts) != *digest {
        return Err(StoreError::Corrupt(format!("facts `{digest}`: their bytes have another digest")));
    }
    Ok(facts)
}

/// The digests of facts after `after` in their order, at most `limit`.
///
/// # Errors
/// When the database fails.
pub async fn digests(session: &mut Session, after: &str, limit: usize) -> Result<Vec<String>, StoreError> {
    let sql = "SELECT digest FROM facts WHERE digest > $1 ORDER BY digest LIMIT $2";
    session.rows(sql, args![after, limit]).await?.iter().map(crate::Row::first).collect()
}
