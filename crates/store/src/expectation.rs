//! Expectations: how what a service ships is to be built.

use crate::{Session, StoreError, args};
use jiff::Timestamp;
use serde_json::Value;
use shipworthy_model::ServiceId;

/// How what a service ships is to be built.
#[derive(Clone, Debug, PartialEq)]
pub struct Expectation {
    /// What is expected, as `trust` reads it.
    pub body: Value,
    /// Who said so, for people.
    pub updated_by: String,
    /// When.
    pub updated_at: Timestamp,
}

/// Says how what a service ships is to be built, in the place of what was said before.
///
/// # Errors
/// When the database fails.
pub async fn put(session: &mut Session, service: ServiceId, expectation: &Expectation) -> Result<(), StoreError> {
    let sql = "INSERT INTO expectation (service_id, body, updated_by, updated_at) VALUES ($1, $2, $3, $4)
               ON CONFLICT (service_id) DO UPDATE SET body = excluded.body, updated_by = excluded.updated_by,
                 updated_at = excluded.updated_at";
    let Expectation { body, updated_by, updated_at } = expectation;
    session.execute(sql, args![service, body.to_string(), updated_by, *updated_at]).await?;
    Ok(())
}

/// How what a service ships is to be built, where somebody said so.
///
/// # Errors
/// When the database fails.
pub async fn find(session: &mut Session, service: ServiceId) -> Result<Option<Expectation>, StoreError> {
    let sql = "SELECT body, updated_by, updated_at FROM expectation WHERE service_id = $1";
    let row = session.row(sql, args![service]).await?;
    row.map(|row| {
        let mut column = row.columns();
        Ok(Expectation { body: column.read_json()?, updated_by: column.read()?, updated_at: column.read()? })
    })
    .transpose()
}
