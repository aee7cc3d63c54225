//! What a verifier expects of an attestation, as the flags say it: which artifacts it is about, for which environment it
//! was decided, and at which instant it must hold.

use crate::clock::Clock;
use anyhow::{Context as _, anyhow};
use jiff::Timestamp;
use shipworthy_model::Digest;

/// The flags that say what is expected.
#[derive(Debug, clap::Args)]
pub(crate) struct Expected {
    /// What it must be about: a file, or `sha256:<digest>`. May be repeated.
    #[arg(long = "artifact", value_name = "ARTIFACT")]
    artifacts: Vec<String>,
    /// The environment that it must have been decided for.
    #[arg(long, value_name = "NAME")]
    environment: Option<String>,
    /// The instant at which it must hold, RFC 3339 [default: now].
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
}

/// What is expected.
#[derive(Debug)]
pub(super) struct Expectation {
    pub(super) artifacts: Vec<Artifact>,
    pub(super) environment: Option<String>,
    pub(super) at: Timestamp,
}

/// An artifact at hand.
#[derive(Debug)]
pub(super) struct Artifact {
    pub(super) digest: Digest,
    /// Its bytes, where it was given as a file.
    pub(super) bytes: Option<Vec<u8>>,
}

impl Expected {
    pub(super) fn read(&self) -> anyhow::Result<Expectation> {
        let at = match &self.at {
            None => Clock::system().now(),
            Some(text) => text.parse().map_err(|_| {
                anyhow!("`--at {text}`: expected a time as RFC 3339 writes it, such as `2027-01-31T00:00:00Z`")
            })?,
        };
        let artifacts = self.artifacts.iter().map(|text| artifact(text)).collect::<anyhow::Result<_>>()?;
        Ok(Expectation { artifacts, environment: self.environment.clone(), at })
    }
}

fn artifact(text: &str) -> anyhow::Result<Artifact> {
    if text.starts_with("sha256:") {
        let digest = text.parse().map_err(|why| anyhow!("`--artifact {text}`: {why}"))?;
        return Ok(Artifact { digest, bytes: None });
    }
    let bytes = std::fs::read(text).with_context(|| format!("the artifact `{text}` cannot be read"))?;
    Ok(Artifact { digest: Digest::of(&bytes), bytes: Some(bytes) })
}
