//! How commands speak: data on standard output, talk on standard error, one exit code.

use crate::problem::Problem;
use crate::wording::shown;
use std::fmt::Display;
use std::io::Write as _;
use std::process::ExitCode;

/// How a command ended, as its exit code says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// 0: done, or the gate said allow or warn.
    Done,
    /// 1: the gate said deny, or a check failed.
    Denied,
}

/// Why a command did not end well.
#[derive(Debug)]
pub(crate) enum Failure {
    /// 2: what was asked cannot be done as asked.
    Usage(anyhow::Error),
    /// 3: the server did not answer, or could not.
    Undecided(anyhow::Error),
    /// 1: anything else.
    Failed(anyhow::Error),
}

impl Failure {
    /// A mistake in what was asked.
    #[must_use]
    pub(crate) fn usage(message: impl Display) -> Self {
        Self::Usage(anyhow::anyhow!("{message}"))
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::Failed(error)
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::Failed(error.into())
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        let status = problem.status;
        let error = anyhow::Error::new(problem);
        match status {
            500.. => Self::Undecided(error),
            400 | 404 | 409 | 413 | 415 | 422 => Self::Usage(error),
            _ => Self::Failed(error),
        }
    }
}

/// Prints what went wrong and gives the exit code.
pub(crate) fn finish(outcome: Result<Exit, Failure>) -> ExitCode {
    let (code, error) = match outcome {
        Ok(Exit::Done) => return ExitCode::SUCCESS,
        Ok(Exit::Denied) => return ExitCode::from(1),
        Err(Failure::Failed(error)) => (1, error),
        Err(Failure::Usage(error)) => (2, error),
        Err(Failure::Undecided(error)) => (3, error),
    };
    say(format_args!("error: {error:#}"));
    ExitCode::from(code)
}

/// Writes a line of data to standard output. A reader that went away (`| head`) is no failure.
pub(crate) fn print(line: impl Display) {
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}

/// Writes a line of talk to standard error. What tools or servers wrote in it cannot steer the terminal.
pub(crate) fn say(line: impl Display) {
    let lines: Vec<String> = line.to_string().lines().map(shown).collect();
    let _ = writeln!(std::io::stderr().lock(), "{}", lines.join("\n"));
}

/// Prints rows under a heading, each column as wide as its widest cell.
pub(crate) fn print_table(heading: &[&str], rows: &[Vec<String>]) {
    let widths: Vec<usize> = (0..heading.len())
        .map(|column| {
            let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
            cells.chain([heading[column].chars().count()]).max().unwrap_or_default()
        })
        .collect();
    let line = |cells: Vec<&str>| {
        let cells = cells.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    print(line(heading.to_vec()));
    for row in rows {
        print(line(row.iter().map(String::as_str).collect()));
    }
}

/// An RFC 3339 time to the second, which is enough for people and keeps columns of one width.
pub(crate) fn to_the_second(time: &str) -> String {
    let seconds = time.split(['.', 'Z']).next().unwrap_or(time);
    format!("{seconds}Z")
}

/// Prints an answer as JSON, for programs.
///
/// # Errors
/// When it has no JSON form.
pub(crate) fn print_json(answer: &impl serde::Serialize) -> Result<(), Failure> {
    use anyhow::Context as _;
    print(serde_json::to_string_pretty(answer).context("the answer cannot be written as JSON")?);
    Ok(())
}
