//! `shipworthy read`: reads documents without a server and prints what was understood.

use crate::cli::output::{Exit, Failure, print, say};
use crate::ingest::decompress;
use serde::Serialize;
use shipworthy_model::Report;
use std::path::{Path, PathBuf};

/// Read documents without a server: one line of JSON for each, with its format and report.
#[derive(Debug, clap::Args)]
pub(crate) struct Read {
    /// Documents, as they are or compressed with gzip or zstd.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Their format, where it should not be found out; see `shipworthy format list`.
    #[arg(long, value_name = "FORMAT")]
    format: Option<String>,
}

#[derive(Debug, Serialize)]
struct Line<'r> {
    file: String,
    format: &'static str,
    report: &'r Report,
}

/// What a document may unpack to; the same as the server's default.
const LARGEST_DECODED_BYTES: u64 = 512 * 1024 * 1024;

impl Read {
    pub(crate) fn run(self) -> Result<Exit, Failure> {
        let Self { files, format } = self;
        let mut unreadable = 0;
        for file in &files {
            match line(file, format.as_deref()) {
                Ok(line) => print(line),
                Err(why) => {
                    say(format_args!("{}: {why}", file.display()));
                    unreadable += 1;
                }
            }
        }
        match unreadable {
            0 => Ok(Exit::Done),
            count => Err(Failure::usage(format_args!("{count} of {} documents could not be read", files.len()))),
        }
    }
}

fn line(file: &Path, format: Option<&str>) -> Result<String, String> {
    let bytes = std::fs::read(file).map_err(|error| error.to_string())?;
    let unpacked = decompress(&bytes, LARGEST_DECODED_BYTES).map_err(|problem| problem.to_string())?;
    let reading = shipworthy_formats::read(&unpacked, format).map_err(|error| error.to_string())?;
    let line = Line { file: file.display().to_string(), format: reading.format.name, report: &reading.report };
    serde_json::to_string(&line).map_err(|error| error.to_string())
}
