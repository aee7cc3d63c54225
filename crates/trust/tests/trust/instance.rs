//! A Sigstore instance of our own, made anew for each test: a certificate authority, a transparency log, and people who sign.
//! Its keys are of these tests and of nothing else.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde_json::{Value, json};
use shipworthy_model::Digest;
use shipworthy_trust::PublicKey;
use shipworthy_trust::dsse::pae;
use shipworthy_trust::verify::SigstoreRoot;

const AUTHORITY: &str = "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgtkv8+b8r+V2FteK8LhvudvZAbZsW16f/8FX97T0h9x6hRANCAARroydUrVOFA6brsSucIXM7a57yjoq29sI+GKd40l7QI+bx32WaeMLBQMWLC4Ga6o4h64Eq5mscdULonrp3GC6t";
const LOG: &str = "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgxyWu4BoELAQfQ4mYRj9v/OW7LURAwKsIhWPp+T58U8ShRANCAAR4H7YdEr5AilDL56QU6IqtTV0baoN8Ht8FejcJXRPCvmr0BXk3ca5Ih2BQWaYVoGFjAcVm5cBx2vPOFlVBmtcJ";
const SIGNER: &str = "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgzkeFpJ2F71PVM247loqmB7tuZcwJqrOmwv41hoi3+DihRANCAAQovNcm1oogp39x7K8PcEVQZlqxoCVCnB9D5zJNE3Z5lbzG32VrQmPDMkH6TNF2n9JGlyOBJkIqT/MXcUcE1SCq";

/// What everybody here attests.
pub(crate) const STATEMENT: &str = r#"{"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"shop","digest":{"sha256":"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}}],"predicateType":"https://example.com/checked/v1","predicate":{}}"#;
/// The type of a payload that is a statement.
pub(crate) const IN_TOTO: &str = "application/vnd.in-toto+json";

/// An instant, from its written form.
pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

/// Text as base64.
pub(crate) fn base64(bytes: impl AsRef<[u8]>) -> String {
    STANDARD.encode(bytes)
}

/// A pair of keys on P-256.
pub(crate) struct Pair(EcdsaKeyPair);

impl Pair {
    fn of(text: &str) -> Self {
        let der = STANDARD.decode(text).expect("base64");
        Self(EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &der).expect("a key"))
    }

    pub(crate) fn signer() -> Self {
        Self::of(SIGNER)
    }

    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.0.sign(&SystemRandom::new(), message).expect("signed").as_ref().to_vec()
    }

    fn spki(&self) -> Vec<u8> {
        let algorithm = [oid(&[0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1]), oid(&[0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7])];
        let bits = [&[0], self.0.public_key().as_ref()].concat();
        tlv(0x30, &[tlv(0x30, &algorithm.concat()), tlv(3, &bits)].concat())
    }

    pub(crate) fn public(&self) -> PublicKey {
        PublicKey::from_der(&self.spki()).expect("a key")
    }

    /// The statement in an envelope that this key signed.
    pub(crate) fn envelope(&self) -> Value {
        let sig = base64(self.sign(&pae(IN_TOTO, STATEMENT.as_bytes())));
        json!({ "payloadType": IN_TOTO, "payload": base64(STATEMENT), "signatures": [{ "keyid": "", "sig": sig }] })
    }
}

/// From when to when the certificates of signers are valid here.
pub(crate) const VALID: [&str; 2] = ["260501120000Z", "260501121000Z"];

/// The authority's own certificate.
pub(crate) fn authority() -> Vec<u8> {
    certificate(
        "authority",
        "authority",
        &["200101000000Z", "400101000000Z"],
        &Pair::of(AUTHORITY),
        &Pair::of(AUTHORITY),
        &[],
    )
}

/// A certificate of a signer, from the authority or from somebody who is none.
pub(crate) fn signer_certificate(valid: [&str; 2], is_genuine: bool) -> Vec<u8> {
    let (name, issuer) = if is_genuine { ("authority", AUTHORITY) } else { ("stranger", LOG) };
    let san = tlv(0x30, &tlv(0x86, b"https://ci.example.com/shop/release.yml@refs/heads/main"));
    let code_signing = tlv(0x30, &oid(&[0x2b, 6, 1, 5, 5, 7, 3, 3]));
    let fulcio =
        |number: u8, text: &str| (oid(&[0x2b, 6, 1, 4, 1, 0x83, 0xbf, 0x30, 1, number]), tlv(0x0c, text.as_bytes()));
    let extensions = [
        (oid(&[0x55, 0x1d, 0x25]), code_signing),
        (oid(&[0x55, 0x1d, 0x11]), san),
        fulcio(8, "https://ci.example.com"),
        fulcio(12, "https://git.example.com/shop"),
        fulcio(14, "refs/heads/main"),
    ];
    certificate(name, "", &valid, &Pair::signer(), &Pair::of(issuer), &extensions)
}

/// The instance as a trusted root, with its log or without.
pub(crate) fn root(has_log: bool) -> SigstoreRoot {
    let log = json!({
        "baseUrl": "https://log.example.com",
        "hashAlgorithm": "SHA2_256",
        "publicKey": {
            "rawBytes": base64(Pair::of(LOG).spki()),
            "keyDetails": "PKIX_ECDSA_P256_SHA_256",
            "validFor": { "start": "2020-01-01T00:00:00Z" },
        },
        "logId": { "keyId": base64(log_id()) },
    });
    let json = json!({
        "mediaType": "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
        "tlogs": if has_log { vec![log] } else { Vec::new() },
        "certificateAuthorities": [{
            "uri": "https://ca.example.com",
            "certChain": { "certificates": [{ "rawBytes": base64(authority()) }] },
            "validFor": { "start": "2020-01-01T00:00:00Z" },
        }],
    });
    SigstoreRoot::from_json("example.com", &json.to_string()).expect("a root")
}

/// A bundle 0.1 with the statement, signed by the holder of a certificate and logged at an instant.
pub(crate) fn bundle(certificate: &[u8], logged_at: &str) -> Value {
    let envelope = Pair::signer().envelope();
    let entry = json!({
        "apiVersion": "0.0.1",
        "kind": "dsse",
        "spec": {
            "envelopeHash": { "algorithm": "sha256", "value": Digest::of(b"whatever").hex() },
            "payloadHash": { "algorithm": "sha256", "value": Digest::of(STATEMENT.as_bytes()).hex() },
            "signatures": [{ "signature": envelope["signatures"][0]["sig"], "verifier": base64(pem(certificate)) }],
        },
    });
    let (body, time) = (base64(entry.to_string()), at(logged_at).as_second());
    let log = hex::encode(log_id());
    // RFC 8785: the names in order, nothing between them.
    let promised = format!(r#"{{"body":"{body}","integratedTime":{time},"logID":"{log}","logIndex":7}}"#);
    json!({
        "mediaType": "application/vnd.dev.sigstore.bundle+json;version=0.1",
        "verificationMaterial": {
            "x509CertificateChain": { "certificates": [{ "rawBytes": base64(certificate) }] },
            "tlogEntries": [{
                "logIndex": "7",
                "logId": { "keyId": base64(log_id()) },
                "kindVersion": { "kind": "dsse", "version": "0.0.1" },
                "integratedTime": time.to_string(),
                "inclusionPromise": { "signedEntryTimestamp": base64(Pair::of(LOG).sign(promised.as_bytes())) },
                "canonicalizedBody": body,
            }],
        },
        "dsseEnvelope": envelope,
    })
}

/// A certificate in PEM.
pub(crate) fn pem(der: &[u8]) -> String {
    format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", base64(der))
}

fn log_id() -> Vec<u8> {
    hex::decode(Digest::of(&Pair::of(LOG).spki()).hex()).expect("digits")
}

/// As much of X.509 as a certificate of Fulcio has (RFC 5280 §4.1).
fn certificate(
    issuer: &str,
    subject: &str,
    valid: &[&str; 2],
    key: &Pair,
    by: &Pair,
    extensions: &[(Vec<u8>, Vec<u8>)],
) -> Vec<u8> {
    let ecdsa_sha256 = tlv(0x30, &oid(&[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2]));
    let name = |text: &str| {
        let common = [oid(&[0x55, 4, 3]), tlv(0x0c, text.as_bytes())].concat();
        let set = if text.is_empty() { Vec::new() } else { tlv(0x31, &tlv(0x30, &common)) };
        tlv(0x30, &set)
    };
    let validity = valid.map(|time| tlv(0x17, time.as_bytes())).concat();
    let extensions: Vec<u8> =
        extensions.iter().flat_map(|(oid, value)| tlv(0x30, &[oid.clone(), tlv(4, value)].concat())).collect();
    let extensions = if extensions.is_empty() { Vec::new() } else { tlv(0xa3, &tlv(0x30, &extensions)) };
    let parts = [
        tlv(0xa0, &tlv(2, &[2])),
        tlv(2, &[1]),
        ecdsa_sha256.clone(),
        name(issuer),
        tlv(0x30, &validity),
        name(subject),
        key.spki(),
        extensions,
    ];
    let signed = tlv(0x30, &parts.concat());
    let signature = [&[0], by.sign(&signed).as_slice()].concat();
    tlv(0x30, &[signed, ecdsa_sha256, tlv(3, &signature)].concat())
}

fn oid(bytes: &[u8]) -> Vec<u8> {
    tlv(6, bytes)
}

fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let mut all = match u8::try_from(length) {
        Ok(short) if short < 0x80 => vec![tag, short],
        Ok(short) => vec![tag, 0x81, short],
        Err(_) => [&[tag, 0x82], &u16::try_from(length).expect("short").to_be_bytes()[..]].concat(),
    };
    all.extend(content);
    all
}
