//! `shipworthy policy-worker`: the child process in which the server runs policies. Not for people.

use crate::cli::output::{Exit, Failure};
use crate::worker;

/// Answer the server's requests on standard input.
#[derive(Debug, clap::Args)]
pub(crate) struct PolicyWorker {}

impl PolicyWorker {
    pub(crate) fn run(self) -> Result<Exit, Failure> {
        let Self {} = self;
        worker::run()?;
        Ok(Exit::Done)
    }
}
