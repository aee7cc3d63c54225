//! Browser sessions: hashed, with the token that guards them against forged requests.

use crate::{Session, StoreError, args};
use jiff::Timestamp;
use shipworthy_model::{SessionId, UserId};

/// A signed-in browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserSession {
    /// Its id.
    pub id: SessionId,
    /// Who signed in.
    pub user_id: UserId,
    /// What unsafe requests must repeat in a header.
    pub csrf_token: String,
    /// When it began.
    pub created_at: Timestamp,
    /// First instant at which it no longer works.
    pub expires_at: Timestamp,
}

/// Adds a session under the hash of its secret.
///
/// # Errors
/// When the database fails.
pub async fn insert(session: &mut Session, new: &UserSession, hash: &str) -> Result<(), StoreError> {
    let sql = "INSERT INTO user_session (id, hash, user_id, csrf_token, created_at, expires_at)
               VALUES ($1, $2, $3, $4, $5, $6)";
    let UserSession { id, user_id, csrf_token, created_at, expires_at } = new;
    session.execute(sql, args![*id, hash, *user_id, csrf_token, *created_at, *expires_at]).await?;
    Ok(())
}

/// The session whose secret has this hash, if its owner is active and it has not ended.
///
/// # Errors
/// When the database fails.
pub async fn find_valid(session: &mut Session, hash: &str, now: Timestamp) -> Result<Option<UserSession>, StoreError> {
    let sql = "SELECT s.id, s.user_id, s.csrf_token, s.created_at, s.expires_at FROM user_session s
               JOIN user_account u ON u.id = s.user_id
               WHERE s.hash = $1 AND s.expires_at > $2 AND u.is_active = 1";
    let row = session.row(sql, args![hash, now]).await?;
    row.map(|row| {
        let mut column = row.columns();
        Ok(UserSession {
            id: column.read()?,
            user_id: column.read()?,
            csrf_token: column.read()?,
            created_at: column.read()?,
            expires_at: column.read()?,
        })
    })
    .transpose()
}

/// Ends one session.
///
/// # Errors
/// When the database fails.
pub async fn delete(session: &mut Session, id: SessionId) -> Result<(), StoreError> {
    session.execute("DELETE FROM user_session WHERE id = $1", args![id]).await?;
    Ok(())
}

/// Ends every session of a user, as after a change of password or grants.
///
/// # Errors
/// When the database fails.
pub async fn delete_of_user(session: &mut Session, user: UserId) -> Result<(), StoreError> {
    session.execute("DELETE FROM user_session WHERE user_id = $1", args![user]).await?;
    Ok(())
}
