//! `shipworthy release attestation` and `shipworthy decision attestation`: signed answers to keep and to hand on.

use crate::api::release_choice::ReleaseChoice;
use crate::cli::output::{Exit, Failure};
use crate::cli::release_name;
use crate::client::{Client, Connection};
use anyhow::Context as _;
use reqwest::Method;
use shipworthy_model::DecisionId;
use std::io::Write as _;

/// Print the signed delivery bill of materials of a release.
#[derive(Debug, clap::Args)]
pub(crate) struct OfRelease {
    /// Its id, or `application/service@version`.
    #[arg(value_name = "RELEASE", value_parser = release_name::parse)]
    release: ReleaseChoice,
    /// The form.
    #[arg(long, value_enum, default_value_t)]
    format: Form,
    #[command(flatten)]
    connection: Connection,
}

/// Print the signed summary of a decision.
#[derive(Debug, clap::Args)]
pub(crate) struct OfDecision {
    /// The decision's id.
    id: DecisionId,
    /// The form.
    #[arg(long, value_enum, default_value_t)]
    format: Form,
    #[command(flatten)]
    connection: Connection,
}

/// A form of an attestation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Form {
    /// A DSSE envelope.
    #[default]
    Dsse,
    /// A Sigstore bundle 0.3.
    Bundle,
}

impl OfRelease {
    pub(crate) async fn print(self) -> Result<Exit, Failure> {
        let Self { release, format, connection } = self;
        let client = connection.client()?;
        let id = release_name::id(&client, &release).await?;
        print_from(&client, &format!("/releases/{id}/attestation"), format).await
    }
}

impl OfDecision {
    pub(crate) async fn print(self) -> Result<Exit, Failure> {
        let Self { id, format, connection } = self;
        print_from(&connection.client()?, &format!("/decisions/{id}/attestation"), format).await
    }
}

async fn print_from(client: &Client, path: &str, format: Form) -> Result<Exit, Failure> {
    let format = match format {
        Form::Dsse => "dsse",
        Form::Bundle => "bundle",
    };
    let request = client.request(Method::GET, path).query(&[("format", format)]);
    let bytes = client.send(request).await?.bytes().await.context("the answer breaks off")?;
    // The bytes as they are, for they are signed. A reader that went away is no failure.
    let _ = std::io::stdout().lock().write_all(&bytes);
    Ok(Exit::Done)
}
