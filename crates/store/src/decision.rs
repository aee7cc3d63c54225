//! Recorded answers of gates: written once, never changed, and found again while they hold.

use crate::stamp::Stamp;
use crate::{Session, StoreError, Visibility, args};
use jiff::Timestamp;
use shipworthy_model::{ApplicationId, Decision, DecisionId, Digest, EnvironmentId, ReleaseId, ServiceId, Verdict};

/// A decision with everything that is kept beside it.
#[derive(Clone, Debug)]
pub struct NewDecision<'d> {
    /// The decision.
    pub decision: &'d Decision,
    /// Its bytes as given, which replay must give again.
    pub record: &'d str,
    /// Their digest.
    pub record_digest: &'d Digest,
    /// The signed summary, a DSSE envelope in JSON.
    pub envelope: &'d str,
    /// What it was made from.
    pub stamp: Stamp,
    /// How many policies fail, are unknown, and how many violations and findings are excused.
    pub counts: Counts,
    /// The decision in one line.
    pub headline: &'d str,
}

/// The numbers people ask first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Policies that fail.
    pub failed: i64,
    /// Policies that are unknown.
    pub unknown: i64,
    /// Violations and findings that are excused.
    pub excused: i64,
}

/// Adds a decision.
///
/// # Errors
/// When the database fails.
pub async fn insert(session: &mut Session, new: &NewDecision<'_>) -> Result<(), StoreError> {
    let NewDecision { decision, record, record_digest, envelope, stamp, counts, headline } = new;
    let sql = "INSERT INTO decision (id, release_id, environment_id, verdict, decided_at, valid_until, asked_by,
                 failed, unknown, excused, headline, record, record_digest, envelope, subjects_version,
                 rules_generation)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";
    let arguments = args![
        decision.id,
        decision.release_id,
        decision.environment_id,
        decision.verdict,
        decision.decided_at,
        decision.valid_until,
        &decision.asked_by,
        counts.failed,
        counts.unknown,
        counts.excused,
        *headline,
        *record,
        *record_digest,
        *envelope,
        stamp.subjects_version,
        stamp.rules_generation
    ];
    session.execute(sql, arguments).await?;
    for policy in &decision.policies {
        let sql = "INSERT INTO decision_policy (decision_id, policy, outcome) VALUES ($1, $2, $3)";
        session.execute(sql, args![decision.id, &policy.name, policy.outcome]).await?;
    }
    for exception in &decision.exceptions {
        let sql = "INSERT INTO decision_exception (decision_id, exception_id) VALUES ($1, $2)";
        session.execute(sql, args![decision.id, exception.id]).await?;
    }
    Ok(())
}

/// How a question stands: what it is about, what is known of it now, and the answer given last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The release.
    pub release_id: ReleaseId,
    /// Its application.
    pub application_id: ApplicationId,
    /// The environment.
    pub environment_id: EnvironmentId,
    /// What an answer given now would be made from.
    pub stamp: Stamp,
    /// The answer given last.
    pub latest: Option<Latest>,
}

/// The answer given last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Latest {
    /// Its id.
    pub id: DecisionId,
    /// When it was given.
    pub decided_at: Timestamp,
    /// The instant from which it holds no more.
    pub valid_until: Option<Timestamp>,
    /// What it was made from.
    pub stamp: Stamp,
}

impl Standing {
    /// The answer given last, if it still holds at `now`.
    #[must_use]
    pub fn holding(&self, now: Timestamp) -> Option<DecisionId> {
        let latest = self.latest.filter(|latest| latest.stamp == self.stamp)?;
        // A clock that was set back makes no answer younger than it is.
        let is_in_time = latest.decided_at <= now && latest.valid_until.is_none_or(|until| now < until);
        is_in_time.then_some(latest.id)
    }
}

/// Whom a question is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReleaseKey {
    /// A release by its id.
    Id(ReleaseId),
    /// A release by its names.
    Named {
        /// The application.
        application: String,
        /// The service.
        service: String,
        /// The version.
        version: String,
    },
}

/// How the question stands whether a release may go to the environment with this name. One statement, since this is
/// what most questions of a busy day end with.
///
/// # Errors
/// [`StoreError::NotFound`] for the release or the environment, also when the release is not visible.
pub async fn standing(
    session: &mut Session,
    visibility: &Visibility,
    release: &ReleaseKey,
    environment: &str,
) -> Result<Standing, StoreError> {
    let mut arguments = args![environment];
    let (key, shown) = release_condition(release, &mut arguments);
    let visible = visibility.condition("s.application_id", &mut arguments);
    let sql = format!(
        "SELECT r.id, s.application_id, e.id,
           CAST(COALESCE((SELECT SUM(u.version) FROM subject u WHERE u.subject = 'environment:' || e.name
             OR u.subject IN (SELECT rs.subject FROM release_subject rs WHERE rs.release_id = r.id)), 0) AS BIGINT),
           (SELECT g.number FROM generation g WHERE g.name = 'rules'),
           d.id, d.decided_at, d.valid_until, d.subjects_version, d.rules_generation
         FROM release r JOIN service s ON s.id = r.service_id JOIN application a ON a.id = s.application_id
         LEFT JOIN environment e ON e.name = $1
         LEFT JOIN decision d ON d.id = (SELECT n.id FROM decision n WHERE n.release_id = r.id
           AND n.environment_id = e.id ORDER BY n.decided_at DESC, n.id DESC LIMIT 1)
         WHERE {key} AND {visible}"
    );
    let row = session.row(&sql, arguments).await?.ok_or_else(|| StoreError::not_found("release", shown))?;
    let mut column = row.columns();
    let (release_id, application_id) = (column.read()?, column.read()?);
    let environment_id =
        column.read::<Option<_>>()?.ok_or_else(|| StoreError::not_found("environment", environment))?;
    let stamp = Stamp { subjects_version: column.read()?, rules_generation: column.read()? };
    let latest = match column.read::<Option<DecisionId>>()? {
        None => None,
        Some(id) => Some(Latest {
            id,
            decided_at: column.read()?,
            valid_until: column.read()?,
            stamp: Stamp { subjects_version: column.read()?, rules_generation: column.read()? },
        }),
    };
    Ok(Standing { release_id, application_id, environment_id, stamp, latest })
}

fn release_condition(release: &ReleaseKey, arguments: &mut Vec<crate::Arg>) -> (&'static str, String) {
    match release {
        ReleaseKey::Id(id) => {
            arguments.extend(args![id]);
            ("r.id = $2", id.to_string())
        }
        ReleaseKey::Named { application, service, version } => {
            arguments.extend(args![application, service, version]);
            ("a.name = $2 AND s.name = $3 AND r.version = $4", format!("{application}/{service}@{version}"))
        }
    }
}

/// Makes other transactions that answer questions about the same release wait until this one ends.
///
/// # Errors
/// When the database fails.
pub async fn lock(session: &mut Session, release: ReleaseId) -> Result<(), StoreError> {
    // An update that changes nothing: the one lock on a row that both engines know.
    session.execute("UPDATE release SET created_by = created_by WHERE id = $1", args![release]).await?;
    Ok(())
}

/// A decision as lists show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// Its id.
    pub id: DecisionId,
    /// The release.
    pub release_id: ReleaseId,
    /// The release's version.
    pub version: String,
    /// The service.
    pub service_id: ServiceId,
    /// The service's name.
    pub service: String,
    /// The application.
    pub application_id: ApplicationId,
    /// The application's name.
    pub application: String,
    /// The environment.
    pub environment_id: EnvironmentId,
    /// The environment's name.
    pub environment: String,
    /// The answer.
    pub verdict: Verdict,
    /// When it was given.
    pub decided_at: Timestamp,
    /// Who asked.
    pub asked_by: String,
    /// The numbers people ask first.
    pub counts: Counts,
    /// The decision in one line.
    pub headline: String,
    /// Whether it is the newest of its release and environment.
    pub is_current: bool,
}

/// A decision with the bytes that are kept of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// As lists show it.
    pub summary: Summary,
    /// Its bytes as given.
    pub record: String,
    /// Their digest.
    pub record_digest: Digest,
    /// The signed summary.
    pub envelope: String,
}

const SUMMARY: &str =
    "d.id, d.release_id, r.version, s.id, s.name, a.id, a.name, e.id, e.name, d.verdict, d.decided_at,
    d.asked_by, d.failed, d.unknown, d.excused, d.headline,
    CAST(CASE WHEN EXISTS (SELECT 1 FROM decision n WHERE n.release_id = d.release_id
      AND n.environment_id = d.environment_id
      AND (n.decided_at > d.decided_at OR (n.decided_at = d.decided_at AND n.id > d.id))) THEN 0 ELSE 1 END AS BIGINT)";

const FROM: &str = "FROM decision d JOIN release r ON r.id = d.release_id JOIN service s ON s.id = r.service_id
    JOIN application a ON a.id = s.application_id JOIN environment e ON e.id = d.environment_id";

/// The decision with this id.
///
/// # Errors
/// [`StoreError::NotFound`], also when it is not visible.
pub async fn get(session: &mut Session, visibility: &Visibility, id: DecisionId) -> Result<Stored, StoreError> {
    let mut arguments = args![id];
    let visible = visibility.condition("a.id", &mut arguments);
    let sql = format!("SELECT {SUMMARY}, d.record, d.record_digest, d.envelope {FROM} WHERE d.id = $1 AND {visible}");
    let row = session.row(&sql, arguments).await?.ok_or_else(|| StoreError::not_found("decision", id))?;
    let mut column = row.columns();
    Ok(Stored {
        summary: summary(&mut column)?,
        record: column.read()?,
        record_digest: column.read()?,
        envelope: column.read()?,
    })
}

/// Which decisions are asked for.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// About this release.
    pub release: Option<ReleaseId>,
    /// Before the environment with this name.
    pub environment: Option<String>,
    /// About this application.
    pub application: Option<ApplicationId>,
    /// With this answer.
    pub verdict: Option<Verdict>,
    /// Only the newest of each release and environment.
    pub is_current: bool,
    /// Those that come after this one in the list.
    pub after: Option<(Timestamp, DecisionId)>,
}

/// The decisions that match, newest first, at most `limit`.
///
/// # Errors
/// When the database fails.
pub async fn list(
    session: &mut Session,
    visibility: &Visibility,
    filter: &Filter,
    limit: usize,
) -> Result<Vec<Summary>, StoreError> {
    let mut arguments = Vec::new();
    let mut conditions = vec![visibility.condition("a.id", &mut arguments)];
    let mut equal = |column: &str, value: Option<crate::Arg>| {
        if let Some(value) = value {
            arguments.push(value);
            conditions.push(format!("{column} = ${}", arguments.len()));
        }
    };
    equal("d.release_id", filter.release.map(Into::into));
    equal("e.name", filter.environment.as_ref().map(Into::into));
    equal("a.id", filter.application.map(Into::into));
    equal("d.verdict", filter.verdict.map(Into::into));
    if let Some((at, id)) = filter.after {
        arguments.extend(args![at, id]);
        let last = arguments.len();
        conditions.push(format!("(d.decided_at < ${0} OR (d.decided_at = ${0} AND d.id < ${last}))", last - 1));
    }
    if filter.is_current {
        conditions.push(
            "NOT EXISTS (SELECT 1 FROM decision n WHERE n.release_id = d.release_id
               AND n.environment_id = d.environment_id
               AND (n.decided_at > d.decided_at OR (n.decided_at = d.decided_at AND n.id > d.id)))"
                .to_owned(),
        );
    }
    arguments.extend(args![limit]);
    let sql = format!(
        "SELECT {SUMMARY} {FROM} WHERE {} ORDER BY d.decided_at DESC, d.id DESC LIMIT ${}",
        conditions.join(" AND "),
        arguments.len()
    );
    session.rows(&sql, arguments).await?.iter().map(|row| summary(&mut row.columns())).collect()
}

fn summary(column: &mut crate::Columns<'_>) -> Result<Summary, StoreError> {
    Ok(Summary {
        id: column.read()?,
        release_id: column.read()?,
        version: column.read()?,
        service_id: column.read()?,
        service: column.read()?,
        application_id: column.read()?,
        application: column.read()?,
        environment_id: column.read()?,
        environment: column.read()?,
        verdict: column.read()?,
        decided_at: column.read()?,
        asked_by: column.read()?,
        counts: Counts { failed: column.read()?, unknown: column.read()?, excused: column.read()? },
        headline: column.read()?,
        is_current: column.read()?,
    })
}
