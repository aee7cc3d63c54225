//! Keys: the one that signs, Ed25519, and those of others that are known by their public halves.
//!
//! Ours is Ed25519 because its signatures are a function of key and message: no chance at signing time to get wrong.

mod der;
mod jwk;
mod public;

pub use jwk::Jwk;
pub use public::{KeyKind, PublicKey};

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::fmt;

/// A key that signs. Its `Debug` form shows the id alone.
pub struct SigningKey {
    pair: Ed25519KeyPair,
}

/// A text that was given as a key and is none, or a key that cannot be used. Never repeats the text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the key cannot be used: {0}")]
pub struct InvalidKey(pub(crate) &'static str);

/// The label of a private key in PEM (RFC 7468 §10).
const PRIVATE: &str = "PRIVATE KEY";

impl SigningKey {
    /// The key that these 32 random bytes make.
    ///
    /// # Errors
    /// When the library refuses them.
    pub fn from_seed(seed: &[u8; 32]) -> Result<Self, InvalidKey> {
        let pair = Ed25519KeyPair::from_seed_unchecked(seed).map_err(|_| InvalidKey("the seed was refused"))?;
        Ok(Self { pair })
    }

    /// Reads a private key in PEM, PKCS #8 inside.
    ///
    /// # Errors
    /// When the text is not PEM or holds no Ed25519 key.
    pub fn from_pem(text: &str) -> Result<Self, InvalidKey> {
        let der = read_pem(text, PRIVATE)?;
        let pair = Ed25519KeyPair::from_pkcs8_maybe_unchecked(&der)
            .map_err(|_| InvalidKey("expected an Ed25519 key in PKCS #8"))?;
        Ok(Self { pair })
    }

    /// The private key in PEM, to be kept where nobody else can read it.
    ///
    /// # Errors
    /// When the library cannot write it.
    pub fn to_pem(&self) -> Result<String, InvalidKey> {
        let der = self.pair.to_pkcs8v1().map_err(|_| InvalidKey("it cannot be written as PKCS #8"))?;
        Ok(write_pem(der.as_ref(), PRIVATE))
    }

    /// Signs a message.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.pair.sign(message).as_ref().to_vec()
    }

    /// Its public half.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        PublicKey::of_ed25519(self.pair.public_key().as_ref()).expect("a pair of keys has a public half")
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey").field("id", &self.public().id()).finish_non_exhaustive()
    }
}

pub(crate) fn read_pem(text: &str, label: &str) -> Result<Vec<u8>, InvalidKey> {
    let begin = format!("-----BEGIN {label}-----");
    let end = format!("-----END {label}-----");
    let body = text.split_once(&begin).and_then(|(_, rest)| rest.split_once(&end)).map(|(body, _)| body);
    let body = body.ok_or(InvalidKey("expected PEM with a `BEGIN` and an `END` line of the right kind"))?;
    let digits: String = body.split_whitespace().collect();
    STANDARD.decode(digits).map_err(|_| InvalidKey("the text between the PEM lines is not base64"))
}

pub(crate) fn write_pem(der: &[u8], label: &str) -> String {
    let digits = STANDARD.encode(der);
    let lines: Vec<&str> = digits.as_bytes().chunks(64).map(|line| str::from_utf8(line).unwrap_or_default()).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}
