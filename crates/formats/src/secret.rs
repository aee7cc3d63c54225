//! What a reader keeps of a secret that a scanner found: enough to tell it from another one, and nothing to log in with.

use shipworthy_model::Digest;

/// A secret as it may be stored and shown: never a character of it, and the first digits of its digest, by which the same
/// secret is known in another place or another report.
pub(crate) fn masked(secret: &str) -> String {
    format!("•••••• ({})", fingerprint(secret))
}

/// What is the same for the same secret and says nothing of it: the first digits of its digest. Blanks around it do not
/// count.
pub(crate) fn fingerprint(secret: &str) -> String {
    Digest::of(secret.trim().as_bytes()).hex()[..16].to_owned()
}

/// The text without the secret that stands in it.
pub(crate) fn without(text: &str, secret: &str) -> String {
    let secret = secret.trim();
    if secret.is_empty() { text.to_owned() } else { text.replace(secret, "••••••") }
}
