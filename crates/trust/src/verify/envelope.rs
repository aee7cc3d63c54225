//! DSSE envelopes, the metadata of in-toto, and payloads with a signature beside them: every signature of each, and what
//! they say together.

use super::checks::{Checks, Ruling};
use super::found::{GivenEnvelope, GivenSignature, Loose, pem_bodies};
use super::metadata;
use super::said::Said;
use super::signature::{Court, Given, Reading, judge};
use super::{Attested, Outcome};
use crate::dsse::{decode, pae};
use serde_json::Value;
use std::collections::BTreeSet;

/// An envelope with more signatures than this has them to keep verifiers busy.
const MOST_SIGNATURES: usize = 64;

/// Verifies a DSSE envelope.
pub(super) fn verify(envelope: &GivenEnvelope, court: &mut Court<'_>) -> Attested {
    let Some(payload) = decode(&envelope.payload) else {
        return refused("envelope", "the payload of the envelope is not base64");
    };
    let kind = &envelope.payload_type;
    let mut payloads = vec![(payload, None)];
    if let Some(inner) = str::from_utf8(&payloads[0].0).ok().and_then(decode).filter(|inner| inner.starts_with(b"{")) {
        payloads.push((inner, Some("the payload is encoded in base64 twice")));
    }
    let reading = |(payload, words): &(Vec<u8>, _)| Reading { message: pae(kind, payload), words: *words };
    let readings: Vec<Reading> = payloads.iter().map(reading).collect();
    let (mut attested, position) = verify_all(&envelope.signatures, &readings, court);
    // What is not verified is shown as the likeliest reading has it.
    let payload = payloads.swap_remove(position.unwrap_or(payloads.len() - 1));
    attested.said = Some(Said::from_payload(kind, payload.0));
    attested
}

/// Verifies a layout or link of in-toto.
pub(super) fn verify_metadata(value: &Value, court: &mut Court<'_>) -> Attested {
    let signed = value.get("signed").unwrap_or(&Value::Null);
    let Some(message) = metadata::canonical(signed) else {
        return refused(
            "envelope",
            "what is signed holds a number that is no integer, which canonical JSON does not have",
        );
    };
    let signatures = value.get("signatures").cloned().unwrap_or_default();
    let Ok(signatures) = serde_json::from_value::<Vec<GivenSignature>>(signatures) else {
        return refused("envelope", "the list of signatures cannot be read");
    };
    let said = Said::from_metadata(signed, message.clone());
    let (mut attested, _) = verify_all(&signatures, &[Reading { message, words: None }], court);
    attested.said = Some(said);
    attested
}

/// Verifies a payload of cosign that a key signed.
pub(super) fn verify_loose(loose: Loose, court: &mut Court<'_>) -> Attested {
    let readings = [Reading { message: loose.payload.clone(), words: None }];
    let signature = GivenSignature { sig: loose.signature, ..GivenSignature::default() };
    let (mut attested, _) = verify_all(&[signature], &readings, court);
    attested.said = Some(Said::from_payload(loose.payload_type, loose.payload));
    attested
}

/// Something that cannot even be looked at.
pub(super) fn refused(step: &'static str, why: &str) -> Attested {
    let mut checks = Checks::default();
    checks.failed(step, why);
    Attested::concluded(Outcome::Invalid { why: why.to_owned() }, checks)
}

/// Rules on every signature. The same signer counts once, however often he signed.
fn verify_all(signatures: &[GivenSignature], readings: &[Reading], court: &mut Court<'_>) -> (Attested, Option<usize>) {
    let mut checks = Checks::default();
    let mut seen = BTreeSet::new();
    let given: Vec<&GivenSignature> =
        signatures.iter().filter(|signature| !signature.sig.is_empty() && seen.insert(&signature.sig)).collect();
    if given.is_empty() {
        checks.skipped("signature", "there is no signature");
        return (Attested::concluded(Outcome::Unsigned, checks), None);
    }
    if given.len() > MOST_SIGNATURES {
        let why = format!("it has {} signatures; expected at most {MOST_SIGNATURES}", given.len());
        return (refused("envelope", &why), None);
    }
    let mut rulings = Vec::new();
    let mut holds_for = None;
    for (position, signature) in given.iter().enumerate() {
        let mut own = Checks::default();
        let (ruling, reading) = judge(&read(signature), readings, court, &mut own);
        // A second signature that holds for another reading of the payload is about another payload.
        let is_other = holds_for.is_some() && reading.is_some() && reading != holds_for;
        let ruling =
            if is_other { Ruling::invalid("the signatures are about different payloads", None) } else { ruling };
        if ruling.outcome.is_verified() {
            holds_for = reading;
        }
        if given.len() > 1 {
            own.steps.iter_mut().for_each(|step| step.words.insert_str(0, &format!("signature {}: ", position + 1)));
        }
        checks.steps.append(&mut own.steps);
        rulings.push(ruling);
    }
    (conclude(rulings, checks), holds_for)
}

/// What several signatures say together: it is verified when one is, and otherwise as the worst known of any.
pub(super) fn conclude(mut rulings: Vec<Ruling>, checks: Checks) -> Attested {
    rulings.sort_by_key(Ruling::rank);
    let outcome = rulings.first().map_or(Outcome::Unsigned, |ruling| ruling.outcome.clone());
    let mut attested = Attested::concluded(outcome, checks);
    for ruling in rulings {
        let Some(signer) = ruling.signer else { continue };
        let list = if ruling.outcome.is_verified() { &mut attested.signers } else { &mut attested.claimed };
        if !list.contains(&signer) {
            list.push(signer);
        }
        if ruling.outcome.is_verified() {
            attested.signed_at = attested.signed_at.into_iter().chain(ruling.signed_at).min();
        }
    }
    attested
}

fn read(signature: &GivenSignature) -> Given<'_> {
    let pems = signature.cert.iter().cloned().chain(signature.certificate.iter().filter_map(|text| inner_text(text)));
    let pems = pems.chain(signature.intermediates.iter().flatten().filter_map(|text| inner_text(text)));
    let ders = pems.flat_map(|pem| pem_bodies(&pem).filter_map(|body| decode(&body)).collect::<Vec<_>>());
    let timestamps = signature.timestamps.iter().flatten().filter_map(|timestamp| decode(&timestamp.data));
    Given {
        text: &signature.sig,
        keyid: signature.keyid.as_deref(),
        certificates: ders.take(16).collect(),
        timestamps: timestamps.take(16).collect(),
    }
}

/// A text in PEM that was encoded in base64 once more, as Go writes bytes.
fn inner_text(text: &str) -> Option<String> {
    if text.contains("-----BEGIN") {
        return Some(text.to_owned());
    }
    decode(text).and_then(|bytes| String::from_utf8(bytes).ok())
}
