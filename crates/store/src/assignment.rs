//! Policy versions put into force: with which parameters, to which effect, and where.
//!
//! Of several assignments of one policy that cover the same place, the closest one decides: service before
//! application before team before everything; then one that names environments; then the newest.

use crate::place::Place;
use crate::{Row, Session, StoreError, args};
use jiff::Timestamp;
use serde_json::Value;
use shipworthy_model::{ApplicationId, AssignmentId, Digest, EnvironmentId, PolicyId, ServiceId, TeamId, Verdict};
use std::collections::BTreeMap;

/// A policy version put into force.
#[derive(Clone, Debug, PartialEq)]
pub struct Assignment {
    /// Its id.
    pub id: AssignmentId,
    /// The policy version.
    pub policy_id: PolicyId,
    /// The policy's name.
    pub policy: String,
    /// The number of the version.
    pub version: i64,
    /// Values of parameters; the others have the policy's own.
    pub parameters: Value,
    /// What a failure makes of the verdict: deny or warn. Absent for `off`.
    pub action: Option<Verdict>,
    /// Where it holds.
    pub scope: AssignmentScope,
    /// The name of what the scope names; of a service as `application/service`.
    pub scope_name: Option<String>,
    /// The environments it holds in; empty means all.
    pub environments: Vec<(EnvironmentId, String)>,
    /// Who made it, for people.
    pub created_by: String,
    /// When.
    pub created_at: Timestamp,
}

/// Where an assignment holds. The order is from far to close.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AssignmentScope {
    /// Everywhere.
    Everything,
    /// The applications of one team.
    Team(TeamId),
    /// One application.
    Application(ApplicationId),
    /// One service.
    Service(ServiceId),
}

impl AssignmentScope {
    /// `everything`, `team`, `application` or `service`.
    #[must_use]
    pub fn kind(self) -> &'static str {
        match self {
            Self::Everything => "everything",
            Self::Team(_) => "team",
            Self::Application(_) => "application",
            Self::Service(_) => "service",
        }
    }

    /// The id of what it names.
    #[must_use]
    pub fn id(self) -> Option<String> {
        match self {
            Self::Everything => None,
            Self::Team(id) => Some(id.to_string()),
            Self::Application(id) => Some(id.to_string()),
            Self::Service(id) => Some(id.to_string()),
        }
    }

    /// The scope of this kind and id, if there is such a kind and the id is one.
    #[must_use]
    pub fn read(kind: &str, id: Option<&str>) -> Option<Self> {
        match (kind, id) {
            ("everything", None) => Some(Self::Everything),
            ("team", Some(id)) => id.parse().ok().map(Self::Team),
            ("application", Some(id)) => id.parse().ok().map(Self::Application),
            ("service", Some(id)) => id.parse().ok().map(Self::Service),
            _ => None,
        }
    }

    fn depth(self) -> u8 {
        match self {
            Self::Everything => 0,
            Self::Team(_) => 1,
            Self::Application(_) => 2,
            Self::Service(_) => 3,
        }
    }
}

/// The name of what a scope names; of a service as `application/service`. Nothing for everything, and for what does
/// not exist.
///
/// # Errors
/// When the database fails.
pub async fn scope_name(session: &mut Session, scope: AssignmentScope) -> Result<Option<String>, StoreError> {
    let Some(id) = scope.id() else { return Ok(None) };
    let sql = "SELECT t.name FROM team t WHERE t.id = $1
               UNION SELECT ap.name FROM application ap WHERE ap.id = $1
               UNION SELECT ap.name || '/' || s.name FROM service s JOIN application ap ON ap.id = s.application_id
                 WHERE s.id = $1";
    session.row(sql, args![id]).await?.map(|row| row.first()).transpose()
}

/// Puts a policy version into force.
///
/// # Errors
/// A conflict when it names something that does not exist.
pub async fn insert(session: &mut Session, assignment: &Assignment) -> Result<(), StoreError> {
    let sql = "INSERT INTO assignment (id, policy_id, parameters, action, scope_kind, scope_id, created_by, created_at)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let Assignment { id, policy_id, parameters, action, scope, created_by, created_at, .. } = assignment;
    let action = action.map_or("off", Verdict::as_str);
    let parameters = parameters.to_string();
    session
        .execute(sql, args![*id, *policy_id, parameters, action, scope.kind(), scope.id(), created_by, *created_at])
        .await?;
    for (environment, _) in &assignment.environments {
        let sql = "INSERT INTO assignment_environment (assignment_id, environment_id) VALUES ($1, $2)
                   ON CONFLICT DO NOTHING";
        session.execute(sql, args![*id, *environment]).await?;
    }
    Ok(())
}

/// Ends an assignment; its row stays, since decisions were made by it.
///
/// # Errors
/// [`StoreError::NotFound`] when there is none in force with this id.
pub async fn end(session: &mut Session, id: AssignmentId, at: Timestamp) -> Result<(), StoreError> {
    let sql = "UPDATE assignment SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL";
    match session.execute(sql, args![id, at]).await? {
        0 => Err(StoreError::not_found("assignment", id)),
        _ => Ok(()),
    }
}

/// Whether there ever was an assignment: a new installation has none.
///
/// # Errors
/// When the database fails.
pub async fn is_any_known(session: &mut Session) -> Result<bool, StoreError> {
    Ok(session.row("SELECT id FROM assignment LIMIT 1", args![]).await?.is_some())
}

const COLUMNS: &str = "a.id, a.policy_id, p.name, p.version, a.parameters, a.action, a.scope_kind, a.scope_id,
    COALESCE((SELECT t.name FROM team t WHERE t.id = a.scope_id),
        (SELECT ap.name FROM application ap WHERE ap.id = a.scope_id),
        (SELECT ap.name || '/' || s.name FROM service s JOIN application ap ON ap.id = s.application_id
         WHERE s.id = a.scope_id)), a.created_by, a.created_at";

/// All assignments in force: by policy, newest first.
///
/// # Errors
/// When the database fails.
pub async fn list(session: &mut Session) -> Result<Vec<Assignment>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM assignment a JOIN policy p ON p.id = a.policy_id
         WHERE a.ended_at IS NULL ORDER BY p.name, a.created_at DESC, a.id DESC"
    );
    let rows = session.rows(&sql, args![]).await?;
    let mut environments = environments(session).await?;
    rows.iter().map(|row| assignment(row, &mut environments)).collect()
}

/// The assignment in force with this id.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn get(session: &mut Session, id: AssignmentId) -> Result<Assignment, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM assignment a JOIN policy p ON p.id = a.policy_id
         WHERE a.id = $1 AND a.ended_at IS NULL"
    );
    let row = session.row(&sql, args![id]).await?.ok_or_else(|| StoreError::not_found("assignment", id))?;
    let mut environments = environments(session).await?;
    assignment(&row, &mut environments)
}

/// A policy in force at a place.
#[derive(Clone, Debug, PartialEq)]
pub struct InForce {
    /// The policy's name.
    pub policy: String,
    /// Digest of its source.
    pub digest: Digest,
    /// Its source.
    pub source: String,
    /// Values of parameters; the others have the policy's own.
    pub parameters: Value,
    /// What a failure makes of the verdict.
    pub action: Verdict,
}

/// The policies in force at a place, by name: of several assignments of one policy the closest one, and nothing
/// where that one switches it off.
///
/// # Errors
/// When the database fails.
pub async fn in_force(session: &mut Session, place: &Place) -> Result<Vec<InForce>, StoreError> {
    let sql = "SELECT p.name, p.digest, p.source, a.parameters, a.action, a.scope_kind, a.scope_id,
                 (SELECT COUNT(*) FROM assignment_environment n WHERE n.assignment_id = a.id), a.created_at, a.id
               FROM assignment a JOIN policy p ON p.id = a.policy_id
               WHERE a.ended_at IS NULL
                 AND (a.scope_kind = 'everything' OR (a.scope_kind = 'team' AND a.scope_id = $1)
                   OR (a.scope_kind = 'application' AND a.scope_id = $2)
                   OR (a.scope_kind = 'service' AND a.scope_id = $3))
                 AND (NOT EXISTS (SELECT 1 FROM assignment_environment n WHERE n.assignment_id = a.id)
                   OR EXISTS (SELECT 1 FROM assignment_environment n
                              WHERE n.assignment_id = a.id AND n.environment_id = $4))";
    let Place { owned, environment } = place;
    let arguments = args![owned.team_id, owned.application_id, owned.release.service_id, environment.id];
    let mut closest: BTreeMap<String, Candidate> = BTreeMap::new();
    for row in session.rows(sql, arguments).await? {
        let candidate = candidate(&row)?;
        let best = closest.get(&candidate.policy.policy);
        if best.is_none_or(|best| candidate.closeness > best.closeness) {
            closest.insert(candidate.policy.policy.clone(), candidate);
        }
    }
    Ok(closest.into_values().filter(|candidate| !candidate.is_off).map(|candidate| candidate.policy).collect())
}

struct Candidate {
    policy: InForce,
    is_off: bool,
    closeness: (u8, bool, Timestamp, AssignmentId),
}

fn candidate(row: &Row) -> Result<Candidate, StoreError> {
    let mut column = row.columns();
    let (policy, digest, source) = (column.read()?, column.read()?, column.read()?);
    let parameters = column.read_json()?;
    let action = read_action(&column.read::<String>()?)?;
    let scope = read_scope(&column.read::<String>()?, column.read()?)?;
    let environments: i64 = column.read()?;
    let closeness = (scope.depth(), environments > 0, column.read()?, column.read()?);
    let is_off = action.is_none();
    let action = action.unwrap_or(Verdict::Allow);
    Ok(Candidate { policy: InForce { policy, digest, source, parameters, action }, is_off, closeness })
}

type Environments = BTreeMap<AssignmentId, Vec<(EnvironmentId, String)>>;

async fn environments(session: &mut Session) -> Result<Environments, StoreError> {
    let sql = "SELECT n.assignment_id, e.id, e.name FROM assignment_environment n
               JOIN environment e ON e.id = n.environment_id ORDER BY e.name";
    let mut all = Environments::new();
    for row in session.rows(sql, args![]).await? {
        let mut column = row.columns();
        all.entry(column.read()?).or_default().push((column.read()?, column.read()?));
    }
    Ok(all)
}

fn assignment(row: &Row, environments: &mut Environments) -> Result<Assignment, StoreError> {
    let mut column = row.columns();
    let id = column.read()?;
    Ok(Assignment {
        id,
        policy_id: column.read()?,
        policy: column.read()?,
        version: column.read()?,
        parameters: column.read_json()?,
        action: read_action(&column.read::<String>()?)?,
        scope: read_scope(&column.read::<String>()?, column.read()?)?,
        scope_name: column.read()?,
        environments: environments.remove(&id).unwrap_or_default(),
        created_by: column.read()?,
        created_at: column.read()?,
    })
}

fn read_action(text: &str) -> Result<Option<Verdict>, StoreError> {
    match text {
        "off" => Ok(None),
        text => text.parse().map(Some).map_err(StoreError::Corrupt),
    }
}

fn read_scope(kind: &str, id: Option<String>) -> Result<AssignmentScope, StoreError> {
    AssignmentScope::read(kind, id.as_deref())
        .ok_or_else(|| StoreError::Corrupt(format!("`{kind}` with {id:?} is no scope of an assignment")))
}
