//! What a caller may see: everything, or what belongs to some applications. Queries filter by it in SQL, so that
//! what is not visible is the same as what does not exist.

use crate::value::list_of;
use crate::{Arg, Row, Session, StoreError, args};
use shipworthy_model::{ApplicationId, Scope};

/// What a caller may see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Visibility {
    /// Everything.
    Everything,
    /// What belongs to these applications; empty means nothing.
    Applications(Vec<ApplicationId>),
}

impl Visibility {
    /// A condition on `column`, which holds an application's id. Its values are appended to `arguments`.
    #[must_use]
    pub fn condition(&self, column: &str, arguments: &mut Vec<Arg>) -> String {
        match self {
            Self::Everything => "1 = 1".to_owned(),
            // Not `IN (NULL)`, which is neither true nor false, so that its opposite would not be true either.
            Self::Applications(ids) if ids.is_empty() => "1 = 0".to_owned(),
            Self::Applications(ids) => format!("{column} IN ({})", list_of(ids, arguments)),
        }
    }

    /// Whether what belongs to this application is visible.
    #[must_use]
    pub fn includes(&self, application: ApplicationId) -> bool {
        match self {
            Self::Everything => true,
            Self::Applications(ids) => ids.contains(&application),
        }
    }
}

/// The applications that a scope means; empty for everything, which needs no list.
///
/// # Errors
/// When the database fails.
pub async fn applications_of(session: &mut Session, scope: Scope) -> Result<Vec<ApplicationId>, StoreError> {
    match scope {
        Scope::Everything => Ok(Vec::new()),
        Scope::Application(id) => Ok(vec![id]),
        Scope::Team(team) => {
            let rows = session.rows("SELECT id FROM application WHERE team_id = $1 ORDER BY id", args![team]).await?;
            rows.iter().map(Row::first).collect()
        }
    }
}
