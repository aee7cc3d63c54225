//! What is to be decided anew because something else is known now: decisions about releases do not hold any longer, and the
//! environments where they run wait for new ones.

use crate::{Row, Session, StoreError, Visibility, args};
use jiff::Timestamp;
use serde_json::json;
use shipworthy_model::{EnvironmentId, ReleaseId, ServiceId};
use std::collections::BTreeSet;

/// Marks the releases for which these inventories speak, and queues the decisions about where they run. Gives the releases.
///
/// # Errors
/// When the database fails.
pub async fn mark(
    session: &mut Session,
    inventories: &[u32],
    because: &str,
    now: Timestamp,
) -> Result<BTreeSet<ReleaseId>, StoreError> {
    let list = json!(inventories).to_string();
    let releases = format!(
        "SELECT DISTINCT ri.release_id FROM release_inventory ri WHERE ri.inventory IN ({})",
        session.numbers_of("$1")
    );
    // In the order in which others lock subjects, see [`crate::stamp::touch_subjects`].
    let sql = format!(
        "INSERT INTO subject (subject, version) SELECT 'release:' || x.release_id, 1 FROM ({releases}) x WHERE 1 = 1
         ORDER BY x.release_id ON CONFLICT (subject) DO UPDATE SET version = subject.version + 1"
    );
    session.execute(&sql, args![&list]).await?;
    let sql = format!(
        "INSERT INTO redecision (release_id, environment_id, because, queued_at)
         SELECT DISTINCT d.release_id, d.environment_id, CAST($2 AS TEXT), CAST($3 AS BIGINT) FROM deployment d
         WHERE d.state = 'running' AND d.release_id IN ({releases})
         ON CONFLICT (release_id, environment_id) DO UPDATE SET because = excluded.because,
           queued_at = excluded.queued_at"
    );
    session.execute(&sql, args![&list, because, now]).await?;
    session.rows(&releases, args![list]).await?.iter().map(Row::first).collect()
}

/// A release that waits before an environment for a new decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Queued {
    /// The release.
    pub release_id: ReleaseId,
    /// Its version.
    pub version: String,
    /// Its service.
    pub service_id: ServiceId,
    /// The service's name.
    pub service: String,
    /// The environment.
    pub environment_id: EnvironmentId,
    /// Its name.
    pub environment: String,
    /// Why, for people.
    pub because: String,
    /// Since when.
    pub queued_at: Timestamp,
}

/// What waits, as far as it is visible, the longest first, at most `limit`.
///
/// # Errors
/// When the database fails.
pub async fn queued(session: &mut Session, visible: &Visibility, limit: usize) -> Result<Vec<Queued>, StoreError> {
    let mut arguments = args![limit];
    let condition = visible.condition("s.application_id", &mut arguments);
    let sql = format!(
        "SELECT q.release_id, r.version, s.id, s.name, q.environment_id, n.name, q.because, q.queued_at FROM redecision q
         JOIN release r ON r.id = q.release_id JOIN service s ON s.id = r.service_id
         JOIN environment n ON n.id = q.environment_id
         WHERE {condition} ORDER BY q.queued_at, q.release_id, q.environment_id LIMIT $1"
    );
    let read = |row: &Row| {
        let mut column = row.columns();
        Ok(Queued {
            release_id: column.read()?,
            version: column.read()?,
            service_id: column.read()?,
            service: column.read()?,
            environment_id: column.read()?,
            environment: column.read()?,
            because: column.read()?,
            queued_at: column.read()?,
        })
    };
    session.rows(&sql, arguments).await?.iter().map(read).collect()
}

/// Takes a release before an environment off the list: it was decided anew.
///
/// # Errors
/// When the database fails.
pub async fn done(session: &mut Session, release: ReleaseId, environment: EnvironmentId) -> Result<(), StoreError> {
    let sql = "DELETE FROM redecision WHERE release_id = $1 AND environment_id = $2";
    session.execute(sql, args![release, environment]).await?;
    Ok(())
}
