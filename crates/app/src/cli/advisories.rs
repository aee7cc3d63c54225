//! `shipworthy advisories`: vulnerability data from outside.

use crate::api::advisories::Advisories as Loaded;
use crate::cli::format::Output;
use crate::cli::output::{Exit, Failure, print, print_json};
use crate::cli::serve::run_async;
use crate::client::{Connection, json};
use crate::wording::{counted, shown};
use anyhow::Context as _;
use reqwest::Method;
use std::path::PathBuf;

/// Load vulnerability data.
#[derive(Debug, clap::Args)]
pub(crate) struct Advisories {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Load the catalogue of known exploited vulnerabilities, in JSON as CISA publishes it.
    Import {
        /// The downloaded catalogue.
        #[arg(value_name = "FILE")]
        file: PathBuf,
        #[command(flatten)]
        connection: Connection,
    },
    /// Show which data is loaded.
    Status {
        /// How to print it.
        #[arg(long, value_enum, default_value_t)]
        output: Output,
        #[command(flatten)]
        connection: Connection,
    },
}

impl Advisories {
    pub(crate) fn run(self) -> Result<Exit, Failure> {
        run_async(async {
            let (loaded, output): (Loaded, Output) = match self.command {
                Command::Import { file, connection } => {
                    let bytes = std::fs::read(&file)
                        .with_context(|| format!("`{}` cannot be read", file.display()))
                        .map_err(Failure::Usage)?;
                    let client = connection.client()?;
                    let request = client.request(Method::PUT, "/advisories/known-exploited");
                    let request = request.header("content-type", "application/json").body(bytes);
                    (json(client.send(request).await?).await?, Output::Text)
                }
                Command::Status { output, connection } => (connection.client()?.get("/advisories", &[]).await?, output),
            };
            match (output, &loaded.known_exploited) {
                (Output::Json, _) => print_json(&loaded)?,
                (Output::Text, None) => print("no catalogue of known exploited vulnerabilities is loaded"),
                (Output::Text, Some(catalog)) => print(format_args!(
                    "known exploited vulnerabilities {}: {}, released {}, loaded {}",
                    shown(&catalog.version),
                    counted(catalog.count.unsigned_abs(), "vulnerability"),
                    shown(&catalog.released),
                    catalog.imported_at
                )),
            }
            Ok(Exit::Done)
        })
    }
}
