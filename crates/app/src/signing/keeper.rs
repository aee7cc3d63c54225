//! How private keys are kept at rest: as they are in files that nobody else can read, or encrypted under a passphrase.
//! What else can keep a key becomes one more variant here; nothing beyond this file knows the difference.

use crate::clock::Clock;
use crate::signing::{Ring, RingKey};
use anyhow::{Context as _, bail};
use shipworthy_trust::SigningKey;
use shipworthy_trust::pkcs8::{self, Chance};
use std::fmt;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use zeroize::Zeroizing;

/// A passphrase. It shows nowhere, and its memory is cleared when it is dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Passphrase(Zeroizing<String>);

impl Passphrase {
    /// The passphrase in a text.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// Reads a passphrase from a file: its first line.
    ///
    /// # Errors
    /// When the file cannot be read, is empty, or everybody can read it.
    pub fn from_file(path: &Path) -> anyhow::Result<Self> {
        let shown = path.display();
        let text = std::fs::read_to_string(path).map(Zeroizing::new);
        let text = text.with_context(|| format!("the passphrase file `{shown}` cannot be read"))?;
        if mode(path)? & 0o007 != 0 {
            bail!("everybody can read the passphrase file `{shown}`\nhint: chmod 600 {shown}");
        }
        match text.lines().next().filter(|line| !line.is_empty()) {
            Some(line) => Ok(Self::new(line.to_owned())),
            None => bail!("the passphrase file `{shown}` is empty: expected the passphrase in its first line"),
        }
    }
}

impl fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// How private keys are kept.
#[derive(Clone, Debug)]
pub enum Keeper {
    /// In plain files of mode 0600.
    Plain,
    /// In files of mode 0600, encrypted under this passphrase.
    Encrypted(Passphrase),
}

impl Keeper {
    /// The keeper for what the settings give.
    #[must_use]
    pub fn new(passphrase: Option<Passphrase>) -> Self {
        passphrase.map_or(Self::Plain, Self::Encrypted)
    }

    fn passphrase(&self) -> Option<&Passphrase> {
        match self {
            Self::Plain => None,
            Self::Encrypted(passphrase) => Some(passphrase),
        }
    }

    /// Reads the private key in a file.
    pub(super) fn read(&self, path: &Path) -> anyhow::Result<SigningKey> {
        read_key(path, self.passphrase())
    }

    /// Writes a private key beside the ring.
    pub(super) fn write(
        &self,
        folder: &Path,
        described: &RingKey,
        key: &SigningKey,
        clock: &Clock,
    ) -> anyhow::Result<()> {
        let Some(name) = &described.private_key else { return Ok(()) };
        let plain = Zeroizing::new(key.to_pem()?);
        let text = match self {
            Self::Plain => plain,
            Self::Encrypted(Passphrase(passphrase)) => {
                let chance = Chance { salt: clock.random(), iv: clock.random() };
                Zeroizing::new(pkcs8::encrypt(&plain, passphrase, chance)?)
            }
        };
        // A temporary file is of mode 0600 from its beginning.
        let mut draft = tempfile::NamedTempFile::new_in(folder)?;
        draft.write_all(text.as_bytes())?;
        draft.as_file().sync_all()?;
        draft.persist(folder.join(name)).with_context(|| format!("the signing key `{name}` cannot be written"))?;
        Ok(())
    }
}

/// Reads a private key in PEM that only its owner can read, and opens it when it is encrypted.
///
/// # Errors
/// When the file cannot be read, others can read it, it holds no key, or the passphrase is missing or wrong.
pub fn read_key(path: &Path, passphrase: Option<&Passphrase>) -> anyhow::Result<SigningKey> {
    let shown = path.display();
    let text = std::fs::read_to_string(path).map(Zeroizing::new);
    let text = text.with_context(|| format!("the signing key `{shown}` cannot be read"))?;
    if mode(path)? & 0o077 != 0 {
        bail!("the signing key `{shown}` can be read by others\nhint: chmod 600 {shown}");
    }
    if !pkcs8::is_encrypted(&text) {
        return SigningKey::from_pem(&text).with_context(|| format!("the signing key `{shown}`"));
    }
    let Some(Passphrase(passphrase)) = passphrase else {
        bail!(
            "the signing key `{shown}` is encrypted and no passphrase was given\nhint: set SHIPWORTHY_SIGNING_PASSPHRASE, or name the file that holds it"
        );
    };
    let plain = pkcs8::decrypt(&text, passphrase).with_context(|| format!("the signing key `{shown}`"))?;
    SigningKey::from_pem(&plain).with_context(|| format!("the signing key `{shown}`"))
}

/// Encrypts plain keys once there is a passphrase.
pub(super) fn protect(folder: &Path, ring: &Ring, keeper: &Keeper, clock: &Clock) -> anyhow::Result<()> {
    if let Keeper::Plain = keeper {
        return Ok(());
    }
    for described in &ring.keys {
        let Some(name) = &described.private_key else { continue };
        let path = folder.join(name);
        let text = std::fs::read_to_string(&path).map(Zeroizing::new).unwrap_or_default();
        if text.contains("-----BEGIN PRIVATE KEY-----") {
            keeper.write(folder, described, &read_key(&path, None)?, clock)?;
            tracing::info!(key = described.id, "a signing key is encrypted now");
        }
    }
    Ok(())
}

fn mode(path: &Path) -> anyhow::Result<u32> {
    Ok(std::fs::metadata(path).with_context(|| format!("`{}`", path.display()))?.permissions().mode())
}
