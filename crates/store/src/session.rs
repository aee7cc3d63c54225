//! The seam between the two databases: one pool, one session, one row, whichever engine is behind.
//!
//! Statements use `$1`, `$2` … and only what both engines understand. Bulk inserts go through
//! [`Session::insert_many`], which speaks to each engine in its fastest way.

use crate::StoreError;
use jiff::Timestamp;
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgArguments, PgConnectOptions, PgPoolOptions, PgRow};
use sqlx::sqlite::{
    SqliteArguments, SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteRow, SqliteSynchronous,
};
use sqlx::{
    Arguments as _, AssertSqlSafe, PgConnection, PgPool, Postgres, Row as _, Sqlite, SqliteConnection, SqlitePool,
    Transaction,
};
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
        Ok(Session(match &self.0 {
            Engine::Sqlite { readers, .. } => Link::SqliteRead(readers.acquire().await?),
            Engine::Postgres(pool) => Link::PostgresRead(pool.acquire().await?),
        }))
    }

    /// A session that reads one state of the data throughout, whatever is written meanwhile.
    ///
    /// # Errors
    /// When no connection can be had.
    pub async fn snapshot(&self) -> Result<Session, StoreError> {
        Ok(Session(match &self.0 {
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
        Ok(Session(match &self.0 {
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
    let writer = SqlitePoolOptions::new().max_connections(1).connect_with(options.clone()).await?;
    let readers =
        SqlitePoolOptions::new().max_connections(8).min_connections(1).connect_with(options.read_only(true)).await?;
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
        .connect_with(options)
        .await
        .map_err(|error| StoreError::Configuration(format!("PostgreSQL does not answer: {error}")))?;
    Ok(Engine::Postgres(pool))
}

/// A connection to the database, in or out of a transaction.
#[derive(Debug)]
pub struct Session(Link);

#[derive(Debug)]
enum Link {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
    SqliteRead(PoolConnection<Sqlite>),
    PostgresRead(PoolConnection<Postgres>),
}

enum Connection<'s> {
    Sqlite(&'s mut SqliteConnection),
    Postgres(&'s mut PgConnection),
}

impl Session {
    fn connection(&mut self) -> Connection<'_> {
        match &mut self.0 {
            Link::Sqlite(transaction) => Connection::Sqlite(transaction),
            Link::Postgres(transaction) => Connection::Postgres(transaction),
            Link::SqliteRead(connection) => Connection::Sqlite(connection),
            Link::PostgresRead(connection) => Connection::Postgres(connection),
        }
    }

    /// Makes what was written last. For a session outside a transaction there is nothing to do.
    ///
    /// # Errors
    /// When the database refuses; then nothing was written.
    pub async fn commit(self) -> Result<(), StoreError> {
        match self.0 {
            Link::Sqlite(transaction) => transaction.commit().await?,
            Link::Postgres(transaction) => transaction.commit().await?,
            Link::SqliteRead(_) | Link::PostgresRead(_) => {}
        }
        Ok(())
    }

    /// Runs a statement and says how many rows it touched.
    ///
    /// # Errors
    /// Constraint violations as [`StoreError::Conflict`], the rest as [`StoreError::Database`].
    pub async fn execute(&mut self, sql: &str, arguments: Vec<Arg>) -> Result<u64, StoreError> {
        let sql = AssertSqlSafe(sql.to_owned());
        Ok(match self.connection() {
            Connection::Sqlite(connection) => {
                sqlx::query_with(sql, sqlite_arguments(arguments)?).execute(connection).await?.rows_affected()
            }
            Connection::Postgres(connection) => {
                sqlx::query_with(sql, postgres_arguments(arguments)?).execute(connection).await?.rows_affected()
            }
        })
    }

    /// Runs a query and gives its rows.
    ///
    /// # Errors
    /// As [`Session::execute`].
    pub async fn rows(&mut self, sql: &str, arguments: Vec<Arg>) -> Result<Vec<Row>, StoreError> {
        let sql = AssertSqlSafe(sql.to_owned());
        Ok(match self.connection() {
            Connection::Sqlite(connection) => {
                let rows = sqlx::query_with(sql, sqlite_arguments(arguments)?).fetch_all(connection).await?;
                rows.into_iter().map(Row::Sqlite).collect()
            }
            Connection::Postgres(connection) => {
                let rows = sqlx::query_with(sql, postgres_arguments(arguments)?).fetch_all(connection).await?;
                rows.into_iter().map(Row::Postgres).collect()
            }
        })
    }

    /// Runs a query that gives at most one row.
    ///
    /// # Errors
    /// As [`Session::execute`].
    pub async fn row(&mut self, sql: &str, arguments: Vec<Arg>) -> Result<Option<Row>, StoreError> {
        Ok(self.rows(sql, arguments).await?.into_iter().next())
    }

    /// Inserts many rows at once: in SQLite as few statements with many values, in PostgreSQL as one statement over
    /// arrays. `on_conflict` is the tail of the statement, such as `ON CONFLICT DO NOTHING`, or empty.
    ///
    /// # Errors
    /// As [`Session::execute`].
    pub async fn insert_many(
        &mut self,
        table: &str,
        columns: &[(&str, Column)],
        rows: Vec<Vec<Arg>>,
        on_conflict: &str,
    ) -> Result<(), StoreError> {
        if rows.is_empty() {
            return Ok(());
        }
        match self.connection() {
            Connection::Sqlite(connection) => insert_values(connection, table, columns, rows, on_conflict).await,
            Connection::Postgres(connection) => insert_arrays(connection, table, columns, rows, on_conflict).await,
        }
    }
}

/// How many rows one SQLite statement carries: more do not get faster, and the statement stays small in the cache.
const ROWS_PER_STATEMENT: usize = 200;

async fn insert_values(
    connection: &mut SqliteConnection,
    table: &str,
    columns: &[(&str, Column)],
    rows: Vec<Vec<Arg>>,
    on_conflict: &str,
) -> Result<(), StoreError> {
    let names = columns.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
    let one = format!("({})", vec!["?"; columns.len()].join(", "));
    let statement = |count: usize| {
        format!("INSERT INTO {table} ({names}) VALUES {} {on_conflict}", vec![one.as_str(); count].join(", "))
    };
    let full = statement(ROWS_PER_STATEMENT);
    let mut rows = rows.into_iter();
    loop {
        let chunk: Vec<Vec<Arg>> = rows.by_ref().take(ROWS_PER_STATEMENT).collect();
        if chunk.is_empty() {
            return Ok(());
        }
        let sql = if chunk.len() == ROWS_PER_STATEMENT { full.clone() } else { statement(chunk.len()) };
        let arguments = sqlite_arguments(chunk.into_iter().flatten().collect())?;
        sqlx::query_with(AssertSqlSafe(sql), arguments).execute(&mut *connection).await?;
    }
}

async fn insert_arrays(
    connection: &mut PgConnection,
    table: &str,
    columns: &[(&str, Column)],
    rows: Vec<Vec<Arg>>,
    on_conflict: &str,
) -> Result<(), StoreError> {
    let names = columns.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
    let arrays = columns
        .iter()
        .enumerate()
        .map(|(index, (_, column))| format!("${}::{}[]", index + 1, column.postgres_type()))
        .collect::<Vec<_>>()
        .join(", ");
    let sql = format!("INSERT INTO {table} ({names}) SELECT * FROM UNNEST({arrays}) {on_conflict}");
    let mut arguments = PgArguments::default();
    let mut by_column: Vec<Vec<Arg>> = columns.iter().map(|_| Vec::with_capacity(rows.len())).collect();
    for row in rows {
        for (values, value) in by_column.iter_mut().zip(row) {
            values.push(value);
        }
    }
    for ((_, column), values) in columns.iter().zip(by_column) {
        let added = match column {
            Column::Text => arguments.add(values.into_iter().map(Arg::into_text).collect::<Vec<Option<String>>>()),
            Column::Int => arguments.add(values.into_iter().map(Arg::into_int).collect::<Vec<Option<i64>>>()),
        };
        added.map_err(sqlx::Error::Encode)?;
    }
    sqlx::query_with(AssertSqlSafe(sql), arguments).execute(connection).await?;
    Ok(())
}

/// The type of a column in [`Session::insert_many`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// Text.
    Text,
    /// A 64-bit integer.
    Int,
}

impl Column {
    fn postgres_type(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Int => "bigint",
        }
    }
}

/// A value that goes into a statement.
#[derive(Clone, Debug, PartialEq)]
pub enum Arg {
    /// Text, or nothing.
    Text(Option<String>),
    /// A 64-bit integer, or nothing.
    Int(Option<i64>),
    /// Bytes.
    Bytes(Vec<u8>),
}

impl Arg {
    fn into_text(self) -> Option<String> {
        match self {
            Self::Text(text) => text,
            Self::Int(_) | Self::Bytes(_) => None,
        }
    }

    fn into_int(self) -> Option<i64> {
        match self {
            Self::Int(int) => int,
            Self::Text(_) | Self::Bytes(_) => None,
        }
    }
}

fn sqlite_arguments(arguments: Vec<Arg>) -> Result<SqliteArguments, StoreError> {
    let mut all = SqliteArguments::default();
    for argument in arguments {
        match argument {
            Arg::Text(text) => all.add(text),
            Arg::Int(int) => all.add(int),
            Arg::Bytes(bytes) => all.add(bytes),
        }
        .map_err(sqlx::Error::Encode)?;
    }
    Ok(all)
}

fn postgres_arguments(arguments: Vec<Arg>) -> Result<PgArguments, StoreError> {
    let mut all = PgArguments::default();
    for argument in arguments {
        match argument {
            Arg::Text(text) => all.add(text),
            Arg::Int(int) => all.add(int),
            Arg::Bytes(bytes) => all.add(bytes),
        }
        .map_err(sqlx::Error::Encode)?;
    }
    Ok(all)
}

/// Makes the list of values of a statement: `args![release.id, &release.version, release.created_at]`.
#[macro_export]
macro_rules! args {
    ($($value:expr),* $(,)?) => { vec![$($crate::Arg::from($value)),*] };
}

/// Appends values to the arguments of a statement and gives their places, `$4, $5, $6`, for an `IN (…)`. No values
/// are `NULL`, which nothing equals; `NOT IN` is therefore no use for it.
pub(crate) fn list_of<T>(values: &[T], arguments: &mut Vec<Arg>) -> String
where
    for<'v> Arg: From<&'v T>,
{
    if values.is_empty() {
        return "NULL".to_owned();
    }
    let mut place = |value| {
        arguments.push(Arg::from(value));
        format!("${}", arguments.len())
    };
    values.iter().map(&mut place).collect::<Vec<_>>().join(", ")
}

macro_rules! text_args {
    ($($type:ty),* $(,)?) => {$(
        impl From<$type> for Arg {
            fn from(value: $type) -> Self { Self::Text(Some(value.to_string())) }
        }
        impl From<&$type> for Arg {
            fn from(value: &$type) -> Self { Self::Text(Some(value.to_string())) }
        }
        impl From<Option<$type>> for Arg {
            fn from(value: Option<$type>) -> Self { Self::Text(value.map(|v| v.to_string())) }
        }
        impl From<Option<&$type>> for Arg {
            fn from(value: Option<&$type>) -> Self { Self::Text(value.map(|v| v.to_string())) }
        }
        impl From<&Option<$type>> for Arg {
            fn from(value: &Option<$type>) -> Self { Self::Text(value.as_ref().map(|v| v.to_string())) }
        }
        impl Readable for $type {
            fn read(value: Value) -> Result<Self, String> {
                let text = String::read(value)?;
                text.parse().map_err(|error| format!("{error}"))
            }
        }
    )*};
}

text_args!(
    shipworthy_model::ApplicationId,
    shipworthy_model::ApprovalId,
    shipworthy_model::AssignmentId,
    shipworthy_model::AuditId,
    shipworthy_model::DecisionId,
    shipworthy_model::DeploymentId,
    shipworthy_model::DeploymentState,
    shipworthy_model::Digest,
    shipworthy_model::EnvironmentId,
    shipworthy_model::EnvironmentKind,
    shipworthy_model::EvidenceId,
    shipworthy_model::ExceptionId,
    shipworthy_model::Exposure,
    shipworthy_model::FindingKind,
    shipworthy_model::FindingStatus,
    shipworthy_model::GateMode,
    shipworthy_model::Outcome,
    shipworthy_model::Permission,
    shipworthy_model::Phase,
    shipworthy_model::PolicyId,
    shipworthy_model::ReleaseId,
    shipworthy_model::Role,
    shipworthy_model::ServiceId,
    shipworthy_model::SessionId,
    shipworthy_model::Subject,
    shipworthy_model::TeamId,
    shipworthy_model::TokenId,
    shipworthy_model::Unknowns,
    shipworthy_model::UserId,
    shipworthy_model::Verdict,
    shipworthy_model::VexJustification,
);

macro_rules! plain_args {
    ($($type:ty => $value:ident => $arg:expr),* $(,)?) => {$(
        impl From<$type> for Arg {
            fn from($value: $type) -> Self { $arg }
        }
    )*};
}

plain_args! {
    &str => value => Self::Text(Some(value.to_owned())),
    Option<&str> => value => Self::Text(value.map(str::to_owned)),
    String => value => Self::Text(Some(value)),
    &String => value => Self::Text(Some(value.clone())),
    Option<String> => value => Self::Text(value),
    &Option<String> => value => Self::Text(value.clone()),
    i64 => value => Self::Int(Some(value)),
    &i64 => value => Self::Int(Some(*value)),
    Option<i64> => value => Self::Int(value),
    bool => value => Self::Int(Some(i64::from(value))),
    Option<bool> => value => Self::Int(value.map(i64::from)),
    u64 => value => Self::Int(Some(i64::try_from(value).unwrap_or(i64::MAX))),
    usize => value => Self::Int(Some(i64::try_from(value).unwrap_or(i64::MAX))),
    Timestamp => value => Self::Int(Some(value.as_microsecond())),
    Option<Timestamp> => value => Self::Int(value.map(Timestamp::as_microsecond)),
    Vec<u8> => value => Self::Bytes(value),
}

/// A row that a query gave.
#[derive(Debug)]
pub enum Row {
    /// From SQLite.
    Sqlite(SqliteRow),
    /// From PostgreSQL.
    Postgres(PgRow),
}

impl Row {
    /// Reads the columns from left to right.
    #[must_use]
    pub fn columns(&self) -> Columns<'_> {
        Columns { row: self, next: 0 }
    }

    /// Reads the only or first column.
    ///
    /// # Errors
    /// When it does not hold what is asked for.
    pub fn first<T: Readable>(&self) -> Result<T, StoreError> {
        self.columns().read()
    }

    fn value(&self, index: usize) -> Value<'_> {
        Value { row: self, index }
    }
}

/// Reads the columns of a row from left to right.
#[derive(Debug)]
pub struct Columns<'r> {
    row: &'r Row,
    next: usize,
}

impl Columns<'_> {
    /// The next column.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when it does not hold what is asked for.
    pub fn read<T: Readable>(&mut self) -> Result<T, StoreError> {
        let index = self.next;
        self.next += 1;
        T::read(self.row.value(index)).map_err(|why| StoreError::Corrupt(format!("column {index}: {why}")))
    }

    /// The next column as JSON.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when it does not hold what is asked for.
    pub fn read_json<T: serde::de::DeserializeOwned>(&mut self) -> Result<T, StoreError> {
        let text: String = self.read()?;
        serde_json::from_str(&text).map_err(|error| StoreError::Corrupt(format!("column {}: {error}", self.next - 1)))
    }
}

/// One value of a row.
#[derive(Clone, Copy, Debug)]
pub struct Value<'r> {
    row: &'r Row,
    index: usize,
}

/// What can be read from a column.
pub trait Readable: Sized {
    /// Reads it.
    ///
    /// # Errors
    /// A sentence that says what was found instead.
    fn read(value: Value) -> Result<Self, String>;

    /// Reads it where the column may be empty.
    ///
    /// # Errors
    /// As [`Readable::read`].
    fn read_optional(value: Value) -> Result<Option<Self>, String> {
        if value.is_null()? { Ok(None) } else { Self::read(value).map(Some) }
    }
}

impl Value<'_> {
    fn is_null(self) -> Result<bool, String> {
        use sqlx::ValueRef as _;
        match self.row {
            Row::Sqlite(row) => row.try_get_raw(self.index).map(|raw| raw.is_null()),
            Row::Postgres(row) => row.try_get_raw(self.index).map(|raw| raw.is_null()),
        }
        .map_err(|error| error.to_string())
    }
}

impl<T: Readable> Readable for Option<T> {
    fn read(value: Value) -> Result<Self, String> {
        T::read_optional(value)
    }
}

macro_rules! native {
    ($($type:ty),*) => {$(
        impl Readable for $type {
            fn read(value: Value) -> Result<Self, String> {
                match value.row {
                    Row::Sqlite(row) => row.try_get(value.index),
                    Row::Postgres(row) => row.try_get(value.index),
                }
                .map_err(|error| error.to_string())
            }
        }
    )*};
}

native!(String, i64, Vec<u8>);

impl Readable for bool {
    fn read(value: Value) -> Result<Self, String> {
        i64::read(value).map(|int| int != 0)
    }
}

impl Readable for u64 {
    fn read(value: Value) -> Result<Self, String> {
        let int = i64::read(value)?;
        Self::try_from(int).map_err(|_| format!("{int} is negative"))
    }
}

impl Readable for Timestamp {
    fn read(value: Value) -> Result<Self, String> {
        Self::from_microsecond(i64::read(value)?).map_err(|error| error.to_string())
    }
}
