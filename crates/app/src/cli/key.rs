//! `shipworthy key`: the keys with which the server signs.

use crate::api::keys::{PublishedKey, RotateKey};
use crate::cli::format::Output;
use crate::cli::output::{Exit, Failure, print, print_json, print_table, to_the_second};
use crate::cli::serve::run_async;
use crate::client::Connection;
use crate::page::Page;
use crate::signing::KeyUse;

/// Look at the keys with which the server signs, and put new ones in force.
#[derive(Debug, clap::Args)]
pub(crate) struct Key {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// List the keys with the windows in which what they signed holds.
    List {
        /// How to print them.
        #[arg(long, value_enum, default_value_t)]
        output: Output,
        #[command(flatten)]
        connection: Connection,
    },
    /// Make a new key, which signs from now on.
    Rotate {
        /// What the key signs.
        #[arg(long = "use", value_enum, default_value_t = Usage::Attestation)]
        usage: Usage,
        /// How many hours the key that is replaced still holds.
        #[arg(long, value_name = "HOURS", default_value_t = 24)]
        overlap_hours: u32,
        /// How to print it.
        #[arg(long, value_enum, default_value_t)]
        output: Output,
        #[command(flatten)]
        connection: Connection,
    },
}

/// What a key signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Usage {
    /// Decisions and delivery bills of materials.
    Attestation,
    /// Checkpoints of the audit log.
    Audit,
}

impl Key {
    pub(crate) fn run(self) -> Result<Exit, Failure> {
        run_async(async {
            match self.command {
                Command::List { output, connection } => {
                    let page: Page<PublishedKey> = connection.client()?.get("/keys", &[]).await?;
                    list(&page.items, output)
                }
                Command::Rotate { usage, overlap_hours, output, connection } => {
                    let usage = match usage {
                        Usage::Attestation => KeyUse::Attestation,
                        Usage::Audit => KeyUse::Audit,
                    };
                    let asked = RotateKey { usage, overlap_hours: Some(overlap_hours) };
                    let key: PublishedKey = connection.client()?.post("/keys", &asked).await?;
                    match output {
                        Output::Json => print_json(&key)?,
                        Output::Text => print(format_args!("the key {} signs from now on ({usage})", key.id)),
                    }
                    Ok(Exit::Done)
                }
            }
        })
    }
}

fn list(keys: &[PublishedKey], output: Output) -> Result<Exit, Failure> {
    if output == Output::Json {
        print_json(&keys)?;
        return Ok(Exit::Done);
    }
    let row = |key: &PublishedKey| {
        let until = key.valid_until.as_deref().map_or_else(|| "replaced".to_owned(), to_the_second);
        vec![key.usage.to_string(), to_the_second(&key.valid_from), until, key.id.clone()]
    };
    print_table(&["USE", "FROM", "UNTIL", "KEY"], &keys.iter().map(row).collect::<Vec<_>>());
    Ok(Exit::Done)
}
