//! The list of keys in the folder: `ring.json` says of each key what it is for, when it holds, its public half, and
//! the file with its private half while it has one.

use crate::clock::Clock;
use crate::signing::{Keeper, read_key};
use anyhow::{Context as _, bail};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use shipworthy_trust::{PublicKey, SigningKey};
use std::fmt;
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

/// What a key signs. Two uses never share a key, so that a signature of the one kind is never taken for the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum KeyUse {
    /// Decisions and delivery bills of materials.
    Attestation,
    /// Checkpoints of the audit log.
    Audit,
}

impl KeyUse {
    /// Every use.
    pub const ALL: [Self; 2] = [Self::Attestation, Self::Audit];
}

impl fmt::Display for KeyUse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Attestation => "attestation",
            Self::Audit => "audit",
        })
    }
}

/// The keys of a folder, in the order in which they were made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ring {
    /// Version of this form, `1`.
    pub schema: u32,
    /// The keys.
    pub keys: Vec<RingKey>,
}

/// One key of a ring.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RingKey {
    /// The SHA-256 of the public key's `SubjectPublicKeyInfo`, in hexadecimal digits.
    pub id: String,
    /// What it signs.
    #[serde(rename = "use")]
    pub usage: KeyUse,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when on its signatures hold.
    pub valid_from: Timestamp,
    /// Until when, exclusively; without it, until it is replaced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Timestamp>,
    /// The public half in PEM.
    pub public_key: String,
    /// The file with the private half, beside the ring, while it may be needed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub private_key: Option<String>,
}

/// What tells one state of the file from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    inode: u64,
    seconds: i64,
    nanoseconds: i64,
    size_bytes: u64,
}

const FILE: &str = "ring.json";

impl RingKey {
    /// A new key with the file for its private half, which holds from `from` on.
    pub(super) fn new(usage: KeyUse, key: &PublicKey, created_at: Timestamp, from: Timestamp) -> Self {
        let id = key.id();
        let file = format!("{usage}-{}.pem", &id[..16]);
        let public_key = key.to_pem();
        Self { id, usage, created_at, valid_from: from, valid_until: None, public_key, private_key: Some(file) }
    }

    /// Whether what it signs at this instant holds.
    #[must_use]
    pub fn holds_at(&self, at: Timestamp) -> bool {
        self.valid_from <= at && self.valid_until.is_none_or(|until| at < until)
    }
}

impl Ring {
    pub(super) fn path(folder: &Path) -> PathBuf {
        folder.join(FILE)
    }

    pub(super) fn is_in(folder: &Path) -> bool {
        Self::path(folder).exists()
    }

    pub(super) fn read(folder: &Path) -> anyhow::Result<Self> {
        let path = Self::path(folder);
        let shown = path.display();
        let text = std::fs::read_to_string(&path).with_context(|| format!("the list of signing keys `{shown}`"))?;
        let ring: Self = serde_json::from_str(&text).with_context(|| format!("the list of signing keys `{shown}`"))?;
        if ring.schema != 1 {
            bail!("the list of signing keys `{shown}` is of schema {}: this version reads schema 1", ring.schema);
        }
        Ok(ring)
    }

    /// What changes whenever the list is written.
    pub(super) fn stamp(folder: &Path) -> anyhow::Result<Stamp> {
        let path = Self::path(folder);
        let about =
            std::fs::metadata(&path).with_context(|| format!("the list of signing keys `{}`", path.display()))?;
        Ok(Stamp {
            inode: about.ino(),
            seconds: about.mtime(),
            nanoseconds: about.mtime_nsec(),
            size_bytes: about.size(),
        })
    }

    /// Writes the list in place of the one that is there.
    pub(super) fn write(&self, folder: &Path) -> anyhow::Result<()> {
        self.draft(folder)?.persist(Self::path(folder)).context("the list cannot be put in its place")?;
        Ok(std::fs::File::open(folder)?.sync_all()?)
    }

    fn draft(&self, folder: &Path) -> anyhow::Result<tempfile::NamedTempFile> {
        let mut draft = tempfile::NamedTempFile::new_in(folder)?;
        draft.write_all(&serde_json::to_vec_pretty(self)?)?;
        draft.write_all(b"\n")?;
        draft.as_file().set_permissions(std::fs::Permissions::from_mode(0o644))?;
        draft.as_file().sync_all()?;
        Ok(draft)
    }
}

/// Writes a ring in place of the one that is there, and deletes the private halves of keys that hold no more.
pub(super) fn replace(folder: &Path, mut ring: Ring, now: Timestamp) -> anyhow::Result<()> {
    let is_over = |key: &RingKey| key.valid_until.is_some_and(|end| end <= now);
    let over = ring.keys.iter_mut().filter(|key| is_over(key));
    let files: Vec<String> = over.filter_map(|key| key.private_key.take()).collect();
    ring.write(folder)?;
    for file in files {
        // One that is gone already needs no deleting.
        let _ = std::fs::remove_file(folder.join(file));
    }
    Ok(())
}

/// Makes the keys of a first start. The one key of an earlier version becomes the first for attestations; it holds
/// from ever, because nothing says since when it signs.
pub(super) fn make(folder: &Path, keeper: &Keeper, before: &Path, clock: &Clock) -> anyhow::Result<()> {
    let now = clock.now();
    let mut keys = Vec::new();
    for usage in KeyUse::ALL {
        let (key, from) = match usage {
            KeyUse::Attestation if before.exists() => (read_key(before, None)?, Timestamp::UNIX_EPOCH),
            KeyUse::Attestation | KeyUse::Audit => (SigningKey::from_seed(&clock.random())?, now),
        };
        keys.push((usage, key, from));
    }
    keep(folder, keeper, &keys, clock)
}

/// Writes a first ring of these keys, each with the instant from which it holds. If another process was faster, its
/// ring stays.
///
/// # Errors
/// When the folder cannot be written.
pub fn keep(
    folder: &Path,
    keeper: &Keeper,
    keys: &[(KeyUse, SigningKey, Timestamp)],
    clock: &Clock,
) -> anyhow::Result<()> {
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let mut ring = Ring { schema: 1, keys: Vec::new() };
    for (usage, key, from) in keys {
        let described = RingKey::new(*usage, &key.public(), clock.now(), *from);
        keeper.write(folder, &described, key, clock)?;
        ring.keys.push(described);
    }
    match ring.draft(folder)?.persist_noclobber(Ring::path(folder)) {
        Ok(_) => Ok(std::fs::File::open(folder)?.sync_all()?),
        Err(error) if error.error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error.error.into()),
    }
}
