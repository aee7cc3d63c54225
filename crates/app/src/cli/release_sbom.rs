//! `shipworthy release sbom` and `shipworthy release vex`: documents about a release to hand on.

use crate::api::release_choice::ReleaseChoice;
use crate::cli::output::{Exit, Failure};
use crate::cli::release_name;
use crate::client::Connection;
use anyhow::Context as _;
use reqwest::Method;
use std::io::Write as _;

/// Print what a release is made of, as a document to hand on.
#[derive(Debug, clap::Args)]
pub(crate) struct Sbom {
    /// Its id, or `application/service@version`.
    #[arg(value_name = "RELEASE", value_parser = release_name::parse)]
    release: ReleaseChoice,
    /// The form.
    #[arg(long, value_enum, default_value_t)]
    format: SbomForm,
    /// Name the vulnerabilities that are known, with what is said about them.
    #[arg(long)]
    vulnerabilities: bool,
    #[command(flatten)]
    connection: Connection,
}

/// A form of a bill of materials.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum SbomForm {
    /// CycloneDX 1.6 in JSON.
    #[default]
    Cyclonedx,
    /// SPDX 2.3 in JSON.
    Spdx,
}

/// Print what is said of the vulnerabilities of a release, as a document to hand on.
#[derive(Debug, clap::Args)]
pub(crate) struct Vex {
    /// Its id, or `application/service@version`.
    #[arg(value_name = "RELEASE", value_parser = release_name::parse)]
    release: ReleaseChoice,
    /// The form.
    #[arg(long, value_enum, default_value_t)]
    format: VexForm,
    /// Hand on what others said, too, with their names.
    #[arg(long)]
    received: bool,
    #[command(flatten)]
    connection: Connection,
}

/// A form of statements.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum VexForm {
    /// OpenVEX 0.2.0.
    #[default]
    Openvex,
    /// CycloneDX 1.6 in JSON.
    Cyclonedx,
}

impl Sbom {
    pub(crate) async fn print(self) -> Result<Exit, Failure> {
        let Self { release, format, vulnerabilities, connection } = self;
        let format = match format {
            SbomForm::Cyclonedx => "cyclonedx",
            SbomForm::Spdx => "spdx",
        };
        let vulnerabilities = if vulnerabilities { "true" } else { "false" };
        print_document(&connection, &release, "sbom", &[("format", format), ("vulnerabilities", vulnerabilities)]).await
    }
}

impl Vex {
    pub(crate) async fn print(self) -> Result<Exit, Failure> {
        let Self { release, format, received, connection } = self;
        let format = match format {
            VexForm::Openvex => "openvex",
            VexForm::Cyclonedx => "cyclonedx",
        };
        let received = if received { "true" } else { "false" };
        print_document(&connection, &release, "vex", &[("format", format), ("received", received)]).await
    }
}

async fn print_document(
    connection: &Connection,
    release: &ReleaseChoice,
    what: &str,
    query: &[(&str, &str)],
) -> Result<Exit, Failure> {
    let client = connection.client()?;
    let id = release_name::id(&client, release).await?;
    let request = client.request(Method::GET, &format!("/releases/{id}/{what}")).query(query);
    let bytes = client.send(request).await?.bytes().await.context("the answer breaks off")?;
    // The bytes as they are: whoever compares digests needs every one of them. A reader that went away is no failure.
    let _ = std::io::stdout().lock().write_all(&bytes);
    Ok(Exit::Done)
}
