//! Approvals: a person's word that a release may go to an environment.

use crate::{Session, StoreError, args, stamp};
use shipworthy_model::{Approval, ReleaseId, Subject};

/// An approval with the name of its environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlacedApproval {
    /// The approval.
    pub approval: Approval,
    /// The name of the environment.
    pub environment_name: String,
}

/// Adds an approval; the release's gates decide anew.
///
/// # Errors
/// When the database fails.
pub async fn insert(session: &mut Session, approval: &Approval) -> Result<(), StoreError> {
    let Approval { id, release_id, environment_id, approved_by, approved_by_name, comment, approved_at } = approval;
    let sql = "INSERT INTO approval (id, release_id, environment_id, approved_by, approved_by_name, comment,
                 approved_at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let arguments = args![*id, *release_id, *environment_id, *approved_by, approved_by_name, comment, *approved_at];
    session.execute(sql, arguments).await?;
    stamp::touch_subjects(session, &[Subject::Release(*release_id)]).await
}

/// The approvals of a release, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn of_release(session: &mut Session, release: ReleaseId) -> Result<Vec<PlacedApproval>, StoreError> {
    let sql = "SELECT p.id, p.release_id, p.environment_id, p.approved_by, p.approved_by_name, p.comment,
                 p.approved_at, e.name
               FROM approval p JOIN environment e ON e.id = p.environment_id WHERE p.release_id = $1 ORDER BY p.id";
    let rows = session.rows(sql, args![release]).await?;
    rows.iter()
        .map(|row| {
            let mut column = row.columns();
            Ok(PlacedApproval {
                approval: Approval {
                    id: column.read()?,
                    release_id: column.read()?,
                    environment_id: column.read()?,
                    approved_by: column.read()?,
                    approved_by_name: column.read()?,
                    comment: column.read()?,
                    approved_at: column.read()?,
                },
                environment_name: column.read()?,
            })
        })
        .collect()
}
