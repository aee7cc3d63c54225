//! Which entries of the audit log are asked for, newest first. Each way in has an index that gives them in this order, so
//! that a page costs the same in a log of a million entries.

use crate::audit::{Entry, entry, escape_like};
use crate::value::list_of;
use crate::{Arg, Session, StoreError, args};
use jiff::Timestamp;

/// Which entries are asked for.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Part of the actor's name, in any case of letters.
    pub actor: Option<String>,
    /// The action, or its noun alone.
    pub action: Option<String>,
    /// One of these actions; empty for any.
    pub actions: Vec<String>,
    /// The id of the object.
    pub object_id: Option<String>,
    /// What the entries concern, all of it: see [`crate::audit_concern`].
    pub concerns: Vec<(&'static str, String)>,
    /// Part of what the entry says, or of the id of what it is about or of its request, in any case of letters.
    pub text: Option<String>,
    /// Entries from this instant on.
    pub from: Option<Timestamp>,
    /// Entries before this instant.
    pub until: Option<Timestamp>,
    /// Entries before this place in the log (newest first).
    pub before: Option<i64>,
}

const ENTRY: &str = "a.sequence, a.at, a.actor_kind, a.actor_id, a.actor_name, a.action, a.object_kind, a.object_id,
    a.summary, a.details, a.request_id, a.via, a.address";

/// The entries that match, newest first, at most `limit`.
///
/// # Errors
/// When the database fails.
pub async fn list(session: &mut Session, filter: &Filter, limit: usize) -> Result<Vec<Entry>, StoreError> {
    let (sql, arguments) = statement(filter, ENTRY, limit);
    session.rows(&sql, arguments).await?.iter().map(entry).collect()
}

/// The places of the entries that match, newest first, at most `limit`.
///
/// # Errors
/// When the database fails.
pub async fn places(session: &mut Session, filter: &Filter, limit: usize) -> Result<Vec<i64>, StoreError> {
    let (sql, arguments) = statement(filter, "a.sequence", limit);
    session.rows(&sql, arguments).await?.iter().map(crate::Row::first).collect()
}

fn statement(filter: &Filter, columns: &str, limit: usize) -> (String, Vec<Arg>) {
    let mut arguments = args![limit];
    let mut conditions = conditions(filter, &mut arguments);
    if let Some((kind, id)) = filter.concerns.first() {
        arguments.extend(args![*kind, id]);
        let place = arguments.len();
        conditions.push(format!("c.kind = ${} AND c.id = ${place}", place - 1));
        if !filter.actions.is_empty() {
            conditions.push(format!("a.action IN ({})", list_of(&filter.actions, &mut arguments)));
        }
        let sql = format!(
            "SELECT {columns} FROM audit_concern c JOIN audit a ON a.sequence = c.sequence
             WHERE {} ORDER BY c.sequence DESC LIMIT $1",
            conditions.join(" AND ")
        );
        return (sql, arguments);
    }
    let conditions = conditions.join(" AND ");
    if filter.actions.is_empty() {
        return (
            format!("SELECT {columns} FROM audit a WHERE {conditions} ORDER BY a.sequence DESC LIMIT $1"),
            arguments,
        );
    }
    // The index on the action gives each of them newest first; one `IN` would have all of them sorted.
    let arm = |(number, action): (usize, &String)| {
        arguments.push(Arg::from(action));
        format!(
            "SELECT sequence FROM (SELECT a.sequence FROM audit a WHERE a.action = ${} AND {conditions}
             ORDER BY a.sequence DESC LIMIT $1) AS arm_{number}",
            arguments.len()
        )
    };
    let arms: Vec<String> = filter.actions.iter().enumerate().map(arm).collect();
    let sql = format!(
        "SELECT {columns} FROM audit a WHERE a.sequence IN (SELECT sequence FROM ({}) AS arms)
         ORDER BY a.sequence DESC LIMIT $1",
        arms.join(" UNION ALL ")
    );
    (sql, arguments)
}

fn conditions(filter: &Filter, arguments: &mut Vec<Arg>) -> Vec<String> {
    let mut place = |value: Arg| {
        arguments.push(value);
        arguments.len()
    };
    let mut all = vec![format!("a.sequence < ${}", place(Arg::from(filter.before.unwrap_or(i64::MAX))))];
    if let Some(from) = filter.from {
        all.push(format!("a.at >= ${}", place(Arg::from(from.as_microsecond()))));
    }
    if let Some(until) = filter.until {
        all.push(format!("a.at < ${}", place(Arg::from(until.as_microsecond()))));
    }
    if let Some(actor) = &filter.actor {
        all.push(format!("LOWER(a.actor_name) LIKE ${} ESCAPE '\\'", place(Arg::from(part(actor)))));
    }
    if let Some(action) = &filter.action {
        let exact = place(Arg::from(action));
        let noun = place(Arg::from(format!("{}.%", escape_like(action))));
        all.push(format!("(a.action = ${exact} OR a.action LIKE ${noun} ESCAPE '\\')"));
    }
    if let Some(id) = &filter.object_id {
        all.push(format!("a.object_id = ${}", place(Arg::from(id))));
    }
    if let Some(text) = &filter.text {
        let text = place(Arg::from(part(text)));
        all.push(format!(
            "(LOWER(a.summary) LIKE ${text} ESCAPE '\\' OR LOWER(a.object_id) LIKE ${text} ESCAPE '\\'
              OR LOWER(a.request_id) LIKE ${text} ESCAPE '\\')"
        ));
    }
    for (kind, id) in filter.concerns.iter().skip(1) {
        let (kind, id) = (place(Arg::from(*kind)), place(Arg::from(id)));
        all.push(format!(
            "EXISTS (SELECT 1 FROM audit_concern o WHERE o.kind = ${kind} AND o.id = ${id} AND o.sequence = a.sequence)"
        ));
    }
    all
}

fn part(text: &str) -> String {
    format!("%{}%", escape_like(&text.to_lowercase()))
}
