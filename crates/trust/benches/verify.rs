//! How long verification takes: `cargo bench -p shipworthy-trust --bench verify`. The row of an envelope stands beside that of the
//! bare signature, which it may exceed by three tenths.

#[path = "../tests/trust/instance.rs"]
mod instance;

use divan::{Bencher, black_box};
use instance::{IN_TOTO, Pair, STATEMENT, VALID, at, bundle, root, signer_certificate};
use serde_json::Value;
use shipworthy_trust::dsse::pae;
use shipworthy_trust::verify::{Roots, TrustedKey, verify};

const NOW: &str = "2026-06-01T00:00:00Z";

fn main() {
    divan::main();
}

/// The signature of P-256 alone, with the key at hand.
#[divan::bench]
fn bare_signature(bencher: Bencher<'_, '_>) {
    let message = pae(IN_TOTO, STATEMENT.as_bytes());
    let (key, signature) = (Pair::signer().public(), Pair::signer().sign(&message));
    bencher.bench_local(|| assert!(key.has_signed(black_box(&message), black_box(&signature))));
}

/// The same in an envelope, from its text to the answer with every step.
#[divan::bench]
fn envelope(bencher: Bencher<'_, '_>) {
    let roots = Roots { keys: vec![TrustedKey::always("release", Pair::signer().public())], ..Roots::default() };
    verifying(bencher, &Pair::signer().envelope(), &roots);
}

/// A Sigstore bundle with a certificate and a log entry.
#[divan::bench]
fn sigstore_bundle(bencher: Bencher<'_, '_>) {
    let roots = Roots { sigstore: vec![root(true)], ..Roots::default() };
    verifying(bencher, &bundle(&signer_certificate(VALID, true), "2026-05-01T12:05:00Z"), &roots);
}

fn verifying(bencher: Bencher<'_, '_>, document: &Value, roots: &Roots) {
    let (document, now) = (document.to_string(), at(NOW));
    bencher.bench_local(|| {
        let answers = verify(black_box(document.as_bytes()), roots, now);
        assert!(answers.iter().all(|attested| attested.outcome.is_verified()));
    });
}
