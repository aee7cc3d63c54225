//! Which ids are the same vulnerability: what records say of it, and the names that follow from it.

use crate::advisory::VALUES_PER_STATEMENT;
use crate::value::list_of;
use crate::{Column, Session, StoreError, args};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// The vulnerability that an id belongs to, where it does not name its vulnerability itself, or covers several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// The id.
    pub id: String,
    /// The name of its vulnerability.
    pub vulnerability: String,
    /// The CVE ids that it is about, where it is an advisory about several.
    pub covers: Vec<String>,
}

/// What records say of these ids: each pair of which one is among them.
///
/// # Errors
/// When the database fails.
pub async fn pairs(session: &mut Session, ids: &[String]) -> Result<Vec<(String, String)>, StoreError> {
    let mut pairs = Vec::new();
    for some in ids.chunks(VALUES_PER_STATEMENT) {
        for side in ["id", "alias"] {
            let mut arguments = Vec::new();
            let list = list_of(some, &mut arguments);
            let sql = format!("SELECT id, alias FROM advisory_alias WHERE {side} IN ({list})");
            for row in session.rows(&sql, arguments).await? {
                let mut column = row.columns();
                pairs.push((column.read()?, column.read()?));
            }
        }
    }
    Ok(pairs)
}

/// Names the vulnerabilities of these ids anew: `names` for those that are in it, themselves for the others.
///
/// # Errors
/// When the database fails.
pub async fn rename(session: &mut Session, ids: &[String], names: Vec<Name>) -> Result<(), StoreError> {
    for some in ids.chunks(VALUES_PER_STATEMENT) {
        let mut arguments = Vec::new();
        let list = list_of(some, &mut arguments);
        session.execute(&format!("DELETE FROM vulnerability_name WHERE id IN ({list})"), arguments).await?;
    }
    let columns = [("id", Column::Text), ("vulnerability", Column::Text), ("covers", Column::Text)];
    let row = |name: Name| {
        let covers = serde_json::Value::from(name.covers).to_string();
        args![name.id, name.vulnerability, covers]
    };
    session.insert_many("vulnerability_name", &columns, names.into_iter().map(row).collect(), "").await
}

/// The name of the vulnerability that an id belongs to.
///
/// # Errors
/// When the database fails.
pub async fn name(session: &mut Session, id: &str) -> Result<Name, StoreError> {
    let sql = "SELECT id, vulnerability, covers FROM vulnerability_name WHERE id = $1";
    let Some(row) = session.row(sql, args![id]).await? else {
        return Ok(Name { id: id.to_owned(), vulnerability: id.to_owned(), covers: Vec::new() });
    };
    let mut column = row.columns();
    Ok(Name { id: column.read()?, vulnerability: column.read()?, covers: column.read_json()? })
}

/// All ids of a vulnerability, its name among them, in the order of the alphabet.
///
/// # Errors
/// When the database fails.
pub async fn ids(session: &mut Session, vulnerability: &str) -> Result<Vec<String>, StoreError> {
    let sql = "SELECT id FROM vulnerability_name WHERE vulnerability = $1";
    let mut ids = vec![vulnerability.to_owned()];
    for row in session.rows(sql, args![vulnerability]).await? {
        ids.push(row.first()?);
    }
    ids.sort();
    ids.dedup();
    Ok(ids)
}

/// All ids of each of these vulnerabilities, its name first, the others in the order of the alphabet.
///
/// # Errors
/// When the database fails.
pub async fn ids_of(
    session: &mut Session,
    vulnerabilities: &BTreeSet<String>,
) -> Result<BTreeMap<String, Vec<String>>, StoreError> {
    let mut ids: BTreeMap<String, Vec<String>> = vulnerabilities.iter().map(|name| (name.clone(), vec![])).collect();
    let sql =
        format!("SELECT vulnerability, id FROM vulnerability_name WHERE vulnerability IN ({})", session.texts_of("$1"));
    for row in session.rows(&sql, args![json!(vulnerabilities).to_string()]).await? {
        let mut column = row.columns();
        ids.entry(column.read()?).or_default().push(column.read()?);
    }
    for (name, ids) in &mut ids {
        ids.retain(|id| id != name);
        ids.sort();
        ids.insert(0, name.clone());
    }
    Ok(ids)
}
