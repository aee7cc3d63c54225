//! `shipworthy dbom`: the delivery bill of materials of a release.

use crate::api::release_choice::ReleaseChoice;
use crate::cli::output::{Exit, Failure};
use crate::cli::release_name;
use crate::cli::serve::run_async;
use crate::client::Connection;
use anyhow::Context as _;
use reqwest::Method;
use std::io::Write as _;

/// Print the delivery bill of materials of a release: what is known of it, by phase, and what is missing.
#[derive(Debug, clap::Args)]
pub(crate) struct Dbom {
    /// The release: its id, or `application/service@version`.
    #[arg(value_name = "RELEASE", value_parser = release_name::parse)]
    release: ReleaseChoice,
    /// How to print it.
    #[arg(long, value_enum, default_value_t)]
    output: Layout,
    #[command(flatten)]
    connection: Connection,
}

/// How a bill of materials is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum Layout {
    /// For programs; the schema is published.
    Json,
    /// For people.
    #[default]
    Markdown,
}

impl Dbom {
    pub(crate) fn run(self) -> Result<Exit, Failure> {
        run_async(self.print())
    }

    async fn print(self) -> Result<Exit, Failure> {
        let Self { release, output, connection } = self;
        let client = connection.client()?;
        let id = release_name::id(&client, &release).await?;
        let format = match output {
            Layout::Json => "json",
            Layout::Markdown => "markdown",
        };
        let request = client.request(Method::GET, &format!("/releases/{id}/dbom")).query(&[("format", format)]);
        let bytes = client.send(request).await?.bytes().await.context("the answer breaks off")?;
        // The bytes as they are: whoever compares digests needs every one of them. A reader that went away is no
        // failure.
        let _ = std::io::stdout().lock().write_all(&bytes);
        Ok(Exit::Done)
    }
}
