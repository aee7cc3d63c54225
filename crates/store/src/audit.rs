//! The append-only log of who did what, when. Every change writes its entry in its own transaction. The tree over the
//! entries is in [`crate::audit_tree`].

use crate::{Column, Session, StoreError, args};
use jiff::Timestamp;
use serde_json::Value;
use shipworthy_model::Digest;

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
    /// Through what it was done: `session`, `token` or `system`; absent where nobody is known.
    pub via: Option<String>,
    /// From where.
    pub address: Option<String>,
}

/// One line of the log.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its place in the log, from 1 without gaps.
    pub sequence: i64,
    /// What it says.
    pub entry: NewEntry,
}

/// One line of the log exactly as it is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// Its place in the log, from 1 without gaps.
    pub sequence: i64,
    /// When, in microseconds since 1970.
    pub at: i64,
    /// `user`, `token`, `system` or `anonymous`.
    pub actor_kind: String,
    /// The id of the user or token.
    pub actor_id: Option<String>,
    /// The name at that time.
    pub actor_name: String,
    /// Through what it was done: `session`, `token` or `system`; absent where nobody is known, and before it was noted.
    pub via: Option<String>,
    /// From where.
    pub address: Option<String>,
    /// What, as `<noun>.<verb>`.
    pub action: String,
    /// The kind of thing it was done to.
    pub object_kind: String,
    /// Its id.
    pub object_id: String,
    /// One sentence for people.
    pub summary: String,
    /// What else matters, as canonical JSON.
    pub details: String,
    /// The request it came with.
    pub request_id: Option<String>,
    /// The digests of the rows that it is about, as canonical JSON.
    pub bindings: Option<String>,
    /// The hash of the entry in hexadecimal digits; absent only in what was not carried over yet.
    pub leaf: Option<String>,
}

const LINE: &str =
    "sequence, at, actor_kind, actor_id, actor_name, via, address, action, object_kind, object_id, summary,
    details, request_id, bindings, leaf";

/// Takes the next `count` places in the log and gives the first. From here to the commit others wait.
///
/// # Errors
/// When the database fails.
pub async fn take_places(session: &mut Session, count: usize) -> Result<i64, StoreError> {
    let sql = "UPDATE audit_head SET sequence = sequence + $1 WHERE id = 1 RETURNING sequence - $1 + 1";
    let head = session.row(sql, args![count]).await?;
    head.ok_or_else(|| StoreError::Corrupt("the head of the audit log is missing".to_owned()))?.first()
}

/// Writes lines at the places that were taken for them.
///
/// # Errors
/// When the database fails.
pub async fn insert(session: &mut Session, lines: &[Line]) -> Result<(), StoreError> {
    use Column::{Int, Text};
    let columns = [
        ("sequence", Int),
        ("at", Int),
        ("actor_kind", Text),
        ("actor_id", Text),
        ("actor_name", Text),
        ("via", Text),
        ("address", Text),
        ("action", Text),
        ("object_kind", Text),
        ("object_id", Text),
        ("summary", Text),
        ("details", Text),
        ("request_id", Text),
        ("bindings", Text),
        ("leaf", Text),
    ];
    let values = |line: &Line| {
        args![
            line.sequence,
            line.at,
            &line.actor_kind,
            &line.actor_id,
            &line.actor_name,
            &line.via,
            &line.address,
            &line.action,
            &line.object_kind,
            &line.object_id,
            &line.summary,
            &line.details,
            &line.request_id,
            &line.bindings,
            &line.leaf
        ]
    };
    session.insert_many("audit", &columns, lines.iter().map(values).collect(), "").await
}

/// The lines after `sequence` in their order, at most `limit`, each with its place. A line that cannot be read is an
/// error of its own, so that the others can.
///
/// # Errors
/// When the database fails.
pub async fn lines(
    session: &mut Session,
    sequence: i64,
    limit: usize,
) -> Result<Vec<(i64, Result<Line, StoreError>)>, StoreError> {
    let sql = format!("SELECT {LINE} FROM audit WHERE sequence > $1 ORDER BY sequence LIMIT $2");
    let rows = session.rows(&sql, args![sequence, limit]).await?;
    rows.iter().map(|row| Ok((row.first()?, line(row)))).collect()
}

fn line(row: &crate::Row) -> Result<Line, StoreError> {
    let mut column = row.columns();
    Ok(Line {
        sequence: column.read()?,
        at: column.read()?,
        actor_kind: column.read()?,
        actor_id: column.read()?,
        actor_name: column.read()?,
        via: column.read()?,
        address: column.read()?,
        action: column.read()?,
        object_kind: column.read()?,
        object_id: column.read()?,
        summary: column.read()?,
        details: column.read()?,
        request_id: column.read()?,
        bindings: column.read()?,
        leaf: column.read()?,
    })
}

/// The bindings of the last entry about an object that has any.
///
/// # Errors
/// When the database fails.
pub async fn last_bindings(session: &mut Session, kind: &str, id: &str) -> Result<Option<String>, StoreError> {
    let sql = "SELECT bindings FROM audit WHERE object_kind = $1 AND object_id = $2 AND bindings IS NOT NULL
               ORDER BY sequence DESC LIMIT 1";
    session.row(sql, args![kind, id]).await?.map(|row| row.first()).transpose()
}

/// The place of the first entry about an object with this action.
///
/// # Errors
/// When the database fails.
pub async fn first_about(session: &mut Session, kind: &str, id: &str, action: &str) -> Result<Option<i64>, StoreError> {
    let sql = "SELECT sequence FROM audit WHERE object_kind = $1 AND object_id = $2 AND action = $3
               ORDER BY sequence LIMIT 1";
    session.row(sql, args![kind, id, action]).await?.map(|row| row.first()).transpose()
}

/// Keeps details that are too long for an entry, under their digest.
///
/// # Errors
/// When the database fails.
pub async fn keep_details(session: &mut Session, digest: &Digest, body: &str) -> Result<(), StoreError> {
    let sql = "INSERT INTO audit_detail (digest, body) VALUES ($1, $2) ON CONFLICT (digest) DO NOTHING";
    session.execute(sql, args![digest, body]).await?;
    Ok(())
}

/// The details with this digest, which may have been changed.
///
/// # Errors
/// When the database fails.
pub async fn details(session: &mut Session, digest: &str) -> Result<Option<String>, StoreError> {
    let sql = "SELECT body FROM audit_detail WHERE digest = $1";
    session.row(sql, args![digest]).await?.map(|row| row.first()).transpose()
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
                 request_id, via, address FROM audit WHERE sequence > $1 ORDER BY sequence LIMIT $2";
    session.rows(sql, args![sequence, limit]).await?.iter().map(entry).collect()
}

pub(crate) fn entry(row: &crate::Row) -> Result<Entry, StoreError> {
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
            via: column.read()?,
            address: column.read()?,
        },
    })
}

/// Makes `%`, `_` and `\` stand for themselves in a `LIKE … ESCAPE '\'` pattern.
#[must_use]
pub fn escape_like(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}
