//! Numbers that count up: how often something changed, so that a copy of it in memory knows whether it is still good, and
//! the last number that was given to a component or an inventory.

use crate::{Session, StoreError, args};
use std::collections::BTreeMap;
use std::ops::Range;

/// All of them by name.
///
/// # Errors
/// When the database fails.
pub async fn all(session: &mut Session) -> Result<BTreeMap<String, i64>, StoreError> {
    let rows = session.rows("SELECT name, number FROM generation", args![]).await?;
    rows.iter()
        .map(|row| {
            let mut column = row.columns();
            Ok((column.read()?, column.read()?))
        })
        .collect()
}

/// Counts one up by `steps` and gives the numbers that it went through, the last one included. Others who count the same wait until this transaction ends, so
/// that what has a smaller number is committed earlier.
///
/// # Errors
/// When the database fails.
pub async fn advance(session: &mut Session, name: &str, steps: u32) -> Result<Range<u32>, StoreError> {
    let sql = "UPDATE generation SET number = number + $2 WHERE name = $1 RETURNING number";
    let row = session.row(sql, args![name, steps]).await?;
    let last: u32 = row.ok_or_else(|| StoreError::Corrupt(format!("the generation `{name}` is missing")))?.first()?;
    Ok(last + 1 - steps..last + 1)
}
