//! The project's own commands, as `cargo xtask <command>`. In come the files of the working tree, out come
//! a running demo, a test report, or the sentences of what is out of order.

mod bench;
mod corpus;
mod demo;
mod generate;
mod postgres;
mod test;
mod tidy;
mod workplace;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::workplace::Workplace;

/// The project's own commands.
#[derive(Parser)]
#[command(bin_name = "cargo xtask", disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build everything, tell the demo's story to a fresh server and keep it running until Ctrl-C
    Demo {
        /// The port to listen on; a free one when not given
        #[arg(long)]
        port: Option<u16>,
        /// Print the address without opening a browser
        #[arg(long)]
        no_open: bool,
    },
    /// Run what CI runs: tidy, lints, every test on both databases, the UI and the browser
    Test {
        /// Run one part alone
        #[arg(long)]
        only: Option<test::Part>,
    },
    /// Fail on what the project's rules forbid, naming the place and the way out
    Tidy,
    /// Write the files that are made from the code
    Generate {
        /// Write nothing; fail when a committed file differs from what the code says
        #[arg(long)]
        check: bool,
    },
    /// Read the public documents beside the project and compare with what others say of them
    Corpus,
    /// Measure the release binary under load on both databases and print one table
    Bench {
        /// Measure a portfolio of so many inventories of 1,000 components, with 30 advisories for each, instead of one release
        #[arg(long, value_name = "INVENTORIES")]
        world: Option<usize>,
        /// On this database alone
        #[arg(long, value_name = "sqlite|postgresql")]
        database: Option<String>,
    },
    /// Run a command with a fresh PostgreSQL, whose address it finds in `SHIPWORTHY_TEST_POSTGRES`
    Postgres {
        /// For example `cargo nextest run --package shipworthy-store`
        #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true)]
        command: Vec<OsString>,
    },
}

fn main() -> ExitCode {
    match run(Arguments::parse().command) {
        Ok(code) => code,
        Err(error) => {
            workplace::say(&format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> anyhow::Result<ExitCode> {
    let workplace = Workplace::find()?;
    match command {
        Command::Demo { port, no_open } => demo::run(&workplace, port, no_open),
        Command::Test { only } => test::run(&workplace, only),
        Command::Tidy => tidy::run(&workplace),
        Command::Generate { check } => generate::run(&workplace, check),
        Command::Bench { world, database } => bench::run(&workplace, world, database.as_deref()),
        Command::Corpus => corpus::run(&workplace),
        Command::Postgres { command } => postgres::run(&workplace, &command),
    }
}
