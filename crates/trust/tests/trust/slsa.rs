//! What provenance proves of an artifact, and what it does not.

use crate::builds::{
    BUILDER, ISSUER, REPOSITORY, artifact, build, build_with, check, expectations, judge, key, page, provenance,
    signed, signed_by, statement, trusted, with_outcome, workflow_rule,
};
use serde_json::json;
use shipworthy_trust::predicate::{NamedDigest, canonical_repository};
use shipworthy_trust::slsa::{
    BuildLevel, Code, Condition, Expectations, RefRule, SignerRule, TrustedBuilder, Verdict, conclude, known_builders,
};
use shipworthy_trust::verify::Outcome;
use shipworthy_trust::verify::identity::{Identity, Pattern};

#[test]
fn a_build_of_a_trusted_builder_reaches_the_level_it_is_trusted_for() {
    let attested = signed(&provenance(&[artifact(1)], &build()), 1);
    let expectations = Expectations {
        refs: vec![RefRule::VersionedTag("v1".to_owned()), RefRule::Branch("main".to_owned())],
        external_parameters: Some(json!({ "target": "release" })),
        ignored_parameters: vec!["/source".to_owned()],
        ..expectations()
    };
    insta::assert_snapshot!("level_3", page(&judge(&attested, &[trusted(BuildLevel::L3)], &expectations)));
    insta::assert_snapshot!("level_2", page(&judge(&attested, &[trusted(BuildLevel::L2)], &expectations)));
}

#[test]
fn a_signature_alone_is_no_level() {
    let attested = signed(&provenance(&[artifact(1)], &build()), 1);
    let nobody = judge(&attested, &[], &expectations());
    assert_eq!((nobody.level, nobody.verdict), (BuildLevel::L1, Verdict::Refused));
    insta::assert_snapshot!("a_builder_that_is_not_listed", page(&nobody));
    // Without expectations nothing is wrong, and the answer is open all the same.
    let open = judge(&attested, &[trusted(BuildLevel::L3)], &Expectations::default());
    assert_eq!(open.verdict, Verdict::Incomplete);
}

#[test]
fn what_nobody_known_signed_counts_as_provenance_that_exists() {
    let payload = provenance(&[artifact(1)], &build());
    let builders = [trusted(BuildLevel::L3)];
    let unsigned = judge(&with_outcome(&payload, Outcome::Unsigned), &builders, &expectations());
    assert_eq!((unsigned.level, unsigned.verdict), (BuildLevel::L1, Verdict::Refused));
    insta::assert_snapshot!("unsigned", page(&unsigned));
    let who = "the key 12".to_owned();
    let unknown = judge(&with_outcome(&payload, Outcome::UnknownSigner { who }), &builders, &expectations());
    assert_eq!((unknown.level, check(&unknown, "signature").code), (BuildLevel::L1, Some(Code::EUntrustedSigner)));
    let why = "the trust root has expired".to_owned();
    let unchecked = judge(&with_outcome(&payload, Outcome::Unchecked { why }), &builders, &expectations());
    assert_eq!((unchecked.level, unchecked.verdict), (BuildLevel::L1, Verdict::Incomplete));
    let why = "one byte was changed".to_owned();
    let invalid = judge(&with_outcome(&payload, Outcome::Invalid { why }), &builders, &expectations());
    assert_eq!((invalid.level, check(&invalid, "signature").code), (BuildLevel::L0, Some(Code::ESignature)));
}

#[test]
fn who_signs_for_one_builder_does_not_speak_for_another() {
    let builders = [trusted(BuildLevel::L3)];
    // Key 2 is known, and not the one that signs for this builder.
    let other_signer = judge(&signed(&provenance(&[artifact(1)], &build()), 2), &builders, &expectations());
    // Key 1 signs for our builds, and says that another builder built.
    let elsewhere = build_with("/runDetails/builder/id", json!("https://builds.example.com/laptop"));
    let other_builder = judge(&signed(&provenance(&[artifact(1)], &elsewhere), 1), &builders, &expectations());
    for refused in [&other_signer, &other_builder] {
        assert_eq!((refused.level, refused.verdict), (BuildLevel::L0, Verdict::Refused));
        assert_eq!(check(refused, "builder").code, Some(Code::EBuilder));
    }
    insta::assert_snapshot!("builder_of_another_signer", check(&other_signer, "builder").words);
    insta::assert_snapshot!("signer_of_another_builder", check(&other_builder, "builder").words);
}

#[test]
fn genuine_provenance_of_another_build_proves_nothing_of_this_one() {
    // The release before: same builder, same signer, same repository, another artifact.
    let replayed = signed(&provenance(&[artifact(7)], &build()), 1);
    let replay = judge(&replayed, &[trusted(BuildLevel::L3)], &expectations());
    assert_eq!((replay.level, check(&replay, "subject").code), (BuildLevel::L0, Some(Code::ESubject)));
    insta::assert_snapshot!("replay", page(&replay));
    // It does not lower what another proves, either.
    let genuine = judge(&signed(&provenance(&[artifact(1)], &build()), 1), &[trusted(BuildLevel::L3)], &expectations());
    let both = conclude(&artifact(1), vec![replay, genuine]);
    assert_eq!((both.level, both.verdict), (BuildLevel::L3, Verdict::Accepted));
    assert!(both.disagreements.is_empty());
}

#[test]
fn a_subject_is_matched_by_its_digest_and_by_nothing_else() {
    let matched = |subject: serde_json::Value| {
        let statement = json!({
            "_type": "https://in-toto.io/Statement/v1", "subject": [subject],
            "predicateType": "https://slsa.dev/provenance/v1", "predicate": build(),
        });
        let attested = signed(&serde_json::to_vec(&statement).expect("JSON"), 1);
        check(&judge(&attested, &[trusted(BuildLevel::L3)], &expectations()), "subject").code.is_none()
    };
    let hex = artifact(1).value().to_owned();
    assert!(matched(json!({ "digest": { "sha256": hex } })));
    assert!(matched(json!({ "digest": { "sha512": "00", "sha256": hex } })));
    assert!(!matched(json!({ "digest": { "sha256": hex.to_uppercase() } })), "upper case is not the written form");
    assert!(!matched(json!({ "digest": { "sha512": hex } })), "another algorithm");
    assert!(!matched(json!({ "name": artifact(1).to_string() })), "a name");
    assert!(!matched(json!({ "uri": format!("pkg:oci/cart@sha256:{hex}") })), "an address");
    assert!(!matched(json!({ "digest": hex })), "no set of digests");
    assert_eq!(NamedDigest::new("sha1", &"ab".repeat(20)).ok(), None, "too weak");
    assert_eq!(NamedDigest::new("sha256", "ab").ok(), None, "too short");
}

#[test]
fn two_believed_statements_that_disagree_lower_the_level_to_what_both_support() {
    let other_commit = build_with(
        "/buildDefinition/resolvedDependencies/0/digest/gitCommit",
        json!("0000000000000000000000000000000000000001"),
    );
    let second = TrustedBuilder {
        name: "the old builds".to_owned(),
        signers: vec![SignerRule::Key { id: key(2).public().id() }],
        level: BuildLevel::L2,
        ..trusted(BuildLevel::L2)
    };
    let builders = [trusted(BuildLevel::L3), second];
    let judged = |predicate: &serde_json::Value, n: u8| {
        judge(&signed(&provenance(&[artifact(1)], predicate), n), &builders, &expectations())
    };
    let apart = conclude(&artifact(1), vec![judged(&other_commit, 2), judged(&build(), 1)]);
    assert_eq!((apart.level, apart.verdict), (BuildLevel::L2, Verdict::Refused));
    assert_eq!(apart.assessments.len(), 2);
    assert_eq!(apart.disagreements[0].statements.len(), 2);
    insta::assert_snapshot!("disagreement", apart.disagreements[0].words);
    // The same source by two builders is a build that was reproduced, and no disagreement.
    let together = conclude(&artifact(1), vec![judged(&build(), 2), judged(&build(), 1)]);
    assert_eq!((together.level, together.disagreements.len()), (BuildLevel::L3, 0));
    // A stranger who says something else has no voice: otherwise anybody could lower a level.
    let stranger = signed(&provenance(&[artifact(1)], &other_commit), 9);
    let stranger = judge(&stranger, &builders, &expectations());
    let heard = conclude(&artifact(1), vec![stranger, judged(&build(), 1)]);
    assert_eq!((heard.level, heard.verdict), (BuildLevel::L3, Verdict::Accepted));
    assert_eq!(conclude(&artifact(1), Vec::new()).level, BuildLevel::L0);
}

#[test]
fn what_is_not_as_expected_is_refused_and_says_what_was_expected() {
    let payload = provenance(&[artifact(1)], &build());
    let attested = signed(&payload, 1);
    let other = |change: fn(&mut Expectations)| {
        let mut expectations = expectations();
        change(&mut expectations);
        let assessment = judge(&attested, &[trusted(BuildLevel::L3)], &expectations);
        assert_eq!((assessment.level, assessment.verdict), (BuildLevel::L0, Verdict::Refused));
        let failed = assessment.checks.iter().find(|check| check.code.is_some()).expect("a failed check");
        format!("{:?}: {}", failed.code.expect("a code"), failed.words)
    };
    let words = [
        other(|expected| expected.source_repository = Some("https://git.example.com/shop/cart-fork".to_owned())),
        other(|expected| expected.refs = vec![RefRule::Branch("main".to_owned())]),
        other(|expected| expected.refs = vec![RefRule::Tag("v1.2".to_owned()), RefRule::VersionedTag("v2".to_owned())]),
        other(|expected| expected.build_types = vec!["https://builds.example.com/types/docker/v2".to_owned()]),
        other(|expected| {
            expected.external_parameters =
                Some(json!({ "target": "debug", "source": "git+https://git.example.com/shop/cart@refs/tags/v1.2.3" }));
        }),
        other(|expected| {
            expected.external_parameters =
                Some(json!({ "source": "git+https://git.example.com/shop/cart@refs/tags/v1.2.3" }));
        }),
        other(|expected| {
            expected.external_parameters = Some(json!({ "target": "release", "debug": true }));
            expected.ignored_parameters = vec!["/source".to_owned()];
        }),
    ];
    insta::assert_snapshot!("not_as_expected", words.join("\n"));
}

#[test]
fn unset_null_and_empty_parameters_are_the_same() {
    let build = build_with(
        "/buildDefinition/externalParameters",
        json!({ "source": format!("git+{REPOSITORY}@refs/tags/v1.2.3"), "flags": [], "note": "", "more": { "deep": null } }),
    );
    let expectations = Expectations {
        external_parameters: Some(json!({ "source": format!("git+{REPOSITORY}@refs/tags/v1.2.3"), "extra": null })),
        ..expectations()
    };
    let attested = signed(&provenance(&[artifact(1)], &build), 1);
    assert_eq!(judge(&attested, &[trusted(BuildLevel::L3)], &expectations).verdict, Verdict::Accepted);
}

#[test]
fn provenance_without_parameters_is_not_of_the_third_level() {
    let bare = json!({ "buildDefinition": { "buildType": crate::builds::BUILD_TYPE }, "runDetails": { "builder": { "id": BUILDER } } });
    let attested = signed(&provenance(&[artifact(1)], &bare), 1);
    let expectations = Expectations::default();
    let assessment = judge(&attested, &[trusted(BuildLevel::L3)], &expectations);
    assert_eq!(assessment.level, BuildLevel::L2);
    insta::assert_snapshot!("incomplete", page(&assessment));
}

#[test]
fn what_is_no_provenance_is_said_so() {
    let payload = statement(&[artifact(1)], "https://cyclonedx.org/bom", &json!({ "bomFormat": "CycloneDX" }));
    let assessment = judge(&signed(&payload, 1), &[trusted(BuildLevel::L3)], &expectations());
    assert_eq!((assessment.level, check(&assessment, "predicate").code), (BuildLevel::L0, Some(Code::EPredicate)));
    let text = judge(&signed(b"hello", 1), &[trusted(BuildLevel::L3)], &expectations());
    assert_eq!((text.level, check(&text, "statement").code), (BuildLevel::L0, Some(Code::EStatementType)));
}

/// A workflow of GitHub that signed, with what its certificate says.
fn workflow(san: &str, repository: &str) -> Identity {
    Identity {
        san: san.to_owned(),
        issuer: Some(ISSUER.to_owned()),
        runner_environment: Some("github-hosted".to_owned()),
        source_repository_uri: Some(repository.to_owned()),
        ..Identity::default()
    }
}

fn github_build(builder: &str, build_type: &str, repository: &str) -> Vec<u8> {
    let predicate = json!({
        "buildDefinition": {
            "buildType": build_type,
            "externalParameters": {
                "workflow": { "repository": repository, "ref": "refs/heads/main", "path": ".github/workflows/build.yml" },
            },
            "resolvedDependencies": [
                { "uri": format!("git+{repository}@refs/heads/main"), "digest": { "gitCommit": crate::builds::COMMIT } },
            ],
        },
        "runDetails": { "builder": { "id": builder } },
    });
    provenance(&[artifact(1)], &predicate)
}

#[test]
fn the_offered_builders_hold_to_their_conditions() {
    let offered: Vec<TrustedBuilder> = known_builders().into_iter().map(|known| known.builder).collect();
    let expected =
        Expectations { source_repository: Some("github.com/shop/cart".to_owned()), ..Expectations::default() };
    let source = "https://github.com/shop/cart";
    let own = "https://github.com/shop/cart/.github/workflows/build.yml@refs/heads/main";
    let shared = "https://github.com/shop/builds/.github/workflows/build.yml@refs/heads/main";
    let plain = "https://actions.github.io/buildtypes/workflow/v1";
    let judged = |payload: &[u8], identity: Identity| judge(&signed_by(payload, identity), &offered, &expected);

    let accepted = judged(&github_build(own, plain, source), workflow(own, source));
    assert_eq!((accepted.level, accepted.verdict), (BuildLevel::L2, Verdict::Accepted));
    insta::assert_snapshot!("github_workflow", page(&accepted));

    let foreign = judged(&github_build(shared, plain, source), workflow(shared, source));
    let elsewhere = judged(&github_build(own, plain, source), workflow(own, "https://github.com/shop/other"));
    let own_machine = Identity { runner_environment: Some("self-hosted".to_owned()), ..workflow(own, source) };
    let own_machine = judged(&github_build(own, plain, source), own_machine);
    let impostor = Identity { issuer: Some("https://accounts.example.com".to_owned()), ..workflow(own, source) };
    let impostor = judged(&github_build(own, plain, source), impostor);
    let words = [&foreign, &elsewhere, &own_machine, &impostor].map(|refused| {
        assert_eq!((refused.level, refused.verdict), (BuildLevel::L0, Verdict::Refused));
        refused.limited_by.clone().expect("a reason")
    });
    insta::assert_snapshot!("github_workflows_refused", words.join("\n"));
}

#[test]
fn a_shared_builder_must_be_a_finished_version_where_the_entry_asks_for_it() {
    let address = "https://github.com/shop/builds/.github/workflows/build.yml@refs/";
    let entry = TrustedBuilder {
        name: "shared builds".to_owned(),
        builder: Pattern::Pattern(format!("{address}*")),
        signers: vec![workflow_rule(&format!("{address}*"))],
        build_types: Vec::new(),
        conditions: vec![Condition::SignerIsBuilder, Condition::VersionTag],
        level: BuildLevel::L3,
    };
    let source = "https://github.com/shop/cart";
    let expected = Expectations { source_repository: Some(source.to_owned()), ..Expectations::default() };
    let level = |reference: &str| {
        let builder = format!("{address}{reference}");
        let payload = github_build(&builder, "https://actions.github.io/buildtypes/workflow/v1", source);
        judge(&signed_by(&payload, workflow(&builder, source)), std::slice::from_ref(&entry), &expected).level
    };
    assert_eq!(level("tags/v1.2.3"), BuildLevel::L3);
    for moving in ["heads/main", "tags/v1", "tags/v1.2.3-rc.1", "tags/latest", "heads/v1.2.3"] {
        assert_eq!(level(moving), BuildLevel::L0, "{moving}");
    }
}

#[test]
fn one_repository_has_one_written_form() {
    let same = [
        "github.com/shop/cart",
        "https://github.com/shop/cart/",
        "git+https://GitHub.com/shop/cart.git@refs/tags/v1",
        "git@github.com:shop/cart.git",
        "ssh://git@github.com/shop/cart",
        "https://token@github.com/shop/cart#main",
    ];
    for text in same {
        assert_eq!(canonical_repository(text).as_deref(), Some("https://github.com/shop/cart"), "{text}");
    }
    let others = ["github.com/shop/Cart", "github.com/shop/cart2", "https://github.com@evil.example/shop/cart"];
    for text in others {
        assert_ne!(canonical_repository(text).as_deref(), Some("https://github.com/shop/cart"), "{text}");
    }
    for text in ["gs://bucket/cart.tgz", "file:///srv/cart", "cart", "https://github.com", ""] {
        assert_eq!(canonical_repository(text), None, "{text}");
    }
}

#[test]
fn the_table_of_builders_reads_as_it_is_offered() {
    let rows: Vec<String> = known_builders()
        .into_iter()
        .map(|known| {
            format!("{}, up to {}: {} ({})", known.builder.name, known.builder.level.name(), known.note, known.source)
        })
        .collect();
    insta::assert_snapshot!("known_builders", rows.join("\n\n"));
}
