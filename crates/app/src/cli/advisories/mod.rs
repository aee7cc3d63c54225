//! `shipworthy advisories`: vulnerability data from outside. Files of any size are sent in parts that every server takes.

mod sync;

use crate::advisory_parts::Parts;
use crate::api::advisories::{Advisories as Loaded, AdvisorySource, ImportedAdvisories, ImportedSource};
use crate::api::advisory_sync::AdvisorySync;
use crate::cli::format::Output;
use crate::cli::output::{Exit, Failure, print, print_json, print_table, say, to_the_second};
use crate::cli::serve::run_async;
use crate::cli::vulnerability_files::{self, File};
use crate::client::{Client, Connection, json};
use crate::wording::{counted, shown, thousands};
use anyhow::Context as _;
use reqwest::Method;
use shipworthy_formats::Room;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Load vulnerability data.
#[derive(Debug, clap::Args)]
pub(crate) struct Advisories {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Load vulnerability data from files: OSV, GitHub advisories, NVD 2.0, CVE records, CSAF, EPSS, CISA's catalogue.
    Import {
        /// Downloaded files, archives of them, or folders; what each is, is found out.
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        #[command(flatten)]
        connection: Connection,
    },
    /// Have the server fetch what changed at the sources that its settings name.
    Sync(sync::Sync),
    /// Show which data is loaded, how old it is, and how it is fetched.
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
        match self.command {
            Command::Import { files, connection } => run_async(import(files, connection)),
            Command::Sync(command) => run_async(command.sync()),
            Command::Status { output, connection } => run_async(status(output, connection)),
        }
    }
}

/// What people get themselves may be larger than what strangers send.
const ROOM: Room = Room { document_bytes: 64 << 20, archive_bytes: 32 << 30, documents: 4_000_000 };

async fn import(files: Vec<PathBuf>, connection: Connection) -> Result<Exit, Failure> {
    let client = connection.client()?;
    let (sender, mut parts) = tokio::sync::mpsc::channel(1);
    let reading = tokio::task::spawn_blocking(move || {
        let mut made = Parts::default();
        // Nobody receives any more when the import failed, and that side says why.
        let send = |part: Option<Vec<u8>>| part.map(|part| sender.blocking_send(part)).map_or((), |_| ());
        for File { path, .. } in vulnerability_files::files(&files)? {
            let (file, mut added) = (path.display(), Ok(()));
            let left_out = vulnerability_files::each(&path, ROOM, &mut |inner, document| {
                let name = if inner.is_empty() { file.to_string() } else { format!("{file}/{inner}") };
                if added.is_ok() {
                    added = made.add(&name, document).map(send);
                }
            })?;
            added?;
            left_out.iter().for_each(|left_out| say(format_args!("warning: {left_out}")));
        }
        send(made.take()?);
        Ok::<_, anyhow::Error>(())
    });
    let mut sources: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    let (mut documents, mut refused) = (0, None);
    let mut marked = Vec::new();
    while let Some(part) = parts.recv().await {
        match send(&client, part).await {
            Ok(imported) => {
                documents += imported.documents;
                marked.extend(Some(imported.releases).filter(|releases| *releases > 0));
                for ImportedSource { name, records, changed } in tell(imported) {
                    let total = sources.entry(name).or_default();
                    *total = (total.0 + records, total.1 + changed);
                }
            }
            // Nothing of this part is what is read; the others may be.
            Err(Failure::Usage(error)) => refused = Some(error),
            Err(other) => return Err(other),
        }
    }
    reading.await.context("a reader broke off")?.map_err(Failure::Usage)?;
    if let Some(error) = refused {
        if documents == 0 {
            return Err(Failure::Usage(error));
        }
        say(format_args!("warning: {error:#}"));
    }
    for (name, (records, changed)) in sources {
        print(format_args!("{name}: {}, {} new or changed", counted(records, "record"), thousands(changed)));
    }
    if !marked.is_empty() {
        // A release may be among those of several parts.
        let most = if marked.len() > 1 { "up to " } else { "" };
        let releases = counted(marked.iter().sum(), "release");
        print(format_args!("{most}{releases} with other vulnerabilities than before: their gates decide anew"));
    }
    Ok(Exit::Done)
}

async fn send(client: &Client, part: Vec<u8>) -> Result<ImportedAdvisories, Failure> {
    let request = client.request(Method::POST, "/advisories/import");
    let request = request.header("content-type", "application/octet-stream").body(part);
    Ok(json(client.send(request).await?).await?)
}

fn tell(imported: ImportedAdvisories) -> Vec<ImportedSource> {
    let ImportedAdvisories { documents: _, sources, warnings, more_warnings, releases: _ } = imported;
    for warning in warnings {
        say(format_args!("warning: {}: {}", warning.at, warning.message));
    }
    if more_warnings > 0 {
        say(format_args!("and {} more", counted(more_warnings, "warning")));
    }
    sources
}

async fn status(output: Output, connection: Connection) -> Result<Exit, Failure> {
    let loaded: Loaded = connection.client()?.get("/advisories", &[]).await?;
    if output == Output::Json {
        print_json(&loaded)?;
        return Ok(Exit::Done);
    }
    if loaded.sources.is_empty() {
        print("no vulnerability data is loaded");
    } else {
        print_sources(&loaded.sources);
    }
    if loaded.sync.state != "never" {
        print(format_args!("\n{}", in_a_line(&loaded.sync)));
        sync::print_feeds(&loaded.sync.feeds);
    }
    Ok(Exit::Done)
}

fn print_sources(sources: &[AdvisorySource]) {
    let row = |source: &AdvisorySource| {
        let imported_at = source.imported_at.as_deref().map_or("never".to_owned(), to_the_second);
        let age = source.age_seconds.map_or(String::new(), in_words);
        let failure = match (&source.failed_at, &source.failure) {
            (Some(at), Some(why)) => format!("{}: {}", to_the_second(at), shown(why)),
            _ => String::new(),
        };
        vec![shown(&source.name), thousands(source.records.unsigned_abs()), imported_at, age, failure]
    };
    let rows: Vec<_> = sources.iter().map(row).collect();
    print_table(&["source", "records", "imported", "age", "failed since"], &rows);
}

fn in_a_line(sync: &AdvisorySync) -> String {
    let at = |time: &Option<String>| time.as_deref().map(to_the_second).unwrap_or_default();
    let (began, ended) = (at(&sync.began_at), at(&sync.ended_at));
    let last = match sync.state.as_str() {
        "running" => format!("a sync is under way since {began}"),
        "broken-off" => format!("the sync of {began} broke off, and the next one goes on from there"),
        "failed" => format!("the last sync ended at {ended}, and part of it failed"),
        _ => format!("the last sync ended at {ended}"),
    };
    match &sync.next_at {
        Some(next) => format!("{last}; the next one begins after {}", to_the_second(next)),
        None => format!("{last}; none begins by itself"),
    }
}

/// How old something is, as exactly as matters.
fn in_words(seconds: i64) -> String {
    let seconds = seconds.unsigned_abs();
    match seconds {
        0..3_600 => counted(seconds / 60, "minute"),
        3_600..172_800 => counted(seconds / 3_600, "hour"),
        _ => counted(seconds / 86_400, "day"),
    }
}
