//! Envelopes that carry a payload with its signatures (DSSE v1.0.2): made here, and opened only when a known key
//! signed what is inside. <https://github.com/secure-systems-lab/dsse/blob/master/protocol.md>

use crate::{PublicKey, SigningKey};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_PAD_INDIFFERENT, URL_SAFE_PAD_INDIFFERENT};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The payload type of in-toto statements.
pub const IN_TOTO: &str = "application/vnd.in-toto+json";

/// A payload with its signatures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Envelope {
    /// What the payload is.
    pub payload_type: String,
    /// The payload in base64.
    pub payload: String,
    /// Its signatures.
    pub signatures: Vec<EnvelopeSignature>,
}

/// One signature of an envelope.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnvelopeSignature {
    /// A hint at the key. Nothing is decided by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keyid: Option<String>,
    /// The signature in base64.
    pub sig: String,
}

/// Why an envelope was not opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VerifyError {
    /// Payload or signature is not base64.
    #[error("the envelope is damaged: its {0} is not base64")]
    Damaged(&'static str),
    /// The payload is something else.
    #[error("the envelope's payload is of another type")]
    OtherPayload,
    /// No known key signed it.
    #[error("none of the {signatures} signatures was made by one of the {keys} known keys")]
    NotSigned {
        /// How many signatures there are.
        signatures: usize,
        /// How many keys were tried.
        keys: usize,
    },
    /// Not enough known keys signed it.
    #[error("{keys} of the known keys signed the envelope, and {threshold} are needed")]
    TooFew {
        /// How many did.
        keys: usize,
        /// How many were needed.
        threshold: usize,
    },
}

/// Signs a payload.
#[must_use]
pub fn sign(payload_type: &str, payload: &[u8], key: &SigningKey) -> Envelope {
    let signature = key.sign(&pae(payload_type, payload));
    Envelope {
        payload_type: payload_type.to_owned(),
        payload: STANDARD.encode(payload),
        signatures: vec![EnvelopeSignature { keyid: Some(key.public().id()), sig: STANDARD.encode(signature) }],
    }
}

/// Gives the payload of an envelope that one of `keys` signed: exactly the bytes that were verified.
///
/// # Errors
/// When it is damaged, holds another type of payload, or no known key signed it.
pub fn open(envelope: &Envelope, payload_type: &str, keys: &[PublicKey]) -> Result<Vec<u8>, VerifyError> {
    if envelope.payload_type != payload_type {
        return Err(VerifyError::OtherPayload);
    }
    let payload = decode(&envelope.payload).ok_or(VerifyError::Damaged("payload"))?;
    let message = pae(payload_type, &payload);
    for signature in &envelope.signatures {
        let bytes = decode(&signature.sig).ok_or(VerifyError::Damaged("signature"))?;
        if keys.iter().any(|key| key.has_signed(&message, &bytes)) {
            return Ok(payload);
        }
    }
    Err(VerifyError::NotSigned { signatures: envelope.signatures.len(), keys: keys.len() })
}

/// Gives the payload of an envelope that at least `threshold` of `keys` signed. Keys are counted and not signatures: the same
/// key counts once, however often it signed and however often it is among the keys.
///
/// # Errors
/// As [`open`], and when fewer keys signed it than are needed. At least one always is.
pub fn open_by(
    envelope: &Envelope,
    payload_type: &str,
    keys: &[PublicKey],
    threshold: usize,
) -> Result<Vec<u8>, VerifyError> {
    let payload = open(envelope, payload_type, keys)?;
    let message = pae(payload_type, &payload);
    let signatures: Vec<Vec<u8>> = envelope.signatures.iter().filter_map(|signature| decode(&signature.sig)).collect();
    let has_signed = |key: &&PublicKey| signatures.iter().any(|signature| key.has_signed(&message, signature));
    let signers: BTreeSet<&[u8]> = keys.iter().filter(has_signed).map(PublicKey::spki).collect();
    if signers.len() < threshold {
        return Err(VerifyError::TooFew { keys: signers.len(), threshold });
    }
    Ok(payload)
}

/// What is signed: type and payload with their lengths, so that no byte can move from one to the other.
#[must_use]
pub fn pae(payload_type: &str, payload: &[u8]) -> Vec<u8> {
    let head = format!("DSSEv1 {} {payload_type} {} ", payload_type.len(), payload.len());
    [head.as_bytes(), payload].concat()
}

/// Standard and URL-safe base64 are both allowed on the way in.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    STANDARD_PAD_INDIFFERENT.decode(text).or_else(|_| URL_SAFE_PAD_INDIFFERENT.decode(text)).ok()
}
