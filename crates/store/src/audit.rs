//! The append-only log of who did what, when. Every change writes its entry in its own transaction.

use crate::{Session, StoreError, args};
use jiff::Timestamp;
use serde_json::Value;

/// Who did something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// `user`, `token`, `system` or `anonymous`.
    pub kind: String,
    /// The id of the user or token.
    pub id: Option<String>,
    /// The name at that time.
    pub name: String,
}

impl Actor {
    /// The product itself, such as a scheduled job.
    #[must_use]
    pub fn system(name: &str) -> Self {
        Self { kind: "system".to_owned(), id: None, name: name.to_owned() }
    }
}

/// One line to be written.
#[derive(Clone, Debug, PartialEq)]
pub struct NewEntry {
    /// When, by the server's clock.
    pub at: Timestamp,
    /// Who.
    pub actor: Actor,
    /// What, as `<noun>.<verb>`.
    pub action: String,
    /// The kind of thing it was done to.
    pub object_kind: String,
    /// Its id.
    pub object_id: String,
    /// One sentence for people.
    pub summary: String,
    /// What else matters, without secrets and document bodies.
    pub details: Value,
    /// The request it came with.
    pub request_id: Option<String>,
}

/// One line of the log.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its place in the log, from 1 without gaps.
    pub sequence: i64,
    /// What it says.
    pub entry: NewEntry,
}

/// Appends an entry and gives its place. Call it last in a transaction: from here to the commit others wait.
///
/// # Errors
/// When the database fails.
pub async fn append(session: &mut Session, entry: &NewEntry) -> Result<i64, StoreError> {
    let head = session
        .row("UPDATE audit_head SET sequence = sequence + 1 WHERE id = 1 RETURNING sequence", args![])
        .await?
        .ok_or_else(|| StoreError::Corrupt("the head of the audit log is missing".to_owned()))?;
    let sequence: i64 = head.first()?;
    let NewEntry { at, actor, action, object_kind, object_id, summary, details, request_id } = entry;
    let sql = "INSERT INTO audit (sequence, at, actor_kind, actor_id, actor_name, action, object_kind, object_id,
                 summary, details, request_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    let details = details.to_string();
    session
        .execute(
            sql,
            args![
                sequence,
                *at,
                &actor.kind,
                &actor.id,
                &actor.name,
                action,
                object_kind,
                object_id,
                summary,
                details,
                request_id
            ],
        )
        .await?;
    Ok(sequence)
}

/// Which entries are asked for.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Part of the actor's name.
    pub actor: Option<String>,
    /// The action, or its noun alone.
    pub action: Option<String>,
    /// The id of the object.
    pub object_id: Option<String>,
    /// Entries from this instant on.
    pub from: Option<Timestamp>,
    /// Entries before this instant.
    pub until: Option<Timestamp>,
    /// Entries before this place in the log (newest first).
    pub before: Option<i64>,
}

/// The entries that match, newest first, at most `limit`.
///
/// # Errors
/// When the database fails.
pub async fn list(session: &mut Session, filter: &Filter, limit: usize) -> Result<Vec<Entry>, StoreError> {
    let sql = "SELECT sequence, at, actor_kind, actor_id, actor_name, action, object_kind, object_id, summary, details,
                 request_id FROM audit
               WHERE ($1 IS NULL OR actor_name LIKE $1 ESCAPE '\\')
                 AND ($2 IS NULL OR action = $2 OR action LIKE $2 || '.%')
                 AND ($3 IS NULL OR object_id = $3)
                 AND at >= $4 AND at < $5 AND sequence < $6
               ORDER BY sequence DESC LIMIT $7";
    let actor = filter.actor.as_ref().map(|part| format!("%{}%", escape_like(part)));
    let from = filter.from.map_or(i64::MIN, Timestamp::as_microsecond);
    let until = filter.until.map_or(i64::MAX, Timestamp::as_microsecond);
    let before = filter.before.unwrap_or(i64::MAX);
    let rows = session.rows(sql, args![actor, &filter.action, &filter.object_id, from, until, before, limit]).await?;
    rows.iter().map(entry).collect()
}

/// The place of the last entry, 0 when there is none.
///
/// # Errors
/// When the database fails.
pub async fn last_sequence(session: &mut Session) -> Result<i64, StoreError> {
    let row = session.row("SELECT sequence FROM audit_head WHERE id = 1", args![]).await?;
    row.map_or(Ok(0), |row| row.first())
}

/// The entries after `sequence` in the order in which they were written, at most `limit`.
///
/// # Errors
/// When the database fails.
pub async fn after(session: &mut Session, sequence: i64, limit: usize) -> Result<Vec<Entry>, StoreError> {
    let sql = "SELECT sequence, at, actor_kind, actor_id, actor_name, action, object_kind, object_id, summary, details,
                 request_id FROM audit WHERE sequence > $1 ORDER BY sequence LIMIT $2";
    session.rows(sql, args![sequence, limit]).await?.iter().map(entry).collect()
}

fn entry(row: &crate::Row) -> Result<Entry, StoreError> {
    let mut column = row.columns();
    Ok(Entry {
        sequence: column.read()?,
        entry: NewEntry {
            at: column.read()?,
            actor: Actor { kind: column.read()?, id: column.read()?, name: column.read()? },
            action: column.read()?,
            object_kind: column.read()?,
            object_id: column.read()?,
            summary: column.read()?,
            details: column.read_json()?,
            request_id: column.read()?,
        },
    })
}

/// Makes `%`, `_` and `\` stand for themselves in a `LIKE … ESCAPE '\'` pattern.
#[must_use]
pub fn escape_like(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}
