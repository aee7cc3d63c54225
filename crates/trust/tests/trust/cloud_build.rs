//! What Google's command line prints of a build: former signatures, and the text beside what was signed.

use crate::builds::{artifact, build, key, provenance};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE;
use serde_json::{Value, json};
use shipworthy_trust::SigningKey;
use shipworthy_trust::dsse::{IN_TOTO, pae};
use shipworthy_trust::verify::{Outcome, Roots, StepResult, TrustedKey, verify};

const FORMER: &str = "projects/ours/locations/global/keyRings/attestor/cryptoKeys/builtByGCB/cryptoKeyVersions/1";
const TODAY: &str = "projects/ours/locations/global/keyRings/attestor/cryptoKeys/worker/cryptoKeyVersions/1";

/// The document with one envelope: who is said to have signed, and the signature.
fn document(keyid: &str, signature: &[u8]) -> Value {
    let payload = provenance(&[artifact(1)], &build());
    let statement: Value = serde_json::from_slice(&payload).expect("JSON");
    json!({
        "image_summary": { "digest": artifact(1).to_string() },
        "provenance_summary": { "provenance": [{
            "build": { "inTotoSlsaProvenanceV1": statement },
            "kind": "BUILD",
            "resourceUri": format!("https://registry.example.com/cart@{}", artifact(1)),
            "envelope": {
                "payloadType": IN_TOTO,
                "payload": URL_SAFE.encode(&payload),
                "signatures": [{ "keyid": keyid, "sig": URL_SAFE.encode(signature) }],
            },
        }] },
    })
}

/// The conclusion, and what was said of the text.
fn conclusion(document: &Value) -> String {
    let trusted = |name: &str, key: &SigningKey| TrustedKey::always(name, key.public());
    let roots = Roots { keys: vec![trusted(FORMER, &key(1)), trusted(TODAY, &key(2))], ..Roots::default() };
    let now = "2026-11-22T00:00:00Z".parse().expect("a time");
    let attested = verify(&serde_json::to_vec(document).expect("JSON"), &roots, now);
    assert_eq!(attested.len(), 1);
    assert_eq!(attested[0].signers.is_empty(), !attested[0].outcome.is_verified());
    let steps = attested[0].steps.iter().filter(|step| step.result != StepResult::Skipped);
    let steps: Vec<String> = steps.map(|step| format!("{} {:?}: {}", step.name, step.result, step.words)).collect();
    let outcome = match &attested[0].outcome {
        Outcome::Invalid { why } => format!("invalid: {why}"),
        other => format!("{other:?}"),
    };
    format!("{outcome}\n  {}", steps.join("\n  "))
}

fn alone(n: u8) -> Vec<u8> {
    key(n).sign(&provenance(&[artifact(1)], &build()))
}

#[test]
fn the_former_signature_is_believed_of_the_former_key_alone() {
    let as_today = key(2).sign(&pae(IN_TOTO, &provenance(&[artifact(1)], &build())));
    let answers = [
        ("the former key, named", conclusion(&document(FORMER, &alone(1)))),
        ("a key of today", conclusion(&document(TODAY, &as_today))),
        ("the former key, not named", conclusion(&document("", &alone(1)))),
        ("a key of today in the former way", conclusion(&document(TODAY, &alone(2)))),
        ("a stranger in the former way", conclusion(&document(FORMER, &alone(9)))),
    ];
    insta::assert_snapshot!("former_signature", answers.map(|(name, answer)| format!("{name}: {answer}")).join("\n"));
}

#[test]
fn text_that_differs_from_what_was_signed_is_named() {
    let changed = |pointer: &str, value: Value| {
        let mut document = document(FORMER, &alone(1));
        *document.pointer_mut(pointer).expect("the place") = value;
        conclusion(&document).lines().next().expect("a line").to_owned()
    };
    let entry = "/provenance_summary/provenance/0";
    let words = [
        changed(&format!("{entry}/kind"), json!("VULNERABILITY")),
        changed(&format!("{entry}/resourceUri"), json!(format!("https://registry.example.com/cart@{}", artifact(2)))),
        changed("/image_summary/digest", json!(artifact(2).to_string())),
        changed(
            &format!("{entry}/build/inTotoSlsaProvenanceV1/predicate/runDetails/builder/id"),
            json!("https://builds.example.com/better"),
        ),
        changed(&format!("{entry}/build/inTotoSlsaProvenanceV1/subject"), json!([])),
    ];
    insta::assert_snapshot!("changed_text", words.join("\n"));
}
