//! Signatures of envelopes and Sigstore bundles, compared with what their collections say of them.

use crate::samples::{Comparison, below, bytes, expected, optional, text};
use shipworthy_model::Digest;
use shipworthy_trust::PublicKey;
use shipworthy_trust::verify::identity::{IdentityRule, Pattern};
use shipworthy_trust::verify::{Attested, Outcome, Roots, Signer, SigstoreRoot, TrustedKey, verify, verify_over};

/// Who signed the bundles of the conformance tests, where they do not say otherwise.
const BEACON: &str = "https://github.com/sigstore-conformance/extremely-dangerous-public-oidc-beacon/.github/workflows/\
                      extremely-dangerous-oidc-beacon.yml@refs/heads/main";
const ISSUER: &str = "https://token.actions.githubusercontent.com";

fn now() -> jiff::Timestamp {
    "2026-11-22T00:00:00Z".parse().expect("a time")
}

fn one_key(path: &str) -> Roots {
    let key = PublicKey::from_pem(&text(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    Roots { keys: vec![TrustedKey::always("the key", key)], ..Roots::default() }
}

fn word(passes: bool) -> &'static str {
    if passes { "PASS" } else { "FAIL" }
}

/// The first word of what others say: behind it is their reason.
fn first(value: &str) -> &str {
    value.split(' ').next().unwrap_or_default()
}

#[test]
fn bundles_of_the_conformance_tests() {
    let mut comparison = Comparison::default();
    for [path, what, value] in expected() {
        if path.starts_with("attestation/sigstore-conformance/") && what.starts_with("bundle_verify") {
            let ours = word(conforms(&path));
            comparison.add(&path, "bundle_verify", ours, first(&value));
        }
    }
    comparison.end("Sigstore conformance", "attestation/sigstore-conformance", 36);
}

fn conforms(path: &str) -> bool {
    let folder = path.strip_suffix("/bundle.sigstore.json").expect("a bundle");
    let artifact = optional(&format!("{folder}/artifact"));
    let artifact = artifact.unwrap_or_else(|| bytes("attestation/sigstore-conformance/a.txt"));
    let own = |name: &str| optional(&format!("{folder}/{name}")).and_then(|bytes| String::from_utf8(bytes).ok());
    let mut roots = Roots::public_good().expect("a root");
    if let Some(root) = own("trusted_root.json") {
        let Ok(root) = SigstoreRoot::from_json("its own", &root) else { return false };
        roots.sigstore = vec![root];
    }
    let given = own("key.pub");
    let has_key = given.is_some();
    // The wrong key of one case is no key at all.
    let key = given.and_then(|pem| PublicKey::from_pem(&pem).ok());
    roots.keys = key.map(|key| TrustedKey::always("key.pub", key)).into_iter().collect();
    let part = |name: &str, usual: &str| own(name).map_or_else(|| usual.to_owned(), |text| text.trim().to_owned());
    let rule =
        IdentityRule { san: Pattern::Exact(part("identity", BEACON)), issuer: Pattern::Exact(part("issuer", ISSUER)) };
    let answers = verify_over(&bytes(path), Some(&artifact), &roots, now());
    assert_eq!(answers.len(), 1, "{path}");
    let is_by_the_right_one = |signer: &Signer| match signer {
        Signer::Key { .. } => has_key,
        Signer::Identity(identity) => !has_key && rule.names(identity),
    };
    let digest = Digest::of(&artifact);
    let is_about_it = |attested: &Attested| {
        let said = attested.said.as_ref().expect("something said");
        said.subjects.iter().any(|subject| subject.digests.get("sha256").is_some_and(|hex| hex == digest.hex()))
    };
    answers.iter().all(|attested| {
        attested.outcome.is_verified() && attested.signers.iter().any(is_by_the_right_one) && is_about_it(attested)
    })
}

#[test]
fn bundles_of_other_collections() {
    let mut comparison = Comparison::default();
    let roots = Roots::public_good().expect("a root");
    for [path, what, value] in expected() {
        if path.starts_with("attestation/sigstore-bundle/") && what == "bundle_verify" {
            let answers = verify(&bytes(&path), &roots, now());
            comparison.add(&path, &what, word(answers.iter().all(|one| one.outcome.is_verified())), first(&value));
        }
    }
    for path in [
        "sigstore-bundle/bundle-provenance.json",
        "sigstore-bundle/sigstore.js@2.0.0-provenance.sigstore.json",
        "sigstore-bundle/dsse.sigstore.json",
        "github-attestation-bundle/MODULE.bazel.intoto.jsonl",
    ] {
        let path = format!("attestation/{path}");
        let answers = verify(&bytes(&path), &roots, now());
        comparison.add(&path, "verified", word(answers.iter().all(|one| one.outcome.is_verified())), "PASS");
    }
    let invalid = "attestation/sigstore-bundle/slsa-verifier-invalid-dsse-sig.sigstore.json";
    let answers = verify(&bytes(invalid), &roots, now());
    comparison.add(invalid, "verified", word(answers[0].outcome.is_verified()), "FAIL");
    comparison.end("Sigstore bundles", "attestation/sigstore-bundle", 7);
}

#[test]
fn envelopes_signed_with_a_key() {
    let mut comparison = Comparison::default();
    for [path, what, value] in expected() {
        let Some(key) = what.strip_prefix("dsse_verify key=") else { continue };
        let folder = path.rsplit_once('/').expect("a folder").0;
        let answers = verify(&bytes(&path), &one_key(&format!("{folder}/{key}")), now());
        assert_eq!(answers.len(), 1, "{path}");
        comparison.add(&path, &what, word(answers[0].outcome.is_verified()), first(&value));
    }
    comparison.end("DSSE envelopes", "attestation/cosign-sbom-attestation", 4);
}

/// A key that one of the tools publishes beside what it signed.
#[test]
fn envelopes_beside_the_key_of_their_tool() {
    let mut comparison = Comparison::default();
    let witness: serde_json::Value =
        serde_json::from_str(&text("attestation/witness/policy.json")).expect("a policy of Witness");
    let ed25519 = witness["publickeys"]["ae2dcc989ea9c109a36e8eba5c4bc16d8fafcfe8e1a614164670d50aedacd647"]["key"]
        .as_str()
        .expect("a key");
    let pem = String::from_utf8(base64_of(ed25519)).expect("PEM");
    let key = PublicKey::from_pem(&pem).expect("a key");
    let roots = Roots { keys: vec![TrustedKey::always("witness", key)], ..Roots::default() };
    for (path, theirs) in [("build.attestation.json", "PASS"), ("fail.attestation.json", "FAIL")] {
        let path = format!("attestation/witness/{path}");
        let answers = verify(&bytes(&path), &roots, now());
        comparison.add(&path, "signature", word(answers[0].outcome.is_verified()), theirs);
    }
    let roots = one_key("attestation/slsa-vsa/vsa_signing_public_key.pem");
    let path = "attestation/slsa-vsa/gke-gce-pre.bcid-vsa.jsonl";
    comparison.add(path, "signature", word(verify(&bytes(path), &roots, now())[0].outcome.is_verified()), "PASS");
    let roots = one_key("attestation/chainloop/cosign.pub");
    let path = "attestation/chainloop/cosign-attestation.json";
    comparison.add(path, "signature", word(verify(&bytes(path), &roots, now())[0].outcome.is_verified()), "PASS");
    for (link, key) in [("package.2f89b927.link", "carl"), ("write-code.776a00e2.link", "bob")] {
        let path = format!("attestation/in-toto-layout-link/demo_files/{link}");
        let roots = one_key(&format!("attestation/in-toto-layout-link/demo_files/{key}.pub"));
        comparison.add(&path, "signature", word(verify(&bytes(&path), &roots, now())[0].outcome.is_verified()), "PASS");
    }
    comparison.end("Envelopes with published keys", "attestation/witness", 6);
}

fn base64_of(text: &str) -> Vec<u8> {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.decode(text).expect("base64")
}

/// Whatever is in the folder, nobody is believed whom nobody trusts, and nothing ends the program.
#[test]
fn every_file_is_looked_at_and_none_is_believed_without_roots() {
    let mut seen = 0;
    for path in below("attestation") {
        for attested in verify(&bytes(&path), &Roots::default(), now()) {
            assert!(!attested.outcome.is_verified(), "{path}");
            assert!(attested.signers.is_empty(), "{path}");
            seen += usize::from(attested.outcome != Outcome::Unsigned);
        }
    }
    assert!(seen > 150, "{seen}");
}
