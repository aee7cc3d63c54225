//! What vulnerability databases say, record by record, and what the records are looked up by. Importing the same again
//! changes nothing, and of two states of a record the later one holds.

use crate::value::list_of;
use crate::{Arg, Column, Row, Session, StoreError, args};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// A record to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The database that it is from.
    pub source: String,
    /// Its id there.
    pub id: String,
    /// When it last changed, as it says.
    pub modified: Option<Timestamp>,
    /// Whether it holds no longer.
    pub is_withdrawn: bool,
    /// What it says are other ids of the same vulnerability.
    pub aliases: Vec<String>,
    /// The packages that it is about, by the keys of components, and what it says about each as JSON.
    pub says: BTreeMap<String, String>,
    /// The vulnerabilities that it says it mends, where it is a distribution's.
    pub mends: Vec<String>,
    /// The digest of the body.
    pub digest: String,
    /// The whole of it as JSON.
    pub body: String,
}

/// What became of records.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// How many were not there before, by source; every source of the records is named.
    pub added: BTreeMap<String, u64>,
    /// How many are new or other than before, by source; every source of the records is named.
    pub changed: BTreeMap<String, u64>,
    /// The ids whose names may be others now: those of the changed records and their aliases, old and new.
    pub touched: BTreeSet<String>,
    /// The changed records by source and id.
    pub places: BTreeSet<(String, String)>,
}

/// A record as it was kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The database that it is from.
    pub source: String,
    /// Its id there.
    pub id: String,
    /// The whole of it as JSON.
    pub body: String,
}

/// How many values one statement compares with.
pub(crate) const VALUES_PER_STATEMENT: usize = 1000;

/// Makes other imports wait until this transaction ends: each reads what it then replaces.
///
/// # Errors
/// When the database fails.
pub async fn begin_import(session: &mut Session) -> Result<(), StoreError> {
    session.execute("UPDATE generation SET number = number WHERE name = 'advisories'", args![]).await?;
    Ok(())
}

/// Counts up the version of the data.
///
/// # Errors
/// When the database fails.
pub async fn touch(session: &mut Session) -> Result<(), StoreError> {
    session.execute("UPDATE generation SET number = number + 1 WHERE name = 'advisories'", args![]).await?;
    Ok(())
}

/// Keeps what is new or later than what is there, and what was filed by an earlier version of the rules.
///
/// # Errors
/// When the database fails.
pub async fn keep(session: &mut Session, records: Vec<Record>, rules: i64) -> Result<Kept, StoreError> {
    let mut kept = Kept::default();
    let mut latest: BTreeMap<(String, String), Record> = BTreeMap::new();
    for record in records {
        kept.added.entry(record.source.clone()).or_default();
        kept.changed.entry(record.source.clone()).or_default();
        let place = (record.source.clone(), record.id.clone());
        match latest.get(&place) {
            Some(other) if is_older(&record, other.modified) => {}
            _ => drop(latest.insert(place, record)),
        }
    }
    let before = versions(session, latest.keys()).await?;
    let (mut changed, mut replaced) = (Vec::new(), Vec::new());
    for (place, record) in latest {
        match before.get(&place) {
            Some((modified, digest, filed))
                if is_older(&record, *modified) || (record.digest == *digest && *filed >= rules) =>
            {
                continue;
            }
            Some(_) => replaced.push(record.id.clone()),
            None => *kept.added.entry(record.source.clone()).or_default() += 1,
        }
        *kept.changed.entry(record.source.clone()).or_default() += 1;
        changed.push(record);
    }
    if !changed.is_empty() {
        touch(session).await?;
    }
    for record in &changed {
        kept.touched.insert(record.id.clone());
        kept.touched.extend(record.aliases.iter().cloned());
        kept.places.insert((record.source.clone(), record.id.clone()));
    }
    kept.touched.extend(forget(session, &changed, &replaced).await?);
    write(session, changed, rules).await?;
    Ok(kept)
}

/// A state without a time is older than one with it.
fn is_older(record: &Record, other: Option<Timestamp>) -> bool {
    record.modified.map(Timestamp::as_microsecond) < other.map(Timestamp::as_microsecond)
}

/// When each record changed, its digest, and by which version of the rules it was filed.
type Versions = BTreeMap<(String, String), (Option<Timestamp>, String, i64)>;

async fn versions(
    session: &mut Session,
    places: impl Iterator<Item = &(String, String)>,
) -> Result<Versions, StoreError> {
    let ids: BTreeSet<&String> = places.map(|(_, id)| id).collect();
    let ids: Vec<String> = ids.into_iter().cloned().collect();
    let mut found = Versions::new();
    for some in ids.chunks(VALUES_PER_STATEMENT) {
        let mut arguments = Vec::new();
        let list = list_of(some, &mut arguments);
        let sql = format!("SELECT source, id, modified, digest, filed FROM advisory WHERE id IN ({list})");
        for row in session.rows(&sql, arguments).await? {
            let mut column = row.columns();
            found.insert((column.read()?, column.read()?), (column.read()?, column.read()?, column.read()?));
        }
    }
    Ok(found)
}

/// Takes away what changed records were looked up by, and gives the aliases they had.
async fn forget(session: &mut Session, changed: &[Record], replaced: &[String]) -> Result<Vec<String>, StoreError> {
    let mut aliases = Vec::new();
    let is_replaced: BTreeSet<&String> = replaced.iter().collect();
    let mut by_source: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for record in changed.iter().filter(|record| is_replaced.contains(&record.id)) {
        by_source.entry(&record.source).or_default().push(record.id.clone());
    }
    for (source, ids) in by_source {
        for some in ids.chunks(VALUES_PER_STATEMENT) {
            let mut arguments: Vec<Arg> = args![source];
            let list = list_of(some, &mut arguments);
            let of_these = format!("source = $1 AND id IN ({list})");
            let sql = format!("SELECT alias FROM advisory_alias WHERE {of_these}");
            for row in session.rows(&sql, arguments.clone()).await? {
                aliases.push(row.first()?);
            }
            session.execute(&format!("DELETE FROM advisory_alias WHERE {of_these}"), arguments.clone()).await?;
            session.execute(&format!("DELETE FROM advisory_package WHERE {of_these}"), arguments).await?;
        }
    }
    Ok(aliases)
}

async fn write(session: &mut Session, records: Vec<Record>, rules: i64) -> Result<(), StoreError> {
    let (mut rows, mut packages, mut aliases) = (Vec::with_capacity(records.len()), Vec::new(), Vec::new());
    for record in records {
        let Record { source, id, modified, is_withdrawn, aliases: others, says, mends, digest, body } = record;
        packages.extend(says.into_iter().map(|(key, says)| args![key, &source, &id, says]));
        // What is said by a record that holds no longer joins nothing.
        let others: BTreeSet<String> = others.into_iter().filter(|other| !is_withdrawn && *other != id).collect();
        aliases.extend(others.into_iter().map(|other| args![&id, other, &source]));
        let mends = serde_json::Value::from(mends).to_string();
        rows.push(args![source, id, modified, is_withdrawn, digest, body, mends, rules]);
    }
    let text = Column::Text;
    let columns = [
        ("source", text),
        ("id", text),
        ("modified", Column::Int),
        ("is_withdrawn", Column::Int),
        ("digest", text),
        ("body", text),
        ("mends", text),
        ("filed", Column::Int),
    ];
    let on_conflict = "ON CONFLICT (source, id) DO UPDATE SET modified = excluded.modified,
        is_withdrawn = excluded.is_withdrawn, digest = excluded.digest, body = excluded.body, mends = excluded.mends,
        filed = excluded.filed";
    session.insert_many("advisory", &columns, rows, on_conflict).await?;
    let columns = [("key", text), ("source", text), ("id", text), ("says", text)];
    session.insert_many("advisory_package", &columns, packages, "").await?;
    session.insert_many("advisory_alias", &[("id", text), ("alias", text), ("source", text)], aliases, "").await
}

/// The records with these ids, those too that hold no longer, by source and id.
///
/// # Errors
/// When the database fails.
pub async fn with_ids(session: &mut Session, ids: &[String]) -> Result<Vec<Found>, StoreError> {
    let mut records = Vec::new();
    for some in ids.chunks(VALUES_PER_STATEMENT) {
        let mut arguments = Vec::new();
        let list = list_of(some, &mut arguments);
        let sql = format!("SELECT source, id, body FROM advisory WHERE id IN ({list})");
        for row in session.rows(&sql, arguments).await? {
            records.push(found(&row)?);
        }
    }
    records.sort_by(|one: &Found, other| (&one.source, &one.id).cmp(&(&other.source, &other.id)));
    Ok(records)
}

fn found(row: &Row) -> Result<Found, StoreError> {
    let mut column = row.columns();
    Ok(Found { source: column.read()?, id: column.read()?, body: column.read()? })
}

/// Records that were filed by an earlier version of the rules, at most `limit`.
///
/// # Errors
/// When the database fails.
pub async fn unfiled(session: &mut Session, rules: i64, limit: usize) -> Result<Vec<Found>, StoreError> {
    let sql = "SELECT source, id, body FROM advisory WHERE filed < $1 ORDER BY filed LIMIT $2";
    session.rows(sql, args![rules, limit]).await?.iter().map(found).collect()
}

/// What one record says about the packages of one key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saying {
    /// The key.
    pub key: String,
    /// The database that the record is from.
    pub source: String,
    /// Its id there.
    pub id: String,
    /// The record as JSON, without what it says about other packages, and without its texts.
    pub says: String,
}

/// What records in force say about the packages of these keys, by key, source and id.
///
/// # Errors
/// When the database fails.
pub async fn about_keys(session: &mut Session, keys: &BTreeSet<String>) -> Result<Vec<Saying>, StoreError> {
    let sql = format!(
        "SELECT p.key, p.source, p.id, p.says FROM advisory_package p
         JOIN advisory a ON a.source = p.source AND a.id = p.id
         WHERE p.key IN ({}) AND a.is_withdrawn = 0",
        session.texts_of("$1")
    );
    sayings(session, &sql, args![serde_json::json!(keys).to_string()]).await
}

/// What the records about these vulnerabilities say of packages that some component is, by key, source and id.
///
/// # Errors
/// When the database fails.
pub async fn about_vulnerabilities(
    session: &mut Session,
    vulnerabilities: &BTreeSet<String>,
) -> Result<Vec<Saying>, StoreError> {
    let sql = format!(
        "SELECT DISTINCT p.key, p.source, p.id, p.says FROM advisory_vulnerability v
         JOIN advisory_package p ON p.id = v.id AND p.source = v.source WHERE v.vulnerability IN ({})
           AND EXISTS (SELECT 1 FROM component_key k WHERE k.key = p.key)",
        session.texts_of("$1")
    );
    sayings(session, &sql, args![serde_json::json!(vulnerabilities).to_string()]).await
}

async fn sayings(session: &mut Session, sql: &str, arguments: Vec<Arg>) -> Result<Vec<Saying>, StoreError> {
    let read = |row: &Row| {
        let mut column = row.columns();
        Ok(Saying { key: column.read()?, source: column.read()?, id: column.read()?, says: column.read()? })
    };
    let sayings: Result<Vec<Saying>, StoreError> = session.rows(sql, arguments).await?.iter().map(read).collect();
    let mut sayings = sayings?;
    // Sorted here, because the two databases sort texts differently.
    sayings.sort_by(|one, other| (&one.key, &one.source, &one.id).cmp(&(&other.key, &other.source, &other.id)));
    Ok(sayings)
}
