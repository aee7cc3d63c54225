//! What can go wrong in the store, told apart as far as callers act on it.

/// What can go wrong in the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The row does not exist, or the caller may not see it: the two look the same from outside.
    #[error("{what} does not exist")]
    NotFound {
        /// What was looked for, such as "release `0193…`".
        what: String,
    },
    /// The change contradicts what is there.
    #[error("{0}")]
    Conflict(String),
    /// What was read cannot be what was written.
    #[error("the store holds something unreadable: {0}")]
    Corrupt(String),
    /// The database did not do what it was asked.
    #[error("the database failed")]
    Database(#[source] sqlx::Error),
    /// The document store did not do what it was asked.
    #[error("the document store failed")]
    Documents(#[source] object_store::Error),
    /// The configuration of a database or document store cannot be used.
    #[error("{0}")]
    Configuration(String),
}

impl StoreError {
    /// A row that does not exist.
    #[must_use]
    pub fn not_found(noun: &str, key: impl std::fmt::Display) -> Self {
        Self::NotFound { what: format!("{noun} `{key}`") }
    }
}

impl From<sqlx::Error> for StoreError {
    /// The one place where constraints of the database become conflicts.
    fn from(error: sqlx::Error) -> Self {
        if let sqlx::Error::Database(database) = &error {
            use sqlx::error::ErrorKind;
            match database.kind() {
                ErrorKind::UniqueViolation => return Self::Conflict("it exists already".to_owned()),
                ErrorKind::ForeignKeyViolation => {
                    return Self::Conflict("it names something that does not exist or is still in use".to_owned());
                }
                ErrorKind::CheckViolation => return Self::Conflict("it breaks a rule of its kind".to_owned()),
                _ => {}
            }
        }
        Self::Database(error)
    }
}

impl From<object_store::Error> for StoreError {
    fn from(error: object_store::Error) -> Self {
        match error {
            object_store::Error::NotFound { path, .. } => Self::NotFound { what: format!("document `{path}`") },
            other => Self::Documents(other),
        }
    }
}
