//! Signers: the rules that say who may sign what for which applications, from when until when.

use crate::assignment::AssignmentScope;
use crate::trust_root::revoked;
use crate::{Row, Session, StoreError, args};
use jiff::Timestamp;
use serde_json::Value;
use shipworthy_model::{SignerId, TrustRootId};

/// A rule that says who may sign what.
#[derive(Clone, Debug, PartialEq)]
pub struct Signer {
    /// Its id.
    pub id: SignerId,
    /// What it is called.
    pub name: String,
    /// Who signs.
    pub who: SignedWith,
    /// The predicate types that count from him; `*` stands for any.
    pub predicate_types: Vec<String>,
    /// The applications for which they count.
    pub scope: AssignmentScope,
    /// The name of what the scope names; of a service as `application/service`.
    pub scope_name: Option<String>,
    /// The instant from which signatures count.
    pub valid_from: Option<Timestamp>,
    /// The instant from which they count no more.
    pub valid_until: Option<Timestamp>,
    /// Who made the rule, for people.
    pub created_by: String,
    /// When.
    pub created_at: Timestamp,
    /// Who revoked it, and when.
    pub revoked: Option<(String, Timestamp)>,
}

/// By what a signer is known.
#[derive(Clone, Debug, PartialEq)]
pub enum SignedWith {
    /// A key among the trust roots, with its name and id.
    Key {
        /// The trust root.
        root: TrustRootId,
        /// What it is called.
        name: String,
        /// The key's id.
        key_id: String,
    },
    /// A rule for identities in certificates, as `trust` reads it.
    Identity(Value),
}

/// Adds a rule.
///
/// # Errors
/// A conflict when it names a trust root that does not exist.
pub async fn insert(session: &mut Session, signer: &Signer) -> Result<(), StoreError> {
    let sql =
        "INSERT INTO signer (id, name, trust_root_id, identity, predicate_types, scope_kind, scope_id, valid_from,
                 valid_until, created_by, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    let Signer { id, name, who, predicate_types, scope, valid_from, valid_until, created_by, created_at, .. } = signer;
    let (root, identity) = match who {
        SignedWith::Key { root, .. } => (Some(*root), None),
        SignedWith::Identity(rule) => (None, Some(rule.to_string())),
    };
    let types = Value::from(predicate_types.clone()).to_string();
    let values = args![
        *id,
        name,
        root,
        identity,
        types,
        scope.kind(),
        scope.id(),
        *valid_from,
        *valid_until,
        created_by,
        *created_at
    ];
    session.execute(sql, values).await?;
    Ok(())
}

/// Revokes a rule. What was signed under it counts no more, whenever that was.
///
/// # Errors
/// [`StoreError::NotFound`] when none of this id is in force.
pub async fn revoke(session: &mut Session, id: SignerId, by: &str, at: Timestamp) -> Result<(), StoreError> {
    let sql = "UPDATE signer SET revoked_by = $2, revoked_at = $3 WHERE id = $1 AND revoked_at IS NULL";
    match session.execute(sql, args![id, by, at]).await? {
        0 => Err(StoreError::not_found("signer", id)),
        _ => Ok(()),
    }
}

const COLUMNS: &str = "s.id, s.name, s.trust_root_id, r.name, r.key_id, s.identity, s.predicate_types, s.scope_kind,
    s.scope_id, COALESCE((SELECT t.name FROM team t WHERE t.id = s.scope_id),
        (SELECT ap.name FROM application ap WHERE ap.id = s.scope_id),
        (SELECT ap.name || '/' || v.name FROM service v JOIN application ap ON ap.id = v.application_id
         WHERE v.id = s.scope_id)), s.valid_from, s.valid_until, s.created_by, s.created_at, s.revoked_by, s.revoked_at";

/// All rules, revoked ones too, by name.
///
/// # Errors
/// When the database fails.
pub async fn list(session: &mut Session) -> Result<Vec<Signer>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM signer s LEFT JOIN trust_root r ON r.id = s.trust_root_id ORDER BY s.name, s.id"
    );
    session.rows(&sql, args![]).await?.iter().map(read).collect()
}

/// The rule with this id.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn get(session: &mut Session, id: SignerId) -> Result<Signer, StoreError> {
    let sql =
        format!("SELECT {COLUMNS} FROM signer s LEFT JOIN trust_root r ON r.id = s.trust_root_id WHERE s.id = $1");
    let row = session.row(&sql, args![id]).await?;
    read(&row.ok_or_else(|| StoreError::not_found("signer", id))?)
}

fn read(row: &Row) -> Result<Signer, StoreError> {
    let mut column = row.columns();
    let (id, name) = (column.read()?, column.read()?);
    let key = (column.read()?, column.read()?, column.read()?);
    let who = match (key, column.read::<Option<String>>()?) {
        ((Some(root), Some(name), Some(key_id)), None) => SignedWith::Key { root, name, key_id },
        ((None, None, None), Some(rule)) => SignedWith::Identity(
            serde_json::from_str(&rule).map_err(|error| StoreError::Corrupt(format!("signer `{id}`: {error}")))?,
        ),
        _ => return Err(StoreError::Corrupt(format!("signer `{id}` is known by nothing"))),
    };
    let predicate_types = column.read_json()?;
    let (scope_kind, scope_id) = (column.read::<String>()?, column.read::<Option<String>>()?);
    let scope = AssignmentScope::read(&scope_kind, scope_id.as_deref())
        .ok_or_else(|| StoreError::Corrupt(format!("signer `{id}` has the scope `{scope_kind}`")))?;
    Ok(Signer {
        id,
        name,
        who,
        predicate_types,
        scope,
        scope_name: column.read()?,
        valid_from: column.read()?,
        valid_until: column.read()?,
        created_by: column.read()?,
        created_at: column.read()?,
        revoked: revoked(column.read()?, column.read()?),
    })
}
