//! Builds of our own for the tests: who builds, what he says of it, signed with our own keys, and the answer as an auditor
//! would read it.

use serde_json::{Value, json};
use shipworthy_trust::predicate::{self, NamedDigest, Provenance};
use shipworthy_trust::slsa::{
    Assessment, BuildLevel, Case, Check, Expectations, Requirement, SignerRule, TrustedBuilder, assess,
};
use shipworthy_trust::verify::identity::{Identity, IdentityRule, Pattern};
use shipworthy_trust::verify::{Attested, Outcome, Roots, Said, Signer, StepResult, TrustedKey, verify};
use shipworthy_trust::{SigningKey, dsse};
use std::fmt::Write as _;

pub(crate) const BUILDER: &str = "https://builds.example.com/hosted/v1";
pub(crate) const BUILD_TYPE: &str = "https://builds.example.com/types/make/v1";
pub(crate) const REPOSITORY: &str = "https://git.example.com/shop/cart";
pub(crate) const COMMIT: &str = "5f0c1b6d8a7e4c3b2a1908f7e6d5c4b3a2918070";
pub(crate) const ISSUER: &str = "https://token.actions.githubusercontent.com";

pub(crate) fn key(n: u8) -> SigningKey {
    SigningKey::from_seed(&[n; 32]).expect("a key")
}

/// The SHA-256 of the artifact number `n`.
pub(crate) fn artifact(n: u8) -> NamedDigest {
    NamedDigest::from(&shipworthy_model::Digest::of(&[n]))
}

/// The predicate of an ordinary build.
pub(crate) fn build() -> Value {
    json!({
        "buildDefinition": {
            "buildType": BUILD_TYPE,
            "externalParameters": { "source": format!("git+{REPOSITORY}@refs/tags/v1.2.3"), "target": "release" },
            "resolvedDependencies": [
                { "uri": format!("git+{REPOSITORY}@refs/tags/v1.2.3"), "digest": { "gitCommit": COMMIT } },
                { "uri": "pkg:oci/toolchain", "digest": { "sha256": "ab".repeat(32) } },
            ],
        },
        "runDetails": {
            "builder": { "id": BUILDER },
            "metadata": { "invocationId": "run-4711", "startedOn": "2026-11-20T10:00:00Z" },
        },
    })
}

/// The build with one place changed.
pub(crate) fn build_with(pointer: &str, value: Value) -> Value {
    let mut build = build();
    *build.pointer_mut(pointer).expect("the place") = value;
    build
}

/// A statement about artifacts.
pub(crate) fn statement(artifacts: &[NamedDigest], predicate_type: &str, predicate: &Value) -> Vec<u8> {
    let subject = |digest: &NamedDigest| json!({ "name": "cart", "digest": { digest.algorithm(): digest.value() } });
    let subjects: Vec<Value> = artifacts.iter().map(subject).collect();
    let statement = json!({
        "_type": "https://in-toto.io/Statement/v1",
        "subject": subjects,
        "predicateType": predicate_type,
        "predicate": predicate,
    });
    serde_json::to_vec(&statement).expect("JSON")
}

pub(crate) fn provenance(artifacts: &[NamedDigest], predicate: &Value) -> Vec<u8> {
    statement(artifacts, "https://slsa.dev/provenance/v1", predicate)
}

/// The payload signed with the key `n`, as the verifier sees it that trusts the keys 1 and 2.
pub(crate) fn signed(payload: &[u8], n: u8) -> Attested {
    let envelope = serde_json::to_vec(&dsse::sign(dsse::IN_TOTO, payload, &key(n))).expect("JSON");
    let trusted = |n: u8| TrustedKey::always(&format!("build-{n}"), key(n).public());
    let roots = Roots { keys: vec![trusted(1), trusted(2)], ..Roots::default() };
    let now = "2026-11-22T00:00:00Z".parse().expect("a time");
    let mut answers = verify(&envelope, &roots, now);
    assert_eq!(answers.len(), 1);
    let mut attested = answers.remove(0);
    // Judged is what was said whether or not it is believed.
    attested.said = attested.said.or_else(|| Some(said(payload)));
    attested
}

/// The payload as if signed by somebody whom a certificate names.
pub(crate) fn signed_by(payload: &[u8], identity: Identity) -> Attested {
    let attested = with_outcome(payload, Outcome::Verified);
    Attested { signers: vec![Signer::Identity(Box::new(identity))], ..attested }
}

/// The payload with another conclusion of the verifier.
pub(crate) fn with_outcome(payload: &[u8], outcome: Outcome) -> Attested {
    Attested {
        position: 0,
        form: "Sigstore bundle 0.3".to_owned(),
        said: Some(said(payload)),
        outcome,
        signers: Vec::new(),
        claimed: Vec::new(),
        signed_at: Some("2026-11-20T10:05:00Z".parse().expect("a time")),
        steps: Vec::new(),
    }
}

fn said(payload: &[u8]) -> Said {
    Said::from_payload(dsse::IN_TOTO, payload.to_vec())
}

/// The builder of the tests, whom key 1 signs for.
pub(crate) fn trusted(level: BuildLevel) -> TrustedBuilder {
    TrustedBuilder {
        name: "our builds".to_owned(),
        builder: Pattern::Exact(BUILDER.to_owned()),
        signers: vec![SignerRule::Key { id: key(1).public().id() }],
        build_types: vec![Pattern::Exact(BUILD_TYPE.to_owned())],
        conditions: Vec::new(),
        level,
    }
}

pub(crate) fn workflow_rule(san: &str) -> SignerRule {
    SignerRule::Identity(IdentityRule {
        san: Pattern::Pattern(san.to_owned()),
        issuer: Pattern::Exact(ISSUER.to_owned()),
    })
}

pub(crate) fn expectations() -> Expectations {
    Expectations {
        formed: Some("stated by the team".to_owned()),
        source_repository: Some("git.example.com/shop/cart.git".to_owned()),
        ..Expectations::default()
    }
}

/// Judges a payload with an attestation of it.
pub(crate) fn judge(attested: &Attested, builders: &[TrustedBuilder], expectations: &Expectations) -> Assessment {
    let payload = attested.said.as_ref().map(|said| said.payload.clone()).unwrap_or_default();
    let stated = predicate::read(&payload).ok().and_then(|statement| Provenance::read(&statement).ok());
    assess(&Case {
        artifact: &artifact(1),
        package: "pkg:oci/cart",
        attested,
        provenance: stated.as_ref(),
        builders,
        expectations,
    })
}

/// The check of this name.
pub(crate) fn check<'a>(assessment: &'a Assessment, name: &str) -> &'a Check {
    assessment.checks.iter().find(|check| check.name == name).expect("a check")
}

/// The assessment as an auditor would read it, on a page.
pub(crate) fn page(assessment: &Assessment) -> String {
    let mut page = String::new();
    let mut line = |text: String| writeln!(page, "{text}").expect("a string");
    line(format!("{} ({})", assessment.package, assessment.artifact));
    line(format!("{:?}, {}", assessment.verdict, assessment.level.as_str()));
    if let Some(words) = &assessment.limited_by {
        line(format!("no higher, because {words}"));
    }
    line(String::new());
    for check in &assessment.checks {
        let code = check.code.map(|code| serde_json::to_string(&code).expect("a word")).unwrap_or_default();
        let words = format!("{}  {:<22}{:<8} {} {}", check.number, check.name, mark(check.result), check.words, code);
        line(words.trim_end().to_owned());
    }
    line(String::new());
    line(requirements(&assessment.requirements));
    page
}

pub(crate) fn requirements(requirements: &[Requirement]) -> String {
    let one = |requirement: &Requirement| {
        let shown = serde_json::to_value(requirement.shown).expect("a word");
        let shown = shown.as_str().expect("a word").replace('_', " ");
        format!(
            "L{} {:<10} {} ({}): {}",
            requirement.level, shown, requirement.name, requirement.whose, requirement.words
        )
    };
    requirements.iter().map(one).collect::<Vec<_>>().join("\n")
}

fn mark(result: StepResult) -> &'static str {
    match result {
        StepResult::Passed => "passed",
        StepResult::Failed => "FAILED",
        StepResult::Skipped => "skipped",
    }
}
