//! API tokens: hashed, with permissions, a scope and an end.

use crate::user::{read_scope, scope_columns};
use crate::{Row, Session, StoreError, args};
use jiff::Timestamp;
use shipworthy_model::{Permission, Scope, TokenId, UserId};

/// An API token. The secret itself is kept nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Its id.
    pub id: TokenId,
    /// The person it acts for.
    pub user_id: UserId,
    /// That person's name.
    pub user_name: String,
    /// What it is for.
    pub name: String,
    /// The first characters of the secret, by which people recognise it.
    pub prefix: String,
    /// What it may do.
    pub permissions: Vec<Permission>,
    /// Where.
    pub scope: Scope,
    /// When it was made.
    pub created_at: Timestamp,
    /// First instant at which it no longer works.
    pub expires_at: Timestamp,
    /// When it was used, to the minute.
    pub last_used_at: Option<Timestamp>,
    /// When it was taken back.
    pub revoked_at: Option<Timestamp>,
}

/// Adds a token under the hash of its secret.
///
/// # Errors
/// When the database fails.
pub async fn insert(session: &mut Session, token: &Token, hash: &str) -> Result<(), StoreError> {
    let sql = "INSERT INTO token (id, user_id, name, hash, prefix, permissions, scope_kind, scope_id, created_at,
                 expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    let permissions = token.permissions.iter().map(|p| p.as_str()).collect::<Vec<_>>().join(" ");
    let (kind, scope_id) = scope_columns(token.scope);
    let Token { id, user_id, name, prefix, created_at, expires_at, .. } = token;
    session
        .execute(sql, args![*id, *user_id, name, hash, prefix, permissions, kind, scope_id, *created_at, *expires_at])
        .await?;
    Ok(())
}

const SELECT: &str = "SELECT t.id, t.user_id, u.name, t.name, t.prefix, t.permissions, t.scope_kind, t.scope_id,
    t.created_at, t.expires_at, t.last_used_at, t.revoked_at FROM token t JOIN user_account u ON u.id = t.user_id";

/// The token whose secret has this hash, if its owner is active and it neither ended nor was taken back.
///
/// # Errors
/// When the database fails.
pub async fn find_valid(session: &mut Session, hash: &str, now: Timestamp) -> Result<Option<Token>, StoreError> {
    let sql = format!("{SELECT} WHERE t.hash = $1 AND t.revoked_at IS NULL AND t.expires_at > $2 AND u.is_active = 1");
    session.row(&sql, args![hash, now]).await?.map(|row| token(&row)).transpose()
}

/// The token with this id.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn get(session: &mut Session, id: TokenId) -> Result<Token, StoreError> {
    let row = session.row(&format!("{SELECT} WHERE t.id = $1"), args![id]).await?;
    token(&row.ok_or_else(|| StoreError::not_found("token", id))?)
}

/// The tokens of one person, or of all, newest first.
///
/// # Errors
/// When the database fails.
pub async fn list(session: &mut Session, owner: Option<UserId>) -> Result<Vec<Token>, StoreError> {
    let sql = format!("{SELECT} WHERE ($1 IS NULL OR t.user_id = $1) ORDER BY t.id DESC");
    session.rows(&sql, args![owner]).await?.iter().map(token).collect()
}

/// Takes a token back. Doing it again changes nothing.
///
/// # Errors
/// When the database fails.
pub async fn revoke(session: &mut Session, id: TokenId, at: Timestamp) -> Result<(), StoreError> {
    session.execute("UPDATE token SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL", args![id, at]).await?;
    Ok(())
}

/// Notes that a token was used.
///
/// # Errors
/// When the database fails.
pub async fn touch(session: &mut Session, id: TokenId, at: Timestamp) -> Result<(), StoreError> {
    session.execute("UPDATE token SET last_used_at = $2 WHERE id = $1", args![id, at]).await?;
    Ok(())
}

fn token(row: &Row) -> Result<Token, StoreError> {
    let mut column = row.columns();
    Ok(Token {
        id: column.read()?,
        user_id: column.read()?,
        user_name: column.read()?,
        name: column.read()?,
        prefix: column.read()?,
        permissions: permissions(&column.read::<String>()?)?,
        scope: read_scope(&mut column)?,
        created_at: column.read()?,
        expires_at: column.read()?,
        last_used_at: column.read()?,
        revoked_at: column.read()?,
    })
}

fn permissions(text: &str) -> Result<Vec<Permission>, StoreError> {
    text.split_whitespace().map(|word| word.parse().map_err(StoreError::Corrupt)).collect()
}
