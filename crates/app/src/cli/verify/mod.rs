//! `shipworthy verify` and `shipworthy verify-release`: on any machine, with nothing but a key or a trusted root. Nothing
//! here asks a server.

mod checks;
mod expected;
mod release;
mod report;
mod statement;
mod trusted;

pub(crate) use release::VerifyRelease;

use crate::cli::output::{Exit, Failure};
use checks::verified_file;
use expected::Expected;
use report::{Report, refused};
use std::path::PathBuf;
use trusted::Trust;

/// Say of attestations who signed them, and whether that can be believed, without a server.
#[derive(Debug, clap::Args)]
pub(crate) struct Verify {
    /// Attestations: DSSE envelopes, Sigstore bundles, or what tools write around them.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    expected: Expected,
    #[command(flatten)]
    trust: Trust,
    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

impl Verify {
    pub(crate) fn run(self) -> Result<Exit, Failure> {
        let trusted = self.trust.read().map_err(Failure::Usage)?;
        let expected = self.expected.read().map_err(Failure::Usage)?;
        let mut report = Report::default();
        for file in &self.files {
            report.files.push(verified_file(file, &trusted, &expected).map_err(Failure::Usage)?);
        }
        report.steps.extend(disagreements(&report));
        report.finish(self.json)
    }
}

/// Two decisions about the same release and environment that hold at the same time cannot both be followed.
fn disagreements(report: &Report) -> Vec<shipworthy_trust::verify::Step> {
    let all: Vec<_> = report.files.iter().flat_map(|file| &file.attestations).collect();
    let summaries: Vec<_> =
        all.iter().filter(|one| one.is_verified()).filter_map(|one| one.statement.summary()).collect();
    let mut steps = Vec::new();
    for (at, first) in summaries.iter().enumerate() {
        for second in &summaries[at + 1..] {
            if (first.resource, first.environment) == (second.resource, second.environment)
                && first.result != second.result
            {
                steps.push(refused(
                    "agreement",
                    format!(
                        "two attestations disagree about {}: the one of {} says {}, the one of {} says {}",
                        first.resource, first.time, first.result, second.time, second.result
                    ),
                ));
            }
        }
    }
    steps
}
