//! Components by what people know of them: a name, a licence, a digest; whatever inventories name them.

use crate::audit::escape_like;
use crate::component::{FILTERED, Filter, NAMED, Named, filter_arguments, read_named, short};
use crate::{Arg, Row, Session, StoreError, args};
use serde_json::json;
use std::collections::BTreeSet;

/// The components with this name: the whole of it, or its last part; in any case of letters.
///
/// # Errors
/// When the database fails.
pub async fn with_name(session: &mut Session, name: &str) -> Result<Vec<Named>, StoreError> {
    let sql = format!("SELECT {NAMED} FROM component c WHERE c.short_name = $1 ORDER BY c.number");
    let found = session.rows(&sql, args![short(name)]).await?;
    let found = found.iter().map(|row| read_named(&mut row.columns())).collect::<Result<Vec<_>, _>>()?;
    let asked = name.to_lowercase();
    let is_it = |named: &Named| named.name.to_lowercase() == asked || short(&named.name) == asked;
    Ok(found.into_iter().filter(is_it).collect())
}

/// The components whose licence expression has this part, in any case of letters.
///
/// # Errors
/// When the database fails.
pub async fn with_license(session: &mut Session, part: &str) -> Result<BTreeSet<u32>, StoreError> {
    let sql = "SELECT number FROM component WHERE LOWER(license) LIKE $1 ESCAPE '\\'";
    let pattern = format!("%{}%", escape_like(&part.to_lowercase()));
    session.rows(sql, args![pattern]).await?.iter().map(Row::first).collect()
}

/// The components with this digest, `algorithm:hex`.
///
/// # Errors
/// When the database fails.
pub async fn with_hash(session: &mut Session, hash: &str) -> Result<BTreeSet<u32>, StoreError> {
    let sql = "SELECT component FROM component_hash WHERE hash = $1";
    session.rows(sql, args![hash]).await?.iter().map(Row::first).collect()
}

/// A component with what is shown of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Described {
    /// Its number.
    pub number: u32,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: Option<String>,
    /// Its package URL.
    pub purl: Option<String>,
    /// What it is, as stated.
    pub kind: String,
    /// Its licence as an SPDX expression.
    pub license: Option<String>,
    /// Who supplies it.
    pub supplier: Option<String>,
}

/// The components with these numbers, by name.
///
/// # Errors
/// When the database fails.
pub async fn described(session: &mut Session, numbers: &BTreeSet<u32>) -> Result<Vec<Described>, StoreError> {
    let sql = format!(
        "SELECT number, name, version, purl, kind, license, supplier FROM component WHERE number IN ({})",
        session.numbers_of("$1")
    );
    let rows = session.rows(&sql, args![json!(numbers).to_string()]).await?;
    let mut all = rows.iter().map(read_described).collect::<Result<Vec<_>, _>>()?;
    all.sort_by(|one, other| (&one.name, &one.version, one.number).cmp(&(&other.name, &other.version, other.number)));
    Ok(all)
}

fn read_described(row: &Row) -> Result<Described, StoreError> {
    let mut column = row.columns();
    Ok(Described {
        number: column.read()?,
        name: column.read()?,
        version: column.read()?,
        purl: column.read()?,
        kind: column.read()?,
        license: column.read()?,
        supplier: column.read()?,
    })
}

/// The digests of a component, `algorithm:hex`, sorted.
///
/// # Errors
/// When the database fails.
pub async fn hashes(session: &mut Session, component: u32) -> Result<Vec<String>, StoreError> {
    let rows = session.rows("SELECT hash FROM component_hash WHERE component = $1", args![component]).await?;
    let mut hashes = rows.iter().map(Row::first).collect::<Result<Vec<String>, _>>()?;
    hashes.sort();
    Ok(hashes)
}

/// The components that match, those among the numbers given where some are, by name and number, at most `limit`, after the
/// name and number given.
///
/// # Errors
/// When the database fails.
pub async fn search(
    session: &mut Session,
    filter: &Filter,
    among: Option<&BTreeSet<u32>>,
    after: Option<&(String, u32)>,
    limit: usize,
) -> Result<Vec<Described>, StoreError> {
    let mut arguments = filter_arguments(filter);
    arguments.extend(args![after.map(|(name, _)| name.as_str()), after.map(|(_, number)| i64::from(*number)), limit]);
    let among = among.map_or_else(String::new, |among| {
        arguments.push(Arg::from(json!(among).to_string()));
        format!("AND number IN ({})", session.numbers_of("$6"))
    });
    let sql = format!(
        "SELECT c.number, c.name, c.version, c.purl, c.kind, c.license, c.supplier
         FROM (SELECT number FROM component
               WHERE {FILTERED} AND ($3 IS NULL OR name > $3 OR (name = $3 AND number > $4)) {among}
               ORDER BY name, number LIMIT $5) found
         JOIN component c ON c.number = found.number ORDER BY c.name, c.number"
    );
    session.rows(&sql, arguments).await?.iter().map(read_described).collect()
}
