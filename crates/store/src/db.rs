//! A database: opening it, bringing its schema up to date, and handing out sessions.

use crate::session::{Link, Session};
use crate::{StoreError, component};
use sqlx::pool::PoolConnectionMetadata;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection as _, PgConnection, PgPool, SqlitePool};
use std::str::FromStr;
use std::time::Duration;

/// A database: SQLite in a file, or PostgreSQL (and what speaks its protocol).
#[derive(Clone, Debug)]
pub struct Db(Engine);

#[derive(Clone, Debug)]
enum Engine {
    /// SQLite allows one writer: a pool of one makes the others wait in order instead of failing.
    Sqlite {
        writer: SqlitePool,
        readers: SqlitePool,
    },
    Postgres(PgPool),
}

impl Db {
    /// Opens the database at `url` (`sqlite:<file>` or `postgres://…`) and brings its schema up to date.
    ///
    /// # Errors
    /// When the address is of neither kind, nothing answers there, or a migration fails.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        let db = Self::connect(url).await?;
        db.migrate().await?;
        while component::carry_over(db.write().await?).await? {}
        Ok(db)
    }

    /// Opens the database at `url` and leaves its schema as it is.
    ///
    /// # Errors
    /// When the address is of neither kind, or nothing answers there.
    pub async fn connect(url: &str) -> Result<Self, StoreError> {
        let engine = if let Some(path) = url.strip_prefix("sqlite:") {
            open_sqlite(path.trim_start_matches("//")).await?
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            open_postgres(url).await?
        } else {
            return Err(StoreError::Configuration(
                "the database address has an unknown scheme: expected `sqlite:<file>` or `postgres://…`".to_owned(),
            ));
        };
        Ok(Self(engine))
    }

    async fn migrate(&self) -> Result<(), StoreError> {
        let migrator = sqlx::migrate::Migrator::with_migrations(crate::migrations::all());
        let result = match &self.0 {
            Engine::Sqlite { writer, .. } => migrator.run(writer).await,
            Engine::Postgres(pool) => migrator.run(pool).await,
        };
        result.map_err(|error| StoreError::Configuration(format!("the schema cannot be brought up to date: {error}")))
    }

    /// A session that only reads, each statement for itself.
    ///
    /// # Errors
    /// When no connection can be had.
    pub async fn read(&self) -> Result<Session, StoreError> {
        Ok(Session::of(match &self.0 {
            Engine::Sqlite { readers, .. } => Link::SqliteRead(readers.acquire().await?),
            Engine::Postgres(pool) => Link::PostgresRead(pool.acquire().await?),
        }))
    }

    /// A session that reads one state of the data throughout, whatever is written meanwhile.
    ///
    /// # Errors
    /// When no connection can be had.
    pub async fn snapshot(&self) -> Result<Session, StoreError> {
        Ok(Session::of(match &self.0 {
            Engine::Sqlite { readers, .. } => Link::Sqlite(readers.begin().await?),
            Engine::Postgres(pool) => {
                Link::Postgres(pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?)
            }
        }))
    }

    /// A transaction that writes. What is not committed is undone when the session is dropped.
    ///
    /// # Errors
    /// When no connection can be had.
    pub async fn write(&self) -> Result<Session, StoreError> {
        Ok(Session::of(match &self.0 {
            Engine::Sqlite { writer, .. } => Link::Sqlite(writer.begin_with("BEGIN IMMEDIATE").await?),
            Engine::Postgres(pool) => Link::Postgres(pool.begin().await?),
        }))
    }

    /// `sqlite` or `postgresql`, for people.
    #[must_use]
    pub fn engine_name(&self) -> &'static str {
        match &self.0 {
            Engine::Sqlite { .. } => "sqlite",
            Engine::Postgres(_) => "postgresql",
        }
    }

    /// Closes every connection after what runs on it has ended.
    pub async fn close(&self) {
        match &self.0 {
            Engine::Sqlite { writer, readers } => {
                readers.close().await;
                writer.close().await;
            }
            Engine::Postgres(pool) => pool.close().await,
        }
    }
}

async fn open_sqlite(path: &str) -> Result<Engine, StoreError> {
    let options = SqliteConnectOptions::from_str(&format!("sqlite:{path}"))
        .map_err(|error| StoreError::Configuration(format!("`{path}` cannot be a SQLite file: {error}")))?
        .create_if_missing(true)
        .foreign_keys(true)
        .journal_mode(SqliteJournalMode::Wal)
        // FULL makes an acknowledged write survive a power cut; NORMAL would lose the last ones in WAL mode.
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(Duration::from_secs(10))
        .pragma("cache_size", "-8000")
        .pragma("temp_store", "memory");
    // A file does not go away between two statements, so nothing is asked before a connection is used again.
    let pool = || SqlitePoolOptions::new().test_before_acquire(false);
    let writer = pool().max_connections(1).connect_with(options.clone()).await?;
    let readers = pool().max_connections(8).min_connections(1).connect_with(options.read_only(true)).await?;
    Ok(Engine::Sqlite { writer, readers })
}

async fn open_postgres(url: &str) -> Result<Engine, StoreError> {
    // The address may hold a password, so the parser's message is not repeated.
    let options = PgConnectOptions::from_str(url).map_err(|_| {
        StoreError::Configuration(
            "the PostgreSQL address cannot be read: expected `postgres://user:password@host:port/database`".to_owned(),
        )
    })?;
    let pool = PgPoolOptions::new()
        .max_connections(16)
        .acquire_timeout(Duration::from_secs(10))
        .test_before_acquire(false)
        .before_acquire(|connection, state| Box::pin(is_usable(connection, state)))
        .connect_with(options)
        .await
        .map_err(|error| StoreError::Configuration(format!("PostgreSQL does not answer: {error}")))?;
    Ok(Engine::Postgres(pool))
}

/// How long a connection may rest before it is asked whether the server is still there. A question before every
/// statement would double the way to the server and back, which is most of what a short statement costs.
const RESTED: Duration = Duration::from_secs(2);

async fn is_usable(connection: &mut PgConnection, state: PoolConnectionMetadata) -> Result<bool, sqlx::Error> {
    Ok(state.idle_for < RESTED || connection.ping().await.is_ok())
}
