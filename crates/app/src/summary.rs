//! The signed summary of a decision: an in-toto statement about what the release ships, in an envelope that anybody with
//! our public key can verify. About artifacts it is a verification summary of SLSA; about a release that ships none, which
//! SLSA says nothing of, a simple verification result of in-toto.

use crate::app::App;
use crate::problem::{Answer, Problem};
use serde::Serialize;
use shipworthy_model::{Decision, Digest, EvaluatedPolicy, EvidenceRef, Exception, Release, Verdict};
use shipworthy_policy::Input;
use shipworthy_policy::input::ArtifactIdentity;
use shipworthy_store::place::Place;
use shipworthy_store::release::OwnedRelease;
use shipworthy_trust::dsse;
use shipworthy_trust::slsa::{BUILD_UNEVALUATED, SOURCE_UNEVALUATED};
use shipworthy_trust::statement::{
    DecisionClaims, Descriptor, ExceptionClaim, PolicyVerifier, SIMPLE_VERIFICATION, SimpleVerification, Statement,
    VerificationSummary, Verifier,
};
use std::collections::BTreeMap;

/// The version of SLSA whose words summaries use.
const SLSA_VERSION: &str = "1.2";

/// The envelope of a decision, as JSON. `levels` are those of [`levels`].
///
/// # Errors
/// When it cannot be written, or no key is in force.
pub(crate) fn signed(
    app: &App,
    place: &Place,
    decision: &Decision,
    record: &Digest,
    levels: Vec<String>,
) -> Answer<String> {
    let subject = artifacts(&place.owned.release);
    if subject.is_empty() {
        let subject = vec![instead_of_artifacts(place, decision, record)];
        return sign(
            app,
            decision,
            &Statement::new(subject, SIMPLE_VERIFICATION, simple(app, place, decision, record)),
        );
    }
    sign(app, decision, &Statement::of(subject, summary(app, place, decision, record, levels)))
}

fn sign(app: &App, decision: &Decision, statement: &impl Serialize) -> Answer<String> {
    let payload = serde_json::to_vec(statement).map_err(Problem::internal)?;
    let signer = app.keys.attestation(decision.decided_at)?;
    let envelope = dsse::sign(dsse::IN_TOTO, &payload, signer.key());
    serde_json::to_string(&envelope).map_err(Problem::internal)
}

fn summary(app: &App, place: &Place, decision: &Decision, record: &Digest, levels: Vec<String>) -> VerificationSummary {
    VerificationSummary {
        verifier: verifier(app),
        time_verified: decision.decided_at.to_string(),
        resource_uri: resource(&place.owned),
        policy: all_policies(app, decision),
        input_attestations: decision.evidence.iter().map(|evidence| document(app, evidence)).collect(),
        verification_result: match decision.verdict {
            Verdict::Allow | Verdict::Warn => "PASSED".to_owned(),
            Verdict::Deny => "FAILED".to_owned(),
        },
        verified_levels: verified_levels(decision, levels),
        slsa_version: SLSA_VERSION.to_owned(),
        decision: claims(place, decision, record),
    }
}

fn simple(app: &App, place: &Place, decision: &Decision, record: &Digest) -> SimpleVerification {
    SimpleVerification {
        verifier: PolicyVerifier { id: app.settings.public_url.clone(), policies: policies(decision) },
        time_created: decision.decided_at.to_string(),
        // Properties are what was found to hold; that a gate denies is none.
        properties: gate_property(decision.verdict).into_iter().collect(),
        decision: claims(place, decision, record),
    }
}

/// Who speaks.
pub(crate) fn verifier(app: &App) -> Verifier {
    Verifier {
        id: app.settings.public_url.clone(),
        version: BTreeMap::from([("shipworthy".to_owned(), env!("CARGO_PKG_VERSION").to_owned())]),
    }
}

/// What the release was found to reach on each track of SLSA, from the facts that the policies saw: the lowest of its
/// artifacts. SLSA has a word for a track that was not looked at, so that nobody takes silence for a level.
pub(crate) fn levels(input: &Input) -> Vec<String> {
    let shipped = input.artifact.as_ref().map(|facts| facts.artifacts.as_slice()).unwrap_or_default();
    let judged = input.build.as_ref().and_then(|facts| facts.slsa.as_ref());
    let level = |artifact: &ArtifactIdentity| {
        let found = judged?.iter().find(|judged| judged.artifact == artifact.digest)?;
        Some(found.level)
    };
    let build = shipped.iter().map(level).collect::<Option<Vec<u8>>>().and_then(|levels| levels.into_iter().min());
    let build = build.map_or_else(|| BUILD_UNEVALUATED.to_owned(), |level| format!("SLSA_BUILD_LEVEL_{level}"));
    let source = input.source.as_ref().and_then(|facts| facts.slsa_level);
    let source = source.map_or_else(|| SOURCE_UNEVALUATED.to_owned(), |level| format!("SLSA_SOURCE_LEVEL_{level}"));
    vec![build, source]
}

/// What is reached, and what our gate says. A release that is denied reaches nothing here.
fn verified_levels(decision: &Decision, levels: Vec<String>) -> Vec<String> {
    match gate_property(decision.verdict) {
        Some(property) => levels.into_iter().chain([property]).collect(),
        None => vec!["FAILED".to_owned()],
    }
}

/// Words of our own must not begin as those of SLSA do.
fn gate_property(verdict: Verdict) -> Option<String> {
    match verdict {
        Verdict::Allow => Some("SHIPWORTHY_GATE_ALLOW".to_owned()),
        Verdict::Warn => Some("SHIPWORTHY_GATE_WARN".to_owned()),
        Verdict::Deny => None,
    }
}

fn claims(place: &Place, decision: &Decision, record: &Digest) -> DecisionClaims {
    let exception = |used: &Exception| ExceptionClaim {
        id: used.id.to_string(),
        from: used.from.to_string(),
        until: used.until.to_string(),
    };
    DecisionClaims {
        id: decision.id.to_string(),
        verdict: decision.verdict.to_string(),
        environment: place.environment.name.clone(),
        record: record.to_string(),
        facts: decision.facts.to_string(),
        decided_at: decision.decided_at.to_string(),
        valid_until: decision.valid_until.map(|until| until.to_string()),
        policies: policies(decision),
        exceptions: decision.exceptions.iter().map(exception).collect(),
    }
}

/// What a release ships, as the subjects of a statement.
pub(crate) fn artifacts(release: &Release) -> Vec<Descriptor> {
    let descriptor = |artifact: &shipworthy_model::ReleaseArtifact| Descriptor {
        name: artifact.name.clone(),
        ..Descriptor::named(String::new(), "sha256", artifact.digest.hex())
    };
    release.artifacts.iter().map(descriptor).collect()
}

/// A release that ships nothing is its commit, and without one the record itself: a statement must be about something
/// with a digest.
fn instead_of_artifacts(place: &Place, decision: &Decision, record: &Digest) -> Descriptor {
    let release = &place.owned.release;
    match &release.commit {
        Some(commit) => Descriptor::named(format!("release:{}", release.id), "gitCommit", commit),
        None => Descriptor::named(format!("decision:{}", decision.id), "sha256", record.hex()),
    }
}

/// One digest for all policies: over their names, digests and parameters as the record has them.
fn all_policies(app: &App, decision: &Decision) -> Descriptor {
    let line = |policy: &EvaluatedPolicy| {
        format!("{} {} {} {}\n", policy.name, policy.digest, policy.action, policy.parameters)
    };
    let digest = Digest::of(decision.policies.iter().map(line).collect::<String>().as_bytes());
    Descriptor::at(format!("{}/decisions/{}", app.settings.public_url, decision.id), "sha256", digest.hex())
}

/// Each policy by the digest of its source.
fn policies(decision: &Decision) -> Vec<Descriptor> {
    let descriptor = |policy: &EvaluatedPolicy| Descriptor::named(policy.name.clone(), "sha256", policy.digest.hex());
    decision.policies.iter().map(descriptor).collect()
}

fn document(app: &App, evidence: &EvidenceRef) -> Descriptor {
    Descriptor::at(document_address(app, &evidence.id.to_string()), "sha256", evidence.document.hex())
}

/// Where the document of a piece of evidence can be had.
pub(crate) fn document_address(app: &App, evidence: &str) -> String {
    format!("{}/api/v1/evidence/{evidence}/document", app.settings.public_url)
}

/// A release as a resource: `shipworthy:<application>/<service>@<version>`.
pub(crate) fn resource(owned: &OwnedRelease) -> String {
    let encode = |text: &str| {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
        let part = |byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
        text.bytes().map(part).collect::<String>()
    };
    let [application, service, version] =
        [&owned.application_name, &owned.service_name, &owned.release.version].map(|name| encode(name));
    format!("shipworthy:{application}/{service}@{version}")
}
