//! Values that go into statements and come out of rows, the same for both engines.

use crate::StoreError;
use jiff::Timestamp;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{Arguments, Encode, Row as _, Type};

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
    pub(crate) fn into_text(self) -> Option<String> {
        match self {
            Self::Text(text) => text,
            Self::Int(_) | Self::Bytes(_) => None,
        }
    }

    pub(crate) fn into_int(self) -> Option<i64> {
        match self {
            Self::Int(int) => int,
            Self::Text(_) | Self::Bytes(_) => None,
        }
    }
}

/// The values of a statement in the form of one engine.
pub(crate) fn bind<A>(values: Vec<Arg>) -> Result<A, StoreError>
where
    A: Arguments,
    for<'q> Option<String>: Encode<'q, A::Database> + Type<A::Database>,
    for<'q> Option<i64>: Encode<'q, A::Database> + Type<A::Database>,
    for<'q> Vec<u8>: Encode<'q, A::Database> + Type<A::Database>,
{
    let mut all = A::default();
    for value in values {
        match value {
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
    shipworthy_model::BuilderId,
    shipworthy_model::SignerId,
    shipworthy_model::TrustRootId,
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
    shipworthy_model::FormatId,
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
    u32 => value => Self::Int(Some(i64::from(value))),
    &u32 => value => Self::Int(Some(i64::from(*value))),
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

impl Readable for u32 {
    fn read(value: Value) -> Result<Self, String> {
        let int = i64::read(value)?;
        Self::try_from(int).map_err(|_| format!("{int} has no place in 32 bits"))
    }
}

impl Readable for Timestamp {
    fn read(value: Value) -> Result<Self, String> {
        Self::from_microsecond(i64::read(value)?).map_err(|error| error.to_string())
    }
}
