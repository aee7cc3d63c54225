//! How fresh the data of each vulnerability database is, and what failed last.

use crate::{Session, StoreError, args};
use jiff::Timestamp;

/// A vulnerability database, as far as it was imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Its name.
    pub source: String,
    /// When it was last imported, if it ever was.
    pub imported_at: Option<Timestamp>,
    /// How many records of it there are.
    pub records: i64,
    /// How many of them the last import changed.
    pub changed: i64,
    /// Why an import after that failed, if one did.
    pub failure: Option<String>,
    /// When it failed.
    pub failed_at: Option<Timestamp>,
}

/// Adds to the count of a source what an import brought.
///
/// # Errors
/// When the database fails.
pub async fn grown(
    session: &mut Session,
    source: &str,
    added: u64,
    changed: u64,
    now: Timestamp,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO advisory_source (source, imported_at, records, changed) VALUES ($1, $2, $3, $4)
               ON CONFLICT (source) DO UPDATE SET imported_at = excluded.imported_at,
                   records = advisory_source.records + excluded.records, changed = excluded.changed,
                   failure = NULL, failed_at = NULL";
    session.execute(sql, args![source, now, added, changed]).await?;
    Ok(())
}

/// Notes that a source was replaced as a whole.
///
/// # Errors
/// When the database fails.
pub async fn replaced(session: &mut Session, source: &str, records: u64, now: Timestamp) -> Result<(), StoreError> {
    session.execute("DELETE FROM advisory_source WHERE source = $1", args![source]).await?;
    grown(session, source, records, records, now).await
}

/// Notes why an import failed. What was imported before stays.
///
/// # Errors
/// When the database fails.
pub async fn failed(session: &mut Session, source: &str, why: &str, now: Timestamp) -> Result<(), StoreError> {
    let sql = "INSERT INTO advisory_source (source, records, changed, failure, failed_at) VALUES ($1, 0, 0, $2, $3)
               ON CONFLICT (source) DO UPDATE SET failure = excluded.failure, failed_at = excluded.failed_at";
    session.execute(sql, args![source, why, now]).await?;
    Ok(())
}

/// Every source of which anything was tried, by name.
///
/// # Errors
/// When the database fails.
pub async fn list(session: &mut Session) -> Result<Vec<Source>, StoreError> {
    let sql = "SELECT source, imported_at, records, changed, failure, failed_at FROM advisory_source";
    let mut sources = Vec::new();
    for row in session.rows(sql, args![]).await? {
        let mut column = row.columns();
        sources.push(Source {
            source: column.read()?,
            imported_at: column.read()?,
            records: column.read()?,
            changed: column.read()?,
            failure: column.read()?,
            failed_at: column.read()?,
        });
    }
    sources.sort_by(|one: &Source, other| one.source.cmp(&other.source));
    Ok(sources)
}
