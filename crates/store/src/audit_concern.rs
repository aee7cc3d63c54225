//! What entries of the audit log concern besides their object: the applications and environments, and of a decision that
//! a policy was violated. It is filed when an entry is appended, and is no part of its leaf.

use crate::Column::{Int, Text};
use crate::{Row, Session, StoreError, args};

/// The concern of an application.
pub const APPLICATION: &str = "application";
/// The concern of an environment.
pub const ENVIRONMENT: &str = "environment";
/// The concern of what a decision came to; its id is [`VIOLATION`].
pub const OUTCOME: &str = "outcome";
/// The id of the concern of decisions that found a policy violated.
pub const VIOLATION: &str = "violation";

/// What concerns an object of a kind, from its id.
static QUESTIONS: &[(&str, &str)] = &[
    ("application", "SELECT 'application', id FROM application x WHERE x.id = $1"),
    ("service", "SELECT 'application', x.application_id FROM service x WHERE x.id = $1"),
    (
        "release",
        "SELECT 'application', s.application_id FROM release x
          JOIN service s ON s.id = x.service_id
          WHERE x.id = $1",
    ),
    ("environment", "SELECT 'environment', x.id FROM environment x WHERE x.id = $1"),
    (
        "evidence",
        "SELECT 'application', s.application_id FROM evidence_subject x
          JOIN release_subject b ON b.subject = x.subject
          JOIN release r ON r.id = b.release_id
          JOIN service s ON s.id = r.service_id
          WHERE x.evidence_id = $1
         UNION SELECT 'application', x.scope_id FROM evidence x
          WHERE x.id = $1 AND x.scope_kind = 'application'",
    ),
    (
        "decision",
        "SELECT 'application', s.application_id FROM decision x
          JOIN release r ON r.id = x.release_id
          JOIN service s ON s.id = r.service_id
          WHERE x.id = $1
         UNION SELECT 'environment', x.environment_id FROM decision x WHERE x.id = $1
         UNION SELECT 'outcome', 'violation' FROM decision x WHERE x.id = $1 AND x.failed > 0",
    ),
    (
        "deployment",
        "SELECT 'application', s.application_id FROM deployment x
          JOIN release r ON r.id = x.release_id
          JOIN service s ON s.id = r.service_id
          WHERE x.id = $1
         UNION SELECT 'environment', x.environment_id FROM deployment x WHERE x.id = $1",
    ),
    (
        "exception",
        "SELECT 'application', x.application_id FROM exception x
          WHERE x.id = $1 AND x.application_id IS NOT NULL
         UNION SELECT 'application', s.application_id FROM exception x
          JOIN service s ON s.id = x.service_id
          WHERE x.id = $1
         UNION SELECT 'application', p.id FROM exception x
          JOIN application p ON p.team_id = x.team_id
          WHERE x.id = $1
         UNION SELECT 'environment', x.environment_id FROM exception x
          WHERE x.id = $1 AND x.environment_id IS NOT NULL",
    ),
    (
        "assignment",
        "SELECT 'application', x.scope_id FROM assignment x WHERE x.id = $1 AND x.scope_kind = 'application'
         UNION SELECT 'application', s.application_id FROM assignment x
          JOIN service s ON s.id = x.scope_id
          WHERE x.id = $1
         UNION SELECT 'application', p.id FROM assignment x
          JOIN application p ON p.team_id = x.scope_id
          WHERE x.id = $1
         UNION SELECT 'environment', x.environment_id FROM assignment_environment x
          WHERE x.assignment_id = $1",
    ),
    (
        "token",
        "SELECT 'application', x.scope_id FROM token x WHERE x.id = $1 AND x.scope_kind = 'application'
         UNION SELECT 'application', p.id FROM token x
          JOIN application p ON p.team_id = x.scope_id
          WHERE x.id = $1",
    ),
    (
        "user",
        "SELECT 'application', x.scope_id FROM user_grant x
          WHERE x.user_id = $1 AND x.scope_kind = 'application'
         UNION SELECT 'application', p.id FROM user_grant x
          JOIN application p ON p.team_id = x.scope_id
          WHERE x.user_id = $1",
    ),
    (
        "signer",
        "SELECT 'application', x.scope_id FROM signer x WHERE x.id = $1 AND x.scope_kind = 'application'
         UNION SELECT 'application', p.id FROM signer x
          JOIN application p ON p.team_id = x.scope_id
          WHERE x.id = $1",
    ),
];

/// What concerns an object as it is now, as kind and id. Of a kind that concerns nothing there is nothing.
///
/// # Errors
/// When the database fails.
pub async fn of_object(session: &mut Session, kind: &str, id: &str) -> Result<Vec<(String, String)>, StoreError> {
    let Some((_, sql)) = QUESTIONS.iter().find(|(of, _)| *of == kind) else { return Ok(Vec::new()) };
    session.rows(sql, args![id]).await?.iter().map(read).collect()
}

fn read(row: &Row) -> Result<(String, String), StoreError> {
    let mut column = row.columns();
    Ok((column.read()?, column.read()?))
}

/// The environment with this name, as a concern.
///
/// # Errors
/// When the database fails.
pub async fn of_environment(session: &mut Session, name: &str) -> Result<Option<(String, String)>, StoreError> {
    let row = session.row("SELECT id FROM environment WHERE name = $1", args![name]).await?;
    let id: Option<String> = row.map(|row| row.first()).transpose()?;
    Ok(id.map(|id| (ENVIRONMENT.to_owned(), id)))
}

/// Files what entries concern, each by its place.
///
/// # Errors
/// When the database fails.
pub async fn insert(session: &mut Session, concerns: &[(i64, String, String)]) -> Result<(), StoreError> {
    let values = |(sequence, kind, id): &(i64, String, String)| args![kind, id, *sequence];
    let columns = [("kind", Text), ("id", Text), ("sequence", Int)];
    let rows = concerns.iter().map(values).collect();
    session.insert_many("audit_concern", &columns, rows, "ON CONFLICT (kind, id, sequence) DO NOTHING").await
}

/// Files under the application of a release what was handed in about its subjects before it was known.
///
/// # Errors
/// When the database fails.
pub async fn adopt(session: &mut Session, release: &str) -> Result<(), StoreError> {
    let sql = "INSERT INTO audit_concern (kind, id, sequence)
               SELECT DISTINCT 'application', s.application_id, a.sequence FROM release r
               JOIN service s ON s.id = r.service_id
               JOIN release_subject b ON b.release_id = r.id
               JOIN evidence_subject e ON e.subject = b.subject
               JOIN audit a ON a.object_kind = 'evidence' AND a.object_id = e.evidence_id
               WHERE r.id = $1
               ON CONFLICT (kind, id, sequence) DO NOTHING";
    session.execute(sql, args![release]).await?;
    Ok(())
}
