//! Checkpoints: how large a log is and what its root is, signed by the log.
//! <https://github.com/C2SP/C2SP/blob/main/tlog-checkpoint.md>

use crate::SigningKey;
use crate::merkle::Hash;
use crate::note::{self, InvalidNoteKey, NoteError, NoteKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::fmt;

/// How far a log has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The name of the log, a URL without its scheme.
    pub origin: String,
    /// How many entries it has.
    pub size: u64,
    /// The root over them.
    pub root: Hash,
}

/// Why a checkpoint is not believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// The note around it is not believed.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// The text is not that of a checkpoint.
    #[error("it is no checkpoint: expected a name, a number of entries and a root in base64, each on its line")]
    Damaged,
    /// It speaks of another log.
    #[error("it is of the log `{found}`, not of `{expected}`")]
    OtherLog {
        /// The log that was asked about.
        expected: String,
        /// The log that it speaks of.
        found: String,
    },
}

impl fmt::Display for Checkpoint {
    /// The text that is signed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n{}\n{}", self.origin, self.size, STANDARD.encode(self.root))
    }
}

impl Checkpoint {
    /// The checkpoint as a note that the log signed. The log's name is the key's name.
    ///
    /// # Errors
    /// When the name cannot be that of a key.
    pub fn sign(&self, key: &SigningKey) -> Result<String, InvalidNoteKey> {
        note::sign(&self.to_string(), &self.origin, key)
    }

    /// Reads a note that the log with these keys signed.
    ///
    /// # Errors
    /// When the note is damaged, not signed by one of the keys, or no checkpoint of that log.
    pub fn open(note: &str, keys: &[NoteKey]) -> Result<Self, CheckpointError> {
        let read = Self::read(note::open(note, keys)?)?;
        if keys.iter().any(|key| read.origin == key.name()) {
            return Ok(read);
        }
        let expected = keys.first().map(|key| key.name().to_owned()).unwrap_or_default();
        Err(CheckpointError::OtherLog { expected, found: read.origin })
    }

    /// Reads the text of a checkpoint, of which nothing is known to be true. Lines after the third are for others.
    ///
    /// # Errors
    /// When it is no checkpoint.
    pub fn read(text: &str) -> Result<Self, CheckpointError> {
        let mut lines = text.split('\n');
        let mut line = || lines.next().filter(|line| !line.is_empty()).ok_or(CheckpointError::Damaged);
        let (origin, size, root) = (line()?, line()?, line()?);
        let number: u64 = size.parse().map_err(|_| CheckpointError::Damaged)?;
        if number.to_string() != size {
            return Err(CheckpointError::Damaged);
        }
        let root = STANDARD.decode(root).ok().and_then(|root| root.try_into().ok()).ok_or(CheckpointError::Damaged)?;
        Ok(Self { origin: origin.to_owned(), size: number, root })
    }
}
