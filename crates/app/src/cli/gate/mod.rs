//! `shipworthy gate`: asks whether a release may go to an environment, and says why not in the form that is asked for.
//! Exit codes: 0 allow or warn, 1 deny, 2 usage, 3 could not decide. Silence is never taken for a yes.

mod junit;
mod markdown;
mod reasons;
mod sarif;
mod text;

pub(crate) use sarif::sarif_log;

use crate::api::decisions::DecisionView;
use crate::api::gates::GateQuestion;
use crate::api::release_choice::ReleaseChoice;
use crate::cli::output::{Exit, Failure, print, print_json};
use crate::cli::release_name;
use crate::cli::serve::run_async;
use crate::client::Connection;
use crate::problem::Problem;
use anyhow::Context as _;
use reqwest::Method;
use std::path::PathBuf;

/// Ask whether a release may go to an environment, now.
#[derive(Debug, clap::Args)]
pub(crate) struct Gate {
    /// The release: its id, or `application/service@version`.
    #[arg(long, value_name = "RELEASE", value_parser = release_name::parse)]
    release: ReleaseChoice,
    /// The environment's name.
    #[arg(long, value_name = "NAME")]
    environment: String,
    /// Write the signed summary of the decision to this file, for those who do not ask the server.
    #[arg(long, value_name = "FILE")]
    attestation: Option<PathBuf>,
    /// How to print the decision.
    #[arg(long, value_enum, default_value_t)]
    output: Layout,
    #[command(flatten)]
    connection: Connection,
}

/// How a decision is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Layout {
    /// For people at a terminal.
    #[default]
    Text,
    /// For programs: as the API gives it.
    Json,
    /// For a summary of a run or a comment.
    Markdown,
    /// For what shows test results.
    Junit,
    /// For what shows code scanning results.
    Sarif,
}

impl Gate {
    pub(crate) fn run(self) -> Result<Exit, Failure> {
        run_async(self.ask())
    }

    async fn ask(self) -> Result<Exit, Failure> {
        let Self { release, environment, attestation, output, connection } = self;
        let client = connection.client()?;
        let question = GateQuestion { release, environment };
        let decision: DecisionView = client.post("/gates/evaluate", &question).await.map_err(undecided)?;
        print_decision(&decision, output)?;
        if let Some(file) = attestation {
            let request = client.request(Method::GET, &format!("/decisions/{}/attestation", decision.id));
            let signed =
                client.send(request).await.map_err(undecided)?.bytes().await.context("the answer breaks off")?;
            std::fs::write(&file, signed).with_context(|| format!("`{}` cannot be written", file.display()))?;
        }
        exit(&decision.verdict)
    }
}

/// Who may not ask was not answered: that is neither an allow nor a deny.
fn undecided(problem: Problem) -> Failure {
    match problem.status {
        401 | 403 | 408 | 429 => Failure::Undecided(problem.into()),
        _ => problem.into(),
    }
}

fn exit(verdict: &str) -> Result<Exit, Failure> {
    match verdict {
        "allow" | "warn" => Ok(Exit::Done),
        "deny" => Ok(Exit::Denied),
        other => Err(Failure::Undecided(anyhow::anyhow!("the server answered `{other}`, which is no verdict"))),
    }
}

/// Prints a decision in one of the forms.
pub(crate) fn print_decision(decision: &DecisionView, layout: Layout) -> Result<(), Failure> {
    match layout {
        Layout::Text => print(text::write(decision)),
        Layout::Json => print_json(decision)?,
        Layout::Markdown => print(markdown::write(decision)),
        Layout::Junit => print(junit::write(decision)),
        Layout::Sarif => print_json(&sarif::write(decision))?,
    }
    Ok(())
}
