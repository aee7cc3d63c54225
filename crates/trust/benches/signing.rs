//! What it costs to sign a decision: `cargo bench -p shipworthy-trust --bench signing`.

use shipworthy_trust::statement::{DecisionClaims, Descriptor, Statement, VerificationSummary, Verifier};
use shipworthy_trust::{SigningKey, dsse};
use std::collections::BTreeMap;

fn main() {
    divan::main();
}

/// A decision over as many documents and policies as a release of some size has.
#[divan::bench(args = [10, 1_000])]
fn sign_decision(bencher: divan::Bencher<'_, '_>, documents: usize) {
    let key = SigningKey::from_seed(&[7; 32]).expect("a key");
    let statement = decision(documents);
    bencher.bench(|| {
        let payload = serde_json::to_vec(&statement).expect("JSON");
        serde_json::to_string(&dsse::sign(dsse::IN_TOTO, &payload, &key)).expect("JSON")
    });
}

fn decision(documents: usize) -> Statement<VerificationSummary> {
    let hex = "1".repeat(64);
    let named = |what: &str, count: usize| -> Vec<Descriptor> {
        let at = |number| Descriptor::at(format!("https://shipworthy.example/{what}/{number}"), "sha256", &hex);
        (0..count).map(at).collect()
    };
    let predicate = VerificationSummary {
        verifier: Verifier { id: "https://shipworthy.example".to_owned(), version: BTreeMap::new() },
        time_verified: "2026-03-01T12:00:00Z".to_owned(),
        resource_uri: "shipworthy:shop/cart@1.0.0".to_owned(),
        policy: Descriptor::at("https://shipworthy.example/decisions/1".to_owned(), "sha256", &hex),
        input_attestations: named("documents", documents),
        verification_result: "PASSED".to_owned(),
        verified_levels: vec!["SLSA_BUILD_LEVEL_3".to_owned()],
        slsa_version: "1.2".to_owned(),
        decision: DecisionClaims {
            id: "1".to_owned(),
            verdict: "allow".to_owned(),
            environment: "production".to_owned(),
            record: format!("sha256:{hex}"),
            facts: format!("sha256:{hex}"),
            decided_at: "2026-03-01T12:00:00Z".to_owned(),
            valid_until: None,
            policies: named("policies", 24),
            exceptions: Vec::new(),
        },
    };
    Statement::of(named("artifacts", 2), predicate)
}
