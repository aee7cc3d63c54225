//! The signed summary of a decision: an in-toto statement with a verification summary about what the release ships, in
//! an envelope that anybody with our public key can verify.

use crate::app::App;
use crate::problem::{Answer, Problem};
use shipworthy_model::{Decision, Digest, Verdict};
use shipworthy_store::place::Place;
use shipworthy_trust::dsse;
use shipworthy_trust::statement::{DecisionClaims, Descriptor, Statement, VerificationSummary, Verifier};
use std::collections::BTreeMap;

/// The envelope of a decision, as JSON.
///
/// # Errors
/// When it cannot be written.
pub(crate) fn signed(app: &App, place: &Place, decision: &Decision, record: &Digest) -> Answer<String> {
    let predicate = VerificationSummary {
        verifier: Verifier {
            id: app.settings.public_url.clone(),
            version: BTreeMap::from([("shipworthy".to_owned(), env!("CARGO_PKG_VERSION").to_owned())]),
        },
        time_verified: decision.decided_at.to_string(),
        resource_uri: resource(place),
        policy: policies(app, decision),
        input_attestations: decision.evidence.iter().map(|evidence| document(app, evidence)).collect(),
        verification_result: match decision.verdict {
            Verdict::Allow | Verdict::Warn => "PASSED".to_owned(),
            Verdict::Deny => "FAILED".to_owned(),
        },
        verified_levels: match decision.verdict {
            Verdict::Allow | Verdict::Warn => vec![format!("SHIPWORTHY_GATE_{}", decision.verdict).to_uppercase()],
            Verdict::Deny => Vec::new(),
        },
        decision: DecisionClaims {
            id: decision.id.to_string(),
            verdict: decision.verdict.to_string(),
            environment: place.environment.name.clone(),
            record: record.to_string(),
            facts: decision.facts.to_string(),
            valid_until: decision.valid_until.map(|until| until.to_string()),
        },
    };
    let statement = Statement::of(subject(place, decision, record), predicate);
    let payload = serde_json::to_vec(&statement).map_err(Problem::internal)?;
    let signer = app.keys.attestation(decision.decided_at)?;
    let envelope = dsse::sign(dsse::IN_TOTO, &payload, signer.key());
    serde_json::to_string(&envelope).map_err(Problem::internal)
}

/// What the release ships. A release that names no artifact is its commit, and without one the record itself: a
/// statement must be about something with a digest.
fn subject(place: &Place, decision: &Decision, record: &Digest) -> Vec<Descriptor> {
    let release = &place.owned.release;
    if !release.artifacts.is_empty() {
        let descriptor = |artifact: &shipworthy_model::ReleaseArtifact| Descriptor {
            name: artifact.name.clone(),
            ..Descriptor::named(String::new(), "sha256", artifact.digest.hex())
        };
        return release.artifacts.iter().map(descriptor).collect();
    }
    match &release.commit {
        Some(commit) => vec![Descriptor::named(format!("release:{}", release.id), "gitCommit", commit)],
        None => vec![Descriptor::named(format!("decision:{}", decision.id), "sha256", record.hex())],
    }
}

/// One digest for all policies: over their names, digests and parameters as the record has them.
fn policies(app: &App, decision: &Decision) -> Descriptor {
    let line = |policy: &shipworthy_model::EvaluatedPolicy| {
        format!("{} {} {} {}\n", policy.name, policy.digest, policy.action, policy.parameters)
    };
    let digest = Digest::of(decision.policies.iter().map(line).collect::<String>().as_bytes());
    Descriptor::at(format!("{}/decisions/{}", app.settings.public_url, decision.id), "sha256", digest.hex())
}

fn document(app: &App, evidence: &shipworthy_model::EvidenceRef) -> Descriptor {
    let uri = format!("{}/api/v1/evidence/{}/document", app.settings.public_url, evidence.id);
    Descriptor::at(uri, "sha256", evidence.document.hex())
}

fn resource(place: &Place) -> String {
    let owned = &place.owned;
    let encode = |text: &str| {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
        let part = |byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
        text.bytes().map(part).collect::<String>()
    };
    let [application, service, version] =
        [&owned.application_name, &owned.service_name, &owned.release.version].map(|name| encode(name));
    format!("shipworthy:{application}/{service}@{version}")
}
