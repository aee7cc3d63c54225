//! Google's verification summary of an image, which names its subject by the number of the image.

use crate::builds::now;
use crate::samples::{Comparison, bytes, expected, text};
use shipworthy_trust::PublicKey;
use shipworthy_trust::predicate::{self, NamedDigest};
use shipworthy_trust::slsa::SignerRule;
use shipworthy_trust::verify::identity::Pattern;
use shipworthy_trust::verify::{Roots, TrustedKey, verify};
use shipworthy_trust::vsa::{Question, Summary, TrustedVerifier, check};

const KEY: &str = "attestation/slsa-vsa/vsa_signing_public_key.pem";
const KEY_NAME: &str = "keystore://76574:prod:vsa_signing_public_key";
const IMAGE: &str = "gce_image://gke-node-images:gke-12615-gke1418000-cos-101-17162-463-29-c-cgpv1-pre";

#[test]
fn summaries_of_images() {
    let mut comparison = Comparison::default();
    for [path, what, value] in expected() {
        let Some(asked) = what.strip_prefix("vsa_verify keyid=") else { continue };
        let (key_name, levels) = asked.split_once(" verifiedLevels=").unwrap_or((asked, ""));
        let levels: Vec<String> = levels.split(',').filter(|level| !level.is_empty()).map(str::to_owned).collect();
        let ours = if is_relied_on(&path, key_name, &levels) { "PASS" } else { "FAIL" };
        comparison.add(&path, &what, ours, value.split(' ').next().expect("a word"));
    }
    comparison.end("Verification summaries", "attestation/slsa-vsa", 2);
}

/// Keys are asked for by the name that they have here; what the envelope calls its key decides nothing.
fn is_relied_on(path: &str, key_name: &str, levels: &[String]) -> bool {
    let key = TrustedKey::always(KEY_NAME, PublicKey::from_pem(&text(KEY)).expect("a key"));
    let signers = if key.name == key_name { vec![SignerRule::Key { id: key.key.id() }] } else { Vec::new() };
    let roots = Roots { keys: vec![key], ..Roots::default() };
    let attested = verify(&bytes(path), &roots, now()).remove(0);
    let statement = predicate::read(&attested.said.as_ref().expect("a payload").payload).expect("a statement");
    let summary = Summary::read(&statement).expect("a summary");
    let verifier = Pattern::Exact("https://bcid.corp.google.com/verifier/bcid_package_enforcer/v0.1".to_owned());
    let question = Question {
        subject: &NamedDigest::new("gce_image_id", "8970095005306000053").expect("a number"),
        resource: IMAGE,
        is_repository: false,
        reference: None,
        levels,
        verifiers: &[TrustedVerifier { name: "BCID".to_owned(), verifier, signers }],
    };
    check(&question, &attested, &summary).is_accepted
}
