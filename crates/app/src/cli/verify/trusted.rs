//! Whom a verifier trusts, as the flags say it: keys, with their windows where the file has them, and Sigstore instances
//! together with who may have signed.

use crate::api::keys::{PublishedKey, PublishedKeys};
use crate::signing::KeyUse;
use anyhow::{Context as _, anyhow, bail};
use jiff::Timestamp;
use shipworthy_trust::PublicKey;
use shipworthy_trust::verify::identity::{IdentityRule, Pattern};
use shipworthy_trust::verify::{Roots, SigstoreRoot, TrustedKey};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The flags that say whom to trust.
#[derive(Debug, clap::Args)]
pub(crate) struct Trust {
    /// Whose signatures count: a public key in PEM or as JWK, a certificate, or what a server gives under
    /// `/.well-known/shipworthy-keys`. May be repeated.
    #[arg(long = "key", value_name = "FILE")]
    keys: Vec<PathBuf>,
    /// A Sigstore instance: a trusted root in JSON, or the word `sigstore` or `github`. May be repeated.
    #[arg(long = "trusted-root", requires_all = ["identity", "issuer"], value_name = "FILE")]
    trusted_roots: Vec<String>,
    /// Who must have signed under a trusted root; `*` stands for any characters.
    #[arg(long, value_name = "PATTERN")]
    identity: Option<String>,
    /// Who must have vouched for that identity; `*` stands for any characters.
    #[arg(long, value_name = "PATTERN")]
    issuer: Option<String>,
}

/// Whom to trust.
#[derive(Debug)]
pub(super) struct Trusted {
    pub(super) roots: Roots,
    /// What is published of keys, by their ids.
    pub(super) windows: BTreeMap<String, Window>,
    /// Who may have signed under a trusted root.
    pub(super) rule: IdentityRule,
}

/// What a key is for, and when its signatures hold.
#[derive(Debug)]
pub(super) struct Window {
    pub(super) usage: KeyUse,
    pub(super) from: Timestamp,
    pub(super) until: Option<Timestamp>,
}

impl Trust {
    pub(super) fn read(&self) -> anyhow::Result<Trusted> {
        if self.keys.is_empty() && self.trusted_roots.is_empty() {
            bail!("nobody is trusted\nhint: give a key with --key, or a trusted root with --trusted-root");
        }
        let pattern = |text: &Option<String>| pattern(text.as_deref().unwrap_or_default());
        let rule = IdentityRule { san: pattern(&self.identity), issuer: pattern(&self.issuer) };
        let mut trusted = Trusted { roots: Roots::default(), windows: BTreeMap::new(), rule };
        for path in &self.keys {
            trusted.add_keys(path)?;
        }
        for name in &self.trusted_roots {
            trusted.roots.sigstore.push(trusted_root(name)?);
        }
        Ok(trusted)
    }
}

impl Trusted {
    fn add_keys(&mut self, path: &Path) -> anyhow::Result<()> {
        let shown = path.display().to_string();
        let text = std::fs::read_to_string(path).with_context(|| format!("the key `{shown}` cannot be read"))?;
        let Ok(PublishedKeys { keys }) = serde_json::from_str(&text) else {
            let key = PublicKey::from_text(&text).with_context(|| format!("`{shown}`"))?;
            self.roots.keys.push(TrustedKey::always(&shown, key));
            return Ok(());
        };
        for published in keys {
            self.add_published(&published).with_context(|| format!("`{shown}`"))?;
        }
        Ok(())
    }

    /// The window is not given to the verifier of signatures: it is compared with the time that the statement says, which
    /// is known only after the signature was checked.
    fn add_published(&mut self, published: &PublishedKey) -> anyhow::Result<()> {
        let key = PublicKey::from_pem(&published.pem)?;
        let time = |text: &str| text.parse::<Timestamp>().map_err(|_| anyhow!("`{text}` is not a time"));
        let window = Window {
            usage: published.usage,
            from: time(&published.valid_from)?,
            until: published.valid_until.as_deref().map(time).transpose()?,
        };
        self.windows.insert(key.id(), window);
        self.roots.keys.push(TrustedKey::always(&published.usage.to_string(), key));
        Ok(())
    }
}

fn trusted_root(name: &str) -> anyhow::Result<SigstoreRoot> {
    match name {
        "sigstore" => Ok(SigstoreRoot::public_good()?),
        "github" => Ok(SigstoreRoot::github()?),
        path => {
            let text = std::fs::read_to_string(path).with_context(|| format!("the trusted root `{path}`"))?;
            SigstoreRoot::from_json(path, &text).with_context(|| format!("`{path}`"))
        }
    }
}

/// `*` alone is anything, which somebody then has spelled out.
fn pattern(text: &str) -> Pattern {
    match text {
        "*" => Pattern::Any,
        text if text.contains('*') => Pattern::Pattern(text.to_owned()),
        text => Pattern::Exact(text.to_owned()),
    }
}
