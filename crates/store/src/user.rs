//! People with their grants, and the link with which the first of them is made.

use crate::{Columns, Row, Session, StoreError, args};
use jiff::Timestamp;
use shipworthy_model::{ApplicationId, Role, Scope, TeamId, UserId};

/// A person who can sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Its id.
    pub id: UserId,
    /// The name to sign in with, unique.
    pub name: String,
    /// Argon2id in PHC form.
    pub password_hash: String,
    /// Whether sign-in and tokens work.
    pub is_active: bool,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A role in a scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The role.
    pub role: Role,
    /// Where it holds.
    pub scope: Scope,
}

/// Adds a user with grants.
///
/// # Errors
/// A conflict when the name is taken.
pub async fn insert(session: &mut Session, user: &User, grants: &[Grant]) -> Result<(), StoreError> {
    let sql = "INSERT INTO user_account (id, name, password_hash, is_active, created_at) VALUES ($1, $2, $3, $4, $5)";
    let User { id, name, password_hash, is_active, created_at } = user;
    session.execute(sql, args![*id, name, password_hash, *is_active, *created_at]).await.map_err(
        |error| match error {
            StoreError::Conflict(_) => StoreError::Conflict(format!("a user named `{name}` exists already")),
            other => other,
        },
    )?;
    insert_grants(session, *id, grants).await
}

/// Writes name, password and activity of a user anew.
///
/// # Errors
/// When the database fails.
pub async fn update(session: &mut Session, user: &User) -> Result<(), StoreError> {
    let sql = "UPDATE user_account SET password_hash = $2, is_active = $3 WHERE id = $1";
    session.execute(sql, args![user.id, &user.password_hash, user.is_active]).await?;
    Ok(())
}

/// Replaces the grants of a user.
///
/// # Errors
/// When the database fails.
pub async fn replace_grants(session: &mut Session, user: UserId, grants: &[Grant]) -> Result<(), StoreError> {
    session.execute("DELETE FROM user_grant WHERE user_id = $1", args![user]).await?;
    insert_grants(session, user, grants).await
}

async fn insert_grants(session: &mut Session, user: UserId, grants: &[Grant]) -> Result<(), StoreError> {
    for grant in grants {
        let (kind, id) = scope_columns(grant.scope);
        let sql = "INSERT INTO user_grant (user_id, role, scope_kind, scope_id) VALUES ($1, $2, $3, $4)
                   ON CONFLICT DO NOTHING";
        session.execute(sql, args![user, grant.role, kind, id.unwrap_or_default()]).await?;
    }
    Ok(())
}

const COLUMNS: &str = "id, name, password_hash, is_active, created_at";

/// The user with this id.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn get(session: &mut Session, id: UserId) -> Result<User, StoreError> {
    let row = session.row(&format!("SELECT {COLUMNS} FROM user_account WHERE id = $1"), args![id]).await?;
    user(&row.ok_or_else(|| StoreError::not_found("user", id))?)
}

/// The user with this name, if there is one.
///
/// # Errors
/// When the database fails.
pub async fn find(session: &mut Session, name: &str) -> Result<Option<User>, StoreError> {
    let row = session.row(&format!("SELECT {COLUMNS} FROM user_account WHERE name = $1"), args![name]).await?;
    row.map(|row| user(&row)).transpose()
}

/// All users by name.
///
/// # Errors
/// When the database fails.
pub async fn list(session: &mut Session) -> Result<Vec<User>, StoreError> {
    let rows = session.rows(&format!("SELECT {COLUMNS} FROM user_account ORDER BY name"), args![]).await?;
    rows.iter().map(user).collect()
}

/// How many users there are.
///
/// # Errors
/// When the database fails.
pub async fn count(session: &mut Session) -> Result<i64, StoreError> {
    let row = session.row("SELECT COUNT(*) FROM user_account", args![]).await?;
    row.map_or(Ok(0), |row| row.first())
}

/// The grants of a user.
///
/// # Errors
/// When the database fails.
pub async fn grants(session: &mut Session, user: UserId) -> Result<Vec<Grant>, StoreError> {
    let sql =
        "SELECT role, scope_kind, scope_id FROM user_grant WHERE user_id = $1 ORDER BY role, scope_kind, scope_id";
    let rows = session.rows(sql, args![user]).await?;
    rows.iter()
        .map(|row| {
            let mut column = row.columns();
            Ok(Grant { role: column.read()?, scope: read_scope(&mut column)? })
        })
        .collect()
}

fn user(row: &Row) -> Result<User, StoreError> {
    let mut column = row.columns();
    Ok(User {
        id: column.read()?,
        name: column.read()?,
        password_hash: column.read()?,
        is_active: column.read()?,
        created_at: column.read()?,
    })
}

/// How a scope is written into two columns.
#[must_use]
pub fn scope_columns(scope: Scope) -> (&'static str, Option<String>) {
    match scope {
        Scope::Everything => ("everything", None),
        Scope::Team(id) => ("team", Some(id.to_string())),
        Scope::Application(id) => ("application", Some(id.to_string())),
    }
}

/// Reads a scope from its two columns.
///
/// # Errors
/// [`StoreError::Corrupt`] when they hold none.
pub fn read_scope(column: &mut Columns<'_>) -> Result<Scope, StoreError> {
    let kind: String = column.read()?;
    let id: Option<String> = column.read()?;
    let corrupt = || StoreError::Corrupt(format!("`{kind}` with {id:?} is no scope"));
    let text = id.as_deref().unwrap_or_default();
    match kind.as_str() {
        "everything" => Ok(Scope::Everything),
        "team" => text.parse::<TeamId>().map(Scope::Team).map_err(|_| corrupt()),
        "application" => text.parse::<ApplicationId>().map(Scope::Application).map_err(|_| corrupt()),
        _ => Err(corrupt()),
    }
}

/// Keeps the hash of a new setup link; older ones stop working.
///
/// # Errors
/// When the database fails.
pub async fn replace_setup_link(session: &mut Session, hash: &str, at: Timestamp) -> Result<(), StoreError> {
    session.execute("DELETE FROM setup_link", args![]).await?;
    session.execute("INSERT INTO setup_link (hash, created_at) VALUES ($1, $2)", args![hash, at]).await?;
    Ok(())
}

/// Uses up the setup link with this hash: true exactly once.
///
/// # Errors
/// When the database fails.
pub async fn use_setup_link(session: &mut Session, hash: &str) -> Result<bool, StoreError> {
    Ok(session.execute("DELETE FROM setup_link WHERE hash = $1", args![hash]).await? == 1)
}
