//! Sigstore bundles. The library `sigstore-verify` verifies those with a certificate whole; what it leaves to its callers is
//! here: which root may know the signer, keys that are trusted from–until, bundles without a log, and what a failure means.

use super::certificate::{self, ChainFault};
use super::checks::{Checks, Ruling, TOO_MUCH};
use super::envelope::{conclude, refused};
use super::library::{self, Checked};
use super::roots::{Roots, SigstoreRoot, TrustedKey};
use super::said::Said;
use super::signature::{self, Court, Given, Reading, judge, named};
use super::{Attested, Signer};
use crate::dsse::pae;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use sigstore_verify::types::bundle::VerificationMaterialContent;
use sigstore_verify::types::{Artifact, ArtifactDigest, Bundle, HashAlgorithm, SignatureContent};

/// So far a log's clock may be ahead of ours.
const CLOCKS_DIFFER: SignedDuration = SignedDuration::from_mins(5);

/// Verifies a bundle. `artifact` is what a bundle without an envelope signs, where it is at hand.
pub(super) fn verify(value: &Value, artifact: Option<&[u8]>, court: &mut Court<'_>) -> Attested {
    if let Some(form) = unread_log_entry(value) {
        let why = format!("its log entry is of the form {form}, which this verifier does not read");
        let mut checks = Checks::default();
        checks.skipped("log-entry", why.clone());
        return conclude(vec![Ruling::unchecked(why, None)], checks);
    }
    let bundle: Bundle = match serde_json::from_value(value.clone()) {
        Ok(bundle) => bundle,
        Err(error) => return refused("bundle", &format!("the bundle cannot be read: {error}")),
    };
    let said = said(&bundle, artifact);
    let mut checks = Checks::default();
    let ruling = match artifact_of(&bundle, said.as_ref(), artifact) {
        Err(ruling) => ruling,
        Ok(signed) => rule(&bundle, &signed, artifact, court, &mut checks),
    };
    let ruling = not_from_the_future(ruling, court.now, &mut checks);
    let mut attested = conclude(vec![ruling], checks);
    attested.said = said;
    attested
}

/// The kind and version of a log entry that the library would refuse as a broken bundle.
fn unread_log_entry(value: &Value) -> Option<String> {
    let entries = value.pointer("/verificationMaterial/tlogEntries")?.as_array()?;
    let known = ["hashedrekord/0.0.1", "hashedrekord/0.0.2", "dsse/0.0.1", "intoto/0.0.2"];
    let forms = entries.iter().filter_map(|entry| {
        let part = |name: &str| entry.pointer(&format!("/kindVersion/{name}")).and_then(Value::as_str);
        Some(format!("{}/{}", part("kind")?, part("version")?))
    });
    let mut forms = forms.filter(|form| form.len() < 40 && !known.contains(&form.as_str()));
    forms.next()
}

fn said(bundle: &Bundle, artifact: Option<&[u8]>) -> Option<Said> {
    match &bundle.content {
        SignatureContent::DsseEnvelope(envelope) => {
            Some(Said::from_payload(&envelope.payload_type, envelope.payload.as_bytes().to_vec()))
        }
        SignatureContent::MessageSignature(message) => {
            let digest = message.message_digest.as_ref();
            let sha256 = digest.filter(|digest| digest.algorithm == HashAlgorithm::Sha2256);
            Said::of_message(artifact, sha256.map(|digest| digest.digest.as_bytes()))
        }
        _ => None,
    }
}

/// What the library is to compare with. A bundle with an envelope is bound to its own first subject here, because whether that
/// is the artifact somebody asks about is his question.
fn artifact_of<'a>(bundle: &Bundle, said: Option<&Said>, artifact: Option<&'a [u8]>) -> Result<Artifact<'a>, Ruling> {
    let unbound = |why: &str| Ruling::unchecked(why, None);
    match &bundle.content {
        SignatureContent::DsseEnvelope(_) => {
            let subjects = said.map_or(&[][..], |said| &said.subjects);
            let digest = |name: &str, algorithm| {
                let mut all = subjects.iter().filter_map(|subject| subject.digests.get(name));
                let bytes = all.find_map(|digest| hex::decode(digest).ok())?;
                ArtifactDigest::new(algorithm, bytes).ok()
            };
            let digest = digest("sha256", HashAlgorithm::Sha2256).or_else(|| digest("sha512", HashAlgorithm::Sha2512));
            digest.map(Artifact::Digest).ok_or_else(|| {
                unbound(
                    "no subject of the statement has a SHA-256 or SHA-512, by which alone bundles are verified here",
                )
            })
        }
        SignatureContent::MessageSignature(message) => match (artifact, &message.message_digest) {
            (Some(bytes), _) => Ok(Artifact::Blob(bytes)),
            (None, Some(digest)) => ArtifactDigest::new(digest.algorithm, digest.digest.as_bytes().to_vec())
                .map(Artifact::Digest)
                .map_err(|error| Ruling::invalid(format!("the digest in the bundle is none: {error}"), None)),
            (None, None) => {
                Err(unbound("it signs an artifact that it does not describe, and the artifact is not at hand"))
            }
        },
        _ => Err(unbound("the bundle holds neither an envelope nor a message")),
    }
}

fn rule(
    bundle: &Bundle,
    signed: &Artifact<'_>,
    artifact: Option<&[u8]>,
    court: &mut Court<'_>,
    checks: &mut Checks,
) -> Ruling {
    let material = &bundle.verification_material;
    let has_log = !material.tlog_entries.is_empty();
    let has_time = has_log || !material.timestamp_verification_data.rfc3161_timestamps.is_empty();
    let certificates: Vec<Vec<u8>> = match &material.content {
        VerificationMaterialContent::Certificate(certificate) => vec![certificate.raw_bytes.as_bytes().to_vec()],
        VerificationMaterialContent::X509CertificateChain { certificates } => {
            certificates.iter().map(|certificate| certificate.raw_bytes.as_bytes().to_vec()).collect()
        }
        _ => return by_key(bundle, signed, artifact, court, checks),
    };
    if certificates.is_empty() {
        checks.failed("bundle", "the list of certificates in the bundle is empty");
        return Ruling::invalid("the list of certificates in the bundle is empty", None);
    }
    match (has_time, message(bundle, artifact)) {
        (false, Some((message, sig))) => {
            let given = Given { text: &sig, keyid: None, certificates, timestamps: Vec::new() };
            judge(&given, &[Reading { message, words: None }], court, checks).0
        }
        _ => by_certificate(bundle, signed, &certificates, court.roots, checks),
    }
}

/// The bytes that are signed, where they are at hand, and the signature over them.
fn message(bundle: &Bundle, artifact: Option<&[u8]>) -> Option<(Vec<u8>, String)> {
    match &bundle.content {
        SignatureContent::DsseEnvelope(envelope) => {
            let message = pae(&envelope.payload_type, envelope.payload.as_bytes());
            Some((message, envelope.signature.sig.to_base64()))
        }
        SignatureContent::MessageSignature(message) => {
            artifact.map(|artifact| (artifact.to_vec(), message.signature.to_base64()))
        }
        _ => None,
    }
}

/// Asks every root that knows the signer's authority, and takes the best answer.
fn by_certificate(
    bundle: &Bundle,
    signed: &Artifact<'_>,
    certificates: &[Vec<u8>],
    roots: &Roots,
    checks: &mut Checks,
) -> Ruling {
    let (der, above) = (&certificates[0], &certificates[1..]);
    let leaf = match certificate::read(der) {
        Ok(leaf) => leaf,
        Err(error) => {
            checks.failed("certificate", format!("the certificate cannot be read: {error}"));
            return Ruling::invalid("the certificate in the bundle cannot be read", None);
        }
    };
    let signer = Signer::Identity(Box::new(leaf.identity.clone()));
    if roots.sigstore.is_empty() {
        checks.skipped("certificate", "no certificate authority is trusted yet");
        return Ruling::unchecked("it is signed with a certificate, and no authority is trusted yet", Some(signer));
    }
    let knows = |root: &&SigstoreRoot| {
        let chain = certificate::check_chain(der, above, root, leaf.not_before);
        !matches!(chain, Err(ChainFault::UnknownIssuer))
    };
    let answers = roots.sigstore.iter().filter(knows).map(|root| {
        let mut own = Checks::default();
        let ruling = match library::verify_certificate(bundle, signed.clone(), root) {
            Ok(checked) => passed(&checked, signer.clone(), root, &mut own),
            Err(fault) => fault.into_ruling(Some(signer.clone()), root, &mut own),
        };
        (ruling, own)
    });
    match answers.min_by_key(|(ruling, _)| ruling.rank()) {
        Some((ruling, mut own)) => {
            checks.steps.append(&mut own.steps);
            ruling
        }
        None => {
            checks.failed("certificate", certificate::unknown_words(above));
            Ruling::unknown(named(&leaf.identity), Some(signer))
        }
    }
}

/// Everything the root demands was in order.
fn passed(checked: &Checked, signer: Signer, root: &SigstoreRoot, checks: &mut Checks) -> Ruling {
    library::say_passed(checked, root, checks);
    Ruling::verified(signer, checked.signed_at)
}

/// A bundle with the hint at a key: the key is one of those that are trusted, whatever the hint says.
fn by_key(
    bundle: &Bundle,
    signed: &Artifact<'_>,
    artifact: Option<&[u8]>,
    court: &mut Court<'_>,
    checks: &mut Checks,
) -> Ruling {
    let VerificationMaterialContent::PublicKey(given) = &bundle.verification_material.content else {
        return Ruling::unchecked("the bundle holds neither a certificate nor the hint at a key", None);
    };
    let keyid = match &bundle.content {
        SignatureContent::DsseEnvelope(envelope) => envelope.signature.keyid.as_str().to_owned(),
        _ => String::new(),
    };
    if !given.hint.is_empty() && !keyid.is_empty() && given.hint != keyid {
        let why = format!("the bundle names two keys for one signature: `{}` and `{keyid}`", given.hint);
        checks.failed("bundle", why.clone());
        return Ruling::invalid(why, None);
    }
    if let Some((message, sig)) = message(bundle, artifact) {
        let hint = Some(given.hint.as_str());
        let given = Given { text: &sig, keyid: hint, certificates: Vec::new(), timestamps: Vec::new() };
        let mut own = Checks::default();
        let (ruling, position) = judge(&given, &[Reading { message, words: None }], court, &mut own);
        let signer = ruling.signer.clone();
        let key = position.and_then(|_| court.roots.keys.iter().find(|key| is_signer(key, signer.as_ref())));
        let Some(key) = key else {
            checks.steps.append(&mut own.steps);
            return ruling;
        };
        return with_log(bundle, signed, key, court, checks);
    }
    for key in &court.roots.keys {
        if !court.budget.take() {
            return Ruling::unchecked(TOO_MUCH, None);
        }
        if library::is_signed_by(bundle, signed.clone(), &key.key, court.roots) {
            return with_log(bundle, signed, key, court, checks);
        }
    }
    checks.failed("signature", "the signature was not made by any of the trusted keys");
    Ruling::unknown(format!("the key `{}`", given.hint), None)
}

fn is_signer(key: &TrustedKey, signer: Option<&Signer>) -> bool {
    matches!(signer, Some(Signer::Key { id, .. }) if *id == key.key.id())
}

/// The log entry and the timestamps beside a trusted key's signature: what is there must hold, and nothing has to be there.
fn with_log(
    bundle: &Bundle,
    signed: &Artifact<'_>,
    key: &TrustedKey,
    court: &Court<'_>,
    checks: &mut Checks,
) -> Ruling {
    let signer = Signer::Key { id: key.key.id(), name: Some(key.name.clone()) };
    checks.passed("signature", format!("the key `{}` made the signature", key.name));
    let material = &bundle.verification_material;
    if material.tlog_entries.is_empty() && material.timestamp_verification_data.rfc3161_timestamps.is_empty() {
        checks.skipped("log-entry", "there is no entry of a transparency log; the key itself is trusted");
        return signature::in_time(key, None, court.now, checks);
    }
    let answers = court.roots.sigstore.iter().map(|root| {
        let mut own = Checks::default();
        let ruling = match library::verify_key(bundle, signed.clone(), &key.key, root) {
            Ok(checked) => {
                library::say_logged(&checked, root, &mut own);
                signature::in_time(key, checked.signed_at, court.now, &mut own)
            }
            Err(fault) => fault.into_ruling(Some(signer.clone()), root, &mut own),
        };
        (ruling, own)
    });
    let Some((ruling, mut own)) = answers.min_by_key(|(ruling, _)| ruling.rank()) else {
        checks.skipped(
            "log-entry",
            "no transparency log is trusted, so the entry was not checked; the key itself is trusted",
        );
        return signature::in_time(key, None, court.now, checks);
    };
    checks.steps.append(&mut own.steps);
    ruling
}

/// Nobody can have signed after the document was received.
fn not_from_the_future(ruling: Ruling, now: Timestamp, checks: &mut Checks) -> Ruling {
    let latest = now.checked_add(CLOCKS_DIFFER).unwrap_or(Timestamp::MAX);
    match ruling.signed_at {
        Some(time) if time > latest => {
            let why = format!("it is said to be signed at {time}, which is later than when it came in, {now}");
            checks.failed("signing-time", why.clone());
            Ruling::invalid(why, ruling.signer)
        }
        _ => ruling,
    }
}
