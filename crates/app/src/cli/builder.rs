//! `shipworthy builder`: which build platforms are trusted, and to what level.

use crate::api::builders::{Builder as View, KnownBuilder, TrustedPlatform};
use crate::cli::format::Output;
use crate::cli::output::{Exit, Failure, print, print_json, print_table};
use crate::cli::serve::run_async;
use crate::client::Connection;
use crate::page::Page;
use crate::wording::shown;
use reqwest::Method;
use shipworthy_model::BuilderId;
use std::path::PathBuf;

/// Say which build platforms are trusted, and to what level.
#[derive(Debug, clap::Args)]
pub(crate) struct Builder {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// List what is trusted, revoked ones too.
    List {
        /// Builders that are met in practice instead, as offers: `--output json` gives what `builder add` takes.
        #[arg(long)]
        known: bool,
        /// How to print them.
        #[arg(long, value_enum, default_value_t)]
        output: Output,
        #[command(flatten)]
        connection: Connection,
    },
    /// Trust a platform.
    Add {
        /// File with what is trusted, in JSON as `POST /api/v1/builders` takes it.
        #[arg(value_name = "FILE", required_unless_present = "known", conflicts_with = "known")]
        file: Option<PathBuf>,
        /// Or the name of one that is met in practice, as `builder list --known` shows it.
        #[arg(long, value_name = "NAME")]
        known: Option<String>,
        #[command(flatten)]
        connection: Connection,
    },
    /// Revoke the trust in a platform.
    Revoke {
        /// The builder's id.
        id: BuilderId,
        #[command(flatten)]
        connection: Connection,
    },
}

impl Builder {
    pub(crate) fn run(self) -> Result<Exit, Failure> {
        run_async(async {
            match self.command {
                Command::List { known: true, output, connection } => {
                    let page: Page<KnownBuilder> = connection.client()?.get("/builders/known", &[]).await?;
                    match output {
                        Output::Json => print_json(&page)?,
                        Output::Text => print_known(&page.items),
                    }
                }
                Command::List { known: false, output, connection } => {
                    let page: Page<View> = connection.client()?.get("/builders", &[]).await?;
                    match output {
                        Output::Json => print_json(&page)?,
                        Output::Text => print_all(&page.items),
                    }
                }
                Command::Add { file, known, connection } => {
                    let client = connection.client()?;
                    let body: TrustedPlatform = match (file, known) {
                        (Some(file), _) => {
                            let wrong = |error: &dyn std::fmt::Display| {
                                Failure::usage(format!("`{}`: {error}", file.display()))
                            };
                            let text = std::fs::read_to_string(&file).map_err(|error| wrong(&error))?;
                            serde_json::from_str(&text).map_err(|error| wrong(&error))?
                        }
                        (None, name) => {
                            let name = name.unwrap_or_default();
                            let page: Page<KnownBuilder> = client.get("/builders/known", &[]).await?;
                            let found = page.items.into_iter().find(|known| known.trusted.name == name);
                            let unknown = || {
                                Failure::usage(format!(
                                    "`{name}` is not among the known builders\nhint: shipworthy builder list --known"
                                ))
                            };
                            found.ok_or_else(unknown)?.trusted
                        }
                    };
                    let made: View = client.post("/builders", &body).await?;
                    print(&made.id);
                }
                Command::Revoke { id, connection } => {
                    let client = connection.client()?;
                    client.send(client.request(Method::DELETE, &format!("/builders/{id}"))).await?;
                }
            }
            Ok(Exit::Done)
        })
    }
}

fn level(trusted: &TrustedPlatform) -> String {
    format!("{} L{}", trusted.track, trusted.level)
}

fn print_known(builders: &[KnownBuilder]) {
    let row = |known: &KnownBuilder| {
        let platform = known.trusted.platform.value.clone().unwrap_or_else(|| "any".to_owned());
        vec![shown(&known.trusted.name), level(&known.trusted), shown(&platform), shown(&known.note)]
    };
    print_table(&["name", "level", "builder", "note"], &builders.iter().map(row).collect::<Vec<_>>());
}

fn print_all(builders: &[View]) {
    let row = |builder: &View| {
        let platform = builder.trusted.platform.value.clone().unwrap_or_else(|| "any".to_owned());
        let until =
            builder.revoked.as_ref().map_or_else(|| "-".to_owned(), |revoked| format!("revoked {}", revoked.at));
        vec![shown(&builder.trusted.name), level(&builder.trusted), shown(&platform), until, builder.id.clone()]
    };
    print_table(&["name", "level", "builder", "until", "id"], &builders.iter().map(row).collect::<Vec<_>>());
}
