//! Evidence: a document bound to what it is about. It meets its releases at their subjects, in any order of arrival,
//! and counts only where whoever submitted it may speak for the application.

use crate::document::{self, Document};
use crate::user::{read_scope, scope_columns};
use crate::value::list_of;
use crate::{Arg, Column, Row, Session, StoreError, Visibility, args};
use jiff::Timestamp;
use shipworthy_model::{ApplicationId, Digest, EvidenceId, Phase, ReleaseId, Scope, Subject};
use std::collections::BTreeMap;

/// A document bound to subjects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// Its id.
    pub id: EvidenceId,
    /// What was handed in.
    pub document: Document,
    /// Who handed it in, for people.
    pub submitted_by: String,
    /// When.
    pub submitted_at: Timestamp,
    /// Where whoever handed it in may speak.
    pub scope: Scope,
    /// What it is about, sorted.
    pub subjects: Vec<Subject>,
}

/// Evidence that is handed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEvidence {
    /// The id it gets unless it is here already.
    pub id: EvidenceId,
    /// Its document, which is in the database.
    pub document: Digest,
    /// Who hands it in, for people.
    pub submitted_by: String,
    /// When.
    pub submitted_at: Timestamp,
    /// Where whoever hands it in may speak.
    pub scope: Scope,
    /// What it is about.
    pub subjects: Vec<Subject>,
}

/// What became of evidence that was handed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Insertion {
    /// Its id: the given one, or that of the same evidence which is here already.
    pub id: EvidenceId,
    /// Whether it was not here.
    pub is_new: bool,
}

/// Adds evidence, or finds the same one: the same document about the same subjects, submitted with the same scope.
/// The caller touches the subjects of everything that is new, all at once, see [`crate::stamp::touch_subjects`].
///
/// # Errors
/// When the database fails.
pub async fn insert(session: &mut Session, new: &NewEvidence) -> Result<Insertion, StoreError> {
    let NewEvidence { id, document, submitted_by, submitted_at, scope, subjects } = new;
    let (scope_kind, scope_id) = scope_columns(*scope);
    let mut subjects: Vec<String> = subjects.iter().map(Subject::to_string).collect();
    subjects.sort();
    subjects.dedup();
    let same = Digest::of(format!("{scope_kind} {scope_id:?}\n{}", subjects.join("\n")).as_bytes());
    let sql = "INSERT INTO evidence (id, document, subjects_digest, submitted_by, submitted_at, scope_kind, scope_id)
               VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (document, subjects_digest) DO NOTHING";
    let values = args![*id, document, &same, submitted_by, *submitted_at, scope_kind, scope_id];
    if session.execute(sql, values).await? == 0 {
        let sql = "SELECT id FROM evidence WHERE document = $1 AND subjects_digest = $2";
        let row = session.row(sql, args![document, &same]).await?;
        let row = row.ok_or_else(|| StoreError::Corrupt("evidence is there and is not".to_owned()))?;
        return Ok(Insertion { id: row.first()?, is_new: false });
    }
    let rows = subjects.into_iter().map(|subject| args![*id, subject]).collect();
    let columns = [("evidence_id", Column::Text), ("subject", Column::Text)];
    session.insert_many("evidence_subject", &columns, rows, "").await?;
    Ok(Insertion { id: *id, is_new: true })
}

/// Which evidence is asked for.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// What counts for this release.
    pub release: Option<ReleaseId>,
    /// What is about this subject.
    pub subject: Option<Subject>,
    /// What was read as this format.
    pub format: Option<String>,
    /// What speaks of this phase.
    pub phase: Option<Phase>,
}

/// Everything that counts for a release, in the order of arrival; with what is about the named environments.
///
/// # Errors
/// When the database fails.
pub async fn of_release(
    session: &mut Session,
    release: ReleaseId,
    environments: &[String],
) -> Result<Vec<Evidence>, StoreError> {
    let mut arguments = Vec::new();
    let counts = counts_for(release, environments, &mut arguments);
    select(session, &format!("{counts} ORDER BY e.submitted_at, e.id"), arguments).await
}

/// The evidence that matches and is visible, newest first, at most `limit`, older than `before`.
///
/// # Errors
/// When the database fails.
pub async fn list(
    session: &mut Session,
    filter: &Filter,
    visibility: &Visibility,
    before: Option<EvidenceId>,
    limit: usize,
) -> Result<Vec<Evidence>, StoreError> {
    let Filter { release, subject, format, phase } = filter;
    let mut arguments = args![subject, format, phase, before, limit];
    let counts = release.map_or_else(|| "1 = 1".to_owned(), |release| counts_for(release, &[], &mut arguments));
    let visible = visible(visibility, &mut arguments);
    let tail = format!(
        "{counts} AND {visible}
         AND ($1 IS NULL OR e.id IN (SELECT es.evidence_id FROM evidence_subject es WHERE es.subject = $1))
         AND ($2 IS NULL OR d.format = $2) AND ($3 IS NULL OR d.phase = $3) AND ($4 IS NULL OR e.id < $4)
         ORDER BY e.id DESC LIMIT $5"
    );
    select(session, &tail, arguments).await
}

/// The evidence with this id, if it is visible.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn get(session: &mut Session, id: EvidenceId, visibility: &Visibility) -> Result<Evidence, StoreError> {
    let mut arguments = args![id];
    let visible = visible(visibility, &mut arguments);
    let found = select(session, &format!("e.id = $1 AND {visible}"), arguments).await?;
    found.into_iter().next().ok_or_else(|| StoreError::not_found("evidence", id))
}

async fn select(session: &mut Session, condition: &str, arguments: Vec<Arg>) -> Result<Vec<Evidence>, StoreError> {
    let sql = format!(
        "SELECT e.id, e.submitted_by, e.submitted_at, e.scope_kind, e.scope_id, {}
         FROM evidence e JOIN document d ON d.digest = e.document WHERE {condition}",
        document::COLUMNS
    );
    let rows = session.rows(&sql, arguments).await?;
    let mut found = rows.iter().map(evidence).collect::<Result<Vec<_>, _>>()?;
    let ids: Vec<EvidenceId> = found.iter().map(|evidence| evidence.id).collect();
    let mut subjects = subjects(session, &ids).await?;
    for evidence in &mut found {
        evidence.subjects = subjects.remove(&evidence.id).unwrap_or_default();
    }
    Ok(found)
}

fn evidence(row: &Row) -> Result<Evidence, StoreError> {
    let mut column = row.columns();
    Ok(Evidence {
        id: column.read()?,
        submitted_by: column.read()?,
        submitted_at: column.read()?,
        scope: read_scope(&mut column)?,
        document: document::read(&mut column)?,
        subjects: Vec::new(),
    })
}

async fn subjects(
    session: &mut Session,
    evidence: &[EvidenceId],
) -> Result<BTreeMap<EvidenceId, Vec<Subject>>, StoreError> {
    let mut arguments = Vec::new();
    let ids = list_of(evidence, &mut arguments);
    let sql = format!("SELECT evidence_id, subject FROM evidence_subject WHERE evidence_id IN ({ids})");
    let mut all: BTreeMap<EvidenceId, Vec<Subject>> = BTreeMap::new();
    for row in session.rows(&sql, arguments).await? {
        let mut column = row.columns();
        all.entry(column.read()?).or_default().push(column.read()?);
    }
    // Sorted here, because the two databases sort texts differently.
    all.values_mut().for_each(|subjects| subjects.sort());
    Ok(all)
}

/// The condition on evidence `e` that it is about the release and that its submitter may speak for the application.
fn counts_for(release: ReleaseId, environments: &[String], arguments: &mut Vec<Arg>) -> String {
    let release = list_of(&[release], arguments);
    let environments: Vec<Subject> = environments.iter().map(|name| Subject::Environment(name.clone())).collect();
    let environments = list_of(&environments, arguments);
    format!(
        "e.id IN (SELECT es.evidence_id FROM evidence_subject es WHERE es.subject IN ({environments})
             OR es.subject IN (SELECT rs.subject FROM release_subject rs WHERE rs.release_id = {release}))
         AND EXISTS (
            SELECT 1 FROM release r JOIN service s ON s.id = r.service_id JOIN application a ON a.id = s.application_id
            WHERE r.id = {release} AND {MAY_SPEAK})"
    )
}

/// The condition on evidence `e` that the caller may see it: it counts for a visible release, or is about an environment
/// that has one, or it was submitted for a visible application, or for a team all of whose applications are visible.
fn visible(visibility: &Visibility, arguments: &mut Vec<Arg>) -> String {
    if *visibility == Visibility::Everything {
        return "1 = 1".to_owned();
    }
    let application = visibility.condition("a.id", arguments);
    format!(
        "(EXISTS (SELECT 1 FROM application a WHERE {application} AND a.id = e.scope_id)
          OR EXISTS (SELECT 1 FROM application a WHERE a.team_id = e.scope_id)
             AND NOT EXISTS (SELECT 1 FROM application a WHERE a.team_id = e.scope_id AND NOT ({application}))
          OR EXISTS (SELECT 1 FROM evidence_subject es {JOIN_RELEASE} JOIN service s ON s.id = r.service_id
                     JOIN application a ON a.id = s.application_id
                     WHERE es.evidence_id = e.id AND {application}
                       AND {MAY_SPEAK})
          OR EXISTS (SELECT 1 FROM evidence_subject es JOIN environment n ON es.subject = 'environment:' || n.name
                     JOIN deployment dp ON dp.environment_id = n.id JOIN release r ON r.id = dp.release_id
                     JOIN service s ON s.id = r.service_id JOIN application a ON a.id = s.application_id
                     WHERE es.evidence_id = e.id AND {application} AND {MAY_SPEAK}))"
    )
}

/// The condition that whoever submitted evidence `e` may speak for application `a`.
const MAY_SPEAK: &str = "(e.scope_kind = 'everything' OR e.scope_id IN (a.id, a.team_id))";

/// From a subject `es` of evidence to the releases `r` that share it.
const JOIN_RELEASE: &str = "JOIN release_subject rs ON rs.subject = es.subject JOIN release r ON r.id = rs.release_id";

/// A release as evidence names it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReleaseRef {
    /// Its id.
    pub id: ReleaseId,
    /// Its version.
    pub version: String,
    /// The name of its service.
    pub service: String,
}

/// The visible releases for which evidence counts, by evidence, oldest release first.
///
/// # Errors
/// When the database fails.
pub async fn releases(
    session: &mut Session,
    evidence: &[EvidenceId],
    visibility: &Visibility,
) -> Result<BTreeMap<EvidenceId, Vec<ReleaseRef>>, StoreError> {
    let mut arguments = Vec::new();
    let ids = list_of(evidence, &mut arguments);
    let application = visibility.condition("a.id", &mut arguments);
    let sql = format!(
        "SELECT DISTINCT e.id, r.id, r.version, s.name
         FROM evidence e JOIN evidence_subject es ON es.evidence_id = e.id {JOIN_RELEASE}
         JOIN service s ON s.id = r.service_id JOIN application a ON a.id = s.application_id
         WHERE e.id IN ({ids}) AND {application} AND {MAY_SPEAK}
         ORDER BY e.id, r.id"
    );
    let mut all: BTreeMap<EvidenceId, Vec<ReleaseRef>> = BTreeMap::new();
    for row in session.rows(&sql, arguments).await? {
        let mut column = row.columns();
        let evidence = column.read()?;
        let release = ReleaseRef { id: column.read()?, version: column.read()?, service: column.read()? };
        all.entry(evidence).or_default().push(release);
    }
    Ok(all)
}

/// The applications that have a release with this subject.
///
/// # Errors
/// When the database fails.
pub async fn applications_with(session: &mut Session, subject: &Subject) -> Result<Vec<ApplicationId>, StoreError> {
    let sql = "SELECT DISTINCT s.application_id FROM release_subject rs JOIN release r ON r.id = rs.release_id
               JOIN service s ON s.id = r.service_id WHERE rs.subject = $1 ORDER BY s.application_id";
    session.rows(sql, args![subject]).await?.iter().map(Row::first).collect()
}
