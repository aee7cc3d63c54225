//! `shipworthy deployment`: releases in environments, told by whoever deploys.

use crate::api::deployments::{Deployment as Shown, FailDeployment, FinishDeployment, StartDeployment};
use crate::api::release_choice::ReleaseChoice;
use crate::cli::format::Output;
use crate::cli::output::{Exit, Failure, print, print_json, print_table, to_the_second};
use crate::cli::release_name;
use crate::cli::serve::run_async;
use crate::client::Connection;
use crate::page::Page;
use serde::Serialize;
use serde_json::json;

/// Tell of deployments and look at them.
#[derive(Debug, clap::Args)]
pub(crate) struct Deployment {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Tell that a deployment begins.
    Start {
        /// The release: its id, or `application/service@version`.
        #[arg(long, value_name = "RELEASE", value_parser = release_name::parse)]
        release: ReleaseChoice,
        /// The environment's name.
        #[arg(long, value_name = "NAME")]
        environment: String,
        /// With what tool, such as argo-cd.
        #[arg(long, value_name = "TOOL")]
        tool: Option<String>,
        #[command(flatten)]
        answer: Answer,
    },
    /// Tell that a deployment runs, in place of the previous one of its service.
    Finish {
        /// The deployment's id.
        #[arg(value_name = "DEPLOYMENT")]
        id: String,
        /// A digest that runs [default: those of the release]. May be repeated.
        #[arg(long, value_name = "DIGEST")]
        running: Vec<String>,
        #[command(flatten)]
        answer: Answer,
    },
    /// Tell that a deployment did not come to run.
    Fail {
        /// The deployment's id.
        #[arg(value_name = "DEPLOYMENT")]
        id: String,
        /// Why, in one sentence.
        #[arg(long, value_name = "TEXT")]
        reason: Option<String>,
        #[command(flatten)]
        answer: Answer,
    },
    /// Tell that a running deployment was taken back; the one that it replaced runs again.
    Rollback {
        /// The deployment's id.
        #[arg(value_name = "DEPLOYMENT")]
        id: String,
        #[command(flatten)]
        answer: Answer,
    },
    /// List deployments, newest first.
    List {
        /// Those of this release: its id, or `application/service@version`.
        #[arg(long, value_name = "RELEASE", value_parser = release_name::parse)]
        release: Option<ReleaseChoice>,
        /// Those in this environment.
        #[arg(long, value_name = "NAME")]
        environment: Option<String>,
        /// Those of this application.
        #[arg(long, value_name = "NAME")]
        application: Option<String>,
        #[command(flatten)]
        answer: Answer,
    },
}

/// Whom to ask, and how to print the answer.
#[derive(Debug, clap::Args)]
struct Answer {
    /// How to print it.
    #[arg(long, value_enum, default_value_t)]
    output: Output,
    #[command(flatten)]
    connection: Connection,
}

impl Deployment {
    pub(crate) fn run(self) -> Result<Exit, Failure> {
        run_async(async {
            match self.command {
                Command::Start { release, environment, tool, answer } => {
                    let release = release_name::id(&answer.connection.client()?, &release).await?;
                    answer.post("/deployments", &StartDeployment { release, environment, tool }).await
                }
                Command::Finish { id, running, answer } => {
                    let running = (!running.is_empty()).then_some(running);
                    answer.post(&format!("/deployments/{id}/finish"), &FinishDeployment { running }).await
                }
                Command::Fail { id, reason, answer } => {
                    answer.post(&format!("/deployments/{id}/fail"), &FailDeployment { reason }).await
                }
                Command::Rollback { id, answer } => {
                    answer.post(&format!("/deployments/{id}/rollback"), &json!({})).await
                }
                Command::List { release, environment, application, answer } => {
                    answer.list(release.as_ref(), environment.as_deref(), application.as_deref()).await
                }
            }
        })
    }
}

impl Answer {
    async fn post(&self, path: &str, body: &impl Serialize) -> Result<Exit, Failure> {
        let deployment: Shown = self.connection.client()?.post(path, body).await?;
        match self.output {
            Output::Json => print_json(&deployment)?,
            Output::Text => show(&deployment),
        }
        Ok(Exit::Done)
    }

    async fn list(
        &self,
        release: Option<&ReleaseChoice>,
        environment: Option<&str>,
        application: Option<&str>,
    ) -> Result<Exit, Failure> {
        let client = self.connection.client()?;
        let release = match release {
            Some(release) => Some(release_name::id(&client, release).await?),
            None => None,
        };
        let filters = [("release", release.as_deref()), ("environment", environment), ("application", application)];
        let query: Vec<(&str, &str)> = filters.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
        let page: Page<Shown> = client.get("/deployments", &query).await?;
        if self.output == Output::Json {
            print_json(&page.items)?;
            return Ok(Exit::Done);
        }
        let rows: Vec<Vec<String>> = page.items.iter().map(row).collect();
        print_table(&["RELEASE", "ENVIRONMENT", "STATE", "IMAGE", "SINCE", "ID"], &rows);
        Ok(Exit::Done)
    }
}

fn named(deployment: &Shown) -> String {
    format!("{}/{}@{}", deployment.application.name, deployment.service.name, deployment.release.name)
}

fn image(deployment: &Shown) -> &'static str {
    match deployment.is_right_image {
        Some(true) => "right",
        Some(false) => "wrong",
        None => "unknown",
    }
}

fn row(deployment: &Shown) -> Vec<String> {
    let Shown { environment, state, changed_at, id, .. } = deployment;
    let name = environment.name.clone();
    vec![named(deployment), name, state.clone(), image(deployment).to_owned(), to_the_second(changed_at), id.clone()]
}

fn show(deployment: &Shown) {
    let Shown { id, environment, state, .. } = deployment;
    print(format_args!("deployment {id}"));
    print(format_args!("release    {}", named(deployment)));
    print(format_args!("in         {}, {state}", environment.name));
    for digest in &deployment.running {
        print(format_args!("runs       {digest}"));
    }
    print(format_args!("image      {}", image(deployment)));
}
