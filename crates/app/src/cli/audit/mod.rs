//! `shipworthy audit`: checks the audit log without trusting its server. Exit codes: 0 nothing wrong, 1 something is,
//! 2 usage, 3 it could not be looked at.

mod append;
mod export;
mod package;
mod verify;
mod witness;

use crate::cli::output::{Exit, Failure};
use crate::problem::Problem;
use anyhow::Context as _;
use serde::{Deserialize, Serialize};
use shipworthy_trust::note::NoteKey;
use std::path::Path;

/// Check the audit log, keep its checkpoints elsewhere, and hand it on.
#[derive(Debug, clap::Args)]
pub(crate) struct Audit {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Check every entry and everything that entries are bound to, in a database or in an export, without a server.
    Verify(verify::Verify),
    /// Keep the newest checkpoint of a server in a file, once it is proved that its log only grew since the last one.
    Witness(witness::Witness),
    /// Print the whole log with its checkpoint, for `audit verify --export` elsewhere.
    Export(export::Export),
    /// Fetch a signed package for an auditor: entries with proofs, decisions, evidence and keys.
    Package(package::Package),
    /// Append entries that say nothing, and measure it.
    #[command(hide = true)]
    Append(append::Append),
}

impl Audit {
    pub(crate) fn run(self) -> Result<Exit, Failure> {
        match self.command {
            Command::Verify(verify) => verify.run(),
            Command::Witness(witness) => witness.run(),
            Command::Export(export) => export.run(),
            Command::Package(package) => package.run(),
            Command::Append(append) => append.run(),
        }
    }
}

/// A line of the file in which checkpoints are kept.
#[derive(Debug, Serialize, Deserialize)]
struct KeptLine {
    checkpoint: String,
    keys: Vec<String>,
}

/// The checkpoints in a file: a single one as the server gives it, or the lines that `witness` keeps.
fn read_notes(path: &Path) -> anyhow::Result<Vec<KeptLine>> {
    let shown = path.display();
    let text = std::fs::read_to_string(path).with_context(|| format!("`{shown}` cannot be read"))?;
    if !text.starts_with('{') {
        return Ok(vec![KeptLine { checkpoint: text, keys: Vec::new() }]);
    }
    let read = |(index, line)| {
        serde_json::from_str(line).with_context(|| format!("line {} of `{shown}` is no kept checkpoint", index + 1))
    };
    text.lines().enumerate().map(read).collect()
}

/// Keys, each as it is or in a file with one a line.
fn read_keys(given: &[String]) -> Result<Vec<NoteKey>, Failure> {
    let mut keys = Vec::new();
    for given in given {
        let text = if given.contains('+') {
            given.to_owned()
        } else {
            let read = std::fs::read_to_string(given).with_context(|| format!("the key `{given}` cannot be read"));
            read.map_err(Failure::Usage)?
        };
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            keys.push(line.parse().map_err(|error| Failure::usage(format!("--key: {error}")))?);
        }
    }
    Ok(keys)
}

/// Who may not look has not found anything: neither right nor wrong.
fn undecided(problem: Problem) -> Failure {
    Failure::Undecided(problem.into())
}
