//! One session, whichever engine is behind it: the seam between the two databases.
//!
//! Statements use `$1`, `$2` … and only what both engines understand. Bulk inserts go through
//! [`Session::insert_many`], which speaks to each engine in its fastest way.

use crate::StoreError;
use crate::value::{Arg, Row, bind};
use sqlx::pool::PoolConnection;
use sqlx::postgres::PgArguments;
use sqlx::sqlite::SqliteArguments;
use sqlx::{Arguments as _, AssertSqlSafe, PgConnection, Postgres, Sqlite, SqliteConnection, Transaction};

/// A connection to the database, in or out of a transaction.
#[derive(Debug)]
pub struct Session(Link);

#[derive(Debug)]
pub(crate) enum Link {
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
    /// A session over an open connection or transaction.
    pub(crate) fn of(link: Link) -> Self {
        Self(link)
    }

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
                sqlx::query_with(sql, bind::<SqliteArguments>(arguments)?).execute(connection).await?.rows_affected()
            }
            Connection::Postgres(connection) => {
                sqlx::query_with(sql, bind::<PgArguments>(arguments)?).execute(connection).await?.rows_affected()
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
                let rows = sqlx::query_with(sql, bind::<SqliteArguments>(arguments)?).fetch_all(connection).await?;
                rows.into_iter().map(Row::Sqlite).collect()
            }
            Connection::Postgres(connection) => {
                let rows = sqlx::query_with(sql, bind::<PgArguments>(arguments)?).fetch_all(connection).await?;
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

    /// The text of a query that gives the numbers of a JSON list, which is the argument at `place`, such as `$2`. For lists
    /// that are too long for [`crate::value`]'s one place a value.
    pub(crate) fn numbers_of(&self, place: &str) -> String {
        match self.0 {
            Link::Sqlite(_) | Link::SqliteRead(_) => format!("SELECT value FROM json_each({place})"),
            Link::Postgres(_) | Link::PostgresRead(_) => {
                format!("SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST({place} AS JSON))")
            }
        }
    }

    /// As [`Session::numbers_of`] for texts.
    pub(crate) fn texts_of(&self, place: &str) -> String {
        match self.0 {
            Link::Sqlite(_) | Link::SqliteRead(_) => format!("SELECT value FROM json_each({place})"),
            Link::Postgres(_) | Link::PostgresRead(_) => {
                format!("SELECT value FROM json_array_elements_text(CAST({place} AS JSON))")
            }
        }
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
        let arguments = bind::<SqliteArguments>(chunk.into_iter().flatten().collect())?;
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
