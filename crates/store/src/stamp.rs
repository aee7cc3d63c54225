//! What a decision rests on, as two numbers: a decision holds while both are what they were.
//!
//! Every change of what is known about a subject counts that subject up, in the transaction of the change; every
//! change of policies, assignments, exceptions, environments or vulnerability data counts up the generation of the
//! rules. Evidence and release need not know of each other: they meet at the subject's row.

use crate::{Session, StoreError, args};
use shipworthy_model::{EnvironmentId, ReleaseId, Subject};

/// The two numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// The sum of the versions of all subjects of the release and its environment.
    pub subjects_version: i64,
    /// The generation of the rules.
    pub rules_generation: i64,
}

/// Counts up what is known of each subject.
///
/// # Errors
/// When the database fails.
pub async fn touch_subjects(session: &mut Session, subjects: &[Subject]) -> Result<(), StoreError> {
    // Sorted, so that two transactions which touch the same subjects lock them in the same order.
    let mut texts: Vec<String> = subjects.iter().map(Subject::to_string).collect();
    texts.sort();
    texts.dedup();
    for text in texts {
        let sql = "INSERT INTO subject (subject, version) VALUES ($1, 1)
                   ON CONFLICT (subject) DO UPDATE SET version = subject.version + 1";
        session.execute(sql, args![text]).await?;
    }
    Ok(())
}

/// Counts up the generation of the rules.
///
/// # Errors
/// When the database fails.
pub async fn touch_rules(session: &mut Session) -> Result<(), StoreError> {
    session.execute("UPDATE generation SET number = number + 1 WHERE name = 'rules'", args![]).await?;
    Ok(())
}

/// The stamp of a release in an environment as the session sees it now.
///
/// # Errors
/// When the database fails.
pub async fn stamp(session: &mut Session, release: ReleaseId, environment: EnvironmentId) -> Result<Stamp, StoreError> {
    let sql = "SELECT
            CAST(COALESCE((SELECT SUM(s.version) FROM subject s WHERE s.subject IN (
                SELECT rs.subject FROM release_subject rs WHERE rs.release_id = $1
                UNION SELECT 'environment:' || e.name FROM environment e WHERE e.id = $2)), 0) AS BIGINT),
            (SELECT g.number FROM generation g WHERE g.name = 'rules')";
    let row = session.row(sql, args![release, environment]).await?;
    let row = row.ok_or_else(|| StoreError::Corrupt("the generation of the rules is missing".to_owned()))?;
    let mut column = row.columns();
    Ok(Stamp { subjects_version: column.read()?, rules_generation: column.read()? })
}
