//! Policies in their versions. A version is never changed: a change is the next version.

use crate::{Row, Session, StoreError, Visibility, args};
use jiff::Timestamp;
use shipworthy_model::{Digest, PolicyId};
use std::collections::BTreeMap;

/// One version of a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyVersion {
    /// Its id.
    pub id: PolicyId,
    /// The policy's name.
    pub name: String,
    /// The version, from 1.
    pub version: i64,
    /// Digest of the source.
    pub digest: Digest,
    /// The Rego text with its metadata.
    pub source: String,
    /// Whether it came with the product.
    pub is_builtin: bool,
    /// Who brought it, for people.
    pub created_by: String,
    /// When.
    pub created_at: Timestamp,
}

/// Adds a version.
///
/// # Errors
/// A conflict when the policy has this version already.
pub async fn insert(session: &mut Session, policy: &PolicyVersion) -> Result<(), StoreError> {
    let sql = "INSERT INTO policy (id, name, version, digest, source, is_builtin, created_by, created_at)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let PolicyVersion { id, name, version, digest, source, is_builtin, created_by, created_at } = policy;
    session.execute(sql, args![*id, name, *version, digest, source, *is_builtin, created_by, *created_at]).await?;
    Ok(())
}

const COLUMNS: &str = "p.id, p.name, p.version, p.digest, p.source, p.is_builtin, p.created_by, p.created_at";

/// The newest version of every policy, by name.
///
/// # Errors
/// When the database fails.
pub async fn latest(session: &mut Session) -> Result<Vec<PolicyVersion>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM policy p
         WHERE p.version = (SELECT MAX(n.version) FROM policy n WHERE n.name = p.name) ORDER BY p.name"
    );
    session.rows(&sql, args![]).await?.iter().map(policy).collect()
}

/// The newest version of the policy with this name, if there is one.
///
/// # Errors
/// When the database fails.
pub async fn find(session: &mut Session, name: &str) -> Result<Option<PolicyVersion>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM policy p WHERE p.name = $1 ORDER BY p.version DESC LIMIT 1");
    session.row(&sql, args![name]).await?.map(|row| policy(&row)).transpose()
}

/// Whether the policy has a version with this digest.
///
/// # Errors
/// When the database fails.
pub async fn is_known(session: &mut Session, name: &str, digest: &Digest) -> Result<bool, StoreError> {
    let row = session.row("SELECT id FROM policy WHERE name = $1 AND digest = $2", args![name, digest]).await?;
    Ok(row.is_some())
}

/// The source with this digest: what a decision that names it was made by.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn source(session: &mut Session, digest: &Digest) -> Result<String, StoreError> {
    let row = session.row("SELECT source FROM policy WHERE digest = $1 LIMIT 1", args![digest]).await?;
    row.ok_or_else(|| StoreError::not_found("policy", digest))?.first()
}

/// How many assignments in force each policy has, by name.
///
/// # Errors
/// When the database fails.
pub async fn assignment_counts(session: &mut Session) -> Result<BTreeMap<String, i64>, StoreError> {
    let sql = "SELECT p.name, COUNT(*) FROM assignment a JOIN policy p ON p.id = a.policy_id
               WHERE a.ended_at IS NULL GROUP BY p.name";
    counts(session.rows(sql, args![]).await?)
}

/// How many current decisions each policy fails, by name: of every release and environment the newest one counts.
///
/// # Errors
/// When the database fails.
pub async fn failing_counts(
    session: &mut Session,
    visibility: &Visibility,
) -> Result<BTreeMap<String, i64>, StoreError> {
    let mut arguments = args![];
    let visible = visibility.condition("s.application_id", &mut arguments);
    let sql = format!(
        "SELECT dp.policy, COUNT(*) FROM decision d
         JOIN decision_policy dp ON dp.decision_id = d.id AND dp.outcome = 'fail'
         JOIN release r ON r.id = d.release_id JOIN service s ON s.id = r.service_id
         WHERE {visible} AND NOT EXISTS (SELECT 1 FROM decision n WHERE n.release_id = d.release_id
            AND n.environment_id = d.environment_id
            AND (n.decided_at > d.decided_at OR (n.decided_at = d.decided_at AND n.id > d.id)))
         GROUP BY dp.policy"
    );
    counts(session.rows(&sql, arguments).await?)
}

fn counts(rows: Vec<Row>) -> Result<BTreeMap<String, i64>, StoreError> {
    rows.iter()
        .map(|row| {
            let mut column = row.columns();
            Ok((column.read()?, column.read()?))
        })
        .collect()
}

fn policy(row: &Row) -> Result<PolicyVersion, StoreError> {
    let mut column = row.columns();
    Ok(PolicyVersion {
        id: column.read()?,
        name: column.read()?,
        version: column.read()?,
        digest: column.read()?,
        source: column.read()?,
        is_builtin: column.read()?,
        created_by: column.read()?,
        created_at: column.read()?,
    })
}
