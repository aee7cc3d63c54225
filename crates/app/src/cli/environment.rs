//! `shipworthy environment`: where releases run.

use crate::api::environments::{CreateEnvironment, Environment as Listed, UpdateEnvironment};
use crate::cli::format::Output;
use crate::cli::output::{Exit, Failure, print, print_json, print_table};
use crate::cli::serve::run_async;
use crate::client::{Client, Connection, json};
use crate::page::Page;
use crate::problem::Problem;
use reqwest::Method;

/// Look at, make and change environments.
#[derive(Debug, clap::Args)]
pub(crate) struct Environment {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Make an environment.
    Create {
        /// Its name, unique and without blanks.
        #[arg(value_name = "NAME")]
        name: String,
        /// What it is for: sandbox, development, test, staging or production.
        #[arg(long, value_name = "KIND")]
        kind: String,
        #[command(flatten)]
        rules: Rules,
        /// How to print it.
        #[arg(long, value_enum, default_value_t)]
        output: Output,
        #[command(flatten)]
        connection: Connection,
    },
    /// List environments in the order in which they were made.
    List {
        /// How to print them.
        #[arg(long, value_enum, default_value_t)]
        output: Output,
        #[command(flatten)]
        connection: Connection,
    },
    /// Change an environment.
    Update {
        /// Its name.
        #[arg(value_name = "NAME")]
        name: String,
        /// What it is for: sandbox, development, test, staging or production.
        #[arg(long, value_name = "KIND")]
        kind: Option<String>,
        #[command(flatten)]
        rules: Rules,
        /// How to print it.
        #[arg(long, value_enum, default_value_t)]
        output: Output,
        #[command(flatten)]
        connection: Connection,
    },
}

/// How an environment is reached and how its gate stands.
#[derive(Debug, clap::Args)]
struct Rules {
    /// Who can reach it: internet, internal or isolated.
    #[arg(long, value_name = "EXPOSURE")]
    exposure: Option<String>,
    /// Whether its gate stops (enforce), warns (warn) or rests (off).
    #[arg(long, value_name = "MODE")]
    gate_mode: Option<String>,
    /// What an unknown makes of the verdict: closed fails, open warns.
    #[arg(long, value_name = "RULE")]
    unknowns: Option<String>,
}

impl Environment {
    pub(crate) fn run(self) -> Result<Exit, Failure> {
        run_async(async {
            match self.command {
                Command::Create { name, kind, rules, output, connection } => {
                    let Rules { exposure, gate_mode, unknowns } = rules;
                    let new = CreateEnvironment { name, kind, exposure, gate_mode, unknowns };
                    show(&connection.client()?.post("/environments", &new).await?, "created", output)
                }
                Command::List { output, connection } => list(&connection.client()?, output).await,
                Command::Update { name, kind, rules, output, connection } => {
                    let client = connection.client()?;
                    let Rules { exposure, gate_mode, unknowns } = rules;
                    let change = UpdateEnvironment { kind, exposure, gate_mode, unknowns };
                    let id = by_name(&client, &name).await?.id;
                    let request = client.request(Method::PATCH, &format!("/environments/{id}")).json(&change);
                    show(&json(client.send(request).await?).await?, "changed", output)
                }
            }
        })
    }
}

async fn list(client: &Client, output: Output) -> Result<Exit, Failure> {
    let page: Page<Listed> = client.get("/environments", &[]).await?;
    if output == Output::Json {
        print_json(&page.items)?;
        return Ok(Exit::Done);
    }
    let rows: Vec<Vec<String>> = page
        .items
        .into_iter()
        .map(|listed| vec![listed.name, listed.kind, listed.exposure, listed.gate_mode, listed.unknowns])
        .collect();
    print_table(&["ENVIRONMENT", "KIND", "EXPOSURE", "GATE", "UNKNOWNS"], &rows);
    Ok(Exit::Done)
}

async fn by_name(client: &Client, name: &str) -> Result<Listed, Failure> {
    let page: Page<Listed> = client.get("/environments", &[]).await?;
    let found = page.items.into_iter().find(|listed| listed.name == name);
    Ok(found.ok_or_else(|| Problem::not_found(format!("environment `{name}`")))?)
}

fn show(environment: &Listed, verb: &str, output: Output) -> Result<Exit, Failure> {
    let Listed { name, kind, exposure, gate_mode, unknowns, .. } = environment;
    match output {
        Output::Json => print_json(environment)?,
        Output::Text => {
            print(format_args!("{verb} environment {name}: {kind}, {exposure}, gate {gate_mode}, unknowns {unknowns}"))
        }
    }
    Ok(Exit::Done)
}
