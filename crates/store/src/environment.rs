//! Environments, where releases run. They are rules: a change of one makes every gate decide anew.

use crate::{Row, Session, StoreError, args, stamp};
use shipworthy_model::{Environment, EnvironmentId};

/// Adds an environment.
///
/// # Errors
/// A conflict when the name is taken.
pub async fn insert(session: &mut Session, environment: &Environment) -> Result<(), StoreError> {
    let Environment { id, name, kind, exposure, gate_mode, unknowns, created_at } = environment;
    let sql = "INSERT INTO environment (id, name, kind, exposure, gate_mode, unknowns, created_at)
               VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (name) DO NOTHING";
    let arguments = args![*id, name, *kind, *exposure, *gate_mode, *unknowns, *created_at];
    if session.execute(sql, arguments).await? == 0 {
        return Err(StoreError::Conflict(format!("an environment named `{name}` exists already")));
    }
    stamp::touch_rules(session).await
}

/// Writes everything about an environment anew but its name, which evidence refers to.
///
/// # Errors
/// When the database fails.
pub async fn update(session: &mut Session, environment: &Environment) -> Result<(), StoreError> {
    let Environment { id, name: _, kind, exposure, gate_mode, unknowns, created_at: _ } = environment;
    let sql = "UPDATE environment SET kind = $2, exposure = $3, gate_mode = $4, unknowns = $5 WHERE id = $1";
    session.execute(sql, args![*id, *kind, *exposure, *gate_mode, *unknowns]).await?;
    stamp::touch_rules(session).await
}

const SELECT: &str = "SELECT id, name, kind, exposure, gate_mode, unknowns, created_at FROM environment";

/// The environment with this id.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn get(session: &mut Session, id: EnvironmentId) -> Result<Environment, StoreError> {
    let row = session.row(&format!("{SELECT} WHERE id = $1"), args![id]).await?;
    environment(&row.ok_or_else(|| StoreError::not_found("environment", id))?)
}

/// The environment with this name.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn by_name(session: &mut Session, name: &str) -> Result<Environment, StoreError> {
    let row = session.row(&format!("{SELECT} WHERE name = $1"), args![name]).await?;
    environment(&row.ok_or_else(|| StoreError::not_found("environment", name))?)
}

/// Every environment, in the order in which they were made: people make them from the first to the last stage.
///
/// # Errors
/// When the database fails.
pub async fn list(session: &mut Session) -> Result<Vec<Environment>, StoreError> {
    session.rows(&format!("{SELECT} ORDER BY created_at, id"), args![]).await?.iter().map(environment).collect()
}

fn environment(row: &Row) -> Result<Environment, StoreError> {
    let mut column = row.columns();
    Ok(Environment {
        id: column.read()?,
        name: column.read()?,
        kind: column.read()?,
        exposure: column.read()?,
        gate_mode: column.read()?,
        unknowns: column.read()?,
        created_at: column.read()?,
    })
}
