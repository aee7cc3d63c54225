//! What happened in a span of time, for reports: releases, decisions, policies that did not pass, exceptions, approvals and
//! what was mended. Every list is in the order in which it happened, and as long as it is asked for at most.

use crate::{Arg, Row, Session, StoreError, Visibility, args, finding};
use jiff::Timestamp;
use shipworthy_model::{DecisionId, Digest, EnvironmentId, ExceptionId, Outcome, ReleaseId, Severity, Verdict};

/// What is asked for: a span of time, the applications that may be seen, and how long a list may be.
#[derive(Clone, Debug)]
pub struct Period {
    /// The first instant.
    pub from: Timestamp,
    /// The first instant after it.
    pub until: Timestamp,
    /// What may be seen.
    pub visible: Visibility,
    /// The longest list.
    pub limit: usize,
}

impl Period {
    /// `$1` and `$2` are the span and `$3` is the limit; the condition on an application's column comes with it.
    fn arguments(&self, column: &str) -> (Vec<Arg>, String) {
        let mut arguments = args![self.from, self.until, self.limit];
        let condition = self.visible.condition(column, &mut arguments);
        (arguments, condition)
    }
}

/// The names of a release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReleaseNames {
    /// Its id.
    pub id: ReleaseId,
    /// Its application.
    pub application: String,
    /// Its service.
    pub service: String,
    /// Its version.
    pub version: String,
}

impl ReleaseNames {
    const COLUMNS: &str = "r.id, a.name, s.name, r.version";
    const FROM: &str = "JOIN service s ON s.id = r.service_id JOIN application a ON a.id = s.application_id";

    fn read(column: &mut crate::Columns<'_>) -> Result<Self, StoreError> {
        Ok(Self { id: column.read()?, application: column.read()?, service: column.read()?, version: column.read()? })
    }
}

/// A release that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// Its names.
    pub release: ReleaseNames,
    /// The team that owns it.
    pub team: String,
    /// The commit.
    pub commit: Option<String>,
    /// How many artifacts it has.
    pub artifacts: u64,
    /// Who made it.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// The releases that were made.
///
/// # Errors
/// When the database fails.
pub async fn releases(session: &mut Session, period: &Period) -> Result<Vec<Made>, StoreError> {
    let (arguments, visible) = period.arguments("a.id");
    let sql = format!(
        "SELECT {}, t.name, r.commit_id, (SELECT COUNT(*) FROM release_artifact x WHERE x.release_id = r.id),
           r.created_by, r.created_at
         FROM release r {} JOIN team t ON t.id = a.team_id
         WHERE r.created_at >= $1 AND r.created_at < $2 AND {visible} ORDER BY r.created_at, r.id LIMIT $3",
        ReleaseNames::COLUMNS,
        ReleaseNames::FROM
    );
    let read = |row: &Row| {
        let mut column = row.columns();
        Ok(Made {
            release: ReleaseNames::read(&mut column)?,
            team: column.read()?,
            commit: column.read()?,
            artifacts: column.read()?,
            by: column.read()?,
            at: column.read()?,
        })
    };
    session.rows(&sql, arguments).await?.iter().map(read).collect()
}

/// A decision that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// Its id.
    pub id: DecisionId,
    /// The release.
    pub release: ReleaseNames,
    /// The environment.
    pub environment: String,
    /// The answer.
    pub verdict: Verdict,
    /// The decision in one line.
    pub headline: String,
    /// How many violations and findings were excused.
    pub excused: u64,
    /// Digest of the record.
    pub record: Digest,
    /// Who asked.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// The decisions that were made.
///
/// # Errors
/// When the database fails.
pub async fn decisions(session: &mut Session, period: &Period) -> Result<Vec<Decided>, StoreError> {
    let (arguments, visible) = period.arguments("a.id");
    let sql = format!(
        "SELECT d.id, {}, e.name, d.verdict, d.headline, d.excused, d.record_digest, d.asked_by, d.decided_at
         FROM decision d JOIN release r ON r.id = d.release_id {} JOIN environment e ON e.id = d.environment_id
         WHERE d.decided_at >= $1 AND d.decided_at < $2 AND {visible} ORDER BY d.decided_at, d.id LIMIT $3",
        ReleaseNames::COLUMNS,
        ReleaseNames::FROM
    );
    let read = |row: &Row| {
        let mut column = row.columns();
        Ok(Decided {
            id: column.read()?,
            release: ReleaseNames::read(&mut column)?,
            environment: column.read()?,
            verdict: column.read()?,
            headline: column.read()?,
            excused: column.read()?,
            record: column.read()?,
            by: column.read()?,
            at: column.read()?,
        })
    };
    session.rows(&sql, arguments).await?.iter().map(read).collect()
}

/// How often a policy did not pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotPassed {
    /// The policy.
    pub policy: String,
    /// `fail` or `unknown`.
    pub outcome: Outcome,
    /// In how many decisions.
    pub decisions: u64,
    /// About how many releases.
    pub releases: u64,
}

/// The policies that failed or were unknown in decisions that were made, by name.
///
/// # Errors
/// When the database fails.
pub async fn not_passed(session: &mut Session, period: &Period) -> Result<Vec<NotPassed>, StoreError> {
    let (mut arguments, visible) = period.arguments("a.id");
    let first = arguments.len() + 1;
    arguments.extend(args![Outcome::Fail, Outcome::Unknown]);
    let sql = format!(
        "SELECT p.policy, p.outcome, COUNT(*), COUNT(DISTINCT d.release_id)
         FROM decision_policy p JOIN decision d ON d.id = p.decision_id JOIN release r ON r.id = d.release_id {}
         WHERE d.decided_at >= $1 AND d.decided_at < $2 AND {visible} AND p.outcome IN (${first}, ${})
         GROUP BY p.policy, p.outcome ORDER BY p.policy, p.outcome LIMIT $3",
        ReleaseNames::FROM,
        first + 1
    );
    let read = |row: &Row| {
        let mut column = row.columns();
        Ok(NotPassed {
            policy: column.read()?,
            outcome: column.read()?,
            decisions: column.read()?,
            releases: column.read()?,
        })
    };
    session.rows(&sql, arguments).await?.iter().map(read).collect()
}

/// How many of the decisions that were made named each exception.
///
/// # Errors
/// When the database fails.
pub async fn uses(session: &mut Session, period: &Period) -> Result<Vec<(ExceptionId, u64)>, StoreError> {
    let (arguments, visible) = period.arguments("a.id");
    let sql = format!(
        "SELECT x.exception_id, COUNT(*) FROM decision_exception x JOIN decision d ON d.id = x.decision_id
           JOIN release r ON r.id = d.release_id {}
         WHERE d.decided_at >= $1 AND d.decided_at < $2 AND {visible}
         GROUP BY x.exception_id ORDER BY x.exception_id LIMIT $3",
        ReleaseNames::FROM
    );
    let read = |row: &Row| {
        let mut column = row.columns();
        Ok((column.read()?, column.read()?))
    };
    session.rows(&sql, arguments).await?.iter().map(read).collect()
}

/// An approval that was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approved {
    /// The release.
    pub release: ReleaseNames,
    /// The environment.
    pub environment: String,
    /// Who approved.
    pub by: String,
    /// What was said.
    pub comment: Option<String>,
    /// When.
    pub at: Timestamp,
}

/// The approvals that were given.
///
/// # Errors
/// When the database fails.
pub async fn approvals(session: &mut Session, period: &Period) -> Result<Vec<Approved>, StoreError> {
    let (arguments, visible) = period.arguments("a.id");
    let sql = format!(
        "SELECT {}, e.name, p.approved_by_name, p.comment, p.approved_at
         FROM approval p JOIN release r ON r.id = p.release_id {} JOIN environment e ON e.id = p.environment_id
         WHERE p.approved_at >= $1 AND p.approved_at < $2 AND {visible} ORDER BY p.approved_at, p.id LIMIT $3",
        ReleaseNames::COLUMNS,
        ReleaseNames::FROM
    );
    let read = |row: &Row| {
        let mut column = row.columns();
        Ok(Approved {
            release: ReleaseNames::read(&mut column)?,
            environment: column.read()?,
            by: column.read()?,
            comment: column.read()?,
            at: column.read()?,
        })
    };
    session.rows(&sql, arguments).await?.iter().map(read).collect()
}

/// A vulnerability that a deployment mended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MendedBy {
    /// The vulnerability.
    pub vulnerability: String,
    /// How bad it was.
    pub severity: Severity,
    /// The release that mended it.
    pub release: ReleaseNames,
    /// Where it was mended.
    pub environment_id: EnvironmentId,
    /// Its name.
    pub environment: String,
    /// Since when it was known and ran.
    pub known_at: Timestamp,
    /// Until when.
    pub mended_at: Timestamp,
}

/// What was mended.
///
/// # Errors
/// When the database fails.
pub async fn mended(session: &mut Session, period: &Period) -> Result<Vec<MendedBy>, StoreError> {
    let (arguments, visible) = period.arguments("a.id");
    let sql = format!(
        "SELECT m.vulnerability, m.severity, {}, e.id, e.name, m.known_at, m.mended_at
         FROM mended m JOIN deployment d ON d.id = m.deployment_id JOIN release r ON r.id = d.release_id {}
           JOIN environment e ON e.id = d.environment_id
         WHERE m.mended_at >= $1 AND m.mended_at < $2 AND {visible}
         ORDER BY m.mended_at, m.deployment_id, m.vulnerability LIMIT $3",
        ReleaseNames::COLUMNS,
        ReleaseNames::FROM
    );
    let read = |row: &Row| {
        let mut column = row.columns();
        Ok(MendedBy {
            vulnerability: column.read()?,
            severity: finding::severity(column.read()?)?,
            release: ReleaseNames::read(&mut column)?,
            environment_id: column.read()?,
            environment: column.read()?,
            known_at: column.read()?,
            mended_at: column.read()?,
        })
    };
    session.rows(&sql, arguments).await?.iter().map(read).collect()
}
