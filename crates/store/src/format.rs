//! Formats that users describe, in their versions.

use crate::{Row, Session, StoreError, args};
use jiff::Timestamp;
use shipworthy_model::FormatId;

/// One version of a format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormatVersion {
    /// Its id.
    pub id: FormatId,
    /// The format's name.
    pub name: String,
    /// The version, from 1.
    pub version: i64,
    /// The description in TOML.
    pub source: String,
    /// Who brought it, for people.
    pub created_by: String,
    /// When.
    pub created_at: Timestamp,
    /// Since when it recognises nothing any more.
    pub retired_at: Option<Timestamp>,
}

/// Adds a version.
///
/// # Errors
/// A conflict when the format has this version already.
pub async fn insert(session: &mut Session, format: &FormatVersion) -> Result<(), StoreError> {
    let sql = "INSERT INTO format (id, name, version, source, created_by, created_at, retired_at)
               VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let FormatVersion { id, name, version, source, created_by, created_at, retired_at } = format;
    session.execute(sql, args![*id, name, *version, source, created_by, *created_at, *retired_at]).await?;
    Ok(())
}

const NEWEST: &str = "SELECT f.id, f.name, f.version, f.source, f.created_by, f.created_at, f.retired_at FROM format f
    WHERE f.version = (SELECT MAX(n.version) FROM format n WHERE n.name = f.name)";

/// The newest version of every format, retired ones too, by name.
///
/// # Errors
/// When the database fails.
pub async fn latest(session: &mut Session) -> Result<Vec<FormatVersion>, StoreError> {
    session.rows(&format!("{NEWEST} ORDER BY f.name"), args![]).await?.iter().map(format).collect()
}

/// The newest version of the format with this name, if there is one.
///
/// # Errors
/// When the database fails.
pub async fn find(session: &mut Session, name: &str) -> Result<Option<FormatVersion>, StoreError> {
    session.row(&format!("{NEWEST} AND f.name = $1"), args![name]).await?.map(|row| format(&row)).transpose()
}

/// Retires every version of a format; `false` when there is none in use.
///
/// # Errors
/// When the database fails.
pub async fn retire(session: &mut Session, name: &str, now: Timestamp) -> Result<bool, StoreError> {
    let sql = "UPDATE format SET retired_at = $2 WHERE name = $1 AND retired_at IS NULL";
    Ok(session.execute(sql, args![name, now]).await? > 0)
}

fn format(row: &Row) -> Result<FormatVersion, StoreError> {
    let mut column = row.columns();
    Ok(FormatVersion {
        id: column.read()?,
        name: column.read()?,
        version: column.read()?,
        source: column.read()?,
        created_by: column.read()?,
        created_at: column.read()?,
        retired_at: column.read()?,
    })
}
