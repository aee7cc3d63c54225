//! Trust roots: the keys and Sigstore instances by which signatures are checked. A revoked one stays, because what it
//! verified before has to be explained.

use crate::{Row, Session, StoreError, args};
use jiff::Timestamp;
use serde_json::Value;
use shipworthy_model::TrustRootId;

/// A key or a Sigstore instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustRoot {
    /// Its id.
    pub id: TrustRootId,
    /// What it is called; no two have the same name.
    pub name: String,
    /// Whether it is a key, and which.
    pub kind: TrustRootKind,
    /// The key in PEM, or the trusted root in JSON.
    pub body: String,
    /// What a signature under a Sigstore instance must prove, as `trust` reads it; nothing for all that it offers.
    pub demands: Option<Value>,
    /// The instant from which its signatures count.
    pub valid_from: Option<Timestamp>,
    /// The instant from which they count no more.
    pub valid_until: Option<Timestamp>,
    /// Who brought it, for people.
    pub created_by: String,
    /// When.
    pub created_at: Timestamp,
    /// Who revoked it, and when.
    pub revoked: Option<(String, Timestamp)>,
}

/// What a trust root is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TrustRootKind {
    /// A public key with its id: the SHA-256 of its `SubjectPublicKeyInfo` in hexadecimal digits.
    Key(String),
    /// A Sigstore instance: its certificate authorities, logs and timestamp authorities.
    Sigstore,
}

impl TrustRootKind {
    /// `key` or `sigstore`.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Key(_) => "key",
            Self::Sigstore => "sigstore",
        }
    }
}

/// Adds a trust root.
///
/// # Errors
/// A conflict when the name or the key is there already.
pub async fn insert(session: &mut Session, root: &TrustRoot) -> Result<(), StoreError> {
    let sql = "INSERT INTO trust_root (id, name, kind, body, key_id, demands, valid_from, valid_until, created_by,
                 created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    let TrustRoot { id, name, kind, body, demands, valid_from, valid_until, created_by, created_at, revoked: _ } = root;
    let key_id = match kind {
        TrustRootKind::Key(id) => Some(id.clone()),
        TrustRootKind::Sigstore => None,
    };
    let demands = demands.as_ref().map(Value::to_string);
    let values =
        args![*id, name, kind.as_str(), body, key_id, demands, *valid_from, *valid_until, created_by, *created_at];
    session.execute(sql, values).await?;
    Ok(())
}

/// Puts another edition of a Sigstore instance's trusted root in the place of the one before.
///
/// # Errors
/// [`StoreError::NotFound`] when none of this id is in use.
pub async fn replace_body(session: &mut Session, id: TrustRootId, body: &str) -> Result<(), StoreError> {
    let sql = "UPDATE trust_root SET body = $2 WHERE id = $1 AND kind = 'sigstore' AND revoked_at IS NULL";
    match session.execute(sql, args![id, body]).await? {
        0 => Err(StoreError::not_found("trust root", id)),
        _ => Ok(()),
    }
}

/// Revokes a trust root: what it signs from this instant on counts no more.
///
/// # Errors
/// [`StoreError::NotFound`] when none of this id is in use.
pub async fn revoke(session: &mut Session, id: TrustRootId, by: &str, at: Timestamp) -> Result<(), StoreError> {
    let sql = "UPDATE trust_root SET revoked_by = $2, revoked_at = $3 WHERE id = $1 AND revoked_at IS NULL";
    match session.execute(sql, args![id, by, at]).await? {
        0 => Err(StoreError::not_found("trust root", id)),
        _ => Ok(()),
    }
}

const COLUMNS: &str = "r.id, r.name, r.kind, r.body, r.key_id, r.demands, r.valid_from, r.valid_until, r.created_by,
    r.created_at, r.revoked_by, r.revoked_at";

/// All of them, revoked ones too, by name.
///
/// # Errors
/// When the database fails.
pub async fn list(session: &mut Session) -> Result<Vec<TrustRoot>, StoreError> {
    let rows = session.rows(&format!("SELECT {COLUMNS} FROM trust_root r ORDER BY r.name"), args![]).await?;
    rows.iter().map(read).collect()
}

/// The one with this id.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn get(session: &mut Session, id: TrustRootId) -> Result<TrustRoot, StoreError> {
    let row = session.row(&format!("SELECT {COLUMNS} FROM trust_root r WHERE r.id = $1"), args![id]).await?;
    read(&row.ok_or_else(|| StoreError::not_found("trust root", id))?)
}

fn read(row: &Row) -> Result<TrustRoot, StoreError> {
    let mut column = row.columns();
    let (id, name, kind, body, key_id) =
        (column.read()?, column.read()?, column.read::<String>()?, column.read()?, column.read::<Option<String>>()?);
    let kind = match (kind.as_str(), key_id) {
        ("key", Some(key_id)) => TrustRootKind::Key(key_id),
        ("sigstore", None) => TrustRootKind::Sigstore,
        _ => return Err(StoreError::Corrupt(format!("a trust root is kept as `{kind}`"))),
    };
    Ok(TrustRoot {
        id,
        name,
        kind,
        body,
        demands: demands(column.read()?)?,
        valid_from: column.read()?,
        valid_until: column.read()?,
        created_by: column.read()?,
        created_at: column.read()?,
        revoked: revoked(column.read()?, column.read()?),
    })
}

fn demands(text: Option<String>) -> Result<Option<Value>, StoreError> {
    let read = text.map(|text| serde_json::from_str(&text)).transpose();
    read.map_err(|error| StoreError::Corrupt(format!("the demands of a trust root: {error}")))
}

/// Both halves of a revocation, or none.
pub(crate) fn revoked(by: Option<String>, at: Option<Timestamp>) -> Option<(String, Timestamp)> {
    Some((by?, at?))
}
