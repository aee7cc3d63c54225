//! The library `sigstore-verify`, asked for one bundle, and its answer as steps: which ones it made before it stopped, and
//! whose fault it was.

use super::checks::{Checks, Ruling};
use super::roots::{Roots, SigstoreRoot};
use super::{Outcome, Signer};
use crate::PublicKey;
use jiff::Timestamp;
use sigstore_verify::types::{Artifact, Bundle, DerPublicKey};
use sigstore_verify::{
    CertificateError, Error, PublicKeyVerificationPolicy, TimestampError, TransparencyLogError, VerificationPolicy,
    VerificationResult,
};

/// What the library found in order.
pub(super) struct Checked {
    pub(super) signed_at: Option<Timestamp>,
    pub(super) certificate_log: bool,
    pub(super) log_entry: bool,
}

/// Where the library stopped.
pub(super) struct Fault {
    error: Error,
    is_certificate: bool,
}

/// The steps of a bundle with a certificate, in the library's order.
const STEPS: [&str; 7] =
    ["bundle", "signing-time", "certificate", "certificate-log", "log-entry", "signature", "log-content"];

/// Verifies a bundle with a certificate, by whomever it is.
pub(super) fn verify_certificate(bundle: &Bundle, signed: Artifact<'_>, root: &SigstoreRoot) -> Result<Checked, Fault> {
    let policy = VerificationPolicy::any_identity();
    let policy = if root.demands.log_entry { policy } else { policy.skip_tlog_unsafe() };
    let policy = if root.demands.certificate_log { policy } else { policy.skip_sct() };
    let checked = root.verifier().verify(signed, bundle, &policy);
    checked.map(Checked::from).map_err(|error| Fault { error, is_certificate: true })
}

/// Verifies a bundle with the hint at a key, which must be this one. A log entry is verified where there is one.
pub(super) fn verify_key(
    bundle: &Bundle,
    signed: Artifact<'_>,
    key: &PublicKey,
    root: &SigstoreRoot,
) -> Result<Checked, Fault> {
    let policy = PublicKeyVerificationPolicy::new(DerPublicKey::new(key.spki().to_vec()));
    let has_log = !bundle.verification_material.tlog_entries.is_empty();
    let policy = if has_log { policy } else { policy.skip_tlog_unsafe() };
    let checked = root.verifier().verify(signed, bundle, &policy);
    let checked = checked.map(|result| Checked { log_entry: has_log, ..Checked::from(result) });
    checked.map_err(|error| Fault { error, is_certificate: false })
}

/// Whether this key made the signature, by whatever root, log or none. Which digest is meant is in the artifact.
pub(super) fn is_signed_by(bundle: &Bundle, signed: Artifact<'_>, key: &PublicKey, roots: &Roots) -> bool {
    roots.sigstore.iter().any(|root| match verify_key(bundle, signed.clone(), key, root) {
        Ok(_) => true,
        Err(fault) => !matches!(
            fault.error,
            Error::SignatureInvalid(_) | Error::Crypto(_) | Error::UnsupportedArtifact(_) | Error::UnsupportedBundle(_)
        ),
    })
}

impl From<VerificationResult> for Checked {
    fn from(result: VerificationResult) -> Self {
        Self {
            signed_at: result.verified_timestamps().iter().min().copied(),
            certificate_log: result.sct_verified(),
            log_entry: result.tlog_verified(),
        }
    }
}

/// The steps of a bundle with a certificate that is in order.
pub(super) fn say_passed(checked: &Checked, root: &SigstoreRoot, checks: &mut Checks) {
    let name = &root.name;
    checks.passed("bundle", "the bundle is whole");
    let time = checked.signed_at.map_or_else(String::new, |time| format!(" at {time}"));
    checks.passed("signing-time", format!("a log or timestamp authority of `{name}` confirms that it existed{time}"));
    checks.passed("certificate", format!("an authority of `{name}` issued the certificate, which was valid then"));
    if checked.certificate_log {
        checks.passed("certificate-log", format!("the certificate is in a log of certificates of `{name}`"));
    } else {
        checks.skipped("certificate-log", "this root does not demand that certificates are in a log");
    }
    say_log_entry(checked, root, checks);
    checks.passed("signature", "the key of the certificate made the signature");
    say_log_content(checked, checks);
}

/// The steps beside the signature of a trusted key.
pub(super) fn say_logged(checked: &Checked, root: &SigstoreRoot, checks: &mut Checks) {
    if let Some(time) = checked.signed_at {
        let words = format!("a log or timestamp authority of `{}` confirms that it existed at {time}", root.name);
        checks.passed("signing-time", words);
    }
    say_log_entry(checked, root, checks);
    say_log_content(checked, checks);
}

fn say_log_entry(checked: &Checked, root: &SigstoreRoot, checks: &mut Checks) {
    if checked.log_entry {
        checks.passed("log-entry", format!("it is in the transparency log of `{}`", root.name));
    } else {
        checks.skipped("log-entry", "no entry of a transparency log was demanded");
    }
}

fn say_log_content(checked: &Checked, checks: &mut Checks) {
    if checked.log_entry {
        checks.passed("log-content", "what is in the log is what is here");
    } else {
        checks.skipped("log-content", "no entry of a transparency log was demanded");
    }
}

impl Fault {
    /// The steps up to where the library stopped, and what it means.
    pub(super) fn into_ruling(self, signer: Option<Signer>, root: &SigstoreRoot, checks: &mut Checks) -> Ruling {
        let (failed, reached) = place(&self.error, self.is_certificate);
        let (outcome, words) = meaning(&self.error, root);
        let is_unchecked = matches!(outcome, Outcome::Unchecked { .. });
        for (position, name) in STEPS.into_iter().enumerate() {
            let is_of_certificate = name.starts_with("certificate");
            if is_of_certificate && !self.is_certificate {
                continue;
            }
            let is_demanded = match name {
                "certificate-log" => root.demands.certificate_log,
                "log-entry" => root.demands.log_entry,
                _ => true,
            };
            if position == failed && is_unchecked {
                checks.skipped(name, words.clone());
            } else if position == failed {
                checks.failed(name, words.clone());
            } else if position < reached && is_demanded {
                checks.passed(name, PASSED[position]);
            } else {
                checks.skipped(name, "not reached");
            }
        }
        Ruling { outcome, signer, signed_at: None }
    }
}

/// What is said of a step before the one that failed.
const PASSED: [&str; 7] = [
    "the bundle is whole",
    "a trusted log or timestamp authority confirms when it existed",
    "a trusted authority issued the certificate, which was valid then",
    "the certificate is in a log of certificates",
    "it is in the transparency log",
    "the signature holds",
    "what is in the log is what is here",
];

/// Which step an error is of, and how many were certainly made before it. Where an error may come from several places, the
/// earliest counts, so that no step is said to have passed that may not have been made. For a key the library looks at the log
/// first.
fn place(error: &Error, is_certificate: bool) -> (usize, usize) {
    let late = |step: usize| (step, if is_certificate { step } else { 1 });
    match error {
        Error::TransparencyLog(log) => match log {
            TransparencyLogError::InclusionProof(_) | TransparencyLogError::Checkpoint(_) => late(4),
            TransparencyLogError::EntryMismatch(_) => late(6),
            TransparencyLogError::MalformedEntry(_) => (6, 1),
            _ => (1, 1),
        },
        Error::Timestamp(_) => (1, 1),
        Error::Certificate(CertificateError::Malformed(_)) => (2, 0),
        Error::Certificate(CertificateError::Sct(_)) | Error::InvalidTrustRoot(_) => late(3),
        Error::Certificate(_) => late(2),
        Error::SignatureInvalid(_) => late(5),
        Error::ArtifactMismatch(_) => (6, 1),
        _ => (0, 0),
    }
}

fn meaning(error: &Error, root: &SigstoreRoot) -> (Outcome, String) {
    let name = &root.name;
    let unchecked = |why: String| (Outcome::Unchecked { why: why.clone() }, why);
    match error {
        Error::Certificate(CertificateError::NoValidAuthority { time }) => unchecked(format!(
            "the root `{name}` names no authority for {time}: it is out of date, or of another instance"
        )),
        Error::TransparencyLog(TransparencyLogError::UnknownLog { log_id }) => {
            unchecked(format!("its log `{log_id}` is none of the root `{name}`"))
        }
        Error::InvalidTrustRoot(why) => unchecked(format!("the root `{name}` lacks what the check needs: {why}")),
        Error::UnsupportedArtifact(_) => unchecked("the artifact itself is needed to check its signature".to_owned()),
        other => {
            let why = complaint(other);
            (Outcome::Invalid { why: why.clone() }, why)
        }
    }
}

/// What is wrong with a bundle, as a sentence for people.
fn complaint(error: &Error) -> String {
    match error {
        Error::Certificate(certificate) => certificate_complaint(certificate),
        Error::TransparencyLog(log) => log_complaint(log),
        Error::Timestamp(TimestampError::NoVerifiedTimestamp(_)) => {
            "nothing in the bundle proves when it was signed".to_owned()
        }
        Error::Timestamp(TimestampError::OutsideAuthorityValidity { time }) => {
            format!("its timestamp of {time} is from when the timestamp authority was not valid")
        }
        Error::Timestamp(_) => {
            "its timestamp is by no trusted timestamp authority, or for another signature".to_owned()
        }
        Error::SignatureInvalid(_) => "the signature was not made by this key over what is there now".to_owned(),
        Error::ArtifactMismatch(_) => "it is about another artifact, or the log has another one".to_owned(),
        Error::Bundle(why) => format!("the bundle is not whole: {why}"),
        other => format!("the bundle cannot be used: {other}"),
    }
}

fn certificate_complaint(error: &CertificateError) -> String {
    match error {
        CertificateError::Expired { time, not_after } => {
            format!("the certificate had expired when it was signed: valid until {not_after}, signed at {time}")
        }
        CertificateError::NotYetValid { time, not_before } => {
            format!("it was signed before the certificate was valid: from {not_before}, signed at {time}")
        }
        // The library has the reason as text only. It chooses among sentences here and decides nothing.
        CertificateError::ChainInvalid(why) if why.contains("CertExpired") => {
            "the certificate had expired when it was signed".to_owned()
        }
        CertificateError::ChainInvalid(why) if why.contains("CertNotValidYet") => {
            "it was signed before the certificate was valid".to_owned()
        }
        CertificateError::ChainInvalid(_) => "no trusted authority issued the certificate for signing".to_owned(),
        CertificateError::Sct(_) => "the certificate is in none of the trusted logs of certificates".to_owned(),
        other => format!("the certificate cannot be used: {other}"),
    }
}

fn log_complaint(error: &TransparencyLogError) -> String {
    match error {
        TransparencyLogError::InclusionProof(_) => "the proof that the log has it does not add up".to_owned(),
        TransparencyLogError::Checkpoint(_) => {
            "the log's checkpoint is not signed by a trusted log, or is of another state of it".to_owned()
        }
        TransparencyLogError::InclusionPromise(_) => {
            "the log's promise to include it was not made by a trusted log for this entry at this time".to_owned()
        }
        TransparencyLogError::EntryMismatch(_) => "what is in the log is not what is here".to_owned(),
        TransparencyLogError::IntegratedTime(_) => {
            "the log's time does not fit the certificate, or is to come".to_owned()
        }
        other => format!("the log entry cannot be used: {other}"),
    }
}
