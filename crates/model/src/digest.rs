//! A SHA-256 digest in its one written form, `sha256:` and 64 lower-case hexadecimal digits.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// The SHA-256 of some bytes: `sha256:<64 hex digits>`. Names documents and artifacts alike.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Digest(String);

/// A text that was given as a digest and is none.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("`{0}` is not a digest: expected `sha256:` followed by 64 hexadecimal digits")]
pub struct InvalidDigest(String);

const PREFIX: &str = "sha256:";

impl Digest {
    /// The digest of `bytes`.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self::from_sha256(&<sha2::Sha256 as sha2::Digest>::digest(bytes).into())
    }

    /// The digest whose 32 raw bytes are already known, such as from a hash computed while bytes arrived.
    #[must_use]
    pub fn from_sha256(raw: &[u8; 32]) -> Self {
        use fmt::Write as _;
        let mut text = String::with_capacity(PREFIX.len() + 64);
        text.push_str(PREFIX);
        for byte in raw {
            // Writing to a `String` cannot fail.
            let _ = write!(text, "{byte:02x}");
        }
        Self(text)
    }

    /// The written form, `sha256:…`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The 64 hexadecimal digits without the prefix.
    #[must_use]
    pub fn hex(&self) -> &str {
        &self.0[PREFIX.len()..]
    }
}

impl FromStr for Digest {
    type Err = InvalidDigest;

    /// Accepts upper-case digits and writes them in lower case, since registries differ in it.
    fn from_str(text: &str) -> Result<Self, InvalidDigest> {
        let hex = text.strip_prefix(PREFIX).ok_or_else(|| InvalidDigest(text.to_owned()))?;
        if hex.len() != 64 || !hex.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(InvalidDigest(text.to_owned()));
        }
        Ok(Self(format!("{PREFIX}{}", hex.to_ascii_lowercase())))
    }
}

impl TryFrom<String> for Digest {
    type Error = InvalidDigest;
    fn try_from(text: String) -> Result<Self, InvalidDigest> {
        text.parse()
    }
}

impl From<Digest> for String {
    fn from(digest: Digest) -> Self {
        digest.0
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_of_bytes_is_written_as_the_field_writes_it() {
        let expected = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(Digest::of(b"abc").as_str(), expected);
        assert_eq!(expected.to_uppercase().replace("SHA256", "sha256").parse::<Digest>(), Ok(Digest::of(b"abc")));
    }

    #[test]
    fn what_is_no_digest_is_refused_with_the_expected_form() {
        for text in ["", "sha256:", "abc", "sha256:xyz", "sha512:00", &format!("sha256:{}", "g".repeat(64))] {
            let error = text.parse::<Digest>().expect_err("must be refused").to_string();
            assert!(error.contains("expected `sha256:`"), "{error}");
        }
    }
}
