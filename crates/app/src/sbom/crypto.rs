//! Cryptographic assets as CycloneDX 1.6 writes them. Words that its schema does not know become `other`.
//! <https://cyclonedx.org/docs/1.6/json/#components_items_cryptoProperties>

use serde_json::{Map, Value, json};
use shipworthy_model::Crypto;

const PRIMITIVES: &[&str] = &[
    "drbg",
    "mac",
    "block-cipher",
    "stream-cipher",
    "signature",
    "hash",
    "pke",
    "xof",
    "kdf",
    "key-agree",
    "kem",
    "ae",
    "combiner",
    "other",
    "unknown",
];
const PROTOCOLS: &[&str] = &["tls", "ssh", "ipsec", "ike", "sstp", "wpa", "other", "unknown"];
const MATERIALS: &[&str] = &[
    "private-key",
    "public-key",
    "secret-key",
    "key",
    "ciphertext",
    "signature",
    "digest",
    "initialization-vector",
    "nonce",
    "seed",
    "salt",
    "shared-secret",
    "tag",
    "additional-data",
    "password",
    "credential",
    "token",
    "other",
    "unknown",
];
const STATES: &[&str] = &["pre-activation", "active", "suspended", "deactivated", "compromised", "destroyed"];

/// The properties of an asset; nothing for a kind that the schema does not know.
pub(super) fn properties(crypto: &Crypto) -> Option<Map<String, Value>> {
    let Crypto { kind, primitive, parameter, subject, issuer, valid_from, valid_until, .. } = crypto;
    let known = |words: &[&'static str]| {
        let found =
            primitive.as_ref().map(|word| words.iter().find(|known| *known == word).copied().unwrap_or("other"));
        found.map(Value::from)
    };
    let text = |text: &Option<String>| text.clone().map(Value::from);
    let (place, all) = match kind.as_str() {
        "algorithm" => (
            "algorithmProperties",
            vec![
                ("primitive", known(PRIMITIVES)),
                ("parameterSetIdentifier", text(parameter)),
                ("classicalSecurityLevel", crypto.classical_security_bits.map(Value::from)),
                (
                    "nistQuantumSecurityLevel",
                    crypto.quantum_security_level.filter(|level| *level <= 6).map(Value::from),
                ),
            ],
        ),
        "certificate" => (
            "certificateProperties",
            vec![
                ("subjectName", text(subject)),
                ("issuerName", text(issuer)),
                ("notValidBefore", text(valid_from)),
                ("notValidAfter", text(valid_until)),
            ],
        ),
        "protocol" => ("protocolProperties", vec![("type", known(PROTOCOLS)), ("version", text(parameter))]),
        "related-crypto-material" => (
            "relatedCryptoMaterialProperties",
            vec![
                ("type", known(MATERIALS)),
                ("state", crypto.state.clone().filter(|state| STATES.contains(&state.as_str())).map(Value::from)),
                ("activationDate", text(valid_from)),
                ("expirationDate", text(valid_until)),
                ("size", parameter.as_ref().and_then(|size| size.parse::<u64>().ok()).map(Value::from)),
            ],
        ),
        _ => return None,
    };
    let stated: Map<String, Value> =
        all.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect();
    let mut properties = Map::from_iter([("assetType".to_owned(), json!(kind))]);
    if !stated.is_empty() {
        properties.insert(place.to_owned(), Value::Object(stated));
    }
    Some(properties)
}
