//! Exceptions: asked for, decided by another person, taken back. How one stands follows from its row and the time;
//! nothing has to run for it to expire.

use crate::release::OwnedRelease;
use crate::{Columns, Row, Session, StoreError, Visibility, args};
use jiff::Timestamp;
use shipworthy_model::{Environment, Exception, ExceptionId, ExceptionScope, ExceptionState, Matchers, UserId};

/// An exception with the names of what it refers to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedException {
    /// The exception.
    pub exception: Exception,
    /// The names in its scope.
    pub scope_names: ScopeNames,
    /// The name of who asked.
    pub requested_by: String,
    /// The name of who approved or rejected.
    pub decided_by: Option<String>,
    /// The name of who took it back.
    pub revoked_by: Option<String>,
    /// How many decisions named it.
    pub used: i64,
}

/// The names of what the scope of an exception refers to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScopeNames {
    /// The team.
    pub team: Option<String>,
    /// The application.
    pub application: Option<String>,
    /// The service.
    pub service: Option<String>,
    /// The environment.
    pub environment: Option<String>,
}

/// Adds an exception as asked for.
///
/// # Errors
/// A conflict when it names something that does not exist.
pub async fn insert(session: &mut Session, exception: &Exception) -> Result<(), StoreError> {
    let sql = "INSERT INTO exception (id, policy, rule, purl, artifact, team_id, application_id, service_id,
                 environment_id, environment_kind, exposure, reason, justification, ticket, valid_from, valid_until,
                 requested_by, requested_at)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)";
    let Exception { id, matchers, scope, reason, justification, ticket, from, until, .. } = exception;
    let arguments = args![
        *id,
        &matchers.policy,
        &matchers.rule,
        &matchers.purl,
        &matchers.artifact,
        scope.team_id,
        scope.application_id,
        scope.service_id,
        scope.environment_id,
        scope.environment_kind,
        scope.exposure,
        reason,
        *justification,
        ticket,
        *from,
        *until,
        exception.requested_by,
        exception.requested_at
    ];
    session.execute(sql, arguments).await?;
    Ok(())
}

/// Approves or rejects an exception that nobody answered yet.
///
/// # Errors
/// A conflict when somebody answered or took it back before.
pub async fn decide(
    session: &mut Session,
    id: ExceptionId,
    by: UserId,
    at: Timestamp,
    is_approved: bool,
) -> Result<(), StoreError> {
    let sql = "UPDATE exception SET decided_by = $2, decided_at = $3, is_approved = $4
               WHERE id = $1 AND decided_by IS NULL AND revoked_at IS NULL";
    match session.execute(sql, args![id, by, at, is_approved]).await? {
        0 => Err(StoreError::Conflict("the exception was answered or taken back before".to_owned())),
        _ => Ok(()),
    }
}

/// Takes an exception back.
///
/// # Errors
/// A conflict when it was taken back before.
pub async fn revoke(session: &mut Session, id: ExceptionId, by: UserId, at: Timestamp) -> Result<(), StoreError> {
    let sql = "UPDATE exception SET revoked_by = $2, revoked_at = $3 WHERE id = $1 AND revoked_at IS NULL";
    match session.execute(sql, args![id, by, at]).await? {
        0 => Err(StoreError::Conflict("the exception was taken back before".to_owned())),
        _ => Ok(()),
    }
}

const COLUMNS: &str = "x.id, x.policy, x.rule, x.purl, x.artifact, x.team_id, x.application_id, x.service_id,
    x.environment_id, x.environment_kind, x.exposure, x.reason, x.justification, x.ticket, x.valid_from,
    x.valid_until, x.requested_by, x.requested_at, x.decided_by, x.decided_at, x.is_approved, x.revoked_by,
    x.revoked_at";

const NAMES: &str = "(SELECT n.name FROM team n WHERE n.id = x.team_id),
    (SELECT n.name FROM application n WHERE n.id = x.application_id),
    (SELECT n.name FROM service n WHERE n.id = x.service_id),
    (SELECT n.name FROM environment n WHERE n.id = x.environment_id),
    (SELECT n.name FROM user_account n WHERE n.id = x.requested_by),
    (SELECT n.name FROM user_account n WHERE n.id = x.decided_by),
    (SELECT n.name FROM user_account n WHERE n.id = x.revoked_by),
    (SELECT COUNT(*) FROM decision_exception n WHERE n.exception_id = x.id)";

/// The exception with this id.
///
/// # Errors
/// [`StoreError::NotFound`], also when it is not visible.
pub async fn get(
    session: &mut Session,
    visibility: &Visibility,
    id: ExceptionId,
) -> Result<NamedException, StoreError> {
    let mut arguments = args![id];
    let visible = visible(visibility, &mut arguments);
    let sql = format!("SELECT {COLUMNS}, {NAMES} FROM exception x WHERE x.id = $1 AND {visible}");
    let row = session.row(&sql, arguments).await?;
    named(&row.ok_or_else(|| StoreError::not_found("exception", id))?)
}

/// Which exceptions are asked for.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// How they stand, and the instant at which that is asked.
    pub state: Option<(ExceptionState, Timestamp)>,
    /// The policy they name.
    pub policy: Option<String>,
    /// The vulnerability or rule they name.
    pub rule: Option<String>,
    /// Those that come after this one in the list.
    pub after: Option<ExceptionId>,
}

/// The exceptions that match, newest first, at most `limit`.
///
/// # Errors
/// When the database fails.
pub async fn list(
    session: &mut Session,
    visibility: &Visibility,
    filter: &Filter,
    limit: usize,
) -> Result<Vec<NamedException>, StoreError> {
    let mut arguments = args![&filter.policy, &filter.rule, filter.after, limit];
    let state = filter.state.map_or("1 = 1".to_owned(), |(state, now)| {
        arguments.push(now.into());
        state_condition(state, arguments.len())
    });
    let visible = visible(visibility, &mut arguments);
    let sql = format!(
        "SELECT {COLUMNS}, {NAMES} FROM exception x
         WHERE (CAST($1 AS TEXT) IS NULL OR x.policy = $1) AND (CAST($2 AS TEXT) IS NULL OR x.rule = $2)
           AND (CAST($3 AS TEXT) IS NULL OR x.id < $3) AND {state} AND {visible}
         ORDER BY x.id DESC LIMIT $4"
    );
    session.rows(&sql, arguments).await?.iter().map(named).collect()
}

/// The exceptions that were approved in a span of time, and those with these ids, in the order of their making.
///
/// # Errors
/// When the database fails.
pub async fn granted_or_used(
    session: &mut Session,
    visibility: &Visibility,
    (from, until): (Timestamp, Timestamp),
    used: &[ExceptionId],
    limit: usize,
) -> Result<Vec<NamedException>, StoreError> {
    let used: Vec<String> = used.iter().map(ToString::to_string).collect();
    let mut arguments = args![from, until, serde_json::json!(used).to_string(), limit];
    let visible = visible(visibility, &mut arguments);
    let sql = format!(
        "SELECT {COLUMNS}, {NAMES} FROM exception x
         WHERE ((x.is_approved = 1 AND x.decided_at >= $1 AND x.decided_at < $2) OR x.id IN ({})) AND {visible}
         ORDER BY x.id LIMIT $4",
        session.texts_of("$3")
    );
    session.rows(&sql, arguments).await?.iter().map(named).collect()
}

/// [`Exception::state_at`] in SQL; the store's tests compare the two.
fn state_condition(state: ExceptionState, now: usize) -> String {
    match state {
        ExceptionState::Requested => {
            format!("x.revoked_at IS NULL AND x.is_approved IS NULL AND x.valid_until > ${now}")
        }
        ExceptionState::Approved => format!("x.revoked_at IS NULL AND x.is_approved = 1 AND x.valid_until > ${now}"),
        ExceptionState::Rejected => format!("x.revoked_at IS NULL AND x.is_approved = 0 AND ${now} = ${now}"),
        ExceptionState::Revoked => format!("x.revoked_at IS NOT NULL AND ${now} = ${now}"),
        ExceptionState::Expired => {
            format!("x.revoked_at IS NULL AND (x.is_approved IS NULL OR x.is_approved = 1) AND x.valid_until <= ${now}")
        }
    }
}

/// An exception is visible to whoever sees an application in its scope; one for all applications is to everybody.
fn visible(visibility: &Visibility, arguments: &mut Vec<crate::Arg>) -> String {
    let applications = visibility.condition("a.id", arguments);
    format!(
        "((x.team_id IS NULL AND x.application_id IS NULL AND x.service_id IS NULL)
          OR EXISTS (SELECT 1 FROM application a WHERE {applications}
            AND (x.team_id IS NULL OR x.team_id = a.team_id)
            AND (x.application_id IS NULL OR x.application_id = a.id)
            AND (x.service_id IS NULL OR a.id = (SELECT v.application_id FROM service v WHERE v.id = x.service_id))))"
    )
}

/// The exceptions whose scope covers a release before an environment and that are approved, not taken back and not over at
/// `now`: those that hold, and those that will. Without an environment those whose scope names none. The order is that of
/// their making.
///
/// # Errors
/// When the database fails.
pub async fn in_scope(
    session: &mut Session,
    owned: &OwnedRelease,
    environment: Option<&Environment>,
    now: Timestamp,
) -> Result<Vec<Exception>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM exception x
         WHERE x.is_approved = 1 AND x.revoked_at IS NULL AND x.valid_until > $1
           AND (x.team_id IS NULL OR x.team_id = $2) AND (x.application_id IS NULL OR x.application_id = $3)
           AND (x.service_id IS NULL OR x.service_id = $4) AND (x.environment_id IS NULL OR x.environment_id = $5)
           AND (x.environment_kind IS NULL OR x.environment_kind = $6) AND (x.exposure IS NULL OR x.exposure = $7)
         ORDER BY x.id"
    );
    let arguments = args![
        now,
        owned.team_id,
        owned.application_id,
        owned.release.service_id,
        environment.map(|environment| environment.id),
        environment.map(|environment| environment.kind),
        environment.map(|environment| environment.exposure)
    ];
    session.rows(&sql, arguments).await?.iter().map(|row| exception(&mut row.columns())).collect()
}

fn named(row: &Row) -> Result<NamedException, StoreError> {
    let mut column = row.columns();
    Ok(NamedException {
        exception: exception(&mut column)?,
        scope_names: ScopeNames {
            team: column.read()?,
            application: column.read()?,
            service: column.read()?,
            environment: column.read()?,
        },
        requested_by: column.read()?,
        decided_by: column.read()?,
        revoked_by: column.read()?,
        used: column.read()?,
    })
}

fn exception(column: &mut Columns<'_>) -> Result<Exception, StoreError> {
    Ok(Exception {
        id: column.read()?,
        matchers: Matchers {
            policy: column.read()?,
            rule: column.read()?,
            purl: column.read()?,
            artifact: column.read()?,
        },
        scope: ExceptionScope {
            team_id: column.read()?,
            application_id: column.read()?,
            service_id: column.read()?,
            environment_id: column.read()?,
            environment_kind: column.read()?,
            exposure: column.read()?,
        },
        reason: column.read()?,
        justification: column.read()?,
        ticket: column.read()?,
        from: column.read()?,
        until: column.read()?,
        requested_by: column.read()?,
        requested_at: column.read()?,
        decided_by: column.read()?,
        decided_at: column.read()?,
        is_approved: column.read()?,
        revoked_by: column.read()?,
        revoked_at: column.read()?,
    })
}
