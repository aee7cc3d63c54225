//! `shipworthy attest`: signs a statement about artifacts with a key of the pipeline, and hands it in or writes it to a
//! file.

use crate::api::evidence::{EvidenceContext, Receipts};
use crate::api::release_choice::ReleaseChoice;
use crate::attest::bundle;
use crate::cli::attestation::Form;
use crate::cli::output::{Exit, Failure, print, say};
use crate::cli::push::{Document, Upload, print_receipt, to_json};
use crate::cli::release_name;
use crate::cli::serve::run_async;
use crate::client::Connection;
use crate::signing::{Passphrase, read_key};
use anyhow::{Context as _, anyhow};
use serde_json::{Map, Value};
use shipworthy_model::Digest;
use shipworthy_trust::dsse;
use shipworthy_trust::statement::{Descriptor, Statement};
use std::path::{Path, PathBuf};

/// Sign a statement about artifacts, and hand it in or write it to a file.
#[derive(Debug, clap::Args)]
pub(crate) struct Attest {
    /// File with what the statement says: a JSON object.
    #[arg(long, value_name = "FILE")]
    predicate: PathBuf,
    /// The sort of thing it says, such as `https://slsa.dev/provenance/v1`.
    #[arg(long = "type", value_name = "URI")]
    predicate_type: String,
    /// What it is about: a file, `sha256:<digest>` or `<name>@sha256:<digest>`. May be repeated.
    #[arg(long = "artifact", required = true, value_name = "ARTIFACT")]
    artifacts: Vec<String>,
    /// File with the private key in PEM, plain or encrypted.
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// File with the key's passphrase in its first line [default: the variable SHIPWORTHY_SIGNING_PASSPHRASE].
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
    /// The form.
    #[arg(long, value_enum, default_value_t)]
    format: Form,
    /// Write it to this file; without it, and without `--push`, it goes to standard output.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Hand it in to the server.
    #[arg(long)]
    push: bool,
    /// The release it is evidence of: its id, or `application/service@version`.
    #[arg(long, requires = "push", value_name = "RELEASE", value_parser = release_name::parse)]
    release: Option<ReleaseChoice>,
    #[command(flatten)]
    connection: Connection,
}

impl Attest {
    pub(crate) fn run(self) -> Result<Exit, Failure> {
        let signed = self.sign().map_err(Failure::Usage)?;
        if let Some(out) = &self.out {
            std::fs::write(out, &signed).with_context(|| format!("`{}` cannot be written", out.display()))?;
            say(format_args!("signed: {}", out.display()));
        } else if !self.push {
            print(&signed);
        }
        if !self.push {
            return Ok(Exit::Done);
        }
        run_async(self.hand_in(signed))
    }

    fn sign(&self) -> anyhow::Result<String> {
        let subject = self.artifacts.iter().map(|text| descriptor(text)).collect::<anyhow::Result<Vec<_>>>()?;
        if !self.predicate_type.contains("://") {
            return Err(anyhow!(
                "`--type {}`: expected a URI such as `https://slsa.dev/provenance/v1`",
                self.predicate_type
            ));
        }
        let shown = self.predicate.display();
        let text = std::fs::read(&self.predicate).with_context(|| format!("`{shown}` cannot be read"))?;
        let predicate: Map<String, Value> =
            serde_json::from_slice(&text).with_context(|| format!("`{shown}`: expected a JSON object"))?;
        let passphrase = passphrase(self.passphrase_file.as_deref())?;
        let key = read_key(&self.key, passphrase.as_ref())?;
        let payload = serde_json::to_vec(&Statement::new(subject, &self.predicate_type, predicate))?;
        let envelope = dsse::sign(dsse::IN_TOTO, &payload, &key);
        Ok(match self.format {
            Form::Dsse => serde_json::to_string(&envelope)?,
            Form::Bundle => serde_json::to_string(&bundle(envelope))?,
        })
    }

    async fn hand_in(self, signed: String) -> Result<Exit, Failure> {
        let context = EvidenceContext { release: self.release, ..EvidenceContext::default() };
        let document = Document { name: "attestation.json".to_owned(), bytes: signed.into() };
        let upload = Upload { context: to_json(&context)?, documents: vec![document], keep_unknown: false };
        let Receipts { receipts, .. } = upload.send(&self.connection.client()?, RETRIES).await?;
        for receipt in &receipts {
            print_receipt("attestation", receipt);
        }
        Ok(Exit::Done)
    }
}

/// How often an upload is tried again.
const RETRIES: u32 = 3;

/// The passphrase that a file or the variable gives.
fn passphrase(file: Option<&Path>) -> anyhow::Result<Option<Passphrase>> {
    match file {
        Some(file) => Passphrase::from_file(file).map(Some),
        None => Ok(std::env::var("SHIPWORTHY_SIGNING_PASSPHRASE").ok().map(Passphrase::new)),
    }
}

/// A file by its digest, or a digest as it is, perhaps with a name before it.
fn descriptor(text: &str) -> anyhow::Result<Descriptor> {
    let (name, digest) = text.rsplit_once('@').map_or((None, text), |(name, digest)| (Some(name), digest));
    if digest.starts_with("sha256:") {
        let digest: Digest = digest.parse().map_err(|why| anyhow!("`{text}`: {why}"))?;
        let name = name.map(str::to_owned);
        return Ok(Descriptor { name, ..Descriptor::named(String::new(), "sha256", digest.hex()) });
    }
    let bytes = std::fs::read(text).with_context(|| format!("`{text}` is no digest, and cannot be read as a file"))?;
    let name = Path::new(text).file_name().map_or_else(|| text.to_owned(), |name| name.to_string_lossy().into_owned());
    Ok(Descriptor::named(name, "sha256", Digest::of(&bytes).hex()))
}
