//! Releases: versions of services, with their artifacts and the subjects under which evidence finds them.

use crate::audit::escape_like;
use crate::{Row, Session, StoreError, Visibility, args, stamp};
use shipworthy_model::{ApplicationId, Digest, Release, ReleaseArtifact, ReleaseId, Subject, TeamId};
use std::collections::HashMap;

/// A release with the names of what it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnedRelease {
    /// The release.
    pub release: Release,
    /// The name of the service.
    pub service_name: String,
    /// The application.
    pub application_id: ApplicationId,
    /// Its name.
    pub application_name: String,
    /// The team that owns the application.
    pub team_id: TeamId,
    /// Its name.
    pub team_name: String,
}

/// A release in a few words, for what only refers to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReleaseRef {
    /// The release.
    pub id: ReleaseId,
    /// Its version.
    pub version: String,
    /// The name of its service.
    pub service_name: String,
}

/// The subjects of a release: its commit, its build, its artifacts and itself. Deployments add theirs later.
///
/// # Errors
/// A sentence, when commit or build are none.
pub fn subjects_of(release: &Release) -> Result<Vec<Subject>, shipworthy_model::InvalidSubject> {
    let mut subjects = vec![Subject::Release(release.id)];
    if let Some(commit) = &release.commit {
        subjects.push(Subject::commit(commit)?);
    }
    if let Some(build) = &release.build {
        subjects.push(format!("build:{build}").parse()?);
    }
    subjects.extend(release.artifacts.iter().map(|artifact| Subject::Artifact(artifact.digest.clone())));
    Ok(subjects)
}

/// Adds a release with its artifacts and subjects. `false`, with nothing written, when the service has that version
/// already.
///
/// # Errors
/// A conflict when an artifact belongs to a release of another application.
pub async fn insert(
    session: &mut Session,
    release: &Release,
    application: ApplicationId,
    subjects: &[Subject],
) -> Result<bool, StoreError> {
    let Release { id, service_id, version, repository, branch, commit, build, artifacts: _, created_by, created_at } =
        release;
    let sql = "INSERT INTO release (id, service_id, version, repository, branch, commit_id, build, created_by,
                 created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (service_id, version) DO NOTHING";
    let arguments = args![*id, *service_id, version, repository, branch, commit, build, created_by, *created_at];
    if session.execute(sql, arguments).await? == 0 {
        return Ok(false);
    }
    // The subjects' rows are locked before the digests are looked at, so that of two releases which claim the same
    // digest at the same time the second sees the first.
    add_subjects(session, *id, subjects).await?;
    refuse_digest_of_others(session, release, application).await?;
    for (position, artifact) in release.artifacts.iter().enumerate() {
        let sql = "INSERT INTO release_artifact (release_id, position, digest, name, kind)
                   VALUES ($1, $2, $3, $4, $5) ON CONFLICT (release_id, digest) DO NOTHING";
        session.execute(sql, args![*id, position, &artifact.digest, &artifact.name, &artifact.kind]).await?;
    }
    Ok(true)
}

/// Lets evidence about these subjects find the release.
///
/// # Errors
/// When the database fails.
pub async fn add_subjects(session: &mut Session, id: ReleaseId, subjects: &[Subject]) -> Result<(), StoreError> {
    stamp::touch_subjects(session, subjects).await?;
    for subject in subjects {
        let sql = "INSERT INTO release_subject (release_id, subject) VALUES ($1, $2) ON CONFLICT DO NOTHING";
        session.execute(sql, args![id, subject]).await?;
    }
    Ok(())
}

async fn refuse_digest_of_others(
    session: &mut Session,
    release: &Release,
    application: ApplicationId,
) -> Result<(), StoreError> {
    for artifact in &release.artifacts {
        let sql = "SELECT COUNT(*) FROM release_artifact ra JOIN release r ON r.id = ra.release_id
                   JOIN service s ON s.id = r.service_id WHERE ra.digest = $1 AND s.application_id <> $2";
        let row = session.row(sql, args![&artifact.digest, application]).await?;
        let others: i64 = row.map_or(Ok(0), |row| row.first())?;
        if others > 0 {
            let digest = &artifact.digest;
            return Err(StoreError::Conflict(format!(
                "the artifact `{digest}` belongs to a release of another application"
            )));
        }
    }
    Ok(())
}

const SELECT: &str = "SELECT r.id, r.service_id, r.version, r.repository, r.branch, r.commit_id, r.build,
    r.created_by, r.created_at, s.name, a.id, a.name, t.id, t.name
    FROM release r JOIN service s ON s.id = r.service_id JOIN application a ON a.id = s.application_id
    JOIN team t ON t.id = a.team_id";

/// The release with this id.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn get(session: &mut Session, id: ReleaseId, visible: &Visibility) -> Result<OwnedRelease, StoreError> {
    let mut arguments = args![id];
    let condition = visible.condition("a.id", &mut arguments);
    let rows = session.rows(&format!("{SELECT} WHERE r.id = $1 AND {condition}"), arguments).await?;
    let found = with_artifacts(session, &rows).await?.pop();
    found.ok_or_else(|| StoreError::not_found("release", id))
}

/// The release of this application, service and version, by their names.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn by_name(
    session: &mut Session,
    application: &str,
    service: &str,
    version: &str,
    visible: &Visibility,
) -> Result<OwnedRelease, StoreError> {
    let mut arguments = args![application, service, version];
    let condition = visible.condition("a.id", &mut arguments);
    let sql = format!("{SELECT} WHERE a.name = $1 AND s.name = $2 AND r.version = $3 AND {condition}");
    let rows = session.rows(&sql, arguments).await?;
    let found = with_artifacts(session, &rows).await?.pop();
    found.ok_or_else(|| StoreError::not_found("release", format!("{application}/{service}/{version}")))
}

/// Which releases are asked for.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Id or name of the application.
    pub application: Option<String>,
    /// Id or name of the service.
    pub service: Option<String>,
    /// The commit, or its beginning.
    pub commit: Option<String>,
    /// Digest of an artifact.
    pub artifact: Option<Digest>,
    /// Part of the version or of the name of application or service, in any case.
    pub text: Option<String>,
    /// Releases made before this one (newest first).
    pub before: Option<ReleaseId>,
}

/// The releases that match, newest first, at most `limit`.
///
/// # Errors
/// When the database fails.
pub async fn list(
    session: &mut Session,
    filter: &Filter,
    visible: &Visibility,
    limit: usize,
) -> Result<Vec<OwnedRelease>, StoreError> {
    let Filter { application, service, commit, artifact, text, before } = filter;
    let commit = commit.as_ref().map(|commit| format!("{}%", escape_like(&commit.to_ascii_lowercase())));
    let text = text.as_ref().map(|text| format!("%{}%", escape_like(&text.to_lowercase())));
    let mut arguments = args![application, service, commit, artifact.clone(), text, *before, limit];
    let condition = visible.condition("a.id", &mut arguments);
    let sql = format!(
        "{SELECT} WHERE ($1 IS NULL OR a.id = $1 OR a.name = $1) AND ($2 IS NULL OR s.id = $2 OR s.name = $2)
           AND ($3 IS NULL OR r.commit_id LIKE $3 ESCAPE '\\')
           AND ($4 IS NULL OR EXISTS (SELECT 1 FROM release_artifact ra WHERE ra.release_id = r.id AND ra.digest = $4))
           AND ($5 IS NULL OR LOWER(r.version) LIKE $5 ESCAPE '\\' OR LOWER(s.name) LIKE $5 ESCAPE '\\'
                OR LOWER(a.name) LIKE $5 ESCAPE '\\')
           AND ($6 IS NULL OR r.id < $6) AND {condition} ORDER BY r.id DESC LIMIT $7"
    );
    let rows = session.rows(&sql, arguments).await?;
    with_artifacts(session, &rows).await
}

/// The subjects under which evidence finds the release, sorted.
///
/// # Errors
/// When the database fails.
pub async fn subjects(session: &mut Session, id: ReleaseId) -> Result<Vec<Subject>, StoreError> {
    let sql = "SELECT subject FROM release_subject WHERE release_id = $1 ORDER BY subject";
    session.rows(sql, args![id]).await?.iter().map(Row::first).collect()
}

/// The releases that have one of these subjects, newest first.
///
/// # Errors
/// When the database fails.
pub async fn having_subjects(
    session: &mut Session,
    subjects: &[Subject],
    visible: &Visibility,
) -> Result<Vec<ReleaseRef>, StoreError> {
    if subjects.is_empty() {
        return Ok(Vec::new());
    }
    let mut arguments = Vec::new();
    let condition = visible.condition("s.application_id", &mut arguments);
    let mut places = Vec::new();
    for subject in subjects {
        arguments.push(subject.into());
        places.push(format!("${}", arguments.len()));
    }
    let sql = format!(
        "SELECT DISTINCT r.id, r.version, s.name FROM release_subject rs JOIN release r ON r.id = rs.release_id
         JOIN service s ON s.id = r.service_id WHERE {condition} AND rs.subject IN ({}) ORDER BY r.id DESC",
        places.join(", ")
    );
    session.rows(&sql, arguments).await?.iter().map(reference).collect()
}

fn reference(row: &Row) -> Result<ReleaseRef, StoreError> {
    let mut column = row.columns();
    Ok(ReleaseRef { id: column.read()?, version: column.read()?, service_name: column.read()? })
}

async fn with_artifacts(session: &mut Session, rows: &[Row]) -> Result<Vec<OwnedRelease>, StoreError> {
    let mut releases = rows.iter().map(owned).collect::<Result<Vec<_>, _>>()?;
    let ids: Vec<ReleaseId> = releases.iter().map(|owned| owned.release.id).collect();
    let mut artifacts = artifacts(session, &ids).await?;
    for owned in &mut releases {
        owned.release.artifacts = artifacts.remove(&owned.release.id).unwrap_or_default();
    }
    Ok(releases)
}

/// The artifacts of each of these releases, in the order in which they were given.
///
/// # Errors
/// When the database fails.
pub async fn artifacts(
    session: &mut Session,
    releases: &[ReleaseId],
) -> Result<HashMap<ReleaseId, Vec<ReleaseArtifact>>, StoreError> {
    let mut found: HashMap<ReleaseId, Vec<ReleaseArtifact>> = HashMap::new();
    // A statement takes a limited number of values.
    for some in releases.chunks(500) {
        let places: Vec<String> = (1..=some.len()).map(|index| format!("${index}")).collect();
        let sql = format!(
            "SELECT release_id, digest, name, kind FROM release_artifact WHERE release_id IN ({})
             ORDER BY release_id, position",
            places.join(", ")
        );
        for row in session.rows(&sql, some.iter().map(|id| (*id).into()).collect()).await? {
            let mut column = row.columns();
            let release = column.read()?;
            let artifact = ReleaseArtifact { digest: column.read()?, name: column.read()?, kind: column.read()? };
            found.entry(release).or_default().push(artifact);
        }
    }
    Ok(found)
}

fn owned(row: &Row) -> Result<OwnedRelease, StoreError> {
    let mut column = row.columns();
    Ok(OwnedRelease {
        release: Release {
            id: column.read()?,
            service_id: column.read()?,
            version: column.read()?,
            repository: column.read()?,
            branch: column.read()?,
            commit: column.read()?,
            build: column.read()?,
            artifacts: Vec::new(),
            created_by: column.read()?,
            created_at: column.read()?,
        },
        service_name: column.read()?,
        application_id: column.read()?,
        application_name: column.read()?,
        team_id: column.read()?,
        team_name: column.read()?,
    })
}

/// The releases with one of these subjects.
///
/// # Errors
/// When the database fails.
pub async fn with_subjects(session: &mut Session, subjects: &[Subject]) -> Result<Vec<ReleaseId>, StoreError> {
    let texts: Vec<String> = subjects.iter().map(Subject::to_string).collect();
    let sql = format!(
        "SELECT DISTINCT release_id FROM release_subject WHERE subject IN ({}) ORDER BY release_id",
        session.texts_of("$1")
    );
    session.rows(&sql, args![serde_json::json!(texts).to_string()]).await?.iter().map(Row::first).collect()
}
