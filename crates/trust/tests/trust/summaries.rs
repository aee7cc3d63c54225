//! Verification summaries of others: relied on or not, and what they prove of source.

use crate::builds::{REPOSITORY, artifact, key, requirements, signed, statement, with_outcome};
use serde_json::{Value, json};
use shipworthy_trust::predicate::{self, Incoming, NamedDigest, SimpleVerificationResult};
use shipworthy_trust::slsa::{Reviews, SignerRule, SourceCase, SourceLevel, SourceVerifier, assess_source};
use shipworthy_trust::verify::identity::Pattern;
use shipworthy_trust::verify::{Attested, Outcome};
use shipworthy_trust::vsa::{Question, Summary, SummaryCheck, TrustedVerifier, check};

const VERIFIER: &str = "https://verifier.example.com";
const SUMMARY: &str = "https://slsa.dev/verification_summary/v1";

fn summary() -> Value {
    json!({
        "verifier": { "id": VERIFIER },
        "timeVerified": "2026-11-20T10:00:00Z",
        "resourceUri": "pkg:oci/cart",
        "policy": { "uri": "https://verifier.example.com/policies/1" },
        "verificationResult": "PASSED",
        "verifiedLevels": ["SLSA_BUILD_LEVEL_3", "ACME_REVIEWED"],
    })
}

fn read(payload: &[u8]) -> Summary {
    let statement: Incoming = predicate::read(payload).expect("a statement");
    Summary::read(&statement).expect("a summary")
}

fn checked(predicate: &Value, signer: u8, wanted: &[&str]) -> SummaryCheck {
    let payload = statement(&[artifact(1)], SUMMARY, predicate);
    asked(&signed(&payload, signer), &read(&payload), wanted)
}

fn asked(attested: &Attested, summary: &Summary, wanted: &[&str]) -> SummaryCheck {
    let verifiers = [TrustedVerifier {
        name: "the verifier".to_owned(),
        verifier: Pattern::Exact(VERIFIER.to_owned()),
        signers: vec![SignerRule::Key { id: key(1).public().id() }],
    }];
    let levels: Vec<String> = wanted.iter().map(|level| (*level).to_owned()).collect();
    let question = Question {
        subject: &artifact(1),
        resource: "pkg:oci/cart",
        is_repository: false,
        reference: None,
        levels: &levels,
        verifiers: &verifiers,
    };
    check(&question, attested, summary)
}

/// The steps in lines.
fn lines(check: &SummaryCheck) -> String {
    let mut lines = vec![format!("accepted: {}", check.is_accepted)];
    lines.extend(check.steps.iter().map(|step| format!("{} {:?}: {}", step.name, step.result, step.words)));
    lines.join("\n")
}

fn with(pointer: &str, value: Value) -> Value {
    let mut summary = summary();
    *summary.pointer_mut(pointer).expect("the place") = value;
    summary
}

#[test]
fn a_summary_is_relied_on_when_all_is_in_order() {
    insta::assert_snapshot!("accepted", lines(&checked(&summary(), 1, &["SLSA_BUILD_LEVEL_2", "ACME_REVIEWED"])));
}

#[test]
fn each_thing_that_is_not_in_order_has_its_sentence() {
    let payload = statement(&[artifact(9)], SUMMARY, &summary());
    let refused = [
        checked(&summary(), 2, &[]),
        checked(&with("/verifier/id", json!("https://verifier.example.com/other")), 1, &[]),
        checked(&with("/resourceUri", json!("pkg:oci/other")), 1, &[]),
        checked(&with("/verificationResult", json!("FAILED")), 1, &[]),
        checked(&summary(), 1, &["SLSA_BUILD_LEVEL_4"]),
        checked(&summary(), 1, &["SLSA_SOURCE_LEVEL_1"]),
        checked(&summary(), 1, &["ACME_SCANNED"]),
        asked(&signed(&payload, 1), &read(&payload), &[]),
        asked(&with_outcome(&payload, Outcome::Unsigned), &read(&payload), &[]),
    ];
    let words = refused.map(|check| {
        assert!(!check.is_accepted);
        let bad = check.steps.iter().filter(|step| step.result == shipworthy_trust::verify::StepResult::Failed);
        bad.map(|step| format!("{}: {}", step.name, step.words)).collect::<Vec<_>>().join("; ")
    });
    insta::assert_snapshot!("refused", words.join("\n"));
}

#[test]
fn no_claim_about_dependencies_is_not_the_claim_that_there_are_none() {
    let of = |levels: Value| {
        let mut summary = summary();
        summary["dependencyLevels"] = levels;
        read(&statement(&[artifact(1)], SUMMARY, &summary)).dependency_levels
    };
    assert_eq!(read(&statement(&[artifact(1)], SUMMARY, &summary())).dependency_levels, None);
    assert_eq!(of(json!({})).map(|levels| levels.len()), Some(0));
    assert_eq!(of(json!({ "SLSA_BUILD_LEVEL_1": 4 })).map(|levels| levels["SLSA_BUILD_LEVEL_1"]), Some(4));
}

#[test]
fn the_names_before_version_1_are_read() {
    let old = json!({
        "verifier": { "id": VERIFIER }, "time_verified": "2022-01-01T00:00:00Z", "resource_uri": "pkg:oci/cart",
        "verification_result": "PASSED", "policy_level": "SLSA_LEVEL_3", "dependency_levels": { "SLSA_LEVEL_0": 1 },
    });
    let payload = statement(&[artifact(1)], "https://slsa.dev/verification_summary/v0.2", &old);
    insta::assert_json_snapshot!("before_version_1", read(&payload));
    // The one track of that time is none of those of today.
    assert!(!asked(&signed(&payload, 1), &read(&payload), &["SLSA_BUILD_LEVEL_1"]).is_accepted);
    assert!(asked(&signed(&payload, 1), &read(&payload), &["SLSA_LEVEL_3"]).is_accepted);
}

fn revision() -> NamedDigest {
    NamedDigest::new("gitCommit", crate::builds::COMMIT).expect("a commit")
}

fn source_summary(levels: &[&str], reference: &str) -> Vec<u8> {
    let statement = json!({
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{ "digest": { "gitCommit": crate::builds::COMMIT }, "annotations": { "sourceRefs": [reference] } }],
        "predicateType": SUMMARY,
        "predicate": {
            "verifier": { "id": "https://git.example.com" },
            "resourceUri": format!("git+{REPOSITORY}"),
            "verificationResult": "PASSED",
            "verifiedLevels": levels,
        },
    });
    serde_json::to_vec(&statement).expect("JSON")
}

fn assessed(payload: Option<&[u8]>, signer: u8, reviews: Option<&Reviews>) -> (SourceLevel, String) {
    let verifiers = [SourceVerifier {
        name: "our Git server".to_owned(),
        verifier: Pattern::Exact("https://git.example.com".to_owned()),
        signers: vec![SignerRule::Key { id: key(1).public().id() }],
        level: SourceLevel::L3,
    }];
    let given: Vec<(Attested, Summary)> =
        payload.iter().map(|payload| (signed(payload, signer), read(payload))).collect();
    let summaries: Vec<(&Attested, &Summary)> = given.iter().map(|(attested, summary)| (attested, summary)).collect();
    let revision = revision();
    let case = SourceCase {
        revision: &revision,
        repository: "git.example.com/shop/cart",
        reference: Some("refs/heads/main"),
        summaries: &summaries,
        verifiers: &verifiers,
        reviews,
    };
    let assessment = assess_source(&case);
    let properties = assessment.properties.join(", ");
    (
        assessment.level,
        format!("{} [{properties}]\n{}", assessment.level.as_str(), requirements(&assessment.requirements)),
    )
}

#[test]
fn the_source_track_rests_on_summaries_of_a_system_that_is_believed() {
    let says = source_summary(&["SLSA_SOURCE_LEVEL_4", "ORG_SOURCE_TESTED"], "refs/heads/main");
    let (level, page) = assessed(Some(&says), 1, None);
    assert_eq!(level, SourceLevel::L3, "the system is believed up to level 3");
    insta::assert_snapshot!("source_level_3", page);
    let low = source_summary(&["SLSA_SOURCE_LEVEL_2"], "refs/heads/main");
    assert_eq!(assessed(Some(&low), 1, None).0, SourceLevel::L2);
    assert_eq!(assessed(Some(&says), 2, None).0, SourceLevel::L0, "signed by somebody else");
    let branch = source_summary(&["SLSA_SOURCE_LEVEL_3"], "refs/heads/evil");
    assert_eq!(assessed(Some(&branch), 1, None).0, SourceLevel::L0, "of another branch");
}

#[test]
fn reviews_show_one_requirement_and_raise_no_level() {
    let reviews =
        |approvals, of_final_revision| Reviews { approvals, of_final_revision, evidence: vec!["sha256:00".to_owned()] };
    let (level, page) = assessed(None, 1, Some(&reviews(2, true)));
    assert_eq!(level, SourceLevel::L0);
    insta::assert_snapshot!("reviews", page);
    let last = |reviews: &Reviews| assessed(None, 1, Some(reviews)).1.lines().last().expect("a line").to_owned();
    insta::assert_snapshot!("fewer_reviews", [last(&reviews(1, false)), last(&reviews(0, false))].join("\n"));
}

#[test]
fn a_simple_verification_result_always_names_its_policies() {
    let result: SimpleVerificationResult = serde_json::from_value(json!({
        "verifier": { "id": VERIFIER, "policies": [{ "uri": "https://verifier.example.com/policies/1", "digest": { "sha256": "00" } }] },
        "timeCreated": "2026-11-20T10:00:00Z",
        "properties": ["ACME_BUILT_BY_US"],
    }))
    .expect("a result");
    insta::assert_json_snapshot!("simple_result", result);
}
