//! Provenance as `gcloud artifacts docker images describe --show-provenance` writes it: beside each signed envelope its
//! text for people, which nobody signed, and signatures that are older than DSSE.
//! <https://cloud.google.com/build/docs/securing-builds/view-build-provenance>

use super::checks::{Budget, Checks};
use super::envelope::conclude;
use super::signature::in_time;
use super::{Attested, Outcome, Roots, Said};
use crate::dsse::{IN_TOTO, decode};
use jiff::Timestamp;
use serde_json::Value;

/// Where the envelopes lie. Only a document with this is looked at here.
const SUMMARY: &str = "provenance_summary";
/// The key that signed the payload alone, before Cloud Build signed as DSSE asks.
const FORMER_KEY: &str = "/cryptoKeys/builtByGCB/";

/// Looks once more at what was verified of such a document: with the former way to sign, and whether the text beside each
/// envelope says what the envelope says.
pub(super) fn finish(document: &[u8], all: &mut [Attested], roots: &Roots, now: Timestamp, budget: &mut Budget) {
    if !str::from_utf8(document).is_ok_and(|text| text.contains(SUMMARY)) {
        return;
    }
    let Ok(document) = serde_json::from_slice::<Value>(document) else { return };
    let entries = document.pointer("/provenance_summary/provenance").and_then(Value::as_array);
    // What was left out of the list for its number has no place to be compared with.
    let Some(entries) = entries.filter(|entries| entries.len() == all.len()) else { return };
    for (attested, entry) in all.iter_mut().zip(entries) {
        if !attested.outcome.is_verified() {
            former_signature(attested, entry, roots, now, budget);
        }
        if attested.outcome.is_verified() {
            compare(attested, entry, &document["image_summary"]);
        }
    }
}

/// The former signature has no type in what is signed. It is believed of one sort of key alone, of that alone which the
/// envelope names, and for nothing but a statement.
fn former_signature(attested: &mut Attested, entry: &Value, roots: &Roots, now: Timestamp, budget: &mut Budget) {
    let envelope = &entry["envelope"];
    let Some(payload) = envelope["payload"].as_str().and_then(decode) else { return };
    let is_statement = Said::from_payload(IN_TOTO, payload.clone()).statement_type.is_some();
    if envelope["payloadType"] != IN_TOTO || !is_statement {
        return;
    }
    for signature in envelope["signatures"].as_array().into_iter().flatten() {
        let (Some(keyid), Some(bytes)) = (signature["keyid"].as_str(), signature["sig"].as_str().and_then(decode))
        else {
            continue;
        };
        let named = roots.keys.iter().filter(|key| key.name == keyid && keyid.contains(FORMER_KEY));
        for key in named {
            if !budget.take() || !key.key.has_signed(&payload, &bytes) {
                continue;
            }
            let mut checks = Checks::default();
            let words =
                format!("the key `{keyid}` made the signature over the payload alone, as Cloud Build did before DSSE");
            checks.passed("signature", words);
            let ruling = in_time(key, None, now, &mut checks);
            let (said, form) = (attested.said.take(), std::mem::take(&mut attested.form));
            *attested = Attested { position: attested.position, form, said, ..conclude(vec![ruling], checks) };
            return;
        }
    }
}

/// Nobody signed the text, and people read it: where it says something else than the envelope, somebody changed it.
fn compare(attested: &mut Attested, entry: &Value, image: &Value) {
    let mut checks = Checks::default();
    let words = attested.said.as_ref().and_then(|said| difference(said, entry, image));
    match &words {
        Some(words) => checks.failed("text", words.clone()),
        None => checks.passed("text", "the text beside the envelope says what was signed"),
    }
    attested.steps.append(&mut checks.steps);
    if let Some(why) = words {
        attested.outcome = Outcome::Invalid { why };
        attested.claimed.append(&mut attested.signers);
        attested.signed_at = None;
    }
}

fn difference(said: &Said, entry: &Value, image: &Value) -> Option<String> {
    let kind = entry["kind"].as_str().unwrap_or("BUILD");
    if kind != "BUILD" {
        return Some(format!("it stands beside the envelope as `{kind}`: expected `BUILD`"));
    }
    let digests: Vec<&str> =
        said.subjects.iter().filter_map(|subject| subject.digests.get("sha256")).map(String::as_str).collect();
    let places = [
        ("the address", &entry["resourceUri"]),
        ("the digest of the image", &image["digest"]),
        ("the full name of the image", &image["fully_qualified_digest"]),
    ];
    for (name, place) in places {
        let Some(text) = place.as_str() else { continue };
        let digest = text.rsplit_once("sha256:").map_or("", |(_, digest)| digest);
        if !digests.contains(&digest) {
            return Some(format!(
                "{name} beside the envelope is `{text}`, which is not what the signed statement is about"
            ));
        }
    }
    let signed: Value = serde_json::from_slice(&said.payload).ok()?;
    let build = &entry["build"];
    let texts = [(&build["intotoStatement"], "slsaProvenance"), (&build["inTotoSlsaProvenanceV1"], "predicate")];
    for (text, predicate) in texts.into_iter().filter(|(text, _)| text.is_object()) {
        let fields =
            [("_type", "_type"), ("predicateType", "predicateType"), ("subject", "subject"), (predicate, "predicate")];
        if let Some((name, _)) = fields.into_iter().find(|(name, other)| text[*name] != signed[*other]) {
            return Some(format!("`{name}` in the text beside the envelope differs from what was signed"));
        }
    }
    None
}
