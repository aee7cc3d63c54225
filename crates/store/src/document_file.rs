//! The digest of each document's bytes as they are stored: what stands in a file is checked against it even where a
//! change leaves the contents the same.

use crate::documents::Stored;
use crate::{Session, StoreError, args};
use shipworthy_model::Digest;

/// Notes what is stored of a document, unless it was noted before.
///
/// # Errors
/// When the database fails.
pub async fn insert(session: &mut Session, document: &Digest, stored: &Stored) -> Result<(), StoreError> {
    let sql = "INSERT INTO document_file (document, digest, size_bytes) VALUES ($1, $2, $3)
               ON CONFLICT (document) DO NOTHING";
    session.execute(sql, args![document, &stored.digest, stored.size_bytes]).await?;
    Ok(())
}

/// A document and what was stored of it; absent where that was never noted.
pub type Noted = (String, Option<(String, i64)>);

/// The documents after `after` in the order of their digests, at most `limit`.
///
/// # Errors
/// When the database fails.
pub async fn list(session: &mut Session, after: &str, limit: usize) -> Result<Vec<Noted>, StoreError> {
    let sql =
        "SELECT d.digest, f.digest, f.size_bytes FROM document d LEFT JOIN document_file f ON f.document = d.digest
               WHERE d.digest > $1 ORDER BY d.digest LIMIT $2";
    let rows = session.rows(sql, args![after, limit]).await?;
    let read = |row: &crate::Row| {
        let mut column = row.columns();
        let (document, digest, size): (_, Option<String>, Option<i64>) =
            (column.read()?, column.read()?, column.read()?);
        Ok((document, digest.zip(size)))
    };
    rows.iter().map(read).collect()
}

/// The documents of which nothing was noted, at most `limit`.
///
/// # Errors
/// When the database fails.
pub async fn missing(session: &mut Session, after: &str, limit: usize) -> Result<Vec<Digest>, StoreError> {
    let sql = "SELECT d.digest FROM document d WHERE d.digest > $1
                 AND NOT EXISTS (SELECT 1 FROM document_file f WHERE f.document = d.digest)
               ORDER BY d.digest LIMIT $2";
    session.rows(sql, args![after, limit]).await?.iter().map(crate::Row::first).collect()
}
