//! Public keys as JSON Web Keys (RFC 7517, 7518 §6, 8037).

use super::der;
use super::public::{KeyKind, PublicKey};
use super::{InvalidKey, der::SEQUENCE};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

/// A public key as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Jwk {
    /// The family of keys.
    pub kty: &'static str,
    /// The curve.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub crv: Option<&'static str>,
    /// The key, or the point's first coordinate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub x: Option<String>,
    /// The point's second coordinate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub y: Option<String>,
    /// The modulus.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub n: Option<String>,
    /// The exponent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub e: Option<String>,
    /// Its id.
    pub kid: String,
    /// What it is for.
    #[serde(rename = "use")]
    pub usage: &'static str,
}

/// What is read of a key that others wrote. A `d` makes it a private one.
#[derive(Deserialize)]
struct Given {
    kty: String,
    crv: Option<String>,
    x: Option<String>,
    y: Option<String>,
    n: Option<String>,
    e: Option<String>,
    d: Option<serde::de::IgnoredAny>,
}

impl PublicKey {
    /// Reads a JSON Web Key.
    ///
    /// # Errors
    /// When it is none, is a private key, or is of a family or curve that is not supported.
    pub fn from_jwk(text: &str) -> Result<Self, InvalidKey> {
        let given: Given = serde_json::from_str(text).map_err(|_| InvalidKey("expected a JSON Web Key"))?;
        if given.d.is_some() {
            return Err(InvalidKey("it is a private key; expected its public half"));
        }
        let der = match (given.kty.as_str(), given.crv.as_deref()) {
            ("OKP", Some("Ed25519")) => der::spki(der::ED25519, &part(given.x.as_ref())?),
            ("EC", Some("P-256")) => der::spki(der::P256, &point(&given, 32)?),
            ("EC", Some("P-384")) => der::spki(der::P384, &point(&given, 48)?),
            ("RSA", _) => {
                let numbers = [part(given.n.as_ref())?, part(given.e.as_ref())?].map(|bytes| der::integer(&bytes));
                der::spki(der::RSA, &der::tagged(SEQUENCE, &numbers.concat()))
            }
            ("EC" | "OKP", _) => return Err(InvalidKey("it is on another curve; expected P-256, P-384 or Ed25519")),
            _ => return Err(InvalidKey("it is of another family; expected `EC`, `OKP` or `RSA`")),
        };
        Self::from_der(&der)
    }

    /// The key as a JSON Web Key.
    #[must_use]
    pub fn to_jwk(&self) -> Jwk {
        let text = |bytes: &[u8]| Some(URL_SAFE_NO_PAD.encode(bytes));
        let (kid, usage) = (self.id(), "sig");
        let empty = Jwk { kty: "RSA", crv: None, x: None, y: None, n: None, e: None, kid, usage };
        let bits = self.bits();
        match self.kind() {
            KeyKind::Ed25519 => Jwk { kty: "OKP", crv: Some("Ed25519"), x: text(bits), ..empty },
            kind @ (KeyKind::P256 | KeyKind::P384) => {
                let (x, y) = bits[1..].split_at((bits.len() - 1) / 2);
                let crv = if kind == KeyKind::P256 { "P-256" } else { "P-384" };
                Jwk { kty: "EC", crv: Some(crv), x: text(x), y: text(y), ..empty }
            }
            KeyKind::Rsa => {
                let (n, e) = self.rsa_numbers().unwrap_or_default();
                Jwk { n: text(&n), e: text(&e), ..empty }
            }
        }
    }
}

fn point(given: &Given, size: usize) -> Result<Vec<u8>, InvalidKey> {
    let (x, y) = (part(given.x.as_ref())?, part(given.y.as_ref())?);
    if x.len() != size || y.len() != size {
        return Err(InvalidKey("its coordinates have another length than its curve"));
    }
    Ok([&[4], x.as_slice(), &y].concat())
}

fn part(text: Option<&String>) -> Result<Vec<u8>, InvalidKey> {
    let text = text.ok_or(InvalidKey("a part of the JSON Web Key is missing"))?;
    URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).map_err(|_| InvalidKey("a part of it is not base64url"))
}
