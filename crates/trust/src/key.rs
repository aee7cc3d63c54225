//! The key that signs summaries of decisions, and its public half: Ed25519, in PEM and as a JSON Web Key.
//!
//! Ed25519 because its signatures are a function of key and message: no chance at signing time to get wrong.

use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde::Serialize;
use shipworthy_model::Digest;
use std::fmt;

/// A key that signs. Its `Debug` form shows the id alone.
pub struct SigningKey {
    pair: Ed25519KeyPair,
}

/// The half of a key that everybody may know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    bytes: [u8; 32],
}

/// A text that was given as a key and is none, or a key that cannot be used. Never repeats the text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the key cannot be used: {0}")]
pub struct InvalidKey(pub(crate) &'static str);

/// The label of a private key in PEM (RFC 7468 §10).
const PRIVATE: &str = "PRIVATE KEY";
/// The label of a public key in PEM (RFC 7468 §13).
const PUBLIC: &str = "PUBLIC KEY";
/// What comes before the 32 bytes of an Ed25519 key in a `SubjectPublicKeyInfo` (RFC 8410 §4).
const SPKI_PREFIX: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

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
        let bytes = self.pair.public_key().as_ref().try_into().expect("an Ed25519 public key has 32 bytes");
        PublicKey { bytes }
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey").field("id", &self.public().id()).finish_non_exhaustive()
    }
}

impl PublicKey {
    /// Reads a public key in PEM.
    ///
    /// # Errors
    /// When the text is not PEM or holds no Ed25519 key.
    pub fn from_pem(text: &str) -> Result<Self, InvalidKey> {
        let der = read_pem(text, PUBLIC)?;
        let bytes = der.strip_prefix(&SPKI_PREFIX).and_then(|bytes| bytes.try_into().ok());
        bytes.map(|bytes| Self { bytes }).ok_or(InvalidKey("expected an Ed25519 public key"))
    }

    /// The key in PEM, as `openssl pkey -pubin` and `cosign verify-blob --key` read it.
    #[must_use]
    pub fn to_pem(&self) -> String {
        write_pem(&self.spki(), PUBLIC)
    }

    /// The key as a JSON Web Key (RFC 8037).
    #[must_use]
    pub fn to_jwk(&self) -> Jwk {
        Jwk { kty: "OKP", crv: "Ed25519", x: URL_SAFE_NO_PAD.encode(self.bytes), kid: self.id(), usage: "sig" }
    }

    /// The key's id: the SHA-256 of its `SubjectPublicKeyInfo`, in hexadecimal digits.
    #[must_use]
    pub fn id(&self) -> String {
        Digest::of(&self.spki()).hex().to_owned()
    }

    /// Whether `signature` over `message` was made with this key.
    #[must_use]
    pub fn has_signed(&self, message: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&ED25519, self.bytes).verify(message, signature).is_ok()
    }

    fn spki(&self) -> Vec<u8> {
        [SPKI_PREFIX.as_slice(), &self.bytes].concat()
    }
}

/// A public key as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Jwk {
    /// The family of keys.
    pub kty: &'static str,
    /// The curve.
    pub crv: &'static str,
    /// The key.
    pub x: String,
    /// Its id.
    pub kid: String,
    /// What it is for.
    #[serde(rename = "use")]
    pub usage: &'static str,
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
