//! The half of a key that everybody may know: Ed25519, ECDSA on P-256 and P-384, and RSA, as others write them.

use super::{InvalidKey, der, read_pem, write_pem};
use aws_lc_rs::signature::{self, ParsedPublicKey, VerificationAlgorithm};
use shipworthy_model::Digest;
use std::sync::Arc;
use x509_cert::Certificate;
use x509_cert::der::asn1::UintRef;
use x509_cert::der::oid::ObjectIdentifier;
use x509_cert::der::{Decode as _, Encode as _, Reader as _, SliceReader};
use x509_cert::spki::SubjectPublicKeyInfoRef;

/// The half of a key that everybody may know.
#[derive(Clone, Debug)]
pub struct PublicKey {
    kind: KeyKind,
    spki: Arc<[u8]>,
    bits_begin: usize,
    schemes: Arc<[ParsedPublicKey]>,
}

/// A kind of key that can be checked with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// Ed25519 (RFC 8032).
    Ed25519,
    /// ECDSA on P-256, with SHA-256 or SHA-384.
    P256,
    /// ECDSA on P-384, with SHA-384 or SHA-256.
    P384,
    /// RSA of 2048 to 8192 bits, PKCS #1 v1.5 or PSS, with SHA-256, SHA-384 or SHA-512.
    Rsa,
}

/// The label of a public key in PEM (RFC 7468 §13).
const PUBLIC: &str = "PUBLIC KEY";
/// The label of an RSA key in PEM that is no `SubjectPublicKeyInfo` (RFC 8017 appendix A.1.1).
const PKCS1: &str = "RSA PUBLIC KEY";
/// The label of a certificate in PEM (RFC 7468 §5).
pub(crate) const CERTIFICATE: &str = "CERTIFICATE";

const ID_ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
const ID_EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const ID_P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const ID_P384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");
const ID_RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const ID_RSA_PSS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10");

impl PublicKey {
    /// Reads a key as people hand it over: PEM of a key or a certificate, or a JSON Web Key.
    ///
    /// # Errors
    /// When it is none of these, or a key that is not supported.
    pub fn from_text(text: &str) -> Result<Self, InvalidKey> {
        if text.trim_start().starts_with('{') { Self::from_jwk(text) } else { Self::from_pem(text) }
    }

    /// Reads a public key in PEM: `PUBLIC KEY`, `RSA PUBLIC KEY`, or the key of a `CERTIFICATE`.
    ///
    /// # Errors
    /// When the text is not PEM, or holds no key that is supported.
    pub fn from_pem(text: &str) -> Result<Self, InvalidKey> {
        if text.contains("PRIVATE KEY-----") {
            return Err(InvalidKey("it is a private key; expected its public half"));
        }
        if text.contains("-----BEGIN CERTIFICATE-----") {
            return Self::from_certificate(&read_pem(text, CERTIFICATE)?);
        }
        if text.contains("-----BEGIN RSA PUBLIC KEY-----") {
            return Self::from_der(&der::spki(der::RSA, &read_pem(text, PKCS1)?));
        }
        Self::from_der(&read_pem(text, PUBLIC)?)
    }

    /// The key of an X.509 certificate in DER. Says nothing about the certificate.
    ///
    /// # Errors
    /// When it is no certificate, or its key is not supported.
    pub fn from_certificate(der: &[u8]) -> Result<Self, InvalidKey> {
        let certificate = Certificate::from_der(der).map_err(|_| InvalidKey("expected an X.509 certificate"))?;
        let spki = certificate.tbs_certificate.subject_public_key_info.to_der();
        Self::from_der(&spki.map_err(|_| InvalidKey("the certificate's key is damaged"))?)
    }

    /// Reads a `SubjectPublicKeyInfo` in DER (RFC 5280 §4.1.2.7).
    ///
    /// # Errors
    /// When it is none, or the key is not supported or no key at all.
    pub fn from_der(spki: &[u8]) -> Result<Self, InvalidKey> {
        let info = SubjectPublicKeyInfoRef::from_der(spki).map_err(|_| InvalidKey("expected a public key in DER"))?;
        let kind = kind_of(&info)?;
        let bits = info.subject_public_key.as_bytes().ok_or(InvalidKey("its bits end in the middle of a byte"))?;
        check_shape(kind, bits)?;
        let parsed = algorithms(kind).iter().map(|algorithm| ParsedPublicKey::new(*algorithm, bits));
        let schemes: Result<Vec<_>, _> = parsed.collect();
        let schemes = schemes.map_err(|_| InvalidKey("its numbers are no key of its kind"))?;
        Ok(Self { kind, spki: spki.into(), bits_begin: spki.len() - bits.len(), schemes: schemes.into() })
    }

    pub(super) fn of_ed25519(bytes: &[u8]) -> Result<Self, InvalidKey> {
        Self::from_der(&der::spki(der::ED25519, bytes))
    }

    /// What kind of key it is.
    #[must_use]
    pub fn kind(&self) -> KeyKind {
        self.kind
    }

    /// The key in PEM, as `openssl pkey -pubin` and `cosign verify-blob --key` read it.
    #[must_use]
    pub fn to_pem(&self) -> String {
        write_pem(&self.spki, PUBLIC)
    }

    /// The key as `SubjectPublicKeyInfo` in DER.
    #[must_use]
    pub fn spki(&self) -> &[u8] {
        &self.spki
    }

    /// The key's id: the SHA-256 of its `SubjectPublicKeyInfo`, in hexadecimal digits.
    #[must_use]
    pub fn id(&self) -> String {
        Digest::of(&self.spki).hex().to_owned()
    }

    /// Whether `signature` over `message` was made with this key, by any of the schemes of its kind. A signature of ECDSA
    /// may be in DER or the two numbers one after the other.
    #[must_use]
    pub fn has_signed(&self, message: &[u8], signature: &[u8]) -> bool {
        self.schemes.iter().any(|scheme| scheme.verify_sig(message, signature).is_ok())
    }

    /// The key as its algorithm writes it.
    pub(super) fn bits(&self) -> &[u8] {
        &self.spki[self.bits_begin..]
    }

    /// Modulus and exponent of an RSA key.
    pub(super) fn rsa_numbers(&self) -> Option<(Vec<u8>, Vec<u8>)> {
        rsa_numbers(self.bits())
    }
}

/// Two keys are the same when they are written the same: the parsed form follows from it.
impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.spki == other.spki
    }
}

impl Eq for PublicKey {}

fn kind_of(info: &SubjectPublicKeyInfoRef<'_>) -> Result<KeyKind, InvalidKey> {
    match info.algorithm.oid {
        ID_ED25519 => Ok(KeyKind::Ed25519),
        ID_RSA | ID_RSA_PSS => Ok(KeyKind::Rsa),
        ID_EC => match info.algorithm.parameters_oid() {
            Ok(ID_P256) => Ok(KeyKind::P256),
            Ok(ID_P384) => Ok(KeyKind::P384),
            _ => Err(InvalidKey("it is on another curve; expected P-256 or P-384")),
        },
        _ => Err(InvalidKey("it is of another kind; expected Ed25519, ECDSA on P-256 or P-384, or RSA")),
    }
}

/// What the library would take or refuse without a reason.
fn check_shape(kind: KeyKind, bits: &[u8]) -> Result<(), InvalidKey> {
    let uncompressed = |size: usize| bits.len() == 2 * size + 1 && bits[0] == 4;
    match kind {
        KeyKind::Ed25519 if bits.len() != 32 => Err(InvalidKey("an Ed25519 key has 32 bytes")),
        KeyKind::P256 if !uncompressed(32) => Err(InvalidKey("a point on P-256 has 65 bytes, uncompressed")),
        KeyKind::P384 if !uncompressed(48) => Err(InvalidKey("a point on P-384 has 97 bytes, uncompressed")),
        KeyKind::Rsa => {
            let (modulus, _) = rsa_numbers(bits).ok_or(InvalidKey("expected the two numbers of an RSA key"))?;
            let is_usable = (256..=1024).contains(&modulus.len());
            if is_usable { Ok(()) } else { Err(InvalidKey("an RSA key must have 2048 to 8192 bits")) }
        }
        KeyKind::Ed25519 | KeyKind::P256 | KeyKind::P384 => Ok(()),
    }
}

fn rsa_numbers(bits: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let mut reader = SliceReader::new(bits).ok()?;
    let numbers = reader.sequence(|inner| {
        let modulus = UintRef::decode(inner)?;
        Ok((modulus.as_bytes().to_vec(), UintRef::decode(inner)?.as_bytes().to_vec()))
    });
    numbers.ok().filter(|_| reader.is_finished())
}

/// The schemes of a kind, the usual one first.
fn algorithms(kind: KeyKind) -> &'static [&'static dyn VerificationAlgorithm] {
    match kind {
        KeyKind::Ed25519 => &[&signature::ED25519],
        KeyKind::P256 => &[
            &signature::ECDSA_P256_SHA256_ASN1,
            &signature::ECDSA_P256_SHA256_FIXED,
            &signature::ECDSA_P256_SHA384_ASN1,
        ],
        KeyKind::P384 => &[
            &signature::ECDSA_P384_SHA384_ASN1,
            &signature::ECDSA_P384_SHA384_FIXED,
            &signature::ECDSA_P384_SHA256_ASN1,
        ],
        KeyKind::Rsa => &[
            &signature::RSA_PKCS1_2048_8192_SHA256,
            &signature::RSA_PSS_2048_8192_SHA256,
            &signature::RSA_PKCS1_2048_8192_SHA384,
            &signature::RSA_PSS_2048_8192_SHA384,
            &signature::RSA_PKCS1_2048_8192_SHA512,
            &signature::RSA_PSS_2048_8192_SHA512,
        ],
    }
}
