//! `shipworthy format`: which documents are read, and formats of one's own.

use crate::api::formats::{Format as Described, PushFormat, SeverityWord};
use crate::cli::output::{Exit, Failure, print, print_json};
use crate::cli::read::{Read, own_format};
use crate::cli::serve::run_async;
use crate::client::Connection;
use crate::wording::{counted, shown};
use shipworthy_formats::{OwnFormat, Reader};
use shipworthy_model::{Finding, Report, Severity, SeverityCounts};
use std::path::{Path, PathBuf};

/// Show which documents are read, and describe formats of your own.
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
    /// Check a format of your own and read samples with it, without a server.
    Test {
        /// The description in TOML.
        #[arg(value_name = "DESCRIPTION")]
        description: PathBuf,
        /// Documents of the format.
        #[arg(value_name = "SAMPLE")]
        samples: Vec<PathBuf>,
    },
    /// Keep formats of your own on the server, as the next versions of their names.
    Push {
        /// Descriptions in TOML.
        #[arg(required = true, value_name = "DESCRIPTION")]
        files: Vec<PathBuf>,
        #[command(flatten)]
        connection: Connection,
    },
    /// Retire a format of your own: it recognises nothing any more.
    Retire {
        /// Its name.
        #[arg(value_name = "FORMAT")]
        name: String,
        #[command(flatten)]
        connection: Connection,
    },
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
            Command::Test { description, samples } => return test(&description, &samples),
            Command::Push { files, connection } => return run_async(push(files, connection)),
            Command::Retire { name, connection } => return run_async(retire(name, connection)),
        }
        Ok(Exit::Done)
    }
}

fn list(output: Output) -> Result<(), Failure> {
    let formats = Described::all();
    if output == Output::Json {
        return print_json(&formats);
    }
    let width = formats.iter().map(|format| format.name.len()).max().unwrap_or_default();
    for format in formats {
        print(format_args!("{:width$}  {:8}  {}", format.name, format.phase, format.title));
    }
    Ok(())
}

fn show(name: &str, output: Output) -> Result<(), Failure> {
    let format = Described::builtin(shipworthy_formats::find(name).map_err(Failure::usage)?);
    if output == Output::Json {
        return print_json(&format);
    }
    let Described { name, title, homepage, phase, tool, reads, identifies, severities, .. } = format;
    print(format_args!(
        "{name}: {title}\n  reads       {reads}\n  tool        {tool}\n  phase       {phase}\n  see         {homepage}"
    ));
    if !identifies.is_empty() {
        print(format_args!("  identifies  {identifies}"));
    }
    for SeverityWord { word, severity, source } in severities {
        print(format_args!("  severity    {word} is {severity} ({source})"));
    }
    Ok(())
}

/// Checks a description and what is read with it; a sample that it does not recognise, or reads nothing of, fails.
fn test(description: &Path, samples: &[PathBuf]) -> Result<Exit, Failure> {
    let format = own_format(description)?;
    print(format_args!("ok    {}: {}", shown(format.name()), shown(format.known().title)));
    let mut has_failed = false;
    for sample in samples {
        let path = shown(&sample.display().to_string());
        match sampled(&format, sample) {
            Ok(report) => print_sample(&path, &report),
            Err(why) => {
                has_failed = true;
                print(format_args!("FAIL  {path}: {}", shown(&why)));
            }
        }
    }
    Ok(if has_failed { Exit::Denied } else { Exit::Done })
}

fn sampled(format: &OwnFormat, sample: &Path) -> Result<Report, String> {
    let bytes = std::fs::read(sample).map_err(|error| error.to_string())?;
    let reader = Reader { own: std::slice::from_ref(format), ..Reader::default() };
    let reading = reader.read(&bytes, None).map_err(|error| error.to_string())?;
    if reading.format != format.known() {
        return Err(format!("it is recognised as `{}`, which comes with Shipworthy", reading.format.name));
    }
    if reading.report.findings.as_ref().is_none_or(Vec::is_empty) {
        return Err("expected a sample with findings, found none in it".to_owned());
    }
    Ok(reading.report)
}

fn print_sample(path: &str, report: &Report) {
    let findings = report.findings.as_deref().unwrap_or_default();
    let counts: SeverityCounts = findings.iter().map(|finding| finding.severity).collect();
    let of = |severity: &Severity| Some((counts.of(*severity), *severity)).filter(|(count, _)| *count > 0);
    let counts: Vec<_> = Severity::ALL.iter().rev().filter_map(of).map(|(n, word)| format!("{n} {word}")).collect();
    print(format_args!("ok    {path}: {} ({})", counted(findings.len() as u64, "finding"), counts.join(", ")));
    for Finding { rule, title, severity, component, location, .. } in findings.iter().take(SHOWN) {
        let component = component.as_ref().map(|component| format!(" in {}", component.name)).unwrap_or_default();
        let place = location.as_ref().map(|location| format!(" at {}", location.path)).unwrap_or_default();
        print(format_args!("      {severity}: {}", shown(&format!("{rule}: {title}{component}{place}"))));
    }
    for warning in &report.warnings {
        print(format_args!("      warning: {}", shown(&format!("{}: {}", warning.at, warning.message))));
    }
}

/// So many findings of a sample show whether the description is right.
const SHOWN: usize = 5;

async fn push(files: Vec<PathBuf>, connection: Connection) -> Result<Exit, Failure> {
    let client = connection.client()?;
    for file in files {
        let source = own_format(&file)?.source().to_owned();
        let kept: Described = client.post("/formats", &PushFormat { source }).await?;
        print(format_args!("{} version {}", kept.name, kept.version.unwrap_or_default()));
    }
    Ok(Exit::Done)
}

async fn retire(name: String, connection: Connection) -> Result<Exit, Failure> {
    connection.client()?.delete(&format!("/formats/{name}")).await?;
    print(format_args!("{} is retired", shown(&name)));
    Ok(Exit::Done)
}
