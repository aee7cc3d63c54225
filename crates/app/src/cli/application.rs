//! `shipworthy application`: what the business names.

use crate::api::applications::Application as Listed;
use crate::cli::format::Output;
use crate::cli::output::{Exit, Failure, print_json, print_table, to_the_second};
use crate::cli::serve::run_async;
use crate::client::Connection;
use crate::page::Page;

/// Look at applications.
#[derive(Debug, clap::Args)]
pub(crate) struct Application {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// List applications by name.
    List {
        /// How to print them.
        #[arg(long, value_enum, default_value_t)]
        output: Output,
        #[command(flatten)]
        connection: Connection,
    },
}

impl Application {
    pub(crate) fn run(self) -> Result<Exit, Failure> {
        let Command::List { output, connection } = self.command;
        run_async(list(output, connection))
    }
}

async fn list(output: Output, connection: Connection) -> Result<Exit, Failure> {
    let page: Page<Listed> = connection.client()?.get("/applications", &[("limit", "500")]).await?;
    if output == Output::Json {
        print_json(&page.items)?;
        return Ok(Exit::Done);
    }
    let rows: Vec<Vec<String>> = page
        .items
        .into_iter()
        .map(|listed| {
            vec![listed.name, listed.team.name, listed.services.to_string(), to_the_second(&listed.created_at)]
        })
        .collect();
    print_table(&["APPLICATION", "TEAM", "SERVICES", "CREATED"], &rows);
    Ok(Exit::Done)
}
