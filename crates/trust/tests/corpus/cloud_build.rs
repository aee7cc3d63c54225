//! Google Cloud Build, as its command line prints provenance: signatures of two kinds, and text beside them that somebody
//! may have changed.

use crate::builds::{now, provenance, word};
use crate::samples::{Comparison, bytes, expected, text};
use shipworthy_trust::PublicKey;
use shipworthy_trust::predicate::NamedDigest;
use shipworthy_trust::slsa::{Case, Expectations, TrustedBuilder, assess, known_builders};
use shipworthy_trust::verify::identity::Pattern;
use shipworthy_trust::verify::{Attested, Roots, TrustedKey, verify};

/// The public keys with which Cloud Build signs, `gcloud kms keys versions get-public-key 1 --project verified-builder
/// --location global --keyring attestor --key NAME`.
const KEYS: [(&str, &str); 3] = [
    (
        "builtByGCB",
        "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAECGIoAk3mHV8xq/P1x6doSzAJlTaWYhrmI3rfN5zfk3/Dq6nPpm8D0CMVNyc4HZ5ChTDqTV8EyaR56nLqjvMYUA==",
    ),
    (
        "provenanceSigner",
        "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEdMcJUyKbmarf6dydhfmAjgmK6c42oCCNRR1se3Bi3VO65KcGk6qyci6/bsu2s4u+dLKWrsUQomEw4v3FtVctoA==",
    ),
    (
        "google-hosted-worker",
        "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEg9KII7kzr/30HBluf00y9WwtMFkEqc3oCcFVH3QJ37IBLUv/MUApbnNHFfD75ayJ/a0F45xa+MLv5zoep+GxsA==",
    ),
];

fn roots() -> Roots {
    let key = |(name, base64): (&str, &str)| {
        let pem = format!("-----BEGIN PUBLIC KEY-----\n{base64}\n-----END PUBLIC KEY-----\n");
        let place = "projects/verified-builder/locations/global/keyRings/attestor/cryptoKeys";
        TrustedKey::always(&format!("{place}/{name}/cryptoKeyVersions/1"), PublicKey::from_pem(&pem).expect("a key"))
    };
    Roots { keys: KEYS.into_iter().map(key).collect(), ..Roots::default() }
}

/// What a row asks for. The names are those of the tests from which it stems.
#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Asked {
    source: String,
    artifact: String,
    #[serde(rename = "pBuilderID")]
    builder: Option<String>,
}

impl Asked {
    /// The digest asked for. One artifact has another, and one is asked for by a name, behind which may be anything.
    fn digest(&self) -> Option<NamedDigest> {
        if self.artifact == "index.docker.io/laurentsimon/scorecard" {
            let other = NamedDigest::from(&shipworthy_model::Digest::of(self.artifact.as_bytes()));
            return self.builder.is_none().then_some(other);
        }
        text("attestation/gcb-provenance/v0.2/gcloud-container-github.digest").trim().parse().ok()
    }

    /// `builder + "@v0.4` means the builder's id with that behind it.
    fn expectations(&self) -> Expectations {
        let id = |behind: &str| format!("https://cloudbuild.googleapis.com/GoogleHostedWorker{behind}");
        let builders =
            self.builder.iter().map(|text| Pattern::Exact(id(text.trim_start_matches("builder + \"")))).collect();
        Expectations { source_repository: Some(self.source.clone()), builders, ..Expectations::default() }
    }
}

#[test]
fn builds_of_cloud_build() {
    let builders: Vec<TrustedBuilder> = known_builders().into_iter().map(|known| known.builder).collect();
    let roots = roots();
    let mut comparison = Comparison::default();
    for [path, what, value] in expected() {
        let Some(asked) = what.strip_prefix("gcb_verify ") else { continue };
        let asked: Asked = serde_json::from_str(asked).unwrap_or_else(|error| panic!("{what}: {error}"));
        let attested = verify(&bytes(&path), &roots, now());
        let is_accepted = asked
            .digest()
            .is_some_and(|artifact| attested.iter().any(|one| answer(&asked, one, &artifact, &builders) == "PASS"));
        let theirs = value.split(' ').next().expect("a word");
        comparison.add(&path, &what, if is_accepted { "PASS" } else { "FAIL" }, theirs);
    }
    comparison.end("Builds of Cloud Build", "attestation/gcb-provenance", 31);
}

fn answer(asked: &Asked, attested: &Attested, artifact: &NamedDigest, builders: &[TrustedBuilder]) -> String {
    let stated = provenance(attested);
    let assessment = assess(&Case {
        artifact,
        package: &asked.artifact,
        attested,
        provenance: stated.as_ref(),
        builders,
        expectations: &asked.expectations(),
    });
    word(&[assessment])
}

/// Newer documents, of which the collection states nothing. Their first statement is signed in one, damaged in two by the
/// names of the files, and was written by hand for a test of reading in two; the second is of the former kind.
#[test]
fn newer_provenance_of_cloud_build_is_verified() {
    let roots = roots();
    let documents =
        [("github", 2), ("bb", 1), ("github-tag", 1), ("github-invalid-kind", 0), ("github-single-invalid-sig", 0)];
    for (name, verified) in documents {
        let path = format!("attestation/gcb-provenance/v1.0/v1.0-gcloud-container-{name}.json");
        let attested = verify(&bytes(&path), &roots, now());
        let count = attested.iter().filter(|one| one.outcome.is_verified()).count();
        let outcomes: Vec<_> = attested.iter().map(|one| &one.outcome).collect();
        assert_eq!(count, verified, "{path}: {outcomes:?}");
    }
}
