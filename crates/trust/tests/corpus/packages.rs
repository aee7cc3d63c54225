//! Packages of npm: the registry's word and the build's, both signed, about the same archive.

use crate::builds::{now, provenance, word};
use crate::samples::{Comparison, bytes, expected};
use aws_lc_rs::digest::{SHA512, digest};
use shipworthy_trust::PublicKey;
use shipworthy_trust::predicate::{self, NamedDigest, Publication};
use shipworthy_trust::slsa::{Case, Expectations, TrustedBuilder, Verdict, assess, known_builders};
use shipworthy_trust::verify::{Attested, Roots, TrustedKey, verify};

/// The key of the registry until January 2025. <https://docs.npmjs.com/about-registry-signatures>
const KEY: &str = "-----BEGIN PUBLIC KEY-----\n\
                   MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE1Olb3zMAFFxXKHiIkQO5cJ3Yhl5i\n\
                   6UPp+IhuteBJbuHcA5UogKo0EWtlWwW6KSaKoTNEYL7JlCQiVnkhBktUgg==\n\
                   -----END PUBLIC KEY-----\n";
const KEY_NAME: &str = "SHA256:jl3bwswu80PjjokCgh0o2w5c2U4LhQAE57gj9cz1kzA";

/// What a row asks for. The names are those of the tests from which it stems.
#[derive(Default, serde::Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
struct Asked {
    source: String,
    pkg_name: Option<String>,
    pkg_version: Option<String>,
    #[serde(rename = "builderID")]
    builder: Option<String>,
}

impl Asked {
    /// A builder is asked for by the kind of machine. In provenance 0.2 the certificate says which it was.
    fn builders(&self) -> Vec<TrustedBuilder> {
        let names: &[&str] = match self.builder.as_deref() {
            Some("https://github.com/actions/runner/github-hosted") => {
                &["npm on GitHub", "npm on GitHub, before npm 10"]
            }
            Some("https://github.com/actions/runner") => &["npm on GitHub, before npm 10"],
            _ => &[],
        };
        let known = known_builders().into_iter().map(|known| known.builder);
        known.filter(|builder| names.contains(&builder.name.as_str())).collect()
    }
}

#[test]
fn packages_with_provenance() {
    let mut roots = Roots::public_good().expect("a root");
    roots.keys.push(TrustedKey::always(KEY_NAME, PublicKey::from_pem(KEY).expect("a key")));
    let mut comparison = Comparison::default();
    for [path, what, value] in expected() {
        let Some(asked) = what.strip_prefix("npm_verify ") else { continue };
        let asked: Asked = serde_json::from_str(asked).unwrap_or_else(|error| panic!("{what}: {error}"));
        let archive = bytes(path.strip_suffix(".json").expect("an archive"));
        let artifact = NamedDigest::new("sha512", &hex(digest(&SHA512, &archive).as_ref())).expect("a digest");
        let attested = verify(&bytes(&path), &roots, now());
        let ours = answer(&asked, &attested, &artifact);
        let theirs = value.split(' ').next().expect("a word");
        comparison.add(&path, &what, ours.split(' ').next().expect("a word"), theirs);
    }
    comparison.end("Packages of npm", "attestation/npm-attestations", 33);
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn answer(asked: &Asked, attested: &[Attested], artifact: &NamedDigest) -> String {
    let [published, built] = attested else { return "FAIL two attestations are needed".to_owned() };
    if !is_published(asked, published, artifact) {
        return "FAIL not so published".to_owned();
    }
    let stated = provenance(built);
    let expectations = Expectations { source_repository: Some(asked.source.clone()), ..Expectations::default() };
    let assessment = assess(&Case {
        artifact,
        package: asked.pkg_name.as_deref().unwrap_or_default(),
        attested: built,
        provenance: stated.as_ref(),
        builders: &asked.builders(),
        expectations: &expectations,
    });
    assert_ne!(assessment.verdict, Verdict::Incomplete, "everything is here");
    word(&[assessment])
}

/// What the registry signed: this archive, under this name and version.
fn is_published(asked: &Asked, attested: &Attested, artifact: &NamedDigest) -> bool {
    let Some(said) = attested.said.as_ref().filter(|_| attested.outcome.is_verified()) else { return false };
    let statement = predicate::read(&said.payload).expect("a statement");
    let publication = Publication::read(&statement).expect("a publication");
    predicate::is_about(&said.subjects, artifact)
        && asked.pkg_name.as_ref().is_none_or(|name| *name == publication.name)
        && asked.pkg_version.as_ref().is_none_or(|version| *version == publication.version)
}
