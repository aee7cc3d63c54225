//! The checks of one attestation: those of its signature, which `trust` makes, and those of what it says.

use super::expected::Expectation;
use super::report::{Checked, CheckedFile, passed, refused, skipped};
use super::statement::Signed;
use super::trusted::Trusted;
use crate::signing::KeyUse;
use anyhow::{Context as _, bail};
use jiff::Timestamp;
use shipworthy_model::Digest;
use shipworthy_trust::verify::{Attested, Said, Signer, Step, verify_over};
use std::path::Path;

/// Verifies every attestation in a file.
///
/// # Errors
/// When the file cannot be read, or nothing in it is an attestation.
pub(super) fn verified_file(file: &Path, trusted: &Trusted, expected: &Expectation) -> anyhow::Result<CheckedFile> {
    let shown = file.display();
    let document = std::fs::read(file).with_context(|| format!("`{shown}` cannot be read"))?;
    let artifact = expected.artifacts.iter().find_map(|artifact| artifact.bytes.as_deref());
    let found = verify_over(&document, artifact, &trusted.roots, expected.at);
    if found.is_empty() {
        bail!("nothing in `{shown}` is an attestation: expected a DSSE envelope or a Sigstore bundle");
    }
    let attestations = found.into_iter().map(|attested| checked(attested, trusted, expected)).collect();
    Ok(CheckedFile { file: shown.to_string(), attestations })
}

fn checked(attested: Attested, trusted: &Trusted, expected: &Expectation) -> Checked {
    let statement = Signed::read(attested.said.as_ref());
    let mut steps = attested.steps.clone();
    if attested.outcome.is_verified() {
        let time = statement.time().and_then(|time| time.parse().ok()).or(attested.signed_at).unwrap_or(expected.at);
        steps.extend(signers(&attested.signers, trusted, time));
        steps.extend(artifacts(attested.said.as_ref(), expected));
        steps.extend(dbom(&statement));
        steps.extend(summary(&statement, expected));
    }
    Checked::new(attested, steps, statement)
}

/// One signer is enough whose key was in force for this use, or whose identity is the expected one.
fn signers(signers: &[Signer], trusted: &Trusted, time: Timestamp) -> Vec<Step> {
    let mut steps: Vec<Step> = signers.iter().map(|signer| believed(signer, trusted, time)).collect();
    let is_failed = |step: &Step| step.result == shipworthy_trust::verify::StepResult::Failed;
    if !steps.iter().all(is_failed) {
        steps.retain(|step| !is_failed(step));
    }
    steps
}

fn believed(signer: &Signer, trusted: &Trusted, time: Timestamp) -> Step {
    let id = match signer {
        Signer::Key { id, .. } => id,
        Signer::Identity(identity) if trusted.rule.names(identity) => {
            return passed("identity", format!("`{}` signed it, as expected", identity.san));
        }
        Signer::Identity(identity) => {
            let issuer = identity.issuer.as_deref().unwrap_or("nobody");
            return refused(
                "identity",
                format!("`{}` signed it, for whom `{issuer}` vouches: another one is expected", identity.san),
            );
        }
    };
    let short = &id[..id.len().min(16)];
    let Some(window) = trusted.windows.get(id) else {
        return skipped("key-window", "when the key was in force is not known: it was given without a window");
    };
    if window.usage != KeyUse::Attestation {
        return refused(
            "key-window",
            format!("the key {short} is for the use `{}`, and not for attestations", window.usage),
        );
    }
    let until = window.until.map_or_else(|| "now".to_owned(), |until| until.to_string());
    if time < window.from || window.until.is_some_and(|end| end <= time) {
        let why = format!("it was made at {time}, and the key {short} was in force from {} until {until}", window.from);
        return refused("key-window", why);
    }
    passed("key-window", format!("it was made at {time}, when the key {short} was in force"))
}

fn artifacts(said: Option<&Said>, expected: &Expectation) -> Vec<Step> {
    if expected.artifacts.is_empty() {
        return vec![skipped("artifact", "no artifact was given to compare with")];
    }
    let subjects = said.map(|said| said.subjects.as_slice()).unwrap_or_default();
    let digests: Vec<&String> = subjects.iter().filter_map(|subject| subject.digests.get("sha256")).collect();
    let about = |digest: &Digest| {
        if digests.iter().any(|found| found.eq_ignore_ascii_case(digest.hex())) {
            return passed("artifact", format!("it is about {digest}"));
        }
        let found: Vec<String> = digests.iter().map(|hex| format!("sha256:{hex}")).collect();
        refused("artifact", format!("it is about {}, and not about the given {digest}", found.join(", ")))
    };
    expected.artifacts.iter().map(|artifact| about(&artifact.digest)).collect()
}

fn dbom(statement: &Signed) -> Option<Step> {
    let (stated, found) = statement.dbom_digests()?;
    Some(if stated == found {
        passed("dbom", format!("the bill of materials has the digest that it states, {stated}"))
    } else {
        refused("dbom", format!("the bill of materials states the digest {stated} and has {found}"))
    })
}

fn summary(statement: &Signed, expected: &Expectation) -> Vec<Step> {
    let Some(summary) = statement.summary() else { return Vec::new() };
    let mut steps = vec![match summary.result {
        "PASSED" => passed("result", format!("PASSED, decided at {}", summary.time)),
        other => refused("result", format!("{other}, decided at {}", summary.time)),
    }];
    steps.push(match &expected.environment {
        None => skipped("environment", "no environment was given to compare with"),
        Some(wanted) if wanted == summary.environment => {
            passed("environment", format!("it was decided for `{wanted}`"))
        }
        Some(wanted) => {
            refused("environment", format!("it was decided for `{}`, and not for `{wanted}`", summary.environment))
        }
    });
    let until: Option<Timestamp> = summary.valid_until.and_then(|until| until.parse().ok());
    steps.push(match until {
        None => passed("validity", "time alone does not end it".to_owned()),
        Some(until) if expected.at < until => passed("validity", format!("it holds until {until}")),
        Some(until) => refused(
            "validity",
            format!(
                "it held until {until} and is used at {}: ask the gate again, or use --at for the past",
                expected.at
            ),
        ),
    });
    steps
}
