//! Builders: which build platforms are trusted, and to what level of SLSA's Build track.

use crate::trust_root::revoked;
use crate::{Row, Session, StoreError, args};
use jiff::Timestamp;
use serde_json::Value;
use shipworthy_model::BuilderId;

/// A trusted builder.
#[derive(Clone, Debug, PartialEq)]
pub struct Builder {
    /// Its id.
    pub id: BuilderId,
    /// What it is called.
    pub name: String,
    /// What is trusted, as `trust` reads it.
    pub body: Value,
    /// Who added it, for people.
    pub created_by: String,
    /// When.
    pub created_at: Timestamp,
    /// Who revoked it, and when.
    pub revoked: Option<(String, Timestamp)>,
}

/// Adds a builder.
///
/// # Errors
/// When the database fails.
pub async fn insert(session: &mut Session, builder: &Builder) -> Result<(), StoreError> {
    let sql = "INSERT INTO builder (id, name, body, created_by, created_at) VALUES ($1, $2, $3, $4, $5)";
    let Builder { id, name, body, created_by, created_at, revoked: _ } = builder;
    session.execute(sql, args![*id, name, body.to_string(), created_by, *created_at]).await?;
    Ok(())
}

/// Revokes the trust in a builder.
///
/// # Errors
/// [`StoreError::NotFound`] when none of this id is trusted.
pub async fn revoke(session: &mut Session, id: BuilderId, by: &str, at: Timestamp) -> Result<(), StoreError> {
    let sql = "UPDATE builder SET revoked_by = $2, revoked_at = $3 WHERE id = $1 AND revoked_at IS NULL";
    match session.execute(sql, args![id, by, at]).await? {
        0 => Err(StoreError::not_found("builder", id)),
        _ => Ok(()),
    }
}

const COLUMNS: &str = "b.id, b.name, b.body, b.created_by, b.created_at, b.revoked_by, b.revoked_at";

/// All builders, revoked ones too, by name.
///
/// # Errors
/// When the database fails.
pub async fn list(session: &mut Session) -> Result<Vec<Builder>, StoreError> {
    let rows = session.rows(&format!("SELECT {COLUMNS} FROM builder b ORDER BY b.name, b.id"), args![]).await?;
    rows.iter().map(read).collect()
}

/// The builder with this id.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn get(session: &mut Session, id: BuilderId) -> Result<Builder, StoreError> {
    let row = session.row(&format!("SELECT {COLUMNS} FROM builder b WHERE b.id = $1"), args![id]).await?;
    read(&row.ok_or_else(|| StoreError::not_found("builder", id))?)
}

fn read(row: &Row) -> Result<Builder, StoreError> {
    let mut column = row.columns();
    Ok(Builder {
        id: column.read()?,
        name: column.read()?,
        body: column.read_json()?,
        created_by: column.read()?,
        created_at: column.read()?,
        revoked: revoked(column.read()?, column.read()?),
    })
}
