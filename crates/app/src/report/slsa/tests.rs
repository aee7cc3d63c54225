//! The report over builds of our own: one that is proved, one by a builder that nobody trusts, and one of which nothing is
//! known.

use super::*;
use jiff::Timestamp;
use serde_json::{Value, json};
use shipworthy_model::{ApplicationId, Digest, Release, ReleaseArtifact, ReleaseId, ServiceId, TeamId};
use shipworthy_trust::predicate::{self, NamedDigest, Provenance};
use shipworthy_trust::slsa::{Case, Expectations, SignerRule, TrustedBuilder, assess, conclude};
use shipworthy_trust::verify::identity::Pattern;
use shipworthy_trust::verify::{Roots, TrustedKey, verify};
use shipworthy_trust::{SigningKey, dsse};
use shipworthy_typeset::{STYLE, html};
use uuid::Uuid;

const TRUSTED: &str = "https://builds.example.com/hosted/v1";
const BUILD_TYPE: &str = "https://builds.example.com/types/make/v1";

fn at(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

fn provenance(artifact: &Digest, builder: &str) -> Vec<u8> {
    let source = "git+https://git.example.com/shop/cart@refs/tags/v1.4.2";
    let statement = json!({
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{ "name": "cart", "digest": { "sha256": artifact.hex() } }],
        "predicateType": "https://slsa.dev/provenance/v1",
        "predicate": {
            "buildDefinition": {
                "buildType": BUILD_TYPE,
                "externalParameters": { "source": source, "target": "release" },
                "resolvedDependencies": [
                    { "uri": source, "digest": { "gitCommit": "5f0c1b6d8a7e4c3b2a1908f7e6d5c4b3a2918070" } },
                ],
            },
            "runDetails": {
                "builder": { "id": builder },
                "metadata": { "invocationId": "run-4711", "startedOn": "2026-11-20T10:00:00Z" },
            },
        },
    });
    serde_json::to_vec(&statement).expect("JSON")
}

fn expectations() -> Expectations {
    Expectations {
        formed: Some("stated by the team".to_owned()),
        source_repository: Some("git.example.com/shop/cart.git".to_owned()),
        external_parameters: Some(json!({ "target": "release" })),
        ignored_parameters: vec!["/source".to_owned()],
        ..Expectations::default()
    }
}

/// What the provenance of an artifact proves, signed by a key that is trusted for one builder.
fn judged(artifact: &Digest, builder: &str) -> Conclusion {
    let key = SigningKey::from_seed(&[1; 32]).expect("a key");
    let payload = provenance(artifact, builder);
    let envelope = serde_json::to_vec(&dsse::sign(dsse::IN_TOTO, &payload, &key)).expect("JSON");
    let roots = Roots { keys: vec![TrustedKey::always("build service", key.public())], ..Roots::default() };
    let attested = verify(&envelope, &roots, at("2026-11-22T00:00:00Z")).remove(0);
    let stated = predicate::read(&payload).ok().and_then(|statement| Provenance::read(&statement).ok());
    let trusted = TrustedBuilder {
        name: "our build service".to_owned(),
        builder: Pattern::Exact(TRUSTED.to_owned()),
        signers: vec![SignerRule::Key { id: key.public().id() }],
        build_types: vec![Pattern::Exact(BUILD_TYPE.to_owned())],
        conditions: Vec::new(),
        level: BuildLevel::L3,
    };
    let assessment = assess(&Case {
        artifact: &NamedDigest::from(artifact),
        package: "pkg:oci/cart",
        attested: &attested,
        provenance: stated.as_ref(),
        builders: &[trusted],
        expectations: &expectations(),
    });
    conclude(&NamedDigest::from(artifact), vec![assessment])
}

fn report() -> SlsaReport {
    let digests = [b"image".as_slice(), b"worker", b"chart"].map(Digest::of);
    let names =
        ["registry.example.com/shop/cart:1.4.2", "registry.example.com/shop/cart-worker:1.4.2", "cart-1.4.2.tgz"];
    let artifact = |(digest, name): (&Digest, &str)| ReleaseArtifact {
        digest: digest.clone(),
        name: Some(name.to_owned()),
        kind: "container-image".to_owned(),
    };
    let release = Release {
        id: ReleaseId(Uuid::nil()),
        service_id: ServiceId(Uuid::nil()),
        version: "1.4.2".to_owned(),
        repository: Some("https://git.example.com/shop/cart".to_owned()),
        branch: Some("main".to_owned()),
        commit: Some("5f0c1b6d8a7e4c3b2a1908f7e6d5c4b3a2918070".to_owned()),
        build: None,
        artifacts: digests.iter().zip(names).map(artifact).collect(),
        created_by: "pipeline".to_owned(),
        created_at: at("2026-11-20T10:06:00Z"),
    };
    let owned = OwnedRelease {
        release,
        service_name: "cart".to_owned(),
        application_id: ApplicationId(Uuid::nil()),
        application_name: "shop".to_owned(),
        team_id: TeamId(Uuid::nil()),
        team_name: "checkout".to_owned(),
    };
    let build = vec![judged(&digests[0], TRUSTED), judged(&digests[1], "https://laptop.example.com/of-eve")];
    let release = SlsaRelease::of(&owned, &Assessed { build, source: None, expectations: expectations() });
    SlsaReport {
        schema: 1,
        about: release.release.clone(),
        from: None,
        until: None,
        made_at: "2026-11-22T09:30:00Z".to_owned(),
        made_for: "ada".to_owned(),
        verifier: "https://shipworthy.example.com".to_owned(),
        verifier_version: "0.1.0".to_owned(),
        specification: "https://slsa.dev/spec/v1.2/".to_owned(),
        releases: vec![release],
    }
}

#[test]
fn every_artifact_has_its_level_its_requirements_and_its_evidence() {
    let report: Value = serde_json::to_value(report()).expect("JSON");
    insta::assert_json_snapshot!(report);
}

#[test]
fn an_auditor_reads_the_verdict_first() {
    insta::assert_snapshot!(html(&report().document()).replace(STYLE, "…"));
}

#[cfg(feature = "pdf")]
#[test]
fn the_file_is_the_same_for_the_same_data() {
    let bytes = crate::report::pdf(&report().document()).expect("a file");
    assert!(bytes == crate::report::pdf(&report().document()).expect("a file"));
    if let Some(folder) = std::env::var_os("SHIPWORTHY_PDF_FOLDER") {
        std::fs::write(std::path::Path::new(&folder).join("slsa.pdf"), &bytes).expect("the folder can be written to");
    }
}
