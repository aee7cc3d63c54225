//! The checks of one provenance, in the order of the specification, each with its words and what it rests on.
//! <https://slsa.dev/spec/v1.2/verifying-artifacts#how-to-verify>

use super::builders::Mapping;
use super::{Case, Check, Code, parameters};
use crate::predicate::{self, Provenance, canonical_repository};
use crate::verify::{Attested, Outcome, Signer, StepResult};
use std::borrow::Cow;

/// Without these an artifact is not accepted. Of the others a skipped one is a narrower question and no missing answer.
pub(super) const REQUIRED: [&str; 8] =
    ["envelope", "signature", "statement", "subject", "predicate", "builder", "source-repository", "build-type"];

/// Makes all checks. None is left out: what cannot be made is skipped, and says why.
pub(super) fn all(case: &Case<'_>, mapping: &Mapping<'_>) -> Vec<Check> {
    let statement: Vec<String> = case.attested.said.iter().map(|said| said.payload_digest.to_string()).collect();
    let mut checks = vec![
        envelope(case.attested),
        signature(case.attested),
        statement_type(case.attested),
        subject(case),
        predicate_type(case),
        builder(mapping, case.provenance),
        expected_builder(case),
        certified_source(case),
        repository(case),
        reference(case),
        build_type(case, mapping),
        external_parameters(case),
        dependencies(case.provenance),
    ];
    for check in &mut checks {
        check.rests_on.extend(statement.iter().cloned());
    }
    checks[3].rests_on.push(case.artifact.to_string());
    checks
}

fn check(number: u8, name: &'static str, result: StepResult, words: impl Into<String>) -> Check {
    Check { number, name: Cow::Borrowed(name), result, code: None, words: words.into(), rests_on: Vec::new() }
}

fn passed(number: u8, name: &'static str, words: impl Into<String>) -> Check {
    check(number, name, StepResult::Passed, words)
}

fn skipped(number: u8, name: &'static str, words: impl Into<String>) -> Check {
    check(number, name, StepResult::Skipped, words)
}

fn failed(number: u8, name: &'static str, code: Code, words: impl Into<String>) -> Check {
    Check { code: Some(code), ..check(number, name, StepResult::Failed, words) }
}

fn envelope(attested: &Attested) -> Check {
    const NAME: &str = "envelope";
    let Some(said) = &attested.said else {
        return failed(1, NAME, Code::EEnvelope, "nothing readable is inside");
    };
    if attested.outcome == Outcome::Unsigned {
        return skipped(1, NAME, "it is a bare statement without an envelope");
    }
    let payload_type = &said.payload_type;
    let is_statement = payload_type
        .strip_prefix("application/vnd.in-toto")
        .is_some_and(|rest| rest == "+json" || (rest.starts_with('.') && rest.ends_with("+json")));
    if !is_statement {
        let words = format!("its payload is `{payload_type}`: expected `application/vnd.in-toto+json`");
        return failed(1, NAME, Code::EEnvelope, words);
    }
    passed(1, NAME, format!("a {} with a statement of in-toto", attested.form))
}

fn signature(attested: &Attested) -> Check {
    const NAME: &str = "signature";
    match &attested.outcome {
        Outcome::Verified if attested.signers.is_empty() => {
            failed(2, NAME, Code::ESignature, "it is said to be verified, and nobody to have signed it")
        }
        Outcome::Verified => {
            let names: Vec<String> = attested.signers.iter().map(signer_words).collect();
            passed(2, NAME, format!("signed by {}", names.join(" and ")))
        }
        Outcome::Unsigned => failed(2, NAME, Code::EUntrustedSigner, "nobody signed it"),
        Outcome::UnknownSigner { who } => {
            failed(2, NAME, Code::EUntrustedSigner, format!("nobody signed it whom the trust roots know: {who}"))
        }
        Outcome::Invalid { why } => failed(2, NAME, Code::ESignature, format!("its signature proves nothing: {why}")),
        Outcome::Unchecked { why } => skipped(2, NAME, format!("its signature could not be checked: {why}")),
    }
}

/// A signer, named so that one finds him again.
pub(super) fn signer_words(signer: &Signer) -> String {
    match signer {
        Signer::Key { id, name: Some(name) } => format!("the key {name} ({id})"),
        Signer::Key { id, name: None } => format!("the key {id}"),
        Signer::Identity(identity) => {
            let issuer = identity.issuer.as_deref().unwrap_or("an issuer that is not stated");
            format!("{} (issuer {issuer})", identity.san)
        }
    }
}

fn statement_type(attested: &Attested) -> Check {
    const NAME: &str = "statement";
    let kind = attested.said.as_ref().and_then(|said| said.statement_type.as_deref());
    match kind {
        Some(kind) if predicate::STATEMENTS.contains(&kind) => passed(3, NAME, format!("`{kind}`")),
        Some(kind) => failed(3, NAME, Code::EStatementType, format!("`{kind}`: expected a statement of in-toto")),
        None => failed(3, NAME, Code::EStatementType, "it is no statement of in-toto"),
    }
}

fn subject(case: &Case<'_>) -> Check {
    const NAME: &str = "subject";
    let subjects = case.attested.said.as_ref().map(|said| said.subjects.as_slice()).unwrap_or_default();
    let artifact = case.artifact;
    if predicate::is_about(subjects, artifact) {
        return passed(4, NAME, format!("it is about {artifact}"));
    }
    let words = match subjects {
        [] => "it is about nothing that has a digest".to_owned(),
        [subject] if subject.digests.is_empty() => "what it is about has no digest, and names prove nothing".to_owned(),
        [subject] => {
            let digests: Vec<String> = subject.digests.iter().map(|(name, value)| format!("{name}:{value}")).collect();
            format!("it is about {}, and not about {artifact}", digests.join(", "))
        }
        several => format!("it is about {} artifacts, and {artifact} is none of them", several.len()),
    };
    let words = format!("{words}; provenance of another artifact proves nothing of this one, however genuine it is");
    failed(4, NAME, Code::ESubject, words)
}

fn predicate_type(case: &Case<'_>) -> Check {
    const NAME: &str = "predicate";
    let found = case.attested.said.as_ref().and_then(|said| said.predicate_type.as_deref());
    match (found, case.provenance) {
        (Some(found), Some(_)) if predicate::ProvenanceVersion::of(found).is_some() => {
            passed(5, NAME, format!("`{found}`"))
        }
        (found, _) => {
            let found = found.unwrap_or("nothing");
            failed(5, NAME, Code::EPredicate, format!("`{found}`: expected provenance of SLSA that can be read"))
        }
    }
}

fn builder(mapping: &Mapping<'_>, provenance: Option<&Provenance>) -> Check {
    const NAME: &str = "builder";
    let id = provenance.map_or("", |provenance| provenance.builder_id.as_str());
    match mapping {
        Mapping::Nothing => skipped(6, NAME, "without provenance no builder is named"),
        Mapping::Unsigned => skipped(6, NAME, format!("it names `{id}`, and nobody known signed for that")),
        Mapping::Trusted(entry) => {
            passed(6, NAME, format!("`{id}` is `{}`, trusted up to {}", entry.name, entry.level.name()))
        }
        Mapping::Unlisted if id.is_empty() => failed(6, NAME, Code::EBuilder, "it names no builder"),
        Mapping::Unlisted => {
            let words =
                format!("`{id}` is not in the list of trusted builders, and so counts for Build L1 at the most");
            failed(6, NAME, Code::EBuilder, words)
        }
        Mapping::Refused(words) => failed(6, NAME, Code::EBuilder, words.clone()),
    }
}

fn expected_builder(case: &Case<'_>) -> Check {
    const NAME: &str = "expected-builder";
    let id = case.provenance.map_or("", |provenance| provenance.builder_id.as_str());
    let expected = &case.expectations.builders;
    if expected.is_empty() {
        return skipped(7, NAME, "any trusted builder will do");
    }
    if expected.iter().any(|pattern| pattern.fits(id)) {
        return passed(7, NAME, format!("`{id}`, as expected"));
    }
    failed(7, NAME, Code::EBuilder, format!("`{id}` is not one of the builders that are expected of the package"))
}

/// What the certificate says of the source was stated by the platform, and what the provenance says by the build: both
/// must say the same.
fn certified_source(case: &Case<'_>) -> Check {
    const NAME: &str = "source-in-certificate";
    let Some(provenance) = case.provenance else { return skipped(7, NAME, "there is no provenance") };
    let source = &provenance.source;
    if let Some(words) = source.contradictions.first() {
        return failed(7, NAME, Code::ESourceRepo, format!("the provenance contradicts itself: {words}"));
    }
    let identities = case.attested.signers.iter().filter_map(|signer| match signer {
        Signer::Identity(identity) => Some(identity),
        Signer::Key { .. } => None,
    });
    let mut compared = 0;
    for identity in identities {
        let repository = identity.source_repository_uri.as_deref().and_then(canonical_repository);
        let pairs = [
            ("repository", source.repository.as_deref(), repository),
            ("branch or tag", source.reference.as_deref(), identity.source_repository_ref.clone()),
            ("commit", source.commit.as_deref(), identity.source_repository_digest.clone()),
        ];
        for (what, stated, certified) in pairs {
            let (Some(stated), Some(certified)) = (stated, certified) else { continue };
            if stated != certified {
                let words = format!("the certificate says the {what} is `{certified}`, and the provenance `{stated}`");
                return failed(7, NAME, Code::ESourceRepo, words);
            }
            compared += 1;
        }
    }
    match compared {
        0 => skipped(7, NAME, "no certificate speaks of the source; the provenance does not contradict itself"),
        _ => passed(7, NAME, "the certificate and the provenance name the same source"),
    }
}

fn repository(case: &Case<'_>) -> Check {
    const NAME: &str = "source-repository";
    let stated = case.provenance.and_then(|provenance| provenance.source.repository.as_deref());
    let Some(expected) = &case.expectations.source_repository else {
        let stated = stated.unwrap_or("no repository");
        return skipped(7, NAME, format!("no repository is expected; the provenance names {stated}"));
    };
    let expected = canonical_repository(expected).unwrap_or_else(|| expected.clone());
    match stated {
        Some(stated) if stated == expected => passed(7, NAME, format!("{stated}, as expected")),
        Some(stated) => failed(7, NAME, Code::ESourceRepo, format!("it was built from {stated}: expected {expected}")),
        None => failed(
            7,
            NAME,
            Code::ESourceRepo,
            format!("it names no repository that is understood: expected {expected}"),
        ),
    }
}

fn reference(case: &Case<'_>) -> Check {
    const NAME: &str = "source-ref";
    let stated = case.provenance.and_then(|provenance| provenance.source.reference.as_deref());
    let rules = &case.expectations.refs;
    if rules.is_empty() {
        let words = format!("no branch or tag is expected; the provenance names {}", stated.unwrap_or("none"));
        return skipped(7, NAME, words);
    }
    let expected: Vec<String> = rules.iter().map(super::RefRule::words).collect();
    let expected = expected.join(" or ");
    match stated {
        Some(stated) if rules.iter().any(|rule| rule.names(stated)) => {
            passed(7, NAME, format!("`{stated}`, as expected: {expected}"))
        }
        Some(stated) => failed(7, NAME, Code::ESourceRef, format!("it was built from `{stated}`: expected {expected}")),
        None => failed(7, NAME, Code::ESourceRef, format!("it names no branch or tag: expected {expected}")),
    }
}

fn build_type(case: &Case<'_>, mapping: &Mapping<'_>) -> Check {
    const NAME: &str = "build-type";
    let Some(provenance) = case.provenance else { return skipped(7, NAME, "there is no provenance") };
    let stated = &provenance.build_type;
    let expected = &case.expectations.build_types;
    if !expected.is_empty() && !expected.contains(stated) {
        let words = format!("it is `{stated}`: expected `{}`", expected.join("` or `"));
        return failed(7, NAME, Code::EBuildType, words);
    }
    match mapping.entry() {
        Some(entry) if !entry.knows(stated) => {
            let words = format!("`{stated}` is not one of those whose parameters are understood of `{}`", entry.name);
            failed(7, NAME, Code::EBuildType, words)
        }
        Some(entry) if expected.is_empty() => {
            passed(7, NAME, format!("`{stated}`, which is known of `{}`", entry.name))
        }
        _ if !expected.is_empty() => passed(7, NAME, format!("`{stated}`, as expected")),
        _ => skipped(7, NAME, format!("`{stated}`; none is expected, and none is known of the builder")),
    }
}

fn external_parameters(case: &Case<'_>) -> Check {
    const NAME: &str = "external-parameters";
    let Some(provenance) = case.provenance else { return skipped(7, NAME, "there is no provenance") };
    let Some(expected) = &case.expectations.external_parameters else {
        return skipped(7, NAME, "no parameters are expected, so none were compared");
    };
    let ignored = &case.expectations.ignored_parameters;
    let differences = parameters::differences(&provenance.external_parameters, expected, ignored);
    if differences.is_empty() {
        return passed(7, NAME, "all are as expected");
    }
    failed(7, NAME, Code::EExternalParameters, differences.join("; "))
}

fn dependencies(provenance: Option<&Provenance>) -> Check {
    let count = provenance.map_or(0, |provenance| provenance.resolved_dependencies.len());
    let words = format!("what went into it ({count} stated) was not verified in turn: a level is not inherited");
    Check { code: Some(Code::WDependencies), ..skipped(8, "dependencies", words) }
}
