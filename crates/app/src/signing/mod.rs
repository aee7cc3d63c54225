//! The keys with which the server signs: one in force for each use, in a folder that also keeps the public halves of
//! those that were in force before, each with the window in which what it signed holds.
//!
//! The folder is outside the database on purpose: who can write the one cannot forge with the other.

mod keeper;
mod ring;
mod rotate;

pub use keeper::{Keeper, Passphrase, read_key};
pub use ring::{KeyUse, Ring, RingKey, keep};
pub use rotate::record_new;
pub(crate) use rotate::rotate;

use crate::clock::Clock;
use crate::problem::{Answer, Problem};
use anyhow::Context as _;
use jiff::Timestamp;
use ring::Stamp;
use shipworthy_trust::{PublicKey, SigningKey};
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

/// The server's keys. What another process changes in the folder is noticed at the next signature.
#[derive(Debug)]
pub struct Keys {
    folder: PathBuf,
    keeper: Keeper,
    state: RwLock<State>,
}

/// What was read from the folder.
#[derive(Debug)]
struct State {
    stamp: Stamp,
    ring: Arc<Ring>,
    signers: Vec<Arc<Signer>>,
}

/// A key that may sign now.
#[derive(Debug)]
pub struct Signer {
    key: SigningKey,
    described: RingKey,
}

impl Signer {
    /// Signs a message.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.key.sign(message)
    }

    /// The key itself, for what builds an envelope around its signature.
    #[must_use]
    pub fn key(&self) -> &SigningKey {
        &self.key
    }

    /// Its public half.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        self.key.public()
    }

    /// Its id: the SHA-256 of its `SubjectPublicKeyInfo`, in hexadecimal digits.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.described.id
    }
}

impl Keys {
    /// Reads the keys, and makes those that are missing: at the first start all of them.
    ///
    /// `before` is the file in which earlier versions kept the one key for decisions; it becomes the first key.
    ///
    /// # Errors
    /// When the folder cannot be read or written, a key cannot be opened, or others can read it.
    pub fn open(folder: &Path, keeper: Keeper, before: &Path, clock: &Clock) -> anyhow::Result<Self> {
        let shown = folder.display();
        if !Ring::is_in(folder) {
            ring::make(folder, &keeper, before, clock)
                .with_context(|| format!("the signing keys in `{shown}` cannot be made"))?;
        }
        let found = Ring::read(folder)?;
        keeper::protect(folder, &found, &keeper, clock)?;
        let now = clock.now();
        if found.keys.iter().any(|key| key.private_key.is_some() && key.valid_until.is_some_and(|end| end <= now)) {
            ring::replace(folder, found, now)?;
        }
        let state = State::read(folder, &keeper)?;
        Ok(Self { folder: folder.to_owned(), keeper, state: RwLock::new(state) })
    }

    /// The key that signs attestations: decisions, delivery bills of materials.
    ///
    /// # Errors
    /// Internal when no key is in force at `now`, or the folder cannot be read.
    pub fn attestation(&self, now: Timestamp) -> Answer<Arc<Signer>> {
        self.in_force(KeyUse::Attestation, now).map_err(|error| Problem::internal(format!("{error:#}")))
    }

    /// The key that signs the checkpoints of the audit log.
    ///
    /// # Errors
    /// As [`Keys::attestation`].
    pub fn audit(&self, now: Timestamp) -> Answer<Arc<Signer>> {
        self.in_force(KeyUse::Audit, now).map_err(|error| Problem::internal(format!("{error:#}")))
    }

    /// Every key with its window, also those that are not in force any more.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn ring(&self) -> anyhow::Result<Arc<Ring>> {
        self.refresh()?;
        Ok(Arc::clone(&self.state.read().unwrap_or_else(PoisonError::into_inner).ring))
    }

    fn in_force(&self, usage: KeyUse, now: Timestamp) -> anyhow::Result<Arc<Signer>> {
        self.refresh()?;
        let state = self.state.read().unwrap_or_else(PoisonError::into_inner);
        let signers = state.signers.iter().filter(|signer| signer.described.usage == usage);
        let held = signers.filter(|signer| signer.described.holds_at(now));
        let newest = held.max_by_key(|signer| signer.described.valid_from).map(Arc::clone);
        newest.with_context(|| {
            format!(
                "no key for the use `{usage}` in `{}` is in force at {now}: is the clock right?",
                self.folder.display()
            )
        })
    }

    /// Reads the folder again when it changed: another replica, or a person, made a key.
    fn refresh(&self) -> anyhow::Result<()> {
        let stamp = Ring::stamp(&self.folder)?;
        if self.state.read().unwrap_or_else(PoisonError::into_inner).stamp == stamp {
            return Ok(());
        }
        let state = State::read(&self.folder, &self.keeper)?;
        *self.state.write().unwrap_or_else(PoisonError::into_inner) = state;
        Ok(())
    }
}

impl State {
    fn read(folder: &Path, keeper: &Keeper) -> anyhow::Result<Self> {
        // Stamped before it is read: what changes in between is read again at the next signature.
        let stamp = Ring::stamp(folder)?;
        let ring = Ring::read(folder)?;
        let mut signers = Vec::new();
        for described in &ring.keys {
            let Some(file) = &described.private_key else { continue };
            let path = folder.join(file);
            let key = keeper.read(&path)?;
            anyhow::ensure!(
                key.public().id() == described.id,
                "the signing key `{}` is another one than `{}` says: expected the key {}",
                path.display(),
                Ring::path(folder).display(),
                described.id
            );
            signers.push(Arc::new(Signer { key, described: described.clone() }));
        }
        Ok(Self { stamp, ring: Arc::new(ring), signers })
    }
}
