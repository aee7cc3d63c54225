//! `shipworthy report`: reports for auditors, as data, as a page or as a PDF file.

use crate::api::applications::Application;
use crate::api::release_choice::ReleaseChoice;
use crate::cli::output::{Exit, Failure, say};
use crate::cli::release_name;
use crate::cli::serve::run_async;
use crate::client::{Client, Connection};
use crate::page::Page;
use anyhow::Context as _;
use reqwest::Method;
use std::io::Write as _;
use std::path::PathBuf;

/// Write a report for an auditor.
#[derive(Debug, clap::Args)]
pub(crate) struct Report {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// What happened in a span of time: releases, decisions, violations, exceptions, due dates, approvals.
    Period(PeriodReport),
    /// What is proved by SLSA of how a release, or the releases of an application, were built.
    Slsa(SlsaReport),
}

#[derive(Debug, clap::Args)]
struct SlsaReport {
    /// The release: its id, or `application/service@version`.
    #[arg(value_name = "RELEASE", value_parser = release_name::parse, required_unless_present = "application")]
    release: Option<ReleaseChoice>,
    /// All releases of the application of this name that were made in a span of time.
    #[arg(long, value_name = "NAME", conflicts_with = "release")]
    application: Option<String>,
    /// Its first instant, RFC 3339; 30 days before the end when not given.
    #[arg(long, value_name = "INSTANT", requires = "application")]
    from: Option<String>,
    /// The first instant after it, RFC 3339; now when not given.
    #[arg(long, value_name = "INSTANT", requires = "application")]
    until: Option<String>,
    #[command(flatten)]
    target: Target,
    #[command(flatten)]
    connection: Connection,
}

#[derive(Debug, clap::Args)]
struct PeriodReport {
    /// The first instant, RFC 3339; 30 days before the end when not given.
    #[arg(long, value_name = "INSTANT")]
    from: Option<String>,
    /// The first instant after it, RFC 3339; now when not given.
    #[arg(long, value_name = "INSTANT")]
    until: Option<String>,
    /// The name of an application.
    #[arg(long, value_name = "NAME", conflicts_with = "team")]
    application: Option<String>,
    /// The name of a team.
    #[arg(long, value_name = "NAME")]
    team: Option<String>,
    #[command(flatten)]
    target: Target,
    #[command(flatten)]
    connection: Connection,
}

/// Where a report goes, and how it is written.
#[derive(Debug, clap::Args)]
struct Target {
    /// The form; that of the file's ending when not given.
    #[arg(long, value_enum)]
    format: Option<Form>,
    /// The file to write; standard output when not given.
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// The form of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Form {
    /// For programs.
    Json,
    /// The same in a statement that the server signed, a DSSE envelope.
    Signed,
    /// A page.
    Html,
    /// A file to print.
    Pdf,
}

impl Report {
    pub(crate) fn run(self) -> Result<Exit, Failure> {
        run_async(async {
            match self.command {
                Command::Period(report) => report.write().await,
                Command::Slsa(report) => report.write().await,
            }
        })
    }
}

impl PeriodReport {
    async fn write(self) -> Result<Exit, Failure> {
        let Self { from, until, application, team, target, connection } = self;
        let given = [("from", from), ("until", until), ("application", application), ("team", team)];
        let query = given.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
        target.fetch(&connection, "/reports/period", query).await
    }
}

impl SlsaReport {
    async fn write(self) -> Result<Exit, Failure> {
        let Self { release, application, from, until, target, connection } = self;
        let client = connection.client()?;
        let path = match (release, application) {
            (Some(release), _) => format!("/releases/{}/slsa-report", release_name::id(&client, &release).await?),
            (None, Some(name)) => format!("/applications/{}/slsa-report", application_id(&client, &name).await?),
            (None, None) => return Err(anyhow::anyhow!("no release and no application is named").into()),
        };
        let given = [("from", from), ("until", until)];
        let query = given.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
        target.fetch(&connection, &path, query).await
    }
}

async fn application_id(client: &Client, name: &str) -> Result<String, Failure> {
    let mut cursor = None;
    loop {
        let mut query = vec![("limit", "500")];
        query.extend(cursor.as_deref().map(|cursor| ("cursor", cursor)));
        let page: Page<Application> = client.get("/applications", &query).await?;
        if let Some(found) = page.items.into_iter().find(|listed| listed.name == name) {
            return Ok(found.id);
        }
        match page.next_cursor {
            Some(next) => cursor = Some(next),
            None => return Err(anyhow::anyhow!("there is no application `{name}`, or you may not see it").into()),
        }
    }
}

impl Target {
    async fn fetch(self, connection: &Connection, path: &str, mut query: Vec<(&str, String)>) -> Result<Exit, Failure> {
        query.push(("format", self.form().name().to_owned()));
        let client = connection.client()?;
        let answer = client.send(client.request(Method::GET, path).query(&query)).await?;
        let bytes = answer.bytes().await.context("the answer breaks off")?;
        match self.output {
            Some(file) => {
                std::fs::write(&file, &bytes).with_context(|| format!("`{}` cannot be written", file.display()))?;
                say(format!("{} bytes in {}", bytes.len(), file.display()));
            }
            // A reader that went away is no failure.
            None => drop(std::io::stdout().lock().write_all(&bytes)),
        }
        Ok(Exit::Done)
    }

    fn form(&self) -> Form {
        let ending = self.output.as_ref().and_then(|file| file.extension()).and_then(|ending| ending.to_str());
        self.format.unwrap_or(match ending {
            Some("pdf") => Form::Pdf,
            Some("html") => Form::Html,
            _ => Form::Json,
        })
    }
}

impl Form {
    fn name(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Signed => "signed",
            Self::Html => "html",
            Self::Pdf => "pdf",
        }
    }
}
