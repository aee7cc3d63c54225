//! `shipworthy decision`: recorded answers of gates.

use crate::api::decisions::{DecisionSummary, DecisionView};
use crate::cli::attestation::OfDecision;
use crate::cli::format::Output;
use crate::cli::gate::{Layout, print_decision};
use crate::cli::output::{Exit, Failure, print, print_json, print_table, say, to_the_second};
use crate::cli::serve::run_async;
use crate::client::Connection;
use crate::page::Page;
use crate::wording::shown;
use anyhow::Context as _;
use reqwest::Method;
use shipworthy_model::DecisionId;
use std::io::Write as _;

/// Look at decisions and make them again.
#[derive(Debug, clap::Args)]
pub(crate) struct Decision {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// List decisions, newest first.
    List(List),
    /// Show a decision with every reason.
    Show {
        /// The decision's id.
        id: DecisionId,
        /// How to print it.
        #[arg(long, value_enum, default_value_t)]
        output: Layout,
        #[command(flatten)]
        connection: Connection,
    },
    Attestation(OfDecision),
    /// Make a decision again out of what was recorded with it, and print its bytes.
    Replay {
        /// The decision's id.
        id: DecisionId,
        #[command(flatten)]
        connection: Connection,
    },
}

#[derive(Debug, clap::Args)]
struct List {
    /// About this application, by id or name.
    #[arg(long, value_name = "NAME")]
    application: Option<String>,
    /// About this release, by id.
    #[arg(long, value_name = "ID")]
    release: Option<String>,
    /// Before this environment.
    #[arg(long, value_name = "NAME")]
    environment: Option<String>,
    /// With this answer: allow, warn or deny.
    #[arg(long, value_name = "VERDICT")]
    verdict: Option<String>,
    /// How many at most.
    #[arg(long, default_value_t = 50, value_name = "NUMBER")]
    limit: usize,
    /// How to print them.
    #[arg(long, value_enum, default_value_t)]
    output: Output,
    #[command(flatten)]
    connection: Connection,
}

impl Decision {
    pub(crate) fn run(self) -> Result<Exit, Failure> {
        run_async(async {
            match self.command {
                Command::List(list) => print_list(list).await,
                Command::Show { id, output, connection } => {
                    let decision: DecisionView = connection.client()?.get(&format!("/decisions/{id}"), &[]).await?;
                    print_decision(&decision, output)?;
                    Ok(Exit::Done)
                }
                Command::Attestation(attestation) => attestation.print().await,
                Command::Replay { id, connection } => replay(id, connection).await,
            }
        })
    }
}

async fn print_list(list: List) -> Result<Exit, Failure> {
    let List { application, release, environment, verdict, limit, output, connection } = list;
    let limit = limit.to_string();
    let asked =
        [("application", &application), ("release", &release), ("environment", &environment), ("verdict", &verdict)];
    let mut query: Vec<(&str, &str)> = vec![("limit", &limit)];
    query.extend(asked.iter().filter_map(|(name, value)| Some((*name, value.as_deref()?))));
    let page: Page<DecisionSummary> = connection.client()?.get("/decisions", &query).await?;
    if output == Output::Json {
        print_json(&page)?;
        return Ok(Exit::Done);
    }
    let row = |decision: &DecisionSummary| {
        let release = format!("{}/{}@{}", decision.application.name, decision.service.name, decision.release.name);
        vec![
            to_the_second(&decision.decided_at),
            decision.verdict.clone(),
            shown(&release),
            shown(&decision.environment.name),
            decision.id.clone(),
            shown(&decision.headline),
        ]
    };
    let heading = ["decided", "verdict", "release", "environment", "id", "why"];
    print_table(&heading, &page.items.iter().map(row).collect::<Vec<_>>());
    Ok(Exit::Done)
}

async fn replay(id: DecisionId, connection: Connection) -> Result<Exit, Failure> {
    let client = connection.client()?;
    let record = client.send(client.request(Method::GET, &format!("/decisions/{id}/record"))).await?;
    let record = record.bytes().await.context("the record breaks off")?;
    let again = client.send(client.request(Method::GET, &format!("/decisions/{id}/replay"))).await?;
    let again = again.bytes().await.context("the answer breaks off")?;
    // A reader that went away is no failure.
    let _ = std::io::stdout().lock().write_all(&again);
    print("");
    if again != record {
        let message = format!("decision `{id}` was made again and is not what was recorded");
        return Err(Failure::Failed(anyhow::anyhow!(message)));
    }
    say(format_args!("the same {} bytes again", record.len()));
    Ok(Exit::Done)
}
