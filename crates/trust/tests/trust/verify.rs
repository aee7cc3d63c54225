//! What verification says of documents, good ones and bad ones. Everything here is signed by keys of these tests.

use crate::instance::{self, IN_TOTO, Pair, STATEMENT, VALID, at, base64, pem, root, signer_certificate};
use proptest::prelude::*;
use serde_json::{Value, json};
use shipworthy_trust::dsse::pae;
use shipworthy_trust::verify::identity::{Identity, IdentityRule, Pattern};
use shipworthy_trust::verify::{
    Attested, Demands, Outcome, Roots, SigstoreRoot, StepResult, TrustedKey, verify, verify_over,
};
use shipworthy_trust::{PublicKey, SigningKey};

const NOW: &str = "2026-06-01T00:00:00Z";

fn ours(n: u8) -> SigningKey {
    SigningKey::from_seed(&[n; 32]).expect("a key")
}

fn keys(keys: Vec<TrustedKey>) -> Roots {
    Roots { keys, ..Roots::default() }
}

fn trusting_signer() -> Roots {
    keys(vec![TrustedKey::always("release", Pair::signer().public())])
}

fn trusting(root: SigstoreRoot) -> Roots {
    Roots { sigstore: vec![root], ..Roots::default() }
}

fn look(document: &Value, roots: &Roots) -> Vec<Attested> {
    verify(document.to_string().as_bytes(), roots, at(NOW))
}

/// The conclusion in one line.
fn word(attested: &Attested) -> String {
    match &attested.outcome {
        Outcome::Verified => "verified".to_owned(),
        Outcome::Unsigned => "unsigned".to_owned(),
        Outcome::Invalid { why } => format!("invalid: {why}"),
        Outcome::UnknownSigner { who } => format!("unknown signer: {who}"),
        Outcome::Unchecked { why } => format!("unchecked: {why}"),
    }
}

fn words(document: &Value, roots: &Roots) -> String {
    look(document, roots).iter().map(word).collect::<Vec<_>>().join(" | ")
}

fn with(mut value: Value, pointer: &str, new: impl Into<Value>) -> Value {
    *value.pointer_mut(pointer).expect("a place") = new.into();
    value
}

fn with_certificate(chain: &[Vec<u8>]) -> Value {
    let mut envelope = Pair::signer().envelope();
    envelope["signatures"][0]["cert"] = chain.iter().map(|der| pem(der)).collect::<String>().into();
    envelope
}

#[test]
fn an_envelope_of_a_trusted_key_is_verified_step_by_step() {
    insta::assert_json_snapshot!(look(&Pair::signer().envelope(), &trusting_signer()));
}

#[test]
fn a_bundle_of_a_trusted_authority_is_verified_step_by_step() {
    let bundle = instance::bundle(&signer_certificate(VALID, true), "2026-05-01T12:05:00Z");
    insta::assert_json_snapshot!(look(&bundle, &trusting(root(true))));
}

#[test]
fn a_bundle_logged_after_its_certificate_expired_says_where_it_stopped() {
    let bundle = instance::bundle(&signer_certificate(VALID, true), "2026-05-01T12:20:00Z");
    insta::assert_json_snapshot!(look(&bundle, &trusting(root(true)))[0].steps);
}

#[test]
fn every_kind_of_bad_envelope_has_its_sentence() {
    let envelope = Pair::signer().envelope();
    let named = with(envelope.clone(), "/signatures/0/keyid", Pair::signer().public().id());
    let twice =
        with(envelope.clone(), "/signatures/0/sig", base64(envelope["signatures"][0]["sig"].as_str().expect("text")));
    let key = |from: Option<&str>, until: Option<&str>, revoked_at: Option<&str>| {
        let (from, until, revoked_at) = (from.map(at), until.map(at), revoked_at.map(at));
        keys(vec![TrustedKey { from, until, revoked_at, ..TrustedKey::always("release", Pair::signer().public()) }])
    };
    let changed = base64(STATEMENT.replace("shop", "chop"));
    let stranger = keys(vec![TrustedKey::always("other", ours(1).public())]);
    let cases = [
        ("as it should be", words(&envelope, &trusting_signer())),
        ("another key is trusted", words(&envelope, &stranger)),
        ("another key is trusted, and it names its own", words(&named, &stranger)),
        ("no key is trusted", words(&envelope, &Roots::default())),
        ("the payload was changed", words(&with(envelope.clone(), "/payload", changed.clone()), &trusting_signer())),
        ("the same, and it names its key", words(&with(named, "/payload", changed), &trusting_signer())),
        ("another type", words(&with(envelope.clone(), "/payloadType", "text/plain"), &trusting_signer())),
        ("no base64", words(&with(envelope.clone(), "/payload", "%%%"), &trusting_signer())),
        ("no base64 in the signature", words(&with(envelope.clone(), "/signatures/0/sig", "%%%"), &trusting_signer())),
        ("an empty signature", words(&with(envelope.clone(), "/signatures/0/sig", ""), &trusting_signer())),
        ("base64 twice", words(&twice, &trusting_signer())),
        ("no signature", words(&with(envelope.clone(), "/signatures", json!([])), &trusting_signer())),
        ("no list of signatures", words(&with(envelope.clone(), "/signatures", "none"), &trusting_signer())),
        ("a key that counts later", words(&envelope, &key(Some("2026-07-01T00:00:00Z"), None, None))),
        ("a key that counts no more", words(&envelope, &key(None, Some("2026-05-01T00:00:00Z"), None))),
        ("a revoked key", words(&envelope, &key(None, None, Some("2026-05-31T00:00:00Z")))),
        ("a key revoked later", words(&envelope, &key(None, None, Some("2026-06-02T00:00:00Z")))),
        ("a statement alone", words(&serde_json::from_str(STATEMENT).expect("JSON"), &trusting_signer())),
    ];
    insta::assert_snapshot!(cases.map(|(case, words)| format!("{case}: {words}")).join("\n"));
}

#[test]
fn every_kind_of_bad_certificate_has_its_sentence() {
    let genuine = || signer_certificate(VALID, true);
    let current = || signer_certificate(["260501000000Z", "270501000000Z"], true);
    let forged = || signer_certificate(VALID, false);
    let lax = Demands { log_entry: false, signing_time: false, ..root(false).demands };
    let other_signer = with(with_certificate(&[genuine()]), "/payload", base64(STATEMENT.replace("shop", "chop")));
    let cases = [
        ("valid when it came in", words(&with_certificate(&[current()]), &trusting(root(false)))),
        ("valid when it came in, but not logged", words(&with_certificate(&[current()]), &trusting(root(true)))),
        ("expired, without a timestamp", words(&with_certificate(&[genuine()]), &trusting(root(false)))),
        ("the same, where nobody minds", words(&with_certificate(&[genuine()]), &trusting(root(false).demanding(lax)))),
        ("by a stranger", words(&with_certificate(&[forged()]), &trusting(root(false)))),
        (
            "by a stranger, with a root inside",
            words(&with_certificate(&[forged(), instance::authority()]), &trusting(root(false))),
        ),
        ("no authority is trusted", words(&with_certificate(&[genuine()]), &Roots::default())),
        ("no certificate", words(&with_certificate(&[b"nonsense".to_vec()]), &trusting(root(false)))),
        ("the payload was changed", words(&other_signer, &trusting(root(false)))),
        ("its key itself is trusted", words(&with_certificate(&[forged()]), &trusting_signer())),
    ];
    insta::assert_snapshot!(cases.map(|(case, words)| format!("{case}: {words}")).join("\n"));
}

#[test]
fn every_kind_of_bad_bundle_has_its_sentence() {
    let bundle = |logged_at: &str| instance::bundle(&signer_certificate(VALID, true), logged_at);
    let good = || bundle("2026-05-01T12:05:00Z");
    let entry = "/verificationMaterial/tlogEntries/0";
    let without = |pointer: &str, name: &str| {
        let mut value = good();
        value.pointer_mut(pointer).and_then(Value::as_object_mut).expect("an object").remove(name);
        value
    };
    let roots = || trusting(root(true));
    let forged = instance::bundle(&signer_certificate(VALID, false), "2026-05-01T12:05:00Z");
    let mut two = good();
    let signatures = two["dsseEnvelope"]["signatures"].as_array_mut().expect("signatures");
    signatures.push(signatures[0].clone());
    let first = good();
    let mine = first["verificationMaterial"]["x509CertificateChain"]["certificates"][0].clone();
    let chain = json!([mine, { "rawBytes": base64(instance::authority()) }]);
    let cases = [
        ("as it should be", words(&good(), &roots())),
        (
            "with the root inside",
            words(&with(first, "/verificationMaterial/x509CertificateChain/certificates", chain), &roots()),
        ),
        ("logged after the certificate expired", words(&bundle("2026-05-01T12:20:00Z"), &roots())),
        ("logged before it was valid", words(&bundle("2026-05-01T11:50:00Z"), &roots())),
        (
            "logged later than it came in",
            words(
                &instance::bundle(
                    &signer_certificate(["260501000000Z", "270501000000Z"], true),
                    "2026-06-02T00:00:00Z",
                ),
                &roots(),
            ),
        ),
        (
            "another time than was promised",
            words(&with(good(), &format!("{entry}/integratedTime"), "1777636801"), &roots()),
        ),
        ("without the promise", words(&without(entry, "inclusionPromise"), &roots())),
        ("without entry and time", words(&with(good(), "/verificationMaterial/tlogEntries", json!([])), &roots())),
        (
            "the payload was changed",
            words(
                &with(good(), "/dsseEnvelope/payload", base64(STATEMENT.replace("predicate\":{}", "predicate\":[]"))),
                &roots(),
            ),
        ),
        ("by a stranger", words(&forged, &roots())),
        ("an entry of an unknown form", words(&with(good(), &format!("{entry}/kindVersion/kind"), "rekord"), &roots())),
        (
            "an unknown version",
            words(&with(good(), "/mediaType", "application/vnd.dev.sigstore.bundle+json;version=9"), &roots()),
        ),
        ("two signatures", words(&two, &roots())),
        ("a negative index", words(&with(good(), &format!("{entry}/logIndex"), "-1"), &roots())),
        ("no root", words(&good(), &Roots::default())),
        ("another root", words(&good(), &Roots::public_good().expect("a root"))),
    ];
    insta::assert_snapshot!(cases.map(|(case, words)| format!("{case}: {words}")).join("\n"));
}

#[test]
fn a_root_that_comes_along_counts_for_nothing_and_is_named() {
    let chain = [signer_certificate(VALID, false), instance::authority()];
    let answers = look(&with_certificate(&chain), &trusting(root(false)));
    insta::assert_json_snapshot!(answers[0].steps);
}

#[test]
fn a_check_that_was_not_reached_is_never_said_to_have_passed() {
    let bundle = instance::bundle(&signer_certificate(VALID, true), "2026-05-01T12:20:00Z");
    let steps = &look(&bundle, &trusting(root(true)))[0].steps;
    let failed = steps.iter().position(|step| step.result == StepResult::Failed).expect("a failure");
    assert!(steps[failed + 1..].iter().all(|step| step.result == StepResult::Skipped), "{steps:#?}");
}

#[test]
fn signatures_of_one_key_count_once_and_those_of_two_twice() {
    let message = pae(IN_TOTO, STATEMENT.as_bytes());
    let signature = |key: &SigningKey| json!({ "keyid": "x", "sig": base64(key.sign(&message)) });
    let signer = |pair: Pair| json!({ "sig": base64(pair.sign(&message)) });
    let roots = keys(vec![
        TrustedKey::always("one", ours(1).public()),
        TrustedKey::always("one again", ours(1).public()),
        TrustedKey::always("release", Pair::signer().public()),
    ]);
    let count = |signatures: Vec<Value>| {
        let document = json!({ "payloadType": IN_TOTO, "payload": base64(STATEMENT), "signatures": signatures });
        look(&document, &roots)[0].signers.len()
    };
    assert_eq!(count(vec![signature(&ours(1)), signature(&ours(1))]), 1);
    // ECDSA signs differently every time.
    assert_eq!(count(vec![signer(Pair::signer()), signer(Pair::signer())]), 1);
    assert_eq!(count(vec![signature(&ours(1)), signer(Pair::signer())]), 2);
    assert_eq!(count(vec![signature(&ours(2)), signer(Pair::signer())]), 1);
}

#[test]
fn a_document_of_many_attestations_does_not_take_minutes() {
    let line = Pair::signer().envelope().to_string();
    let document = vec![line; 10_000].join("\n");
    let answers = verify(document.as_bytes(), &trusting_signer(), at(NOW));
    assert_eq!(answers.len(), 1_001);
    assert!(answers[..1_000].iter().all(|attested| attested.outcome.is_verified()));
    assert_eq!(
        word(&answers[1_000]),
        "unchecked: the document holds 10000 attestations, of which the first 1000 were looked at"
    );
    let signatures: Vec<Value> = (0..65).map(|n: u8| json!({ "sig": base64([n; 64]) })).collect();
    let many = with(Pair::signer().envelope(), "/signatures", signatures);
    assert_eq!(words(&many, &trusting_signer()), "invalid: it has 65 signatures; expected at most 64");
}

#[test]
fn an_artifact_that_is_signed_itself_is_checked_over_its_bytes() {
    let artifact = b"abc";
    let hint = Pair::signer().public().id();
    let digest = "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=";
    let bundle = json!({
        "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
        "verificationMaterial": { "publicKey": { "hint": hint } },
        "messageSignature": {
            "messageDigest": { "algorithm": "SHA2_256", "digest": digest },
            "signature": base64(Pair::signer().sign(artifact)),
        },
    });
    let over = |artifact: &[u8]| {
        word(&verify_over(bundle.to_string().as_bytes(), Some(artifact), &trusting_signer(), at(NOW))[0])
    };
    assert_eq!(over(artifact), "verified");
    assert_eq!(
        over(b"abd"),
        "invalid: it names the key `release`, which did not make the signature over what is there now"
    );
}

#[test]
fn rules_name_identities_exactly_by_pattern_or_any() {
    let identity = Identity {
        san: "https://github.com/example/shop/.github/workflows/release.yml@refs/tags/v1.2.3".to_owned(),
        issuer: Some("https://token.actions.githubusercontent.com".to_owned()),
        ..Identity::default()
    };
    let pattern = |text: &str| Pattern::Pattern(text.to_owned());
    let names = |san: Pattern| {
        IdentityRule { san, issuer: Pattern::Exact(identity.issuer.clone().expect("one")) }.names(&identity)
    };
    assert!(names(Pattern::Exact(identity.san.clone())));
    assert!(names(pattern("https://github.com/example/*/.github/workflows/release.yml@refs/tags/v*")));
    assert!(names(pattern("*")) && names(Pattern::Any));
    // Anchored at both ends, so that nobody puts the wanted name into his own.
    assert!(!names(pattern("github.com/example/*")));
    assert!(!names(pattern("https://github.com/example/*@refs/tags/v1.2")));
    assert!(!names(pattern("https://github.com/example/shop")));
    assert!(!names(pattern("https://github.com/*.yml*release*")));
    // Both halves are needed, and what is absent is named by `any` alone.
    let nobody = Identity { issuer: None, ..identity.clone() };
    let any_issuer = |issuer: Pattern| IdentityRule { san: Pattern::Any, issuer }.names(&nobody);
    assert!(any_issuer(Pattern::Any));
    assert!(!any_issuer(pattern("*")) && !any_issuer(Pattern::Exact(String::new())));
    assert!(!Pattern::Pattern("ab*ba".to_owned()).fits("aba"), "the ends may not share a character");
}

#[test]
fn what_is_stored_reads_back() {
    let answers = look(&Pair::signer().envelope(), &trusting_signer());
    let stored = serde_json::to_string(&answers).expect("JSON");
    let read: Vec<Attested> = serde_json::from_str(&stored).expect("read back");
    assert_eq!(read[0].outcome, answers[0].outcome);
    assert_eq!(
        read[0].said.as_ref().map(|said| &said.payload_digest),
        answers[0].said.as_ref().map(|said| &said.payload_digest)
    );
    assert_eq!(serde_json::to_string(&read).expect("JSON"), stored);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    /// Whatever byte is changed: what is still verified says exactly what was signed. Bytes that are not signed, such as
    /// the key's name, may change without harm.
    #[test]
    fn a_changed_byte_is_found_or_changes_nothing(place in any::<prop::sample::Index>(), flip in 1..=255_u8, is_bundle: bool) {
        let (document, roots) = if is_bundle {
            (instance::bundle(&signer_certificate(VALID, true), "2026-05-01T12:05:00Z"), trusting(root(true)))
        } else {
            (Pair::signer().envelope(), trusting_signer())
        };
        let mut bytes = document.to_string().into_bytes();
        let place = place.index(bytes.len());
        bytes[place] ^= flip;
        for attested in verify(&bytes, &roots, at(NOW)) {
            if attested.outcome.is_verified() {
                let said = attested.said.expect("something said");
                prop_assert_eq!(said.payload.as_slice(), STATEMENT.as_bytes());
                prop_assert_eq!(said.payload_type.as_str(), IN_TOTO);
            }
        }
    }

    /// Within what is signed and the signature itself, no change at all is overlooked.
    #[test]
    fn a_changed_byte_of_payload_type_or_signature_is_found(place in any::<prop::sample::Index>(), flip in 1..=255_u8, part in 0..3_usize) {
        let mut envelope = Pair::signer().envelope();
        let pointer = ["/payload", "/payloadType", "/signatures/0/sig"][part];
        let text = envelope.pointer(pointer).and_then(Value::as_str).expect("a text").to_owned();
        let changed = if part == 1 { flipped(text.into_bytes(), place, flip) } else {
            use base64::Engine as _;
            let bytes = base64::engine::general_purpose::STANDARD.decode(&text).expect("base64");
            base64(flipped(bytes, place, flip)).into_bytes()
        };
        let Ok(changed) = String::from_utf8(changed) else { return Ok(()) };
        *envelope.pointer_mut(pointer).expect("a place") = changed.into();
        prop_assert!(look(&envelope, &trusting_signer()).iter().all(|attested| !attested.outcome.is_verified()));
    }
}

fn flipped(mut bytes: Vec<u8>, place: prop::sample::Index, flip: u8) -> Vec<u8> {
    let place = place.index(bytes.len());
    bytes[place] ^= flip;
    bytes
}

#[test]
fn the_roots_that_are_built_in_can_be_used() {
    assert!(SigstoreRoot::public_good().expect("a root").demands.log_entry);
    assert!(!SigstoreRoot::github().expect("a root").demands.log_entry);
    let refused = |json: &str| SigstoreRoot::from_json("x", json).expect_err("no root").to_string();
    insta::assert_snapshot!(
        [
            refused("{}"),
            refused(r#"{"mediaType":"text/plain"}"#),
            refused(r#"{"mediaType":"application/vnd.dev.sigstore.trustedroot+json;version=0.1"}"#),
        ]
        .join("\n")
    );
    let key = PublicKey::from_text(&Pair::signer().public().to_pem());
    assert_eq!(key, Ok(Pair::signer().public()));
}
