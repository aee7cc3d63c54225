//! One signature over bytes that are at hand: by a trusted key, or by the holder of a certificate that came with it.

use super::Signer;
use super::certificate::{self, ChainFault, Leaf};
use super::checks::{Budget, Checks, Ruling, TOO_MUCH};
use super::identity::Identity;
use super::roots::{Roots, SigstoreRoot, TrustedKey};
use crate::PublicKey;
use crate::dsse::decode;
use jiff::Timestamp;
use sigstore_verify::tsa::verify_timestamp_for_authority;
use sigstore_verify::types::{SignatureBytes, TimestampToken};

/// A signature with what came beside it.
pub(super) struct Given<'a> {
    /// Its bytes as text: base64, once or twice, or hexadecimal digits.
    pub(super) text: &'a str,
    /// What the document calls the key.
    pub(super) keyid: Option<&'a str>,
    /// The signer's certificate and those above it, in DER. Empty where there is none.
    pub(super) certificates: Vec<Vec<u8>>,
    /// Timestamps of RFC 3161 over the signature.
    pub(super) timestamps: Vec<Vec<u8>>,
}

/// A way to read a signature and what it signs: usually the first, and sometimes as older tools wrote it.
pub(super) struct Reading {
    /// The bytes that are signed.
    pub(super) message: Vec<u8>,
    /// What is unusual about this reading.
    pub(super) words: Option<&'static str>,
}

/// What a whole check works with.
pub(super) struct Court<'a> {
    pub(super) roots: &'a Roots,
    pub(super) now: Timestamp,
    pub(super) budget: Budget,
}

/// Rules on a signature. The second is which of the readings it holds for.
pub(super) fn judge(
    given: &Given<'_>,
    readings: &[Reading],
    court: &mut Court<'_>,
    checks: &mut Checks,
) -> (Ruling, Option<usize>) {
    let signatures = bytes_of(given.text);
    if signatures.is_empty() {
        checks.failed("signature", "the signature is neither base64 nor hexadecimal digits");
        return (Ruling::invalid("the signature is neither base64 nor hexadecimal digits", None), None);
    }
    match given.certificates.first() {
        Some(leaf) => by_certificate(given, leaf, &signatures, readings, court, checks),
        None => by_key(given, &signatures, readings, court, checks),
    }
}

/// The bytes that a text may stand for, the likeliest first. In-toto's metadata has hexadecimal digits, and older tools
/// encode twice.
fn bytes_of(text: &str) -> Vec<(Vec<u8>, Option<&'static str>)> {
    let text = text.trim();
    let once = decode(text);
    let twice = once.as_ref().and_then(|once| str::from_utf8(once).ok()).and_then(decode);
    let digits = hex::decode(text).ok().map(|bytes| (bytes, None));
    let twice = twice.map(|bytes| (bytes, Some("the signature is encoded in base64 twice")));
    let all = digits.into_iter().chain(once.map(|once| (once, None))).chain(twice);
    all.filter(|(bytes, _)| !bytes.is_empty()).collect()
}

/// Which reading a key signed, and what is unusual about it.
fn signed_reading(
    key: &PublicKey,
    signatures: &[(Vec<u8>, Option<&'static str>)],
    readings: &[Reading],
    budget: &mut Budget,
) -> Result<Option<(usize, String)>, ()> {
    for (position, reading) in readings.iter().enumerate() {
        for (signature, words) in signatures {
            if !budget.take() {
                return Err(());
            }
            if key.has_signed(&reading.message, signature) {
                let unusual: Vec<&str> = reading.words.into_iter().chain(*words).collect();
                let unusual = if unusual.is_empty() { String::new() } else { format!("; {}", unusual.join("; ")) };
                return Ok(Some((position, unusual)));
            }
        }
    }
    Ok(None)
}

fn by_key(
    given: &Given<'_>,
    signatures: &[(Vec<u8>, Option<&'static str>)],
    readings: &[Reading],
    court: &mut Court<'_>,
    checks: &mut Checks,
) -> (Ruling, Option<usize>) {
    let keyid = given.keyid.filter(|keyid| !keyid.is_empty());
    let claimed = keyid.map(|keyid| Signer::Key { id: keyid.to_owned(), name: None });
    if court.roots.keys.is_empty() {
        checks.skipped("signature", "no key is trusted yet, so there is none to check the signature with");
        return (Ruling::unchecked("it is signed with a key, and no key is trusted yet", claimed), None);
    }
    let is_hinted = |key: &&TrustedKey| keyid.is_some_and(|keyid| is_called(key, keyid));
    let (hinted, others): (Vec<_>, Vec<_>) = court.roots.keys.iter().partition(is_hinted);
    // What the document calls the key decides in which order they are tried, and nothing else.
    for key in hinted.iter().chain(&others) {
        match signed_reading(&key.key, signatures, readings, &mut court.budget) {
            Err(()) => return (Ruling::unchecked(TOO_MUCH, claimed), None),
            Ok(None) => {}
            Ok(Some((position, unusual))) => {
                checks.passed("signature", format!("the key `{}` made the signature{unusual}", key.name));
                return (in_time(best(key, court), None, court.now, checks), Some(position));
            }
        }
    }
    if let Some(key) = hinted.first() {
        let why = format!("it names the key `{}`, which did not make the signature over what is there now", key.name);
        checks.failed("signature", why.clone());
        return (Ruling::invalid(why, claimed), None);
    }
    let tried = match court.roots.keys.len() {
        1 => "the one trusted key".to_owned(),
        count => format!("any of the {count} trusted keys"),
    };
    checks.failed("signature", format!("the signature was not made by {tried}"));
    let who = keyid.map_or_else(|| "a key that it does not name".to_owned(), |keyid| format!("the key `{keyid}`"));
    (Ruling::unknown(who, claimed), None)
}

/// The same key may be trusted twice, each time from–until: the entry that counts now.
fn best<'a>(key: &'a TrustedKey, court: &Court<'a>) -> &'a TrustedKey {
    let mut same = court.roots.keys.iter().filter(|other| other.key == key.key);
    same.find(|other| other.holds_at(court.now)).unwrap_or(key)
}

/// Whether a document that says `keyid` means this key.
pub(super) fn is_called(key: &TrustedKey, keyid: &str) -> bool {
    let id = key.key.id();
    let npm = || {
        use base64::Engine as _;
        let bytes = hex::decode(&id).unwrap_or_default();
        format!("SHA256:{}", base64::engine::general_purpose::STANDARD_NO_PAD.encode(bytes))
    };
    keyid == id || keyid.strip_prefix("sha256:") == Some(&id) || keyid == key.name || keyid == npm()
}

/// Whether a key's signature counts: it was made at `signed_at` where that is verified, and otherwise it is known to have
/// existed by now and no earlier.
pub(super) fn in_time(key: &TrustedKey, signed_at: Option<Timestamp>, now: Timestamp, checks: &mut Checks) -> Ruling {
    let signer = Signer::Key { id: key.key.id(), name: Some(key.name.clone()) };
    let time = signed_at.unwrap_or(now);
    if key.holds_at(time) {
        checks.passed("key", format!("signatures of the key `{}` count at {time}", key.name));
        return Ruling::verified(signer, signed_at);
    }
    let proof = if signed_at.is_some() { "was made" } else { "is not proven to be older than" };
    let why = match (key.from, key.until, key.revoked_at) {
        (Some(from), ..) if time < from => {
            format!("signatures of the key `{}` count from {from}, and this one was there before: {time}", key.name)
        }
        (_, _, Some(revoked_at)) if time >= revoked_at => {
            format!("the key `{}` was revoked at {revoked_at}, and the signature {proof} {time}", key.name)
        }
        (_, until, _) => {
            let until = until.unwrap_or(time);
            format!("signatures of the key `{}` counted until {until}, and this one {proof} {time}", key.name)
        }
    };
    checks.failed("key", why.clone());
    Ruling::invalid(why, Some(signer))
}

fn by_certificate(
    given: &Given<'_>,
    der: &[u8],
    signatures: &[(Vec<u8>, Option<&'static str>)],
    readings: &[Reading],
    court: &mut Court<'_>,
    checks: &mut Checks,
) -> (Ruling, Option<usize>) {
    let read = certificate::read(der).and_then(|leaf| {
        let key = PublicKey::from_certificate(der).map_err(|error| error.to_string())?;
        Ok((leaf, key))
    });
    let (leaf, key) = match read {
        Ok(read) => read,
        Err(error) => {
            checks.failed("certificate", format!("the certificate cannot be read: {error}"));
            return (Ruling::invalid("the certificate beside the signature cannot be read", None), None);
        }
    };
    let signer = Signer::Identity(Box::new(leaf.identity.clone()));
    let (position, unusual) = match signed_reading(&key, signatures, readings, &mut court.budget) {
        Err(()) => return (Ruling::unchecked(TOO_MUCH, Some(signer)), None),
        Ok(None) => {
            let why = "the key of its certificate did not make the signature over what is there now";
            checks.failed("signature", why);
            return (Ruling::invalid(why, Some(signer)), None);
        }
        Ok(Some(signed)) => signed,
    };
    checks.passed("signature", format!("the key of the certificate made the signature{unusual}"));
    if let Some(trusted) = court.roots.keys.iter().find(|trusted| trusted.key == key) {
        checks.skipped("certificate", "the certificate's key itself is trusted");
        return (in_time(trusted, None, court.now, checks), Some(position));
    }
    (by_authority(given, &leaf, &signatures[0].0, court, checks), Some(position))
}

/// Rules on a certificate that has no entry of a transparency log beside it.
fn by_authority(given: &Given<'_>, leaf: &Leaf, signature: &[u8], court: &Court<'_>, checks: &mut Checks) -> Ruling {
    let signer = Signer::Identity(Box::new(leaf.identity.clone()));
    let (der, above) = given.certificates.split_first().map_or((&[][..], &[][..]), |(der, above)| (&der[..], above));
    if court.roots.sigstore.is_empty() {
        checks.skipped("certificate", "no certificate authority is trusted yet");
        return Ruling::unchecked("it is signed with a certificate, and no authority is trusted yet", Some(signer));
    }
    let knows = |root: &&SigstoreRoot| {
        let chain = certificate::check_chain(der, above, root, leaf.not_before);
        !matches!(chain, Err(ChainFault::UnknownIssuer))
    };
    let Some(root) = court.roots.sigstore.iter().find(knows) else {
        checks.failed("certificate", certificate::unknown_words(above));
        return Ruling::unknown(named(&leaf.identity), Some(signer));
    };
    let signed_at = given.timestamps.iter().filter_map(|token| timestamp(token, signature, root)).min();
    let time = match signed_at {
        Some(time) => {
            checks.passed("signing-time", format!("a trusted authority confirms that the signature existed at {time}"));
            time
        }
        None if leaf.not_before <= court.now && court.now <= leaf.not_after => {
            checks.passed("signing-time", "the certificate was still valid when the document came in");
            court.now
        }
        None if root.demands.signing_time => return without_time(leaf, signer, checks),
        None => {
            let words = "nothing proves when it was signed, and this root does not demand it";
            checks.skipped("signing-time", words);
            leaf.not_before
        }
    };
    if let Err(fault) = certificate::check_chain(der, above, root, time) {
        let why = chain_words(&fault, time);
        checks.failed("certificate", why.clone());
        return Ruling::invalid(why, Some(signer));
    }
    checks.passed("certificate", format!("an authority of `{}` issued the certificate, valid at {time}", root.name));
    logs(root, signer, signed_at, checks)
}

fn without_time(leaf: &Leaf, signer: Signer, checks: &mut Checks) -> Ruling {
    let why = format!(
        "its certificate was valid from {} to {} only, and nothing in the document proves that it was signed in that time",
        leaf.not_before, leaf.not_after
    );
    checks.failed("signing-time", why.clone());
    Ruling::unchecked(why, Some(signer))
}

/// Whether a root goes without the logs, of which there is nothing in the document.
fn logs(root: &SigstoreRoot, signer: Signer, signed_at: Option<Timestamp>, checks: &mut Checks) -> Ruling {
    checks.skipped("certificate-log", "the log of certificates is looked at in Sigstore bundles alone");
    if !root.demands.log_entry {
        checks.skipped("log-entry", "there is no entry of a transparency log, and this root does not demand one");
        return Ruling::verified(signer, signed_at);
    }
    checks.failed("log-entry", "there is no entry of a transparency log beside the signature");
    let why = format!("`{}` demands an entry of a transparency log, and the document carries none", root.name);
    Ruling::unchecked(why, Some(signer))
}

fn timestamp(token: &[u8], signature: &[u8], root: &SigstoreRoot) -> Option<Timestamp> {
    let (token, signature) = (TimestampToken::new(token.to_vec()), SignatureBytes::new(signature.to_vec()));
    let mut authorities = root.timestamp_authorities().iter();
    authorities.find_map(|authority| verify_timestamp_for_authority(&token, &signature, authority).ok())
}

/// A sentence about a chain that does not hold.
pub(super) fn chain_words(fault: &ChainFault, time: Timestamp) -> String {
    match fault {
        ChainFault::UnknownIssuer => "no trusted authority issued the certificate".to_owned(),
        ChainFault::NotValidThen => {
            format!("the certificate, or one above it, was not valid when the signature was made: {time}")
        }
        ChainFault::Unusable(error) => format!("the certificate is not one to sign with: {error}"),
    }
}

/// Who a certificate says that it is, in words.
pub(super) fn named(identity: &Identity) -> String {
    let san = if identity.san.is_empty() { "somebody without a name" } else { &identity.san };
    match &identity.issuer {
        Some(issuer) => format!("`{san}`, vouched for by `{issuer}`"),
        None => format!("`{san}`"),
    }
}
