//! Private keys encrypted under a passphrase, in the form that `openssl pkey` reads and writes: PKCS #8
//! `EncryptedPrivateKeyInfo` (RFC 5958 §3) with PBES2 (RFC 8018 §6.2): PBKDF2 with HMAC-SHA-256, and AES-256 in CBC.
//!
//! In comes a key in PEM with chance as bytes, out comes a key in PEM. That the passphrase was right is seen from the
//! shape of what comes out, and for certain when its public half is compared.

use crate::key::{InvalidKey, read_pem, write_pem};
use aws_lc_rs::cipher::{
    AES_256, DecryptionContext, EncryptionContext, PaddedBlockDecryptingKey, PaddedBlockEncryptingKey, UnboundCipherKey,
};
use aws_lc_rs::iv::FixedLength;
use aws_lc_rs::pbkdf2;
use std::num::NonZeroU32;
use zeroize::Zeroizing;

/// The label of an encrypted private key in PEM (RFC 7468 §11).
const ENCRYPTED: &str = "ENCRYPTED PRIVATE KEY";
/// The label of a private key in PEM (RFC 7468 §10).
const PRIVATE: &str = "PRIVATE KEY";

/// What makes two encryptions of the same key differ.
#[derive(Clone, Copy, Debug)]
pub struct Chance {
    /// So that nobody can prepare a table of passphrases.
    pub salt: [u8; 16],
    /// What the first block is mixed with.
    pub iv: [u8; 16],
}

/// How often the passphrase is hashed: what OWASP's password storage cheat sheet asks of PBKDF2 with SHA-256.
const ITERATIONS: u32 = 600_000;
/// More than this in a file would keep a server from starting for minutes.
const MOST_ITERATIONS: u32 = 100_000_000;

const SEQUENCE: u8 = 0x30;
const INTEGER: u8 = 0x02;
const OCTETS: u8 = 0x04;
/// `id-PBES2`, 1.2.840.113549.1.5.13, with tag and length.
const PBES2: &[u8] = &[0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0d];
/// `id-PBKDF2`, 1.2.840.113549.1.5.12.
const PBKDF2: &[u8] = &[0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0c];
/// `id-hmacWithSHA256`, 1.2.840.113549.2.9, with its parameters `NULL`, as a sequence.
const HMAC_SHA256: &[u8] = &[0x30, 0x0c, 0x06, 0x08, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 0x09, 0x05, 0x00];
/// `aes256-CBC-PAD`, 2.16.840.1.101.3.4.1.42.
const AES256_CBC: &[u8] = &[0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x2a];

const OTHER_FORM: InvalidKey =
    InvalidKey("expected PBES2 with PBKDF2, HMAC-SHA-256 and AES-256-CBC, as `openssl pkcs8 -topk8` writes it");
const WRONG: InvalidKey = InvalidKey("the passphrase does not open it");

/// Whether a text is a private key that is encrypted.
#[must_use]
pub fn is_encrypted(pem: &str) -> bool {
    pem.contains("-----BEGIN ENCRYPTED PRIVATE KEY-----")
}

/// Encrypts a private key in PEM under a passphrase.
///
/// # Errors
/// When the text is no private key in PEM, or the library refuses.
pub fn encrypt(pem: &str, passphrase: &str, chance: Chance) -> Result<String, InvalidKey> {
    let mut bytes = Zeroizing::new(read_pem(pem, PRIVATE)?);
    let refused = |_| InvalidKey("it cannot be encrypted");
    let key = UnboundCipherKey::new(&AES_256, &*derive(passphrase, &chance.salt, ITERATIONS)?).map_err(refused)?;
    let key = PaddedBlockEncryptingKey::cbc_pkcs7(key).map_err(refused)?;
    let context = EncryptionContext::Iv128(FixedLength::from(&chance.iv));
    key.less_safe_encrypt(&mut *bytes, context).map_err(refused)?;
    let iterations = ITERATIONS.to_be_bytes();
    let hashing = [element(OCTETS, &chance.salt), element(INTEGER, &iterations[1..]), HMAC_SHA256.to_vec()].concat();
    let hashing = element(SEQUENCE, &[PBKDF2, &element(SEQUENCE, &hashing)].concat());
    let cipher = element(SEQUENCE, &[AES256_CBC, &element(OCTETS, &chance.iv)].concat());
    let scheme = element(SEQUENCE, &[PBES2, &element(SEQUENCE, &[hashing, cipher].concat())].concat());
    Ok(write_pem(&element(SEQUENCE, &[scheme, element(OCTETS, &bytes)].concat()), ENCRYPTED))
}

/// Gives the private key in PEM that was encrypted under a passphrase. Its memory is cleared when it is dropped.
///
/// # Errors
/// When the text is no encrypted key of this form, or the passphrase does not open it.
pub fn decrypt(pem: &str, passphrase: &str) -> Result<Zeroizing<String>, InvalidKey> {
    let der = read_pem(pem, ENCRYPTED)?;
    let Scheme { salt, iterations, iv, sealed } = read(&der).ok_or(OTHER_FORM)?;
    let key = UnboundCipherKey::new(&AES_256, &*derive(passphrase, salt, iterations)?).map_err(|_| WRONG)?;
    let key = PaddedBlockDecryptingKey::cbc_pkcs7(key).map_err(|_| WRONG)?;
    let mut bytes = Zeroizing::new(sealed.to_vec());
    let iv = FixedLength::try_from(iv).map_err(|_| OTHER_FORM)?;
    let opened = key.decrypt(&mut bytes, DecryptionContext::Iv128(iv)).map_err(|_| WRONG)?;
    // One wrong passphrase in 256 leaves a padding that looks right; what is in it is then no sequence.
    let Some((SEQUENCE, _, [])) = take(opened) else { return Err(WRONG) };
    Ok(Zeroizing::new(write_pem(opened, PRIVATE)))
}

fn derive(passphrase: &str, salt: &[u8], iterations: u32) -> Result<Zeroizing<[u8; 32]>, InvalidKey> {
    let iterations = NonZeroU32::new(iterations).filter(|count| count.get() <= MOST_ITERATIONS).ok_or(OTHER_FORM)?;
    let mut key = Zeroizing::new([0; 32]);
    pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA256, iterations, salt, passphrase.as_bytes(), &mut *key);
    Ok(key)
}

/// What an encrypted key says of itself.
struct Scheme<'a> {
    salt: &'a [u8],
    iterations: u32,
    iv: &'a [u8],
    sealed: &'a [u8],
}

fn read(der: &[u8]) -> Option<Scheme<'_>> {
    let (whole, []) = expect(SEQUENCE, der)? else { return None };
    let (scheme, rest) = expect(SEQUENCE, whole)?;
    let (sealed, []) = expect(OCTETS, rest)? else { return None };
    let (parameters, []) = expect(SEQUENCE, scheme.strip_prefix(PBES2)?)? else { return None };
    let (hashing, rest) = expect(SEQUENCE, parameters)?;
    let (cipher, []) = expect(SEQUENCE, rest)? else { return None };
    let (iv, []) = expect(OCTETS, cipher.strip_prefix(AES256_CBC)?)? else { return None };
    let (hashing, []) = expect(SEQUENCE, hashing.strip_prefix(PBKDF2)?)? else { return None };
    let (salt, rest) = expect(OCTETS, hashing)?;
    let (iterations, rest) = expect(INTEGER, rest)?;
    // The length of the key may be said, and can be but one.
    let rest = rest.strip_prefix([INTEGER, 1, 32].as_slice()).unwrap_or(rest);
    let is_small = iterations.len() <= 4 && iterations.first().is_some_and(|first| first & 0x80 == 0);
    let number = iterations.iter().fold(0, |number: u32, byte| (number << 8) | u32::from(*byte));
    (rest == HMAC_SHA256 && is_small).then_some(Scheme { salt, iterations: number, iv, sealed })
}

/// The content of the element that comes first, if it has this tag, and what comes after it.
fn expect(tag: u8, der: &[u8]) -> Option<(&[u8], &[u8])> {
    let (found, content, rest) = take(der)?;
    (found == tag).then_some((content, rest))
}

/// Tag and content of the first element, and what comes after it (X.690 §8.1, definite lengths below 64 KiB).
fn take(der: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, der) = der.split_first()?;
    let (&first, der) = der.split_first()?;
    let (length, der) = match first {
        0..=0x7f => (usize::from(first), der),
        0x81 => der.split_first().map(|(length, der)| (usize::from(*length), der))?,
        0x82 => der.split_first_chunk().map(|(length, der)| (usize::from(u16::from_be_bytes(*length)), der))?,
        _ => return None,
    };
    let (content, rest) = der.split_at_checked(length)?;
    Some((tag, content, rest))
}

/// One element. Nothing in an encrypted key is longer than 64 KiB.
fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len()).expect("an encrypted key is shorter than 64 KiB").to_be_bytes();
    let mut der = vec![tag];
    match length {
        [0, short @ 0..=0x7f] => der.push(short),
        [0, long] => der.extend([0x81, long]),
        [high, low] => der.extend([0x82, high, low]),
    }
    der.extend_from_slice(content);
    der
}
