//! What verification says of the attestations in documents. It follows from the document and the trust roots, and is made
//! anew when these change.

use crate::value::list_of;
use crate::{Session, StoreError, args};
use jiff::Timestamp;
use shipworthy_model::Digest;
use std::collections::BTreeMap;

/// What verification says of one attestation of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attestation {
    /// Which of the document's attestations it is, from zero.
    pub position: i64,
    /// `verified`, `unsigned`, `invalid`, `unknown-signer` or `unchecked`.
    pub outcome: String,
    /// Everything that verification says, as `trust` writes it (JSON).
    pub body: String,
    /// What provenance or a verification summary says, in the one form of all their versions (JSON).
    pub content: Option<String>,
}

/// Writes what verification says of a document by this generation of the roots, in the place of what it said before.
/// Gives whether it says something else now.
///
/// # Errors
/// When the database fails.
pub async fn replace(
    session: &mut Session,
    document: &Digest,
    attestations: &[Attestation],
    roots: i64,
    at: Timestamp,
) -> Result<bool, StoreError> {
    let sql = "INSERT INTO attestation_check (document, roots, checked_at) VALUES ($1, $2, $3)
               ON CONFLICT (document) DO UPDATE SET roots = excluded.roots, checked_at = excluded.checked_at";
    session.execute(sql, args![document, roots, at]).await?;
    let before = of_documents(session, std::slice::from_ref(document)).await?.remove(document).unwrap_or_default();
    if before == attestations {
        return Ok(false);
    }
    session.execute("DELETE FROM attestation WHERE document = $1", args![document]).await?;
    for Attestation { position, outcome, body, content } in attestations {
        let sql = "INSERT INTO attestation (document, position, outcome, body, content) VALUES ($1, $2, $3, $4, $5)";
        session.execute(sql, args![document, *position, outcome, body, content]).await?;
    }
    Ok(true)
}

/// What verification says of these documents, by document. Those without attestations are left out.
///
/// # Errors
/// When the database fails.
pub async fn of_documents(
    session: &mut Session,
    documents: &[Digest],
) -> Result<BTreeMap<Digest, Vec<Attestation>>, StoreError> {
    let mut arguments = Vec::new();
    let list = list_of(documents, &mut arguments);
    let sql = format!(
        "SELECT document, position, outcome, body, content FROM attestation WHERE document IN ({list})
         ORDER BY document, position"
    );
    let mut all: BTreeMap<Digest, Vec<Attestation>> = BTreeMap::new();
    for row in session.rows(&sql, arguments).await? {
        let mut column = row.columns();
        let document = column.read()?;
        all.entry(document).or_default().push(Attestation {
            position: column.read()?,
            outcome: column.read()?,
            body: column.read()?,
            content: column.read()?,
        });
    }
    Ok(all)
}

/// Documents that were checked last by an earlier generation of the roots, at most `limit`.
///
/// # Errors
/// When the database fails.
pub async fn to_check(session: &mut Session, roots: i64, limit: usize) -> Result<Vec<Digest>, StoreError> {
    let sql = "SELECT document FROM attestation_check WHERE roots < $1 ORDER BY document LIMIT $2";
    session.rows(sql, args![roots, limit]).await?.iter().map(crate::Row::first).collect()
}
