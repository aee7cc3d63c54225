//! `shipworthy format`: which documents are read.

use crate::api::formats::Format as Described;
use crate::cli::output::{Exit, Failure, print};
use crate::cli::read::Read;
use anyhow::Context as _;

/// Show which documents are read.
#[derive(Debug, clap::Args)]
pub(crate) struct Format {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// List every format.
    List {
        /// How to print it.
        #[arg(long, value_enum, default_value_t)]
        output: Output,
    },
    /// Show one format.
    Show {
        /// Its name.
        #[arg(value_name = "FORMAT")]
        name: String,
        /// How to print it.
        #[arg(long, value_enum, default_value_t)]
        output: Output,
    },
    /// Read documents, as `shipworthy read` does.
    Read(Read),
}

/// How an answer is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Output {
    /// For people.
    #[default]
    Text,
    /// For programs.
    Json,
}

impl Format {
    pub(crate) fn run(self) -> Result<Exit, Failure> {
        match self.command {
            Command::List { output } => list(output)?,
            Command::Show { name, output } => show(&name, output)?,
            Command::Read(read) => return read.run(),
        }
        Ok(Exit::Done)
    }
}

fn list(output: Output) -> Result<(), Failure> {
    let formats = Described::all();
    if output == Output::Json {
        print(serde_json::to_string_pretty(&formats).context("the formats cannot be written as JSON")?);
        return Ok(());
    }
    let width = formats.iter().map(|format| format.name.len()).max().unwrap_or_default();
    for format in formats {
        print(format_args!("{:width$}  {:8}  {}", format.name, format.phase, format.title));
    }
    Ok(())
}

fn show(name: &str, output: Output) -> Result<(), Failure> {
    shipworthy_formats::find(name).map_err(Failure::usage)?;
    let found = Described::all().into_iter().find(|format| format.name == name);
    let format = found.context("a format that is found is in the list")?;
    if output == Output::Json {
        print(serde_json::to_string_pretty(&format).context("the format cannot be written as JSON")?);
        return Ok(());
    }
    let Described { name, title, homepage, phase, tool, reads } = format;
    print(format_args!(
        "{name}: {title}\n  reads   {reads}\n  tool    {tool}\n  phase   {phase}\n  see     {homepage}"
    ));
    Ok(())
}
