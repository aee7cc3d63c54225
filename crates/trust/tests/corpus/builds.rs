//! Builds whose provenance slsa-verifier knows the answer to: accepted or refused, and for the same reason.

use crate::samples::{Comparison, bytes, expected, optional};
use serde_json::Value;
use shipworthy_trust::predicate::{self, NamedDigest, Provenance, canonical_repository};
use shipworthy_trust::slsa::{
    Assessment, BuildLevel, Case, Code, Condition, Expectations, RefRule, SignerRule, TrustedBuilder, Verdict, assess,
    known_builders,
};
use shipworthy_trust::verify::identity::{IdentityRule, Pattern};
use shipworthy_trust::verify::{Attested, Demands, Roots, StepResult, verify};
use std::collections::BTreeMap;

const ISSUER: &str = "https://token.actions.githubusercontent.com";

pub(crate) fn now() -> jiff::Timestamp {
    "2026-11-22T00:00:00Z".parse().expect("a time")
}

/// What a row asks for. The names are those of the tests from which it stems.
#[derive(Default, serde::Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
struct Asked {
    source: String,
    ptag: Option<String>,
    pversiontag: Option<String>,
    pbranch: Option<String>,
    #[serde(rename = "pBuilderID")]
    builder: Option<String>,
    artifact: Option<String>,
    #[serde(rename = "builderID")]
    reusable: Option<String>,
}

impl Asked {
    /// The list of an administrator who trusts what is met in practice, and in two cases what only these tests have.
    fn builders(&self) -> Vec<TrustedBuilder> {
        let mut builders: Vec<TrustedBuilder> = known_builders().into_iter().map(|known| known.builder).collect();
        builders.push(delegating_example());
        if self.reusable.as_deref() == Some("bcrPublisherBuilderID") {
            builders.push(bazel_publisher());
        }
        builders
    }

    /// A branch and a tag are two questions, and both must be answered with yes.
    fn rules(&self) -> Vec<Vec<RefRule>> {
        let rules = [
            self.ptag.clone().map(RefRule::Tag),
            self.pversiontag.clone().map(RefRule::VersionedTag),
            self.pbranch.clone().map(RefRule::Branch),
        ];
        let rules: Vec<Vec<RefRule>> = rules.into_iter().flatten().map(|rule| vec![rule]).collect();
        if rules.is_empty() { vec![Vec::new()] } else { rules }
    }

    fn expectations(&self, refs: Vec<RefRule>) -> Expectations {
        let builders = self.builder.iter().map(|id| Pattern::Pattern(format!("{id}@*"))).collect();
        Expectations { source_repository: Some(self.source.clone()), refs, builders, ..Expectations::default() }
    }
}

/// A builder that delegates. slsa-verifier lets its own test repository sign from the branch main.
fn delegating_example() -> TrustedBuilder {
    let signer =
        "https://github.com/slsa-framework/slsa-github-generator/.github/workflows/delegator_generic_slsa3.yml@*";
    TrustedBuilder {
        name: "example-trw".to_owned(),
        builder: Pattern::Pattern(
            "https://github.com/slsa-framework/example-trw/.github/workflows/builder_high-perms_slsa3.yml@*".to_owned(),
        ),
        signers: vec![workflow(signer)],
        build_types: Vec::new(),
        conditions: vec![Condition::SourceInCertificate],
        level: BuildLevel::L3,
    }
}

/// The reusable workflow with which modules of Bazel are published.
fn bazel_publisher() -> TrustedBuilder {
    let address = "https://github.com/bazel-contrib/publish-to-bcr/.github/workflows/publish.yaml@*";
    TrustedBuilder {
        name: "publish-to-bcr".to_owned(),
        builder: Pattern::Pattern(address.to_owned()),
        signers: vec![workflow(address)],
        build_types: Vec::new(),
        conditions: vec![Condition::SignerIsBuilder, Condition::VersionTag],
        level: BuildLevel::L3,
    }
}

fn workflow(san: &str) -> SignerRule {
    SignerRule::Identity(IdentityRule {
        san: Pattern::Pattern(san.to_owned()),
        issuer: Pattern::Exact(ISSUER.to_owned()),
    })
}

/// The provenance in what was verified.
pub(crate) fn provenance(attested: &Attested) -> Option<Provenance> {
    let statement = predicate::read(&attested.said.as_ref()?.payload).ok()?;
    Provenance::read(&statement).ok()
}

/// The answers to a row, one for each question in it.
fn answers(asked: &Asked, attested: &Attested, artifact: &NamedDigest) -> Vec<Assessment> {
    let stated = provenance(attested);
    let builders = asked.builders();
    let one = |refs: Vec<RefRule>| {
        let expectations = asked.expectations(refs);
        let case = Case {
            artifact,
            package: &asked.source,
            attested,
            provenance: stated.as_ref(),
            builders: &builders,
            expectations: &expectations,
        };
        assess(&case)
    };
    asked.rules().into_iter().map(one).collect()
}

/// Verifies each document once, however many rows are about it.
struct Verified {
    roots: Roots,
    seen: BTreeMap<String, Attested>,
}

impl Verified {
    fn under(demands: Demands) -> Self {
        let mut roots = Roots::public_good().expect("a root");
        roots.sigstore = roots.sigstore.into_iter().map(|root| root.demanding(demands)).collect();
        Self { roots, seen: BTreeMap::new() }
    }

    fn of(&mut self, path: &str) -> &Attested {
        let verified = || {
            let mut attested = verify(&bytes(path), &self.roots, now());
            assert_eq!(attested.len(), 1, "{path}");
            attested.remove(0)
        };
        self.seen.entry(path.to_owned()).or_insert_with(verified)
    }
}

/// `PASS`, `UNCHECKED` when nothing is wrong and the signature could not be checked, or `FAIL` with the reasons.
pub(crate) fn word(assessments: &[Assessment]) -> String {
    if assessments.iter().all(|one| one.verdict == Verdict::Accepted) {
        return "PASS".to_owned();
    }
    let checks = || assessments.iter().flat_map(|one| &one.checks);
    let failed: Vec<Code> =
        checks().filter(|check| check.result == StepResult::Failed).filter_map(|check| check.code).collect();
    if failed.is_empty() {
        return "UNCHECKED".to_owned();
    }
    let words: Vec<String> =
        failed.iter().map(|code| serde_json::to_string(code).expect("a word").replace('"', "")).collect();
    format!("FAIL {}", words.join(" "))
}

/// Our code for a reason of slsa-verifier.
fn code(error: &str) -> &'static str {
    match error {
        "ErrorMismatchSource" => "E_SOURCE_REPO",
        "ErrorMismatchTag" | "ErrorMismatchVersionedTag" | "ErrorMismatchBranch" | "ErrorInvalidRef" => "E_SOURCE_REF",
        "ErrorUntrustedReusableWorkflow" => "E_BUILDER",
        other => panic!("{other} is a reason without a code of ours"),
    }
}

/// The digest of the artifact beside a provenance, as its collection states it.
fn artifact_of(path: &str, rows: &[[String; 3]]) -> NamedDigest {
    let stated = rows.iter().find(|[other, what, _]| other == path && what == "artifact_sha256");
    let artifact = path.trim_end_matches(".build.slsa").trim_end_matches(".intoto.jsonl").trim_end_matches(".intoto");
    match stated {
        Some([_, _, hex]) => NamedDigest::new("sha256", hex).expect("a digest"),
        None => NamedDigest::from(&shipworthy_model::Digest::of(&optional(artifact).expect("the artifact"))),
    }
}

#[test]
fn builds_of_the_github_generators() {
    let rows = expected();
    let (mut comparison, mut reasons) = (Comparison::default(), Comparison::default());
    let mut strict = Verified::under(Demands::default());
    let mut lenient = Verified::under(Demands { log_entry: false, certificate_log: true, signing_time: false });
    for [path, what, value] in &rows {
        let Some(asked) = what.strip_prefix("slsa_verify") else { continue };
        let asked = asked.strip_prefix("_github_attestation").unwrap_or(asked);
        let asked: Asked = serde_json::from_str(asked).unwrap_or_else(|error| panic!("{what}: {error}"));
        let artifact = artifact_of(path, &rows);
        let ours = word(&answers(&asked, strict.of(path), &artifact));
        let (theirs, error) = value.split_once(' ').map_or((value.as_str(), None), |(word, error)| (word, Some(error)));
        // What could not be checked is not passed. Where they refuse, that is enough; why is compared below.
        let same = ours.split(' ').next() == Some(theirs) || (theirs == "FAIL" && ours == "UNCHECKED");
        comparison.add(path, what, if same { theirs } else { &ours }, theirs);
        // Without the demand for a log, which is theirs to search and not in the document, all else is the same.
        let all_else = word(&answers(&asked, lenient.of(path), &artifact));
        match error {
            None => reasons.add(path, &format!("{what} without a log"), &all_else, "PASS"),
            // Only a search in the log could tell theirs; that it cannot be checked is enough here.
            Some("ErrorRekorSearch") => assert_ne!(ours, "PASS", "{path}"),
            Some(error) => assert!(all_else.contains(code(error)), "{path} {what}: {all_else}, and theirs is {error}"),
        }
    }
    comparison.end("Builds on GitHub", "attestation/slsa-provenance-github", 289);
    reasons.end("Builds on GitHub, without a log", "attestation/none", 74);
}

#[test]
fn provenance_is_about_the_artifacts_beside_it() {
    let mut comparison = Comparison::default();
    for [path, what, value] in expected() {
        if what != "artifact_sha256" || !path.starts_with("attestation/") {
            continue;
        }
        let artifact = NamedDigest::new("sha256", &value).expect("a digest");
        let attested = verify(&bytes(&path), &Roots::default(), now());
        let is_about =
            |one: &Attested| one.said.as_ref().is_some_and(|said| predicate::is_about(&said.subjects, &artifact));
        comparison.add(&path, &what, if attested.iter().any(is_about) { "about it" } else { "not" }, "about it");
    }
    comparison.end("Artifacts of provenance", "attestation/none", 37);
}

/// Two statements without an envelope, of which others say that they are in order.
#[test]
fn bare_provenance_is_read_as_others_read_it() {
    let mut comparison = Comparison::default();
    for [path, what, value] in expected() {
        let is_whole = |stated: &Provenance| stated.missing.is_empty();
        let ours = match what.as_str() {
            "schema_valid" if path.starts_with("attestation/") => {
                bare(&path).as_ref().is_some_and(is_whole).to_string()
            }
            "cue_expectation urllib3" => {
                if is_of_urllib3(&bare(&path).expect("provenance")) { "PASS" } else { "FAIL" }.to_owned()
            }
            _ => continue,
        };
        comparison.add(&path, &what, &ours, &value);
    }
    comparison.end("Bare provenance", "attestation/slsa-provenance-other", 2);
}

fn bare(path: &str) -> Option<Provenance> {
    Provenance::read(&predicate::read(&bytes(path)).ok()?).ok()
}

/// The expectation in CUE that lies beside it in its repository: source, a tag, and the workflow.
fn is_of_urllib3(stated: &Provenance) -> bool {
    let source = &stated.source;
    source.repository == canonical_repository("github.com/urllib3/urllib3")
        && source.reference.as_deref().is_some_and(|reference| RefRule::AnyTag.names(reference))
        && source.entry_point.as_deref() == Some(".github/workflows/publish.yml")
}

/// Whatever is in the folder is read without an end of the program, and what states a source states it in one form.
#[test]
fn every_provenance_is_read() {
    let mut read = 0;
    for path in crate::samples::below("attestation") {
        for attested in verify(&bytes(&path), &Roots::default(), now()) {
            let Some(stated) = provenance(&attested) else { continue };
            read += 1;
            let again: Value = serde_json::to_value(&stated).expect("JSON");
            assert_eq!(serde_json::from_value::<Provenance>(again).expect("provenance"), stated, "{path}");
            let repository = stated.source.repository.as_deref();
            assert_eq!(repository.and_then(canonical_repository).as_deref(), repository, "{path}");
            // One was changed by hand after it was signed.
            let is_changed = path.ends_with("supreme-googles-cli-v02-tag-invalidsigprov.tgz.json");
            assert_eq!(
                stated.source.contradictions.is_empty(),
                !is_changed,
                "{path}: {:?}",
                stated.source.contradictions
            );
        }
    }
    assert!(read > 80, "{read}");
}
