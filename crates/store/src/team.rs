//! Teams, which own applications.

use crate::{Row, Session, StoreError, Visibility, args};
use shipworthy_model::{Team, TeamId};

/// The team that owns what nobody said whose it is.
pub const DEFAULT_TEAM: &str = "default";

/// A team and how much it owns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountedTeam {
    /// The team.
    pub team: Team,
    /// How many visible applications it owns.
    pub applications: u64,
}

/// Adds a team unless one of that name is there, and gives the one that is there now; `true` when it is new.
///
/// # Errors
/// When the database fails.
pub async fn ensure(session: &mut Session, team: &Team) -> Result<(Team, bool), StoreError> {
    let sql = "INSERT INTO team (id, name, created_at) VALUES ($1, $2, $3) ON CONFLICT (name) DO NOTHING";
    let is_new = session.execute(sql, args![team.id, &team.name, team.created_at]).await? == 1;
    let team = find(session, &team.name).await?.ok_or_else(|| StoreError::not_found("team", &team.name))?;
    Ok((team, is_new))
}

/// The team with this name, if there is one.
///
/// # Errors
/// When the database fails.
pub async fn find(session: &mut Session, name: &str) -> Result<Option<Team>, StoreError> {
    let row = session.row("SELECT id, name, created_at FROM team WHERE name = $1", args![name]).await?;
    row.map(|row| team(&row)).transpose()
}

/// The team with this id.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn get(session: &mut Session, id: TeamId) -> Result<Team, StoreError> {
    let row = session.row("SELECT id, name, created_at FROM team WHERE id = $1", args![id]).await?;
    team(&row.ok_or_else(|| StoreError::not_found("team", id))?)
}

/// The teams after `after` by name, at most `limit`. Who does not see everything sees the teams of the applications
/// that they see.
///
/// # Errors
/// When the database fails.
pub async fn list(
    session: &mut Session,
    visible: &Visibility,
    after: Option<&str>,
    limit: usize,
) -> Result<Vec<CountedTeam>, StoreError> {
    let mut arguments = args![after.unwrap_or_default(), limit];
    let condition = visible.condition("a.id", &mut arguments);
    let owners_only = if *visible == Visibility::Everything { "" } else { "HAVING COUNT(a.id) > 0" };
    let sql = format!(
        "SELECT t.id, t.name, t.created_at, COUNT(a.id) FROM team t
         LEFT JOIN application a ON a.team_id = t.id AND {condition}
         WHERE t.name > $1 GROUP BY t.id, t.name, t.created_at {owners_only} ORDER BY t.name LIMIT $2"
    );
    let rows = session.rows(&sql, arguments).await?;
    rows.iter()
        .map(|row| {
            let mut column = row.columns();
            let team = Team { id: column.read()?, name: column.read()?, created_at: column.read()? };
            Ok(CountedTeam { team, applications: column.read()? })
        })
        .collect()
}

fn team(row: &Row) -> Result<Team, StoreError> {
    let mut column = row.columns();
    Ok(Team { id: column.read()?, name: column.read()?, created_at: column.read()? })
}
