//! Applications, each owned by a team.

use crate::{Row, Session, StoreError, Visibility, args};
use shipworthy_model::{Application, ApplicationId};

/// An application with its owner's name and its size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnedApplication {
    /// The application.
    pub application: Application,
    /// The name of the team that owns it.
    pub team_name: String,
    /// How many services it has.
    pub services: u64,
}

/// Adds an application unless one of that name is there, and gives the one that is there now; `true` when it is new.
///
/// # Errors
/// When the database fails.
pub async fn ensure(session: &mut Session, application: &Application) -> Result<(Application, bool), StoreError> {
    let Application { id, team_id, name, created_at } = application;
    let sql = "INSERT INTO application (id, team_id, name, created_at) VALUES ($1, $2, $3, $4)
               ON CONFLICT (name) DO NOTHING";
    let is_new = session.execute(sql, args![*id, *team_id, name, *created_at]).await? == 1;
    let found = find(session, name).await?.ok_or_else(|| StoreError::not_found("application", name))?;
    Ok((found, is_new))
}

/// The application with this name, whoever may see it, if there is one.
///
/// # Errors
/// When the database fails.
pub async fn find(session: &mut Session, name: &str) -> Result<Option<Application>, StoreError> {
    let sql = "SELECT id, team_id, name, created_at FROM application WHERE name = $1";
    let Some(row) = session.row(sql, args![name]).await? else { return Ok(None) };
    let mut column = row.columns();
    Ok(Some(Application {
        id: column.read()?,
        team_id: column.read()?,
        name: column.read()?,
        created_at: column.read()?,
    }))
}

const SELECT: &str = "SELECT a.id, a.team_id, a.name, a.created_at, t.name,
    (SELECT COUNT(*) FROM service s WHERE s.application_id = a.id) FROM application a JOIN team t ON t.id = a.team_id";

/// The application with this id.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn get(
    session: &mut Session,
    id: ApplicationId,
    visible: &Visibility,
) -> Result<OwnedApplication, StoreError> {
    let mut arguments = args![id];
    let condition = visible.condition("a.id", &mut arguments);
    let row = session.row(&format!("{SELECT} WHERE a.id = $1 AND {condition}"), arguments).await?;
    owned(&row.ok_or_else(|| StoreError::not_found("application", id))?)
}

/// The applications after `after` by name, at most `limit`.
///
/// # Errors
/// When the database fails.
pub async fn list(
    session: &mut Session,
    visible: &Visibility,
    after: Option<&str>,
    limit: usize,
) -> Result<Vec<OwnedApplication>, StoreError> {
    let mut arguments = args![after.unwrap_or_default(), limit];
    let condition = visible.condition("a.id", &mut arguments);
    let sql = format!("{SELECT} WHERE a.name > $1 AND {condition} ORDER BY a.name LIMIT $2");
    session.rows(&sql, arguments).await?.iter().map(owned).collect()
}

fn owned(row: &Row) -> Result<OwnedApplication, StoreError> {
    let mut column = row.columns();
    Ok(OwnedApplication {
        application: Application {
            id: column.read()?,
            team_id: column.read()?,
            name: column.read()?,
            created_at: column.read()?,
        },
        team_name: column.read()?,
        services: column.read()?,
    })
}
