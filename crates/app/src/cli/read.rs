//! `shipworthy read`: reads documents without a server and prints what was understood.

use crate::cli::output::{Exit, Failure, print, say};
use serde::Serialize;
use shipworthy_formats::{OwnFormat, Reader};
use shipworthy_model::Report;
use std::path::{Path, PathBuf};

/// Read documents without a server: one line of JSON for each, with its format and report.
#[derive(Debug, clap::Args)]
pub(crate) struct Read {
    /// Documents, as they are, compressed with gzip or zstd, or many in a zip or tar archive.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Their format, where it should not be found out; see `shipworthy format list`.
    #[arg(long, value_name = "FORMAT")]
    format: Option<String>,
    /// A format of your own, described in TOML; may be given more than once.
    #[arg(long, value_name = "DESCRIPTION")]
    with: Vec<PathBuf>,
}

#[derive(Debug, Serialize)]
struct Line<'r> {
    file: String,
    format: &'r str,
    report: &'r Report,
}

impl Read {
    pub(crate) fn run(self) -> Result<Exit, Failure> {
        let Self { files, format, with } = self;
        let own = with.iter().map(|path| own_format(path)).collect::<Result<Vec<_>, _>>()?;
        let reader = Reader { own: &own, ..Reader::default() };
        let mut unreadable = 0;
        for file in &files {
            match line(&reader, file, format.as_deref()) {
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

/// The format that a file describes.
pub(crate) fn own_format(path: &Path) -> Result<OwnFormat, Failure> {
    let source = std::fs::read_to_string(path);
    let source = source.map_err(|error| Failure::usage(format_args!("{}: {error}", path.display())))?;
    OwnFormat::parse(&source).map_err(|error| Failure::usage(format_args!("{}: {error}", path.display())))
}

fn line(reader: &Reader<'_>, file: &Path, format: Option<&str>) -> Result<String, String> {
    let bytes = std::fs::read(file).map_err(|error| error.to_string())?;
    let reading = reader.read(&bytes, format).map_err(|error| error.to_string())?;
    let line = Line { file: file.display().to_string(), format: reading.format.name, report: &reading.report };
    serde_json::to_string(&line).map_err(|error| error.to_string())
}
