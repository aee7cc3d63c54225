//! Finds the attestations of a document, in whatever it carries them, and says in which order they come.

use super::layout;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use memchr::memmem;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::borrow::Cow;

/// More attestations than this are not looked at: a document is one build's word, not an archive.
pub(super) const MOST_ATTESTATIONS: usize = 1_000;

/// How deep lists and wrappers may be nested before they are no wrapper of anything.
const MOST_WRAPPERS: usize = 4;

/// Something that carries an attestation.
pub(super) struct Found {
    /// What carries it, in a word or two.
    pub(super) form: Cow<'static, str>,
    /// What was found.
    pub(super) material: Material,
}

/// An attestation as it lies in the document.
pub(super) enum Material {
    /// A payload with signatures over its type and bytes.
    Envelope(GivenEnvelope),
    /// A Sigstore bundle, and the bytes that it signs where they came with it.
    Bundle(Value, Option<Vec<u8>>),
    /// Bytes with one signature over them.
    Loose(Loose),
    /// The older metadata of in-toto: signatures over what is written under `signed`.
    Metadata(Value),
    /// A statement that nobody signed.
    Statement(Vec<u8>),
    /// What should have been one, and why it is none.
    Broken(String),
}

/// A DSSE envelope as others write it, with what some put beside a signature.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct GivenEnvelope {
    pub(super) payload_type: String,
    pub(super) payload: String,
    #[serde(default)]
    pub(super) signatures: Vec<GivenSignature>,
}

/// One signature of an envelope, with the certificates of slsa-github-generator (`cert`) or Witness (`certificate`).
#[derive(Default, Deserialize)]
pub(super) struct GivenSignature {
    #[serde(default)]
    pub(super) keyid: Option<String>,
    #[serde(default)]
    pub(super) sig: String,
    #[serde(default)]
    pub(super) cert: Option<String>,
    #[serde(default)]
    pub(super) certificate: Option<String>,
    #[serde(default)]
    pub(super) intermediates: Option<Vec<String>>,
    #[serde(default)]
    pub(super) timestamps: Option<Vec<GivenTimestamp>>,
}

/// A timestamp beside a signature, as Witness writes it.
#[derive(Deserialize)]
pub(super) struct GivenTimestamp {
    #[serde(default)]
    pub(super) data: String,
}

/// A signature over bytes, as cosign keeps it.
pub(super) struct Loose {
    pub(super) payload: Vec<u8>,
    pub(super) payload_type: &'static str,
    pub(super) signature: String,
}

/// The type of what cosign signs about an image.
pub(super) const SIMPLE_SIGNING: &str = "application/vnd.dev.cosign.simplesigning.v1+json";

/// Whatever carries an attestation in JSON has one of these in it.
const MARKS: [&[u8]; 6] = [
    b"payloadType",
    b"verificationMaterial",
    b"Base64Signature",
    b"\"signed\"",
    b"in-toto.io/Statement/",
    b"\"critical\"",
];

/// Every attestation of a document. The second is how many there are, those beyond the limit included.
pub(super) fn find(document: &[u8]) -> (Vec<Found>, usize) {
    let mut all = All { found: Vec::new(), seen: 0 };
    if layout::is_tar(document) {
        layout::read(document, &mut all);
    } else if !MARKS.iter().any(|mark| memmem::find(document, mark).is_some()) {
        // Most documents are none of these, and some are large: not worth parsing once more.
    } else if let Ok(value) = serde_json::from_slice::<Value>(document) {
        all.add(value, Some(document), 0);
    } else {
        for line in document.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty()) {
            if let Ok(value) = serde_json::from_slice::<Value>(line) {
                all.add(value, Some(line), 0);
            }
        }
    }
    (all.found, all.seen)
}

/// What was found so far.
pub(super) struct All {
    found: Vec<Found>,
    seen: usize,
}

impl All {
    pub(super) fn push(&mut self, form: impl Into<Cow<'static, str>>, material: Material) {
        self.seen += 1;
        if self.seen <= MOST_ATTESTATIONS {
            self.found.push(Found { form: form.into(), material });
        }
    }

    /// Adds what a JSON value carries. `bytes` are those it was read from, where it stands alone in them.
    pub(super) fn add(&mut self, value: Value, bytes: Option<&[u8]>, depth: usize) {
        if depth > MOST_WRAPPERS {
            return;
        }
        match value {
            Value::Array(values) => values.into_iter().for_each(|value| self.add(value, None, depth + 1)),
            Value::Object(object) => self.add_object(object, bytes, depth),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    fn add_object(&mut self, mut object: Map<String, Value>, bytes: Option<&[u8]>, depth: usize) {
        let has = |name: &str| object.contains_key(name);
        if has("payloadType") && has("payload") {
            self.add_envelope(Value::Object(object));
        } else if has("verificationMaterial") {
            let version = object.get("mediaType").and_then(Value::as_str).unwrap_or_default();
            let version = ["0.1", "0.2", "0.3"].into_iter().find(|known| version.contains(known)).unwrap_or("");
            self.push(
                format!("Sigstore bundle {version}").trim_end().to_owned(),
                Material::Bundle(object.into(), None),
            );
        } else if has("Base64Signature") && has("Payload") {
            self.add_cosign(&object);
        } else if has("signed") && has("signatures") {
            self.push("in-toto metadata", Material::Metadata(object.into()));
        } else if is_statement(&object) {
            let bytes = bytes.map_or_else(|| Value::from(object).to_string().into_bytes(), <[u8]>::to_vec);
            self.push("statement without envelope", Material::Statement(bytes));
        } else {
            // npm, GitHub, `gh attestation`, Google Cloud Build: in their wrappers is what was looked for above.
            for wrapper in ["attestations", "bundle", "attestation", "provenance_summary", "provenance", "envelope"] {
                if let Some(inner) = object.remove(wrapper) {
                    self.add(inner, None, depth + 1);
                    return;
                }
            }
        }
    }

    pub(super) fn add_envelope(&mut self, value: Value) {
        match serde_json::from_value(value) {
            Ok(envelope) => self.push("DSSE envelope", Material::Envelope(envelope)),
            Err(error) => self.push("DSSE envelope", Material::Broken(format!("the envelope cannot be read: {error}"))),
        }
    }

    /// A line of `cosign download signature`.
    fn add_cosign(&mut self, object: &Map<String, Value>) {
        let text = |name: &str| object.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let Ok(payload) = STANDARD.decode(text("Payload")) else {
            let why = "the payload of the cosign signature is not base64".to_owned();
            return self.push("cosign signature", Material::Broken(why));
        };
        let extras = Extras {
            certificate: text("Cert"),
            chain: text("Chain"),
            bundle: object.get("Bundle").cloned().unwrap_or_default(),
            timestamp: object.get("RFC3161Timestamp").cloned().unwrap_or_default(),
        };
        self.add_signed(payload, text("Base64Signature"), &extras);
    }

    /// A payload of cosign with its signature, and whatever proves more about it.
    pub(super) fn add_signed(&mut self, payload: Vec<u8>, signature: String, extras: &Extras) {
        if let Some(material) = extras.material() {
            let digest = STANDARD.encode(hex::decode(shipworthy_model::Digest::of(&payload).hex()).unwrap_or_default());
            let bundle = json!({
                "mediaType": "application/vnd.dev.sigstore.bundle+json;version=0.1",
                "verificationMaterial": material,
                "messageSignature": {
                    "messageDigest": { "algorithm": "SHA2_256", "digest": digest },
                    "signature": signature,
                },
            });
            return self.push("cosign signature", Material::Bundle(bundle, Some(payload)));
        }
        self.push("cosign signature", Material::Loose(Loose { payload, payload_type: SIMPLE_SIGNING, signature }));
    }

    /// An envelope that cosign keeps beside its certificate and log entry.
    pub(super) fn add_attested(&mut self, envelope: Value, extras: &Extras) {
        match extras.material() {
            Some(material) => {
                let bundle = json!({
                    "mediaType": "application/vnd.dev.sigstore.bundle+json;version=0.1",
                    "verificationMaterial": material,
                    "dsseEnvelope": envelope,
                });
                self.push("cosign attestation", Material::Bundle(bundle, None));
            }
            None => self.add_envelope(envelope),
        }
    }
}

fn is_statement(object: &Map<String, Value>) -> bool {
    let text = |name: &str| object.get(name).and_then(Value::as_str).unwrap_or_default();
    let is_in_toto = text("_type").starts_with("https://in-toto.io/Statement/") && !text("predicateType").is_empty();
    is_in_toto || object.get("critical").is_some_and(|critical| critical.get("image").is_some())
}

/// What cosign keeps beside a signature: in annotations of a layer or in fields of a line.
#[derive(Default)]
pub(super) struct Extras {
    pub(super) certificate: String,
    pub(super) chain: String,
    pub(super) bundle: Value,
    pub(super) timestamp: Value,
}

impl Extras {
    /// The same as the verification material of a bundle 0.1. Absent where there is neither certificate nor log entry.
    fn material(&self) -> Option<Value> {
        let entry = self.log_entry();
        if self.certificate.is_empty() && entry.is_none() {
            return None;
        }
        let mut material = json!({ "tlogEntries": entry.into_iter().collect::<Vec<Value>>() });
        let ders = pem_bodies(&self.certificate).chain(pem_bodies(&self.chain));
        let certificates: Vec<Value> = ders.map(|body| json!({ "rawBytes": body })).collect();
        if certificates.is_empty() {
            material["publicKey"] = json!({ "hint": "" });
        } else {
            material["x509CertificateChain"] = json!({ "certificates": certificates });
        }
        if let Some(token) = self.timestamp.get("SignedRFC3161Timestamp") {
            material["timestampVerificationData"] = json!({ "rfc3161Timestamps": [{ "signedTimestamp": token }] });
        }
        Some(material)
    }

    fn log_entry(&self) -> Option<Value> {
        let payload = self.bundle.get("Payload")?;
        let body = payload.get("body")?.as_str()?;
        let entry: Value = serde_json::from_slice(&STANDARD.decode(body).ok()?).ok()?;
        let log = hex::decode(payload.get("logID")?.as_str()?).ok()?;
        Some(json!({
            "logIndex": payload.get("logIndex")?.to_string(),
            "logId": { "keyId": STANDARD.encode(log) },
            "kindVersion": { "kind": entry.get("kind")?, "version": entry.get("apiVersion")? },
            "integratedTime": payload.get("integratedTime")?.to_string(),
            "inclusionPromise": { "signedEntryTimestamp": self.bundle.get("SignedEntryTimestamp")? },
            "canonicalizedBody": body,
        }))
    }
}

/// The base64 between the lines of each certificate of a text in PEM.
pub(super) fn pem_bodies(text: &str) -> impl Iterator<Item = String> + '_ {
    let parts = text.split("-----BEGIN CERTIFICATE-----").skip(1);
    parts.filter_map(|part| part.split_once("-----END CERTIFICATE-----")).map(|(body, _)| {
        let digits: String = body.split_whitespace().collect();
        digits
    })
}
