//! Whom a verifier trusts: keys, each from–until and perhaps revoked, and the authorities and logs of Sigstore instances.

use crate::PublicKey;
use jiff::Timestamp;
use rustls_pki_types::{CertificateDer, TrustAnchor};
use serde::{Deserialize, Serialize};
use sigstore_verify::Verifier;
use sigstore_verify::trust_root::{SIGSTORE_GITHUB_TRUSTED_ROOT, SIGSTORE_PRODUCTION_TRUSTED_ROOT, TrustedRoot};
use sigstore_verify::types::TsaAuthority;
use std::fmt;
use std::sync::Arc;

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
#[derive(Clone)]
pub struct SigstoreRoot {
    /// What it is called here.
    pub name: String,
    /// What a signature must prove.
    pub demands: Demands,
    read: Arc<Read>,
}

struct Read {
    verifier: Verifier,
    anchors: Vec<TrustAnchor<'static>>,
    timestamp_authorities: Vec<TsaAuthority>,
}

/// What a signature under a Sigstore root must prove beside its identity. All of it, unless somebody decided otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Demands {
    /// That it is in the transparency log.
    pub log_entry: bool,
    /// That its certificate is in the log of certificates.
    pub certificate_log: bool,
    /// That it was made while its certificate was valid. Without it a signature of a certificate that is long expired
    /// counts, although whoever finds the key later could have made it.
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
pub struct InvalidRoot(String);

impl SigstoreRoot {
    /// Reads a trusted root (`application/vnd.dev.sigstore.trustedroot+json`). One that names no transparency log or no log
    /// of certificates demands none, as that of GitHub for private repositories.
    ///
    /// # Errors
    /// When it is no trusted root, or holds a key or certificate that cannot be used.
    pub fn from_json(name: &str, json: &str) -> Result<Self, InvalidRoot> {
        let root = TrustedRoot::from_json(json).map_err(|error| InvalidRoot(error.to_string()))?;
        let kind = root.media_type.strip_prefix("application/vnd.dev.sigstore.trustedroot");
        if !kind.is_some_and(|rest| rest.ends_with("+json") || rest.contains("+json;")) {
            return Err(InvalidRoot(format!("its media type is `{}`", root.media_type)));
        }
        if root.certificate_authorities.is_empty() && root.tlogs.is_empty() {
            return Err(InvalidRoot("it names neither a certificate authority nor a log".to_owned()));
        }
        let demands = Demands {
            log_entry: !root.tlogs.is_empty(),
            certificate_log: !root.ctlogs.is_empty(),
            ..Demands::default()
        };
        let verifier = Verifier::new(&root).map_err(|error| InvalidRoot(error.to_string()))?;
        let chains = root.certificate_authorities.iter().flat_map(|authority| &authority.cert_chain.certificates);
        let anchors: Result<_, _> = chains
            .map(|entry| {
                let der = CertificateDer::from(entry.raw_bytes.as_bytes());
                webpki::anchor_from_trusted_cert(&der).map(|anchor| anchor.to_owned())
            })
            .collect();
        let anchors = anchors.map_err(|error: webpki::Error| InvalidRoot(error.to_string()))?;
        let read = Read { verifier, anchors, timestamp_authorities: root.tsa_authorities() };
        Ok(Self { name: name.to_owned(), demands, read: Arc::new(read) })
    }

    /// The trusted roots that were built in, by name: Sigstore's public instance, and GitHub's for the attestations of
    /// private repositories.
    #[must_use]
    pub fn built_in() -> [(&'static str, &'static str); 2] {
        [("Sigstore", SIGSTORE_PRODUCTION_TRUSTED_ROOT), ("GitHub", SIGSTORE_GITHUB_TRUSTED_ROOT)]
    }

    /// Sigstore's public instance, as it was when this program was built.
    ///
    /// # Errors
    /// When what was built in cannot be used, which tests rule out.
    pub fn public_good() -> Result<Self, InvalidRoot> {
        Self::from_json("Sigstore", SIGSTORE_PRODUCTION_TRUSTED_ROOT)
    }

    /// GitHub's instance for the attestations of private repositories, as it was when this program was built.
    ///
    /// # Errors
    /// When what was built in cannot be used, which tests rule out.
    pub fn github() -> Result<Self, InvalidRoot> {
        Self::from_json("GitHub", SIGSTORE_GITHUB_TRUSTED_ROOT)
    }

    /// The same with other demands.
    #[must_use]
    pub fn demanding(self, demands: Demands) -> Self {
        Self { demands, ..self }
    }

    pub(super) fn verifier(&self) -> &Verifier {
        &self.read.verifier
    }

    pub(super) fn anchors(&self) -> &[TrustAnchor<'static>] {
        &self.read.anchors
    }

    pub(super) fn timestamp_authorities(&self) -> &[TsaAuthority] {
        &self.read.timestamp_authorities
    }
}

impl Roots {
    /// Nobody but Sigstore's public instance.
    ///
    /// # Errors
    /// When what was built in cannot be used, which tests rule out.
    pub fn public_good() -> Result<Self, InvalidRoot> {
        Ok(Self { keys: Vec::new(), sigstore: vec![SigstoreRoot::public_good()?] })
    }
}

impl fmt::Debug for SigstoreRoot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigstoreRoot").field("name", &self.name).field("demands", &self.demands).finish_non_exhaustive()
    }
}
