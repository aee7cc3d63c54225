//! How exposure developed day by day, and how long it took to mend what was known.

use crate::{Column, Row, Session, StoreError, Visibility, args, finding};
use jiff::Timestamp;
use shipworthy_model::{ApplicationId, DeploymentId, Severity, SeverityCounts};

/// The exposure of one application on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day {
    /// Days since 1970 in UTC.
    pub number: i64,
    /// The application.
    pub application_id: ApplicationId,
    /// How many vulnerabilities its running deployments had, by severity.
    pub counts: SeverityCounts,
    /// How many of them were known to be exploited.
    pub known_exploited: u64,
    /// How many of them were overdue.
    pub overdue: u64,
    /// Its risk, from 0 to 100.
    pub risk: u64,
}

/// Keeps what is known of days; what was kept of the same days before is replaced.
///
/// # Errors
/// When the database fails.
pub async fn keep(session: &mut Session, days: &[Day]) -> Result<(), StoreError> {
    let names =
        ["day", "application_id", "critical", "high", "medium", "low", "unknown", "known_exploited", "overdue", "risk"];
    let columns = names.map(|name| (name, if name == "application_id" { Column::Text } else { Column::Int }));
    let row = |day: &Day| {
        let SeverityCounts { critical, high, medium, low, info: _, unknown } = day.counts;
        let Day { number, application_id, known_exploited, overdue, risk, .. } = *day;
        args![number, application_id, critical, high, medium, low, unknown, known_exploited, overdue, risk]
    };
    let on_conflict =
        "ON CONFLICT (day, application_id) DO UPDATE SET critical = excluded.critical, high = excluded.high,
        medium = excluded.medium, low = excluded.low, unknown = excluded.unknown,
        known_exploited = excluded.known_exploited, overdue = excluded.overdue, risk = excluded.risk";
    session.insert_many("exposure_day", &columns, days.iter().map(row).collect(), on_conflict).await
}

/// What is known of the visible applications from a day on, the earliest day first.
///
/// # Errors
/// When the database fails.
pub async fn days(session: &mut Session, visible: &Visibility, from: i64) -> Result<Vec<Day>, StoreError> {
    let mut arguments = args![from];
    let condition = visible.condition("application_id", &mut arguments);
    let sql = format!(
        "SELECT day, application_id, critical, high, medium, low, unknown, known_exploited, overdue, risk
         FROM exposure_day WHERE day >= $1 AND {condition} ORDER BY day, application_id"
    );
    session.rows(&sql, arguments).await?.iter().map(day).collect()
}

fn day(row: &Row) -> Result<Day, StoreError> {
    let mut column = row.columns();
    let (number, application_id) = (column.read()?, column.read()?);
    let mut counts = SeverityCounts::default();
    for severity in [Severity::Critical, Severity::High, Severity::Medium, Severity::Low, Severity::Unknown] {
        counts.add(severity, column.read()?);
    }
    let (known_exploited, overdue, risk) = (column.read()?, column.read()?, column.read()?);
    Ok(Day { number, application_id, counts, known_exploited, overdue, risk })
}

/// A vulnerability that a deployment mended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mended {
    /// The deployment.
    pub deployment_id: DeploymentId,
    /// The vulnerability.
    pub vulnerability: String,
    /// The application.
    pub application_id: ApplicationId,
    /// How bad it was.
    pub severity: Severity,
    /// Since when it was known and ran.
    pub known_at: Timestamp,
    /// Until when.
    pub mended_at: Timestamp,
}

/// Notes what a deployment mended. What it mended before stays as it was noted then.
///
/// # Errors
/// When the database fails.
pub async fn note_mended(session: &mut Session, mended: Vec<Mended>) -> Result<(), StoreError> {
    let (text, int) = (Column::Text, Column::Int);
    let columns = [
        ("deployment_id", text),
        ("vulnerability", text),
        ("application_id", text),
        ("severity", int),
        ("known_at", int),
        ("mended_at", int),
    ];
    let row = |found: Mended| {
        let Mended { deployment_id, vulnerability, application_id, severity, known_at, mended_at } = found;
        args![deployment_id, vulnerability, application_id, finding::rank(severity), known_at, mended_at]
    };
    let rows = mended.into_iter().map(row).collect();
    session.insert_many("mended", &columns, rows, "ON CONFLICT DO NOTHING").await
}

/// How long a team took to mend what was known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeToMend {
    /// The team's name.
    pub team: String,
    /// How many vulnerabilities it mended.
    pub count: u64,
    /// The mean time in seconds.
    pub mean_seconds: i64,
}

/// The mean time to mend by team, of what was mended from an instant on, by the teams' names.
///
/// # Errors
/// When the database fails.
pub async fn times_to_mend(
    session: &mut Session,
    visible: &Visibility,
    from: Timestamp,
) -> Result<Vec<TimeToMend>, StoreError> {
    let mut arguments = args![from];
    let condition = visible.condition("m.application_id", &mut arguments);
    let sql = format!(
        "SELECT t.name, COUNT(*), CAST(SUM(m.mended_at - m.known_at) / COUNT(*) / 1000000 AS BIGINT) FROM mended m
         JOIN application a ON a.id = m.application_id JOIN team t ON t.id = a.team_id
         WHERE m.mended_at >= $1 AND {condition} GROUP BY t.name ORDER BY t.name"
    );
    let read = |row: &Row| {
        let mut column = row.columns();
        Ok(TimeToMend { team: column.read()?, count: column.read()?, mean_seconds: column.read()? })
    };
    session.rows(&sql, arguments).await?.iter().map(read).collect()
}
