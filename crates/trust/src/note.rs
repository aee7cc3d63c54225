//! Signed notes: a text that people can read, with signatures below it.
//! <https://github.com/C2SP/C2SP/blob/main/signed-note.md>

use crate::key::KeyKind;
use crate::{PublicKey, SigningKey};
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::signature::{ED25519, UnparsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::fmt;
use std::str::FromStr;

/// What begins a line with a signature.
const SIGNATURE: &str = "\u{2014} ";
/// The type of an Ed25519 signature.
const ED25519_TYPE: u8 = 1;
/// More lines than this are no note that anybody made in earnest.
const MOST_SIGNATURES: usize = 128;
/// A note is short.
const LARGEST_NOTE_BYTES: usize = 1_000_000;

/// The key by which a signature of somebody is verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteKey {
    name: String,
    bytes: [u8; 32],
}

/// Why a note is not believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// It has not the form of a note.
    #[error("it is no signed note: {0}")]
    Damaged(&'static str),
    /// A known key is named by a signature that it did not make.
    #[error("the signature of `{0}` is not its signature of this text")]
    WrongSignature(String),
    /// No known key is named.
    #[error("none of its {signatures} signatures is by a known key")]
    NotSigned {
        /// How many signatures there are.
        signatures: usize,
    },
}

/// A text that was given as the key of a note and is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it is no key for signed notes: expected `<name>+<id>+<key>` with an Ed25519 key")]
pub struct InvalidNoteKey;

impl NoteKey {
    /// A key under a name. A name is not empty and has neither space nor `+`.
    ///
    /// # Errors
    /// When the name cannot be one, or the key is not of Ed25519.
    pub fn of(name: &str, key: &PublicKey) -> Result<Self, InvalidNoteKey> {
        if key.kind() != KeyKind::Ed25519 || !is_name(name) {
            return Err(InvalidNoteKey);
        }
        // The last 32 bytes of a `SubjectPublicKeyInfo` are the key (RFC 8410 §4).
        let bytes = key.spki().last_chunk().copied().ok_or(InvalidNoteKey)?;
        Ok(Self { name: name.to_owned(), bytes })
    }

    /// Whose key it is.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The first four bytes of the SHA-256 over name and key, by which signatures name their key.
    #[must_use]
    pub fn id(&self) -> [u8; 4] {
        let text = [self.name.as_bytes(), b"\n", &[ED25519_TYPE], &self.bytes].concat();
        let hash = digest(&SHA256, &text);
        hash.as_ref().first_chunk().copied().expect("a SHA-256 has four bytes")
    }

    fn has_signed(&self, text: &str, signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&ED25519, self.bytes).verify(text.as_bytes(), signature).is_ok()
    }
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.chars().any(|c| c.is_whitespace() || c == '+' || c.is_control())
}

impl fmt::Display for NoteKey {
    /// As others exchange it: `<name>+<id>+<type and key in base64>`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = STANDARD.encode([&[ED25519_TYPE], self.bytes.as_slice()].concat());
        write!(f, "{}+{:08x}+{key}", self.name, u32::from_be_bytes(self.id()))
    }
}

impl FromStr for NoteKey {
    type Err = InvalidNoteKey;

    fn from_str(text: &str) -> Result<Self, InvalidNoteKey> {
        let (name, rest) = text.trim().split_once('+').ok_or(InvalidNoteKey)?;
        let (_, key) = rest.split_once('+').ok_or(InvalidNoteKey)?;
        let bytes = STANDARD.decode(key).map_err(|_| InvalidNoteKey)?;
        let bytes = bytes.strip_prefix(&[ED25519_TYPE]).and_then(|bytes| bytes.try_into().ok());
        let key = Self { name: name.to_owned(), bytes: bytes.filter(|_| is_name(name)).ok_or(InvalidNoteKey)? };
        // The id is over name and key: a slip in any of the three does not go unnoticed.
        if key.to_string() == text.trim() { Ok(key) } else { Err(InvalidNoteKey) }
    }
}

/// Signs a text, which ends with a newline, under a name.
///
/// # Errors
/// When the name cannot be one.
pub fn sign(text: &str, name: &str, key: &SigningKey) -> Result<String, InvalidNoteKey> {
    let id = NoteKey::of(name, &key.public())?.id();
    let signature = STANDARD.encode([id.as_slice(), &key.sign(text.as_bytes())].concat());
    Ok(format!("{text}\n{SIGNATURE}{name} {signature}\n"))
}

/// The text of a note that at least one of `keys` signed, with its last newline. Signatures by unknown keys say nothing;
/// one that names a known key must be by it.
///
/// # Errors
/// When it is no note, a known key's signature is wrong, or no known key signed it.
pub fn open<'n>(note: &'n str, keys: &[NoteKey]) -> Result<&'n str, NoteError> {
    let (text, signatures) = split(note)?;
    let mut is_signed = false;
    for (name, signature) in &signatures {
        let (id, signature) = signature.split_first_chunk::<4>().expect("its length was looked at");
        let Some(key) = keys.iter().find(|key| key.name == *name && key.id() == *id) else { continue };
        if !key.has_signed(text, signature) {
            return Err(NoteError::WrongSignature((*name).to_owned()));
        }
        is_signed = true;
    }
    if is_signed { Ok(text) } else { Err(NoteError::NotSigned { signatures: signatures.len() }) }
}

type Signature<'n> = (&'n str, Vec<u8>);

fn split(note: &str) -> Result<(&str, Vec<Signature<'_>>), NoteError> {
    if note.len() > LARGEST_NOTE_BYTES {
        return Err(NoteError::Damaged("it is too long"));
    }
    if note.bytes().any(|byte| byte < 0x20 && byte != b'\n') {
        return Err(NoteError::Damaged("it has control characters"));
    }
    let at = note.rfind("\n\n").ok_or(NoteError::Damaged("there is no blank line between text and signatures"))?;
    let (text, signatures) = (&note[..=at], &note[at + 2..]);
    let signatures = signatures.strip_suffix('\n').ok_or(NoteError::Damaged("its last line breaks off"))?;
    let signatures: Vec<Signature<'_>> = signatures
        .split('\n')
        .map(|line| read_signature(line).ok_or(NoteError::Damaged("a line below the text is no signature")))
        .collect::<Result<_, _>>()?;
    if signatures.len() > MOST_SIGNATURES {
        return Err(NoteError::Damaged("it has too many signatures"));
    }
    Ok((text, signatures))
}

fn read_signature(line: &str) -> Option<Signature<'_>> {
    let (name, signature) = line.strip_prefix(SIGNATURE)?.split_once(' ')?;
    let bytes = STANDARD.decode(signature).ok()?;
    (is_name(name) && bytes.len() > 4).then_some((name, bytes))
}
