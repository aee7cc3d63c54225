//! Puts documents together into tar archives of a few megabytes: one request each for a hundred thousand small files would
//! take an hour, one request for all of them more than a server takes; and what a server fetches itself need not be in
//! memory as a whole.

use std::io;
use tar::{Builder, Header};

/// A part holds so many bytes, or one document that is larger; servers take 64 MB if nobody said otherwise.
const PART_BYTES: usize = 24 << 20;

/// The longest name of a file in the header of POSIX.1-1988, in bytes.
const NAME_BYTES: usize = 100;

/// The part that is being filled.
pub(crate) struct Parts(Builder<Vec<u8>>);

impl Default for Parts {
    fn default() -> Self {
        Self(Builder::new(Vec::new()))
    }
}

impl Parts {
    /// Adds a document, and gives the part before it when that is full. The name is only shown; of a long one the end
    /// counts.
    pub(crate) fn add(&mut self, name: &str, document: &[u8]) -> io::Result<Option<Vec<u8>>> {
        let length = self.0.get_ref().len();
        let full = if length > 0 && length + document.len() > PART_BYTES { self.take()? } else { None };
        let start = name.char_indices().map(|(at, _)| at).find(|at| name.len() - at <= NAME_BYTES).unwrap_or(0);
        let mut header = Header::new_ustar();
        header.set_mode(0o644);
        header.set_size(document.len() as u64);
        let name = name.get(start..).unwrap_or_default();
        // Written as it is: the library would refuse names that lead out of the folder, and nothing is unpacked by name.
        for (place, byte) in header.as_old_mut().name.iter_mut().zip(name.bytes()) {
            *place = byte;
        }
        header.set_cksum();
        self.0.append(&header, document)?;
        Ok(full)
    }

    /// What is left, if anything is.
    pub(crate) fn take(&mut self) -> io::Result<Option<Vec<u8>>> {
        if self.0.get_ref().is_empty() {
            return Ok(None);
        }
        std::mem::replace(&mut self.0, Builder::new(Vec::new())).into_inner().map(Some)
    }
}
