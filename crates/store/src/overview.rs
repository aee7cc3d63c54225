//! What people look at first: how much there is, what is current, what evidence says of it by phase, what was decided
//! by day, and what changed. Counted in SQL; what the numbers mean is the caller's to say.

use crate::value::list_of;
use crate::{Arg, Row, Session, StoreError, Visibility, args, finding};
use jiff::Timestamp;
use shipworthy_model::{ApplicationId, Phase, ReleaseId, Severity, Verdict};
use std::collections::BTreeMap;

/// How much there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Applications.
    pub applications: u64,
    /// Services.
    pub services: u64,
    /// Releases.
    pub releases: u64,
    /// Deployments that run.
    pub running: u64,
    /// Exceptions that wait for a decision or are active.
    pub open_exceptions: u64,
    /// Pieces of evidence that count for a release.
    pub evidence: u64,
}

/// How much there is that is visible.
///
/// # Errors
/// When the database fails.
pub async fn counts(session: &mut Session, visible: &Visibility, now: Timestamp) -> Result<Counts, StoreError> {
    let mut arguments = args![now];
    let mut condition = |column: &str| visible.condition(column, &mut arguments);
    let (of_application, of_service) = (condition("a.id"), condition("s.application_id"));
    let sql = format!(
        "SELECT (SELECT COUNT(*) FROM application a WHERE {of_application}),
           (SELECT COUNT(*) FROM service s WHERE {of_service}),
           (SELECT COUNT(*) FROM release r JOIN service s ON s.id = r.service_id WHERE {of_service}),
           (SELECT COUNT(*) FROM deployment d JOIN release r ON r.id = d.release_id
              JOIN service s ON s.id = r.service_id WHERE d.state = 'running' AND {of_service}),
           (SELECT COUNT(*) FROM exception x WHERE x.revoked_at IS NULL AND x.valid_until > $1
              AND (x.is_approved IS NULL OR x.is_approved = 1)
              AND (x.application_id IS NULL OR x.application_id IN (SELECT a.id FROM application a WHERE {of_application}))
              AND (x.team_id IS NULL OR x.team_id IN (SELECT a.team_id FROM application a WHERE {of_application}))),
           (SELECT COUNT(DISTINCT es.evidence_id) FROM evidence_subject es
              JOIN release_subject rs ON rs.subject = es.subject JOIN release r ON r.id = rs.release_id
              JOIN service s ON s.id = r.service_id WHERE {of_service})"
    );
    let row = session.row(&sql, arguments).await?;
    let row = row.ok_or_else(|| StoreError::Corrupt("a count gave nothing".to_owned()))?;
    let mut column = row.columns();
    Ok(Counts {
        applications: column.read()?,
        services: column.read()?,
        releases: column.read()?,
        running: column.read()?,
        open_exceptions: column.read()?,
        evidence: column.read()?,
    })
}

/// A release that counts now: it runs somewhere, or nothing of its service runs and it is the newest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CurrentRelease {
    /// The release.
    pub id: ReleaseId,
    /// Its version.
    pub version: String,
    /// The name of its service.
    pub service_name: String,
    /// Its application.
    pub application_id: ApplicationId,
}

/// The releases that count now, of one application or of all that are visible.
///
/// # Errors
/// When the database fails.
pub async fn current_releases(
    session: &mut Session,
    visible: &Visibility,
    application: Option<ApplicationId>,
) -> Result<Vec<CurrentRelease>, StoreError> {
    let mut arguments = args![application];
    let condition = visible.condition("s.application_id", &mut arguments);
    let sql = format!(
        "SELECT r.id, r.version, s.name, s.application_id FROM service s JOIN release r ON r.service_id = s.id
         WHERE ($1 IS NULL OR s.application_id = $1) AND {condition} AND (
           EXISTS (SELECT 1 FROM deployment d WHERE d.release_id = r.id AND d.state = 'running')
           OR (r.id = (SELECT MAX(n.id) FROM release n WHERE n.service_id = s.id)
               AND NOT EXISTS (SELECT 1 FROM deployment d JOIN release o ON o.id = d.release_id
                               WHERE o.service_id = s.id AND d.state = 'running')))
         ORDER BY s.name, r.id"
    );
    let rows = session.rows(&sql, arguments).await?;
    rows.iter()
        .map(|row| {
            let mut column = row.columns();
            Ok(CurrentRelease {
                id: column.read()?,
                version: column.read()?,
                service_name: column.read()?,
                application_id: column.read()?,
            })
        })
        .collect()
}

/// One document that speaks of a release in one phase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// The release.
    pub release_id: ReleaseId,
    /// The phase.
    pub phase: Phase,
    /// What the document holds, as its receipt counts it.
    pub counts: BTreeMap<String, u64>,
}

/// Evidence about releases and the environments in which they run, from whoever may speak for them.
fn evidence_about(releases: &[ReleaseId], arguments: &mut Vec<Arg>) -> String {
    let ids = list_of(releases, arguments);
    format!(
        "FROM (SELECT rs.release_id AS release_id, rs.subject AS subject FROM release_subject rs
               WHERE rs.release_id IN ({ids})
               UNION SELECT w.release_id, 'environment:' || n.name FROM deployment w
               JOIN environment n ON n.id = w.environment_id WHERE w.state = 'running' AND w.release_id IN ({ids})) about
         JOIN evidence_subject es ON es.subject = about.subject JOIN evidence e ON e.id = es.evidence_id
         JOIN document d ON d.digest = e.document JOIN release r ON r.id = about.release_id
         JOIN service s ON s.id = r.service_id JOIN application a ON a.id = s.application_id
         WHERE d.phase IS NOT NULL AND (e.scope_kind = 'everything' OR e.scope_id IN (a.id, a.team_id))"
    )
}

/// How many releases one statement asks about: databases take a limited number of values.
const RELEASES_AT_ONCE: usize = 500;

/// What documents say of these releases, each document once for each release.
///
/// # Errors
/// When the database fails.
pub async fn words(session: &mut Session, releases: &[ReleaseId]) -> Result<Vec<Word>, StoreError> {
    let mut words = Vec::new();
    for some in releases.chunks(RELEASES_AT_ONCE) {
        let mut arguments = Vec::new();
        let about = evidence_about(some, &mut arguments);
        let sql = format!("SELECT DISTINCT about.release_id, d.phase, d.counts, d.digest {about}");
        for row in session.rows(&sql, arguments).await? {
            let mut column = row.columns();
            words.push(Word { release_id: column.read()?, phase: column.read()?, counts: column.read_json()? });
        }
    }
    Ok(words)
}

/// How many different problems of one severity evidence names for a release in one phase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Problems {
    /// The release.
    pub release_id: ReleaseId,
    /// The phase.
    pub phase: Phase,
    /// The severity.
    pub severity: Severity,
    /// How many.
    pub count: u64,
}

/// The problems of these releases by phase and severity, without those that are gone or were none.
///
/// # Errors
/// When the database fails.
pub async fn problems(session: &mut Session, releases: &[ReleaseId]) -> Result<Vec<Problems>, StoreError> {
    let mut problems = Vec::new();
    for some in releases.chunks(RELEASES_AT_ONCE) {
        let mut arguments = Vec::new();
        let about = evidence_about(some, &mut arguments);
        let about = about.replacen("WHERE d.phase", "JOIN finding f ON f.document = d.digest WHERE d.phase", 1);
        let sql = format!(
            "SELECT about.release_id, d.phase, f.severity, COUNT(DISTINCT f.identity) {about}
             AND f.status IN ('open', 'suppressed') GROUP BY about.release_id, d.phase, f.severity"
        );
        for row in session.rows(&sql, arguments).await? {
            let mut column = row.columns();
            problems.push(Problems {
                release_id: column.read()?,
                phase: column.read()?,
                severity: finding::severity(column.read()?)?,
                count: column.read()?,
            });
        }
    }
    Ok(problems)
}

/// How many decisions gave one verdict on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day {
    /// Days since 1970 in UTC.
    pub number: i64,
    /// The verdict.
    pub verdict: Verdict,
    /// How many.
    pub count: u64,
}

const MICROSECONDS_OF_A_DAY: i64 = 86_400_000_000;

/// Decisions by day and verdict from an instant on.
///
/// # Errors
/// When the database fails.
pub async fn verdicts(session: &mut Session, visible: &Visibility, from: Timestamp) -> Result<Vec<Day>, StoreError> {
    let mut arguments = args![from];
    let condition = visible.condition("s.application_id", &mut arguments);
    let sql = format!(
        "SELECT d.decided_at / {MICROSECONDS_OF_A_DAY}, d.verdict, COUNT(*) FROM decision d
         JOIN release r ON r.id = d.release_id JOIN service s ON s.id = r.service_id
         WHERE d.decided_at >= $1 AND {condition} GROUP BY d.decided_at / {MICROSECONDS_OF_A_DAY}, d.verdict"
    );
    let rows = session.rows(&sql, arguments).await?;
    rows.iter()
        .map(|row| {
            let mut column = row.columns();
            Ok(Day { number: column.read()?, verdict: column.read()?, count: column.read()? })
        })
        .collect()
}

/// How many releases wait before an environment whose newest answer is a deny, by application.
///
/// # Errors
/// When the database fails.
pub async fn stopped(session: &mut Session, visible: &Visibility) -> Result<BTreeMap<ApplicationId, u64>, StoreError> {
    let mut arguments = Vec::new();
    let condition = visible.condition("s.application_id", &mut arguments);
    let sql = format!(
        "SELECT s.application_id, COUNT(*) FROM decision d JOIN release r ON r.id = d.release_id
         JOIN service s ON s.id = r.service_id WHERE d.verdict = 'deny' AND {condition} AND NOT EXISTS (
           SELECT 1 FROM decision n WHERE n.release_id = d.release_id AND n.environment_id = d.environment_id
             AND (n.decided_at > d.decided_at OR (n.decided_at = d.decided_at AND n.id > d.id)))
         GROUP BY s.application_id"
    );
    let rows = session.rows(&sql, arguments).await?;
    rows.iter()
        .map(|row| {
            let mut column = row.columns();
            Ok((column.read()?, column.read()?))
        })
        .collect()
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// When.
    pub at: Timestamp,
    /// Who did it.
    pub actor: String,
    /// What, as `<noun>.<verb>`.
    pub action: String,
    /// The kind of thing it was done to.
    pub object_kind: String,
    /// Its id.
    pub object_id: String,
    /// Its name.
    pub object_name: String,
    /// One sentence for people.
    pub summary: String,
}

/// What happened lately, newest first, at most `limit`: releases, deployments, decisions, and the rules. Each document
/// that arrives would drown the rest, and who signed in is the auditors' matter.
///
/// # Errors
/// When the database fails.
pub async fn changes(session: &mut Session, visible: &Visibility, limit: usize) -> Result<Vec<Change>, StoreError> {
    let mut arguments = args![limit];
    let condition = visible.condition("l.application_id", &mut arguments);
    // Rules belong to no application: who sees a part only sees the part's changes.
    let rules = if *visible == Visibility::Everything {
        "OR l.object_kind IN ('environment', 'policy', 'assignment', 'exception', 'team')"
    } else {
        ""
    };
    let (application, name) =
        (of_object("s.application_id", "a.id"), of_object("s.name || ' ' || r.version", "a.name"));
    let sql = format!(
        "SELECT l.at, l.actor_name, l.action, l.object_kind, l.object_id,
           COALESCE({name}, (SELECT n.name FROM environment n WHERE n.id = l.object_id),
             (SELECT t.name FROM team t WHERE t.id = l.object_id),
             (SELECT COALESCE(x.rule, x.policy, x.purl, x.artifact) FROM exception x WHERE x.id = l.object_id),
             (SELECT p.name FROM policy p WHERE p.id = l.object_id),
             (SELECT p.name FROM assignment g JOIN policy p ON p.id = g.policy_id WHERE g.id = l.object_id),
             l.object_id), l.summary
         FROM (SELECT l.sequence, l.at, l.actor_name, l.action, l.object_kind, l.object_id, l.summary,
                 {application} AS application_id FROM audit l) l
         WHERE (l.object_kind IN ('release', 'deployment', 'decision', 'application')
                AND l.application_id IS NOT NULL AND {condition}) {rules}
         ORDER BY l.sequence DESC LIMIT $1"
    );
    session.rows(&sql, arguments).await?.iter().map(change).collect()
}

/// Something about the object of the log's line `l`, looked up by its id: `of_release` where it is or has a release,
/// `of_application` where it is an application.
fn of_object(of_release: &str, of_application: &str) -> String {
    let service = "JOIN service s ON s.id = r.service_id WHERE";
    format!(
        "COALESCE((SELECT {of_release} FROM release r {service} r.id = l.object_id),
           (SELECT {of_release} FROM deployment w JOIN release r ON r.id = w.release_id {service} w.id = l.object_id),
           (SELECT {of_release} FROM decision d JOIN release r ON r.id = d.release_id {service} d.id = l.object_id),
           (SELECT {of_application} FROM application a WHERE a.id = l.object_id))"
    )
}

fn change(row: &Row) -> Result<Change, StoreError> {
    let mut column = row.columns();
    Ok(Change {
        at: column.read()?,
        actor: column.read()?,
        action: column.read()?,
        object_kind: column.read()?,
        object_id: column.read()?,
        object_name: column.read()?,
        summary: column.read()?,
    })
}
