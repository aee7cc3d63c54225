//! `shipworthy push`: hands documents in, with what the build system says of the run, and prints a receipt for each.

use crate::api::evidence::{EvidenceContext, Receipt, Receipts};
use crate::api::release_choice::ReleaseChoice;
use crate::ci::{self, Run};
use crate::cli::format::Output;
use crate::cli::output::{Exit, Failure, print, say};
use crate::cli::release_name;
use crate::cli::serve::run_async;
use crate::client::{Client, Connection, json};
use crate::problem::Problem;
use crate::wording::shown;
use anyhow::Context as _;
use bytes::Bytes;
use indicatif::{ProgressBar, ProgressStyle};
use reqwest::Method;
use reqwest::multipart::{Form, Part};
use std::convert::Infallible;
use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::time::Duration;

/// Hand in documents. In a run of a known build system, commit and build are taken from its variables.
#[derive(Debug, clap::Args)]
pub(crate) struct Push {
    /// Documents, as they are, compressed with gzip or zstd, or many in a zip or tar archive.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// What they are about: `git:<commit>`, `build:<system>/<id>`, `sha256:<digest>` … May be repeated.
    #[arg(long = "subject", value_name = "SUBJECT")]
    subjects: Vec<String>,
    /// The release they are about: its id, or `application/service@version`.
    #[arg(long, value_name = "RELEASE", value_parser = release_name::parse)]
    release: Option<ReleaseChoice>,
    /// The environment they are about.
    #[arg(long, value_name = "NAME")]
    environment: Option<String>,
    /// Their format, where it should not be found out; see `shipworthy format list`.
    #[arg(long, value_name = "FORMAT")]
    format: Option<String>,
    /// The source commit [default: what the build system says].
    #[arg(long, value_name = "COMMIT")]
    commit: Option<String>,
    /// The run that built it, as `<system>/<id>` [default: what the build system says].
    #[arg(long, value_name = "BUILD")]
    build: Option<String>,
    /// The repository [default: what the build system says].
    #[arg(long, value_name = "URL")]
    repository: Option<String>,
    /// The branch [default: what the build system says].
    #[arg(long, value_name = "BRANCH")]
    branch: Option<String>,
    /// Keep documents that no reader knows.
    #[arg(long)]
    keep_unknown: bool,
    /// How often to try again when the server does not answer. A retry never doubles.
    #[arg(long, value_name = "NUMBER", default_value_t = 3)]
    retries: u32,
    /// How to print the receipts.
    #[arg(long, value_enum, default_value_t)]
    output: Output,
    #[command(flatten)]
    connection: Connection,
}

impl Push {
    pub(crate) fn run(self) -> Result<Exit, Failure> {
        run_async(self.push())
    }

    async fn push(self) -> Result<Exit, Failure> {
        let run = ci::detect(|name| std::env::var(name).ok());
        let context = self.context(run.as_ref());
        let Self { files, keep_unknown, retries, output, connection, .. } = self;
        if let Some(run) = &run {
            say_run(run);
        }
        let documents = files.into_iter().map(read).collect::<Result<Vec<_>, _>>()?;
        let client = connection.client()?;
        let upload = Upload { context: to_json(&context)?, documents, keep_unknown };
        let receipts = upload.send(&client, retries).await?;
        match output {
            Output::Json => print(serde_json::to_string_pretty(&receipts).context("they cannot be written as JSON")?),
            Output::Text => {
                for (document, receipt) in upload.documents.iter().zip(&receipts.receipts) {
                    print_receipt(&document.name, receipt);
                }
            }
        }
        Ok(Exit::Done)
    }

    /// What the flags say, and where they say nothing, the build system.
    fn context(&self, run: Option<&Run>) -> EvidenceContext {
        let or_run = |flag: &Option<String>, of_run: fn(&Run) -> &Option<String>| {
            flag.clone().or_else(|| run.and_then(|run| of_run(run).clone()))
        };
        EvidenceContext {
            subjects: self.subjects.clone(),
            release: self.release.clone(),
            environment: self.environment.clone(),
            format: self.format.clone(),
            repository: or_run(&self.repository, |run| &run.repository),
            branch: or_run(&self.branch, |run| &run.branch),
            commit: or_run(&self.commit, |run| &run.commit),
            build: or_run(&self.build, |run| &run.build),
        }
    }
}

fn say_run(run: &Run) {
    let Run { title, repository: _, branch: _, commit, build, url, started_by } = run;
    let named = |name: &str, value: &Option<String>| value.as_ref().map(|value| format!("{name} {value}"));
    let known = [named("commit", commit), named("build", build), named("started by", started_by), named("at", url)];
    let known: Vec<String> = known.into_iter().flatten().collect();
    say(format_args!(
        "context from {title}: {}",
        if known.is_empty() { "nothing".to_owned() } else { known.join(", ") }
    ));
}

/// A file that is to be sent.
pub(crate) struct Document {
    pub(crate) name: String,
    pub(crate) bytes: Bytes,
}

fn read(file: PathBuf) -> Result<Document, Failure> {
    let name = file.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let bytes = std::fs::read(&file).with_context(|| format!("`{}` cannot be read", file.display()));
    Ok(Document { name, bytes: bytes.map_err(Failure::Usage)?.into() })
}

pub(crate) fn to_json(context: &EvidenceContext) -> Result<String, Failure> {
    Ok(serde_json::to_string(context).context("the context cannot be written as JSON")?)
}

/// Everything that is sent in one request.
pub(crate) struct Upload {
    pub(crate) context: String,
    pub(crate) documents: Vec<Document>,
    pub(crate) keep_unknown: bool,
}

impl Upload {
    /// Sends it, again with a growing pause while the server does not answer or fails.
    pub(crate) async fn send(&self, client: &Client, retries: u32) -> Result<Receipts, Failure> {
        let mut pause = Duration::from_millis(300);
        let mut left = retries;
        loop {
            match self.send_once(client).await {
                Ok(receipts) => return Ok(receipts),
                Err(problem) if left > 0 && may_pass(&problem) => {
                    say(format_args!("{}; trying again", problem.detail));
                    tokio::time::sleep(pause).await;
                    pause *= 3;
                    left -= 1;
                }
                Err(problem) => return Err(problem.into()),
            }
        }
    }

    async fn send_once(&self, client: &Client) -> Result<Receipts, Problem> {
        let progress = progress(self.documents.iter().map(|document| document.bytes.len() as u64).sum());
        let mut form = Form::new().text("context", self.context.clone());
        for document in &self.documents {
            form = form.part("document", part(document, &progress));
        }
        let keep_unknown = if self.keep_unknown { "true" } else { "false" };
        let request = client.request(Method::POST, "/evidence").query(&[("keep_unknown", keep_unknown)]);
        let answer = client.send(request.multipart(form)).await;
        progress.finish_and_clear();
        json(answer?).await
    }
}

/// Whether the same request may work in a moment.
fn may_pass(problem: &Problem) -> bool {
    problem.status >= 500 || problem.status == 429
}

/// The bytes in pieces, so that the progress bar moves while they go.
fn part(document: &Document, progress: &ProgressBar) -> Part {
    const PIECE_BYTES: usize = 64 * 1024;
    let length = document.bytes.len() as u64;
    let (bytes, progress) = (document.bytes.clone(), progress.clone());
    let pieces = (0..bytes.len()).step_by(PIECE_BYTES).map(move |start| {
        let piece = bytes.slice(start..(start + PIECE_BYTES).min(bytes.len()));
        progress.inc(piece.len() as u64);
        Ok::<_, Infallible>(piece)
    });
    let body = reqwest::Body::wrap_stream(futures_util::stream::iter(pieces));
    Part::stream_with_length(body, length).file_name(document.name.clone())
}

/// A bar on a terminal, nothing elsewhere.
fn progress(bytes: u64) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(bytes);
    let style = ProgressStyle::with_template("{bar:30} {bytes} of {total_bytes}, {eta} left");
    match style {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

pub(crate) fn print_receipt(name: &str, receipt: &Receipt) {
    let Receipt { title, summary, subjects, warnings, is_new, link, releases, .. } = receipt;
    let again = if *is_new { "" } else { " (it was here already)" };
    print(format_args!("{}: {title}: {}{again}", shown(name), shown(summary)));
    print(format_args!("  about {}", subjects.join(", ")));
    if releases.is_empty() {
        print("  counts for no release yet; it joins those that share a subject with it");
    } else {
        let releases = releases.iter().map(|release| format!("{} {}", release.service, release.version));
        print(format_args!("  counts for {}", releases.collect::<Vec<_>>().join(", ")));
    }
    for warning in warnings {
        print(format_args!("  warning: {} (at {})", shown(&warning.message), shown(&warning.at)));
    }
    print(format_args!("  {link}"));
}
